"""Visits to the built site in real Chromium, and what is heard on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

WIDE: ViewportSize = {"width": 1300, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SMALLEST: ViewportSize = {"width": 320, "height": 640}


VIOLATIONS = """addEventListener("securitypolicyviolation", event =>
  console.error(`violation: ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`))"""


@dataclass
class Visit:
    """A page that is open, and what happened on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def listen(self) -> "Visit":
        page = self.page
        page.add_init_script(VIOLATIONS)
        page.on(
            "console", lambda m: self._complain(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self._complain(str(error)))
        # A page that is left takes its requests with it.
        page.on(
            "requestfailed",
            lambda request: (
                self._complain(f"{request.failure}: {request.url}")
                if request.failure != "net::ERR_ABORTED"
                else None
            ),
        )
        page.on(
            "response",
            lambda r: self._complain(f"{r.status}: {r.url}") if r.status >= 400 else None,
        )
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        return self

    def _complain(self, text: str) -> None:
        # Of a browser that is late on a busy machine, not of the page.
        if not text.startswith("Ignored attempt to cancel a touch"):
            self.complaints.append(text)


@contextmanager
def profile(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    options = {"viewport": WIDE, "reduced_motion": "reduce", **options}
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def visiting(browser: Browser, url: str, **options: Any) -> Iterator[Visit]:
    """A page in a fresh browser profile."""
    with profile(browser, **options) as context:
        visit = Visit(context.new_page()).listen()
        visit.page.goto(url)
        yield visit


# --- Every kind of page, in both languages ----------------------------------------------------
