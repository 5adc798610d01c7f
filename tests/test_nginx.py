"""The nginx sample serves the site: run for real, as whoever runs the tests, on 127.0.0.1."""

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import visiting
from playwright.sync_api import Browser, expect
from projects import ROOT, Project, until

from research_brief import hosting, manifest
from research_brief.loading import load_settings

pytestmark = [pytest.mark.build, pytest.mark.web]

SAMPLE = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")

# What stands around the sample in Debian's nginx.conf, with folders that anybody may write to.
AROUND = """\
daemon off;
master_process off;  # one process, as the user who starts it
pid "{folder}/pid";
error_log stderr;
events {{}}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path "{folder}/body";
    proxy_temp_path "{folder}/proxy";
    fastcgi_temp_path "{folder}/fastcgi";
    uwsgi_temp_path "{folder}/uwsgi";
    scgi_temp_path "{folder}/scgi";
    include sample.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    """What nginx answers: the status, the headers by their names in lower case, the content."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Nginx:
    """An nginx that serves the site."""

    port: int
    folder: Path

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get("/").status > 0
        except OSError:
            return False


def adapted(port: int, site: Path) -> str:
    """The sample with another port and folder, and with what it has for a path."""
    text, ports = re.subn(
        r"^    listen 80;$", f"    listen 127.0.0.1:{port};", SAMPLE, flags=re.MULTILINE
    )
    text, others = re.subn(r"^    listen \[::\]:80;\n", "", text, flags=re.MULTILINE)
    text, roots = re.subn(r"^    root [^;]+;", f'    root "{site}";', text, flags=re.MULTILINE)
    text, paths = re.subn(
        r"^    # (location /desk|    [te]|}$)", r"    \1", text, flags=re.MULTILINE
    )
    assert (ports, others, roots, paths) == (1, 1, 1, 4)
    return text


@pytest.fixture(scope="module")
def nginx(
    site_of_this_project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nginx]:
    """Debian's nginx with our sample, and the site in a folder with a space and a Chinese name."""
    if NGINX is None:
        pytest.skip("needs nginx: apt install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    site = shutil.copytree(site_of_this_project.site, folder / "研究 site")
    (site / "desk").mkdir()
    (site / "desk" / "briefs").symlink_to("..")  # the same site once more, under a path
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"/>\n'
    (site / "feed.xml").write_text(feed * 40, encoding="utf-8")  # as where site_url is set
    settings = load_settings(ROOT)
    files = manifest.parse((site / manifest.NAME).read_bytes()).files
    told = hosting.told(site, files, settings, preview=False, in_pages=True)
    for name, text in told:  # as with --csp-meta
        (site / name).write_text(text, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "sample.conf").write_text(adapted(port, site), encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stdout=log,
            stderr=log,
        )
    server = Nginx(port, site)

    def ready() -> bool:
        assert process.poll() is None, (folder / "log").read_text()
        return server.answers()

    try:
        until(ready, "the start of nginx")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.parametrize("path", ["/", "/zh/", "/briefs/ai-chip-race/", "/zh/sources/"])
def test_clean_addresses_are_pages(path: str, nginx: Nginx) -> None:
    answer = nginx.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.body == (nginx.folder / path.strip("/") / "index.html").read_bytes()


def test_an_address_without_its_slash_leads_to_the_page_wherever_the_site_is(nginx: Nginx) -> None:
    answer = nginx.get("/zh/briefs/ai-chip-race")
    assert (answer.status, answer.headers["location"]) == (301, "/zh/briefs/ai-chip-race/")


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/zh/nothing/at/all/", "/briefs/nothing.html", "/assets/rb.00000000.css"],
)
def test_what_is_not_there_is_missing_in_both_languages(path: str, nginx: Nginx) -> None:
    answer = nginx.get(path)
    assert answer.status == 404
    assert answer.body == (nginx.folder / "404.html").read_bytes()
    assert b'<section lang="en">' in answer.body
    assert b'<section lang="zh-Hans">' in answer.body
    assert answer.headers["cache-control"] == "no-cache", "it may be there tomorrow"


@pytest.mark.parametrize(
    "path",
    [
        "/.gitignore",
        "/zh/.git/config",
        "/../nginx.conf",
        "/%2e%2e/nginx.conf",
        "/assets/..%2f..%2f..%2fnginx.conf",
        "/assets/",
    ],
)
def test_nothing_but_the_site_is_served(path: str, nginx: Nginx) -> None:
    assert (nginx.folder / ".gitignore").is_file()
    assert nginx.get(path).status in (400, 403, 404)


