"""What Lighthouse says of the site, on a phone and on a desktop: `make audit`.

The site is built with an address of its own, and served as hosts do: compressed, with the headers
of `_headers`. Axe, the HTML checker, and what runs and loads are for the tests.
"""
# ruff: noqa: T201 (tables are printed)

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from projects import ROOT, Project
from web_tools import LANGUAGES, QUIET, Handler, chromium

PAGES = {
    "home": "",
    "brief": "briefs/ai-chip-race/",
    "how to cite it": "briefs/ai-chip-race/cite/",
    "ledger": "briefs/ai-chip-race/evidence/",
    "entity": "companies/alibaba/",
}
FORMS = {"phone": [], "desktop": ["--preset=desktop"]}
SCORES = ("performance", "accessibility", "best-practices", "seo")
LIGHTHOUSE = ROOT / "benchmarks/web/node_modules/lighthouse/cli/index.js"
PACKED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt")


class Compressing(Handler):
    """Answers as hosts do: texts are compressed."""

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        path = Path(self.translate_path(self.path.removeprefix(self.prefix)))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in PACKED or not path.exists():
            super().do_GET()
            return
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def hosted(folder: Path) -> Iterator[tuple[str, Project]]:
    """The shipped site, built for the address at which it is served."""
    project = Project.copied_to(folder).with_content(ROOT / "content")

    def handler(*arguments: Any) -> Compressing:
        return Compressing(*arguments, directory=str(project.site), prefix="/")

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    run = project.run("--site-url", address)
    assert run.returncode == 0, run.stdout + run.stderr
    yield address, project
    server.shutdown()


def audited(url: str, options: list[str], report: Path) -> dict[str, Any]:
    """The report of Lighthouse on a page."""
    flags = [*options, "--output=json", f"--output-path={report}", "--quiet"]
    flags.append(f"--chrome-flags=--headless=new {' '.join(QUIET)}")
    command = ["node", str(LIGHTHOUSE), url, *flags]
    subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium()}, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def faults(report: dict[str, Any]) -> list[str]:
    """The audits that count and did not pass."""
    counted = {
        item["id"]
        for category in report["categories"].values()
        for item in category["auditRefs"]
        if item["weight"]
    }
    audits = report["audits"]
    return [f"{id} {audits[id]['score']}" for id in sorted(counted) if audits[id]["score"] != 1]


def main() -> int:
    """Print the table; fails if a score is below 100."""
    low: list[str] = []
    print("| page | language | on a | performance | accessibility | best practices | SEO |")
    print("|---|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder, hosted(Path(folder) / "site") as (address, _):
        for name, path in PAGES.items():
            for language, below in LANGUAGES.items():
                for form, options in FORMS.items():
                    page = f"{name}, {language}, {form}"
                    try:
                        found = audited(
                            f"{address}{below}{path}", options, Path(folder) / "report.json"
                        )
                    except subprocess.CalledProcessError:  # it has said why; a busy machine will do
                        low.append(f"{page}: Lighthouse gave up")
                        continue
                    scores = [round(100 * found["categories"][key]["score"]) for key in SCORES]
                    shown = " | ".join(map(str, scores))
                    print(f"| {name} | {language} | {form} | {shown} |", flush=True)
                    if min(scores) < 100:
                        low.append(f"{page}: {', '.join(faults(found))}")
    print("\n".join(["", *low]))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
