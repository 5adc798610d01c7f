"""What a reader loads and waits before the first search result, for `race.py`: `SITE`.

The home page of each language is opened in Chromium with an empty cache, and a word is put into
the search field as soon as the field can take it. Of a large index the first results are those of
pages; how long it takes until everything is searched is told as well. Prints JSON.
"""
# ruff: noqa: T201 (what it prints is its result)

import functools
import gzip
import http.server
import json
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.sync_api import sync_playwright  # noqa: E402
from web_tools import CHROMIUM, LANGUAGES, QUIET  # noqa: E402

INDEX = "search/search_index.json"
WORDS = {"en": "chips", "zh": "芯片"}
FOUND = "() => document.querySelectorAll('.md-search-result__item').length > 0"
ALL = "() => document.querySelector('.rb-search-note').textContent === ''"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and remembers which."""

    asked: set[Path] = set()

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path.partition("?")[0]))
        self.asked.add(file / "index.html" if file.is_dir() else file)
        super().do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def main(site: Path) -> dict[str, dict[str, float]]:
    """Bytes and seconds of each language."""
    found = {}
    handler = functools.partial(_Handler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for language, folder in LANGUAGES.items():
            page = browser.new_context().new_page()
            _Handler.asked.clear()
            started = time.monotonic()
            page.goto(f"http://127.0.0.1:{server.server_port}/{folder}")
            page.fill(".md-search__input", WORDS[language])
            page.wait_for_function(FOUND, timeout=600_000)
            seconds = time.monotonic() - started
            page.wait_for_timeout(100)  # the note has a way of its own
            page.wait_for_function(ALL, timeout=600_000)
            whole = time.monotonic() - started
            # The rest of a large index was asked for by then, and no result waits for it.
            asked = [path for path in _Handler.asked if not path.name.startswith("rest.")]
            files = [path.read_bytes() for path in asked if path.is_file()]
            index = (site / folder / INDEX).read_bytes()
            rest = [path.read_bytes() for path in (site / folder / "search").glob("rest.*")]
            found[language] = {
                "index": len(index),
                "packed": len(gzip.compress(index)),
                "loaded": sum(map(len, files)),
                "squeezed": sum(len(gzip.compress(file)) for file in files),
                "seconds": seconds,
                "rest": sum(map(len, rest)),
                "rest packed": sum(len(gzip.compress(file)) for file in rest),
                "whole": whole,
            }
        browser.close()
    server.shutdown()
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), indent=1))
