"""What the tests of the built site share: where the tools are, and a server for the site."""

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from projects import ROOT, Project

from research_brief.models import ENTITY_FILES

MODULES = ROOT / "tests" / "web" / "node_modules"
PREFIX = "/desk/"
"""The site is served from a folder, because addresses in it must not depend on the root."""

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KINDS = sorted(
    (
        {path.stem for path in (ROOT / "templates" / "pages").glob("*.html")}
        - {"empty", "entity", "removed", "withdrawn"}
    )
    | {f"entity:{folder}" for folder in ENTITY_FILES}
    | {"edition"}
)
"""Every kind of page, entity pages by their folder."""

LANGUAGES = {"en": "", "zh": "zh/"}


def tool(name: str) -> Path:
    """A file of an npm package, or a skip that says what to install."""
    if not (MODULES / name).exists():
        pytest.skip("needs npm: install Node.js with npm, then run 'make test'")
    return MODULES / name


def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt install chromium")
    return CHROMIUM


def java() -> list[str]:
    """The command that begins a Java program of seconds, in which translating it well would take
    longer than it runs."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("needs Java: apt install default-jdk-headless")
    return [found, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


def html_checker() -> list[str]:
    """The command that asks the Nu HTML checker about files and folders."""
    # What the quick translator makes of its schema needs a deeper stack.
    command = [*java(), "-Xss4m", "-jar", str(tool("vnu-jar/build/dist/vnu.jar"))]
    return [*command, "--errors-only", "--format", "json"]


def headers_for(address: str, folder: Path) -> list[tuple[str, str]]:
    """What the site's `_headers` give to an address (its path on the host), as hosts read them."""
    found: list[tuple[str, str]] = []
    matches = False
    for line in (folder / "_headers").read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            matches = fnmatchcase(address, line)
        elif matches:
            name, _, value = line.strip().partition(": ")
            found.append((name, value))
    return found


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files below a prefix, quietly, as hosts serve them: with the headers that `_headers` tells
    them, and the site's own page for what is missing."""

    def __init__(self, *arguments: Any, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        if not self.path.startswith(self.prefix):
            return self.send_error(404)
        self.path = f"/{self.path.removeprefix(self.prefix)}"
        return super().do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def end_headers(self) -> None:
        for name, value in headers_for(urlsplit(self.path).path, Path(self.directory)):
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def served(folder: Path, prefix: str = PREFIX) -> Iterator[str]:
    """Serve a folder on this machine; gives its address. The folder may still be empty."""
    handler = functools.partial(Handler, directory=str(folder), prefix=prefix)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Site:
    """The real site, built and served."""

    project: Project
    address: str
    paths: dict[str, str] = field(default_factory=dict)
    """The path of the largest page of every kind, the same in every language."""

    @property
    def folder(self) -> Path:
        return self.project.site

    def url(self, path: str, language: str = "en") -> str:
        return f"{self.address}{LANGUAGES[language]}{path}"

    def file(self, path: str, language: str = "en") -> Path:
        return self.folder / LANGUAGES[language] / path / "index.html"


def largest_pages(project: Project) -> dict[str, str]:
    """The path of the largest page of every kind, by what was staged."""
    found: dict[str, tuple[int, str]] = {}
    staged = project.root / ".cache" / "staged" / "en"
    for file in staged.rglob("index.md"):
        text = file.read_text(encoding="utf-8")
        kind = re.search(r'^kind: "([a-z]+)"$', text, re.MULTILINE)
        assert kind, f"{file} names no kind"
        folder = file.parent.relative_to(staged).as_posix()
        path = "" if folder == "." else f"{folder}/"
        name = f"entity:{path.partition('/')[0]}" if kind[1] == "entity" else kind[1]
        found[name] = max(found.get(name, (0, "")), (len(text), path))
    return {name: path for name, (_, path) in found.items()}
