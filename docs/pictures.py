"""Take the pictures of README.md anew from the built site: `make pictures`."""

import functools
import http.server
import shutil
import threading
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
CLAIM = "#behind-before-production"
PAGE = 3  # of the PDF: claims with their footnotes


def main() -> None:
    """Write docs/site.png (the top of the first brief), docs/claim.png (a claim, opened) and
    docs/pdf.png."""
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
    paper()


def paper() -> None:
    """Write docs/pdf.png: a page of the PDF in English and in Chinese, side by side."""
    files = [SITE / folder / "briefs/ai-chip-race/ai-chip-race.pdf" for folder in (".", "zh")]
    pages = [pypdfium2.PdfDocument(file)[PAGE - 1].render(scale=1.1).to_pil() for file in files]
    width, height = pages[0].size
    picture = Image.new("RGB", (2 * width + 12, height), "#d8dde3")
    for number, page in enumerate(pages):
        picture.paste(page, (number * (width + 12), 0))
    picture.quantize(128, method=Image.Quantize.MAXCOVERAGE).save(HERE / "pdf.png", optimize=True)


if __name__ == "__main__":
    main()
