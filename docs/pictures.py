"""Take the pictures of README.md anew from the built site: `make pictures`."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
CLAIM = "#behind-before-production"


def main() -> None:
    """Write docs/site.png (the top of the first brief) and docs/claim.png (a claim, opened)."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)  # no search without one
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"http://127.0.0.1:{server.server_port}/briefs/ai-chip-race/")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=HERE / "site.png")
        page.set_viewport_size({"width": 560, "height": 1200})
        page.locator(f"{CLAIM} summary").click()
        page.locator(CLAIM).screenshot(path=HERE / "claim.png")
        browser.close()


if __name__ == "__main__":
    main()