def test_under_a_path_it_is_the_same(nginx: Nginx) -> None:
    assert nginx.get("/desk/briefs/zh/sources/").body == nginx.get("/zh/sources/").body
    answer = nginx.get("/desk/briefs/zh/sources")
    assert (answer.status, answer.headers["location"]) == (301, "/desk/briefs/zh/sources/")
    lost = nginx.get("/desk/briefs/zh/nothing/")
    assert (lost.status, lost.body) == (404, (nginx.folder / "404.html").read_bytes())
    assert lost.headers["x-content-type-options"] == "nosniff"


def hashed(nginx: Nginx, pattern: str) -> str:
    """The address of the only file of the site that has such a name."""
    [path] = (nginx.folder / "assets").rglob(pattern)
    return f"/{path.relative_to(nginx.folder).as_posix()}"


def test_every_answer_has_the_headers(nginx: Nginx) -> None:
    for path in ("/", "/zh/", "/nothing/", "/.gitignore", "/search/search_index.json"):
        headers = nginx.get(path).headers
        assert headers["content-security-policy"] == "frame-ancestors 'none'"
        for name, value in hosting.HEADERS.items():
            assert headers[name.lower()] == value, (path, name)
        assert headers["server"] == "nginx"
    assert nginx.get(hashed(nginx, "bundle.*.js")).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("pattern", "caching"),
    [
        ("bundle.*.min.js", hosting.FOREVER),
        ("search.*.min.js", hosting.FOREVER),
        ("main.*.min.css", hosting.FOREVER),
        ("rb.*.css", hosting.FOREVER),
        ("rb.*.js", hosting.FOREVER),
        ("*.woff2", hosting.WEEK),
        ("favicon.svg", "no-cache"),
    ],
)
def test_files_are_kept_as_long_as_they_cannot_change(
    pattern: str, caching: str, nginx: Nginx
) -> None:
    answer = nginx.get(hashed(nginx, pattern))
    assert (answer.status, answer.headers["cache-control"]) == (200, caching)


@pytest.mark.parametrize("path", ["/briefs/ai-chip-race/", "/zh/search/search_index.json"])
def test_pages_are_asked_for_and_not_sent_again_if_they_are_the_same(
    path: str, nginx: Nginx
) -> None:
    answer = nginx.get(path)
    assert answer.headers["cache-control"] == "no-cache"
    again = nginx.get(path, If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_text_is_packed(nginx: Nginx) -> None:
    paths = ["/", "/zh/search/search_index.json", "/nothing/"]
    paths += [hashed(nginx, pattern) for pattern in ("bundle.*.min.js", "rb.*.css")]
    for path in paths:
        plain, packed = nginx.get(path), nginx.get(path, Accept_Encoding="gzip, br")
        assert packed.headers["content-encoding"] == "gzip", path
        assert packed.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 2
    types = re.findall(r"gzip_types ([^;]+);", SAMPLE)[0].split()
    assert "image/svg+xml" in types, "ours are too small to be worth it"


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/api/briefs.json", "application/json"),
        ("/zh/index.md", "text/markdown"),
        ("/briefs/ai-chip-race/ai-chip-race-claims.csv", "text/csv"),
        ("/zh/llms.txt", "text/plain"),
        ("/feed.xml", "application/atom+xml"),
        ("/desk/briefs/zh/briefs/ai-chip-race/index.md", "text/markdown"),
    ],
)
def test_what_machines_read_has_its_type_and_is_packed(path: str, type: str, nginx: Nginx) -> None:
    plain, packed = nginx.get(path), nginx.get(path, Accept_Encoding="gzip")
    assert plain.status == 200
    assert plain.headers["content-type"] == f"{type}; charset=utf-8"
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.headers["cache-control"] == "no-cache"
    assert gzip.decompress(packed.body) == plain.body
    readers = plain.headers.get("access-control-allow-origin")
    assert readers == ("*" if "/api/" in path else None)


def test_a_copy_that_is_not_there_is_missing_as_a_page(nginx: Nginx) -> None:
    answer = nginx.get("/nothing/index.md")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_pdf_is_a_pdf(nginx: Nginx) -> None:
    [path] = (nginx.folder / "briefs" / "ai-chip-race").glob("*.pdf")
    answer = nginx.get(f"/{path.relative_to(nginx.folder).as_posix()}", Accept_Encoding="gzip")
    assert answer.headers["content-type"] == "application/pdf"
    assert "content-encoding" not in answer.headers
    assert answer.body == path.read_bytes()


@pytest.mark.parametrize(("language", "query"), [("", "chiplet"), ("zh/", "芯粒")])
def test_the_site_works_on_nginx(language: str, query: str, nginx: Nginx, browser: Browser) -> None:
    with visiting(browser, f"http://127.0.0.1:{nginx.port}/{language}") as visit:
        visit.page.locator(".md-search__input").press_sequentially(query)
        visit.page.locator(".md-search-result__item a").first.click()
        expect(visit.page.locator("h1")).to_be_visible()
        assert visit.complaints == []
