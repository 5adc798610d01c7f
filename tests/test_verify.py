"""`build.py verify` tells whether a hosted copy is whole, and made from this content."""

import gzip
import http.server
import json
import re
import shutil
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from projects import ROOT, Project, snapshot

from research_brief import hosted, manifest
from research_brief.refusals import Refused

pytestmark = pytest.mark.build

ADDRESS = "https://briefs.example.org/desk/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project with a draft beside its brief, built without PDFs; not to be changed."""
    project = Project.copied_to(tmp_path_factory.mktemp("verify")).with_content()
    first = project.root / "content/briefs/first"
    shutil.copytree(first, first.with_name("secret"))
    project.edit("content/briefs/secret/brief.yaml", "language: en", "language: en\nstatus: draft")
    (project.root / ".sources").mkdir()
    (project.root / ".sources" / "other.txt").write_text("words of an article\n")
    run = project.run_here("--no-pdf", "--site-url", ADDRESS)
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture
def copy(built: Project, tmp_path: Path) -> Path:
    """A copy of its site, as it is uploaded."""
    return shutil.copytree(built.site, tmp_path / "hosted")


def verified(built: Project, place: object, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of `verify`, and its lines."""
    run = built.run_here("verify", str(place), *arguments)
    return run.returncode, run.stdout.splitlines() + run.stderr.splitlines()


def faults(copy: hosted.Copy, *ignore: str) -> list[str]:
    files = hosted.manifest_of(copy, "the copy").files
    return [f"{fault.place.file} {fault.message}" for fault in hosted.compare(copy, files, ignore)]


# --- What is written --------------------------------------------------------------------------


def test_the_manifest_lists_every_file_and_all_that_it_was_made_from(built: Project) -> None:
    found = manifest.parse((built.site / "manifest.json").read_bytes())
    site = set(snapshot(built.site)) - {".gitignore", "manifest.json"}
    assert set(found.files) == site
    assert len(site) > 100
    assert {"_headers", "index.html", "zh/sitemap.xml"} <= site
    assert {"mkdocs.yml", "hooks.py", "templates/words/zh.yaml"} <= set(found.inputs)
    assert {"content/briefs/first/brief.yaml", "research_brief/pipeline.py"} <= set(found.inputs)
    assert found.options.site_url == ADDRESS
    assert list(found.files) == sorted(found.files)
    assert list(found.inputs) == sorted(found.inputs)


def test_the_manifest_tells_nothing_that_is_not_published(built: Project) -> None:
    text = (built.site / "manifest.json").read_text(encoding="utf-8")
    assert "secret" not in text
    assert ".sources" not in text
    assert str(built.root) not in text
    assert not re.search(r"\b20\d\d-\d\d|\d\d:\d\d|\"/", text)


def test_search_engines_and_search_know_nothing_of_the_manifest(built: Project) -> None:
    for path in built.site.rglob("*"):
        if path.name in {"sitemap.xml", "search_index.json"}:
            assert "manifest.json" not in path.read_text(encoding="utf-8")
    headers = (built.site / "_headers").read_text(encoding="utf-8")
    assert "/desk/manifest.json\n  X-Robots-Tag: noindex\n" in headers


def test_the_manifest_is_as_its_schema_says(built: Project) -> None:
    schema = json.loads((ROOT / "docs/schemas/manifest.json").read_text(encoding="utf-8"))
    assert schema == manifest.schema(), "run: python build.py schema"
    said = json.loads((built.site / "manifest.json").read_text(encoding="utf-8"))
    jsonschema.validate(said, schema)
    said["files"]["../up"] = "a" * 64
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(said, schema)


READERS = {"charset-normalizer", "click", "filelock", "pypdfium2", "trafilatura", "watchdog"}
"""Packages that nothing in a site depends on: they read sources, lock, watch and start."""


def test_every_package_shows_in_a_site_or_does_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[>=<!]", said)[0] for said in project["dependencies"]}
    assert declared == READERS | set(manifest.PACKAGES)


# --- A copy in a folder -----------------------------------------------------------------------


def test_a_good_copy_is_good(built: Project, copy: Path) -> None:
    code, [said] = verified(built, copy)
    assert code == 0
    wanted = r"verify  the copy has its \d+ files, was made from the same \d+ files"
    assert re.fullmatch(wanted, said)


def test_what_is_missing_altered_or_added_is_told_in_a_line_each(
    built: Project, copy: Path
) -> None:
    (copy / "zh/index.html").unlink()
    page = copy / "index.html"
    page.write_bytes(page.read_bytes() + b"<script>x()</script>")
    (copy / "evil.js").write_text("x()")
    code, said = verified(built, copy)
    assert code == 1
    assert said == [
        "index.html:1:1: error: is not as it was built [hosted-copy]",
        "zh/index.html:1:1: error: is missing [hosted-copy]",
        "evil.js:1:1: error: is not a file of this site [hosted-copy]",
        "3 errors, 0 warnings",
    ]
    run = built.run_here("verify", str(copy), "--format", "json")
    assert [fault["file"] for fault in json.loads(run.stdout)] == [
        "index.html",
        "zh/index.html",
        "evil.js",
    ]


def test_what_hosts_add_is_no_fault(copy: Path) -> None:
    for name in (".nojekyll", "CNAME", "_redirects", ".well-known/security.txt", ".git/config"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
    (copy / "index.html.gz").write_bytes(gzip.compress((copy / "index.html").read_bytes()))
    assert faults(hosted.Folder(copy)) == []
    (copy / "index.html.gz").write_bytes(gzip.compress(b"another page"))
    (copy / "zh/index.html.gz").write_bytes(b"no gzip")
    assert faults(hosted.Folder(copy)) == [
        "index.html.gz is not a file of this site",
        "zh/index.html.gz is not a file of this site",
    ]
    assert faults(hosted.Folder(copy), "*.gz") == []


def test_content_that_changed_since_is_told_and_a_draft_is_not(copy: Path, tmp_path: Path) -> None:
    project = Project.copied_to(tmp_path / "later").with_content()
    project.edit("content/entities/companies.yaml", "Tencent", "Tencent Holdings")
    draft = project.root / "content/briefs/another"
    shutil.copytree(project.root / "content/briefs/first", draft)
    project.edit("content/briefs/another/brief.yaml", "language: en", "language: en\nstatus: draft")
    (project.root / "templates/new.txt").write_text("x")
    (project.root / "templates/pdf/card.typ").unlink()
    code, said = verified(project, copy)
    assert code == 1
    assert [line.replace(":1:1: error:", "").removesuffix(" [site-inputs]") for line in said] == [
        "content/entities/companies.yaml is not as it was when the site was made",
        "templates/new.txt was not there when the site was made",
        "templates/pdf/card.typ is not here; the site was made with it",
        "3 errors, 0 warnings",
    ]


def test_another_version_of_a_package_is_told(
    built: Project, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = manifest.packages()
    monkeypatch.setattr(manifest, "packages", lambda: {**here, "mkdocs": "1.0"})
    code, said = verified(built, copy)
    assert code == 1
    assert said[0] == (
        f"requirements.txt:1:1: error: mkdocs is 1.0 here;"
        f" the site was made with {here['mkdocs']} [site-inputs]"
    )


def test_a_rebuild_finds_what_an_altered_manifest_hides(built: Project, copy: Path) -> None:
    said = json.loads((copy / "manifest.json").read_bytes())
    (copy / "index.html").write_text("forged")
    said["files"]["index.html"] = sha256(b"forged").hexdigest()
    (copy / "manifest.json").write_text(json.dumps(said))
    assert verified(built, copy)[0] == 0
    assert verified(built, copy, "--rebuild") == (  # which is all that differs
        1,
        [
            "index.html:1:1: error: is made otherwise by this project [site-rebuilt]",
            "1 error, 0 warnings",
        ],
    )
    assert sorted(path.name for path in (built.root / ".cache/verify").iterdir()) == [
        "built.json",
        "hashes",
        "lock",
        "staged",
        "yaml",
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "has no manifest.json; expected a site that build.py made"),
        ("<html>", "manifest.json is no JSON"),
        ("[" * 100_000, "manifest.json is no JSON"),
        ("[]", "manifest.json is not in form: '': Input should be a valid dictionary"),
        ('{"format": 2}', "manifest.json is of format 2, this program reads 1"),
        ('{"format": 1}', "manifest.json is not in form: 'options': Field required"),
    ],
)
def test_a_place_without_a_manifest_of_ours_is_misuse(
    said: str | None, why: str, project: Project
) -> None:
    if said is not None:
        (project.site / "manifest.json").write_text(said)
    code, lines = verified(project.with_content(), "site")
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("build.py: site")
    assert why in lines[0]


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "./a", "a//b", ""])
def test_a_manifest_leads_to_no_file_outside(name: str, built: Project) -> None:
    said = json.loads((built.site / "manifest.json").read_bytes())
    said["files"] = {name: "a" * 64}
    with pytest.raises(manifest.Unreadable, match="not in form"):
        manifest.parse(json.dumps(said).encode())


def test_no_folder_is_misuse(project: Project) -> None:
    assert verified(project, "nowhere") == (
        2,
        ["build.py: there is no folder nowhere; name one, or an address with https://"],
    )


# --- A copy at an address ---------------------------------------------------------------------


@contextmanager
def hosting(folder: Path, **ways: bool) -> Iterator[str]:
    """The folder as a host serves it: it has `_headers` for itself, and packs what it sends if
    `packs`, leads to another host if `moved`, and has a page for everything if `soft`."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if file.is_dir() else file
            if ways.get("moved"):
                self.send_response(301)
                self.send_header("Location", f"http://localhost:{server.server_port}/")
                self.end_headers()
                return
            there = file.is_file() and file.name != "_headers"
            # Some hosts send their page for lost readers as lost, even where it is asked for.
            found = there and file.name != "404.html"
            page = file if there else folder / "404.html"
            data = page.read_bytes()
            self.send_response(200 if found or ways.get("soft") else 404)
            if ways.get("packs"):
                data = gzip.compress(data)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_copy_at_an_address_is_asked_for_file_by_file(built: Project, copy: Path) -> None:
    with hosting(copy) as address:
        code, said = verified(built, address)
        assert code == 0, said
        (copy / "zh/index.html").write_text("altered")
        (copy / "robots.txt").unlink()
        assert faults(hosted.copy_at(address)) == [
            "robots.txt is missing",
            "zh/index.html is not as it was built",
        ]


def test_a_host_that_always_packs_is_understood(copy: Path) -> None:
    with hosting(copy, packs=True) as address:
        assert faults(hosted.copy_at(address)) == []


def test_a_host_that_has_a_page_for_everything_hides_nothing(copy: Path) -> None:
    (copy / "robots.txt").unlink()
    with hosting(copy, soft=True) as address:
        assert "robots.txt is not as it was built" in faults(hosted.copy_at(address))
        (copy / "manifest.json").unlink()
        with pytest.raises(Refused, match=r"manifest\.json is no JSON"):
            hosted.manifest_of(hosted.copy_at(address), address)


def test_another_host_is_another_copy(built: Project, copy: Path) -> None:
    with hosting(copy, moved=True) as address:
        code, said = verified(built, address)
    assert code == 2
    assert said[0].startswith(f"build.py: {address}: manifest.json cannot be read: it leads on to")
    code, said = verified(built, address)  # and now nobody is there
    assert (code, len(said)) == (2, 1)
    assert "manifest.json cannot be read: " in said[0]
