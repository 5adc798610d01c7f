"""What the tests of the built site share: where the tools are, and a server for the site."""

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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
    ({path.stem for path in (ROOT / "templates" / "pages").glob("*.html")} - {"empty", "entity"})
    | {f"entity:{folder}" for folder in ENTITY_FILES}
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


def java() -> str:
    found = shutil.which("java")
    if found is None:
        pytest.skip("needs Java: apt install default-jdk-headless")
    return found


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files below PREFIX, quietly; missing pages get the site's own 404 page."""

    def do_GET(self) -> None:
        if not self.path.startswith(PREFIX):
            return self.send_error(404)
        self.path = f"/{self.path.removeprefix(PREFIX)}"
        return super().do_GET()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives its address."""
    handler = functools.partial(_Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
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
