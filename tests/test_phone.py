"""Where one touches: the theme's script comes with the first touch of the header, and nothing that
is needed to read waits for it. In real Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from browsing import PHONE, Visit, visiting
from playwright.sync_api import Browser, Page, Request, expect
from test_browser import BRIEF, LEDGER
from web_tools import LANGUAGES, Site

pytestmark = [pytest.mark.build, pytest.mark.web]

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
SEARCH = "label.md-header__button[for=__search]"
COLOURS = "label[for^=__palette]:visible"
LATE = ("/javascripts/", "/search_index.json", "/assets/search.", "/assets/queries.")
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(19, 23, 28)"}
SHIFTS = """() => new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
  }).observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(sum), 500)
})"""


@contextmanager
def phone(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Visit, list[str]]]:
    """A visit by touch, and the addresses of the theme's scripts that were asked for."""
    with visiting(browser, "about:blank", **TOUCH, **options) as visit:
        late: list[str] = []

        def note(request: Request) -> None:
            if any(part in request.url for part in LATE):
                late.append(request.url)

        visit.page.on("request", note)
        visit.page.goto(address, wait_until="load")
        yield visit, late
        assert visit.complaints == []


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reading_needs_neither_the_themes_script_nor_the_index(
    language: str, web: Site, browser: Browser
) -> None:
    with phone(browser, web.url(BRIEF, language)) as (visit, late):
        page = visit.page
        page.locator(".rb-claim summary").nth(5).tap()
        expect(page.locator(".rb-claim .rb-quote").nth(5)).to_be_visible()
        page.locator(".rb-claim").last.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        assert late == []
        # The other language, its largest page, and a page without claims.
        page.goto(web.url("", language))
        page.wait_for_timeout(300)
        assert late == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_to_files_stand_in_one_line_each(language: str, web: Site, browser: Browser) -> None:
    with phone(browser, web.url(f"{BRIEF}cite/", language)) as (visit, _):
        links = "[...document.querySelectorAll('.rb-download > a')]"
        assert visit.page.evaluate(f"{links}.length") > 3
        broken = f"{links}.filter(it => it.getClientRects().length > 1).map(it => it.textContent)"
        assert visit.page.evaluate(broken) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_touch_of_the_search_brings_it(
    language: str, web: Site, browser: Browser
) -> None:
    with phone(browser, web.url(BRIEF, language)) as (visit, late):
        page = visit.page
        page.locator(SEARCH).tap()
        expect(page.locator(".md-search__input")).to_be_focused()
        page.keyboard.type("Broadcom")
        expect(page.locator(".md-search-result__link").first).to_be_visible()
        assert any("/javascripts/bundle." in address for address in late)
        page.locator(".md-search-result__link").first.tap()
        page.wait_for_url("**/*h=*")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_colours_are_the_systems_until_the_first_tap_changes_them(
    system: Any, web: Site, browser: Browser
) -> None:
    other = {"light": "dark", "dark": "light"}[system]
    with phone(browser, web.url(BRIEF), color_scheme=system) as (visit, late):
        page = visit.page
        assert paper(page) == PAPER[system]
        expect(page.locator(COLOURS)).to_have_count(1)
        assert late == []
        with page.expect_request("**/javascripts/workers/*"):  # what comes last
            page.locator(COLOURS).tap()
        expect(page.locator("body")).to_have_css("background-color", PAPER[other])
        # Kept for the next page, which needs no script for it.
        page.wait_for_load_state("networkidle")
        late.clear()
        page.goto(web.url("", "zh"))
        assert paper(page) == PAPER[other]
        assert late == []
        page.locator(COLOURS).tap()
        expect(page.locator("body")).to_have_css("background-color", PAPER[system])


def test_a_key_brings_it_too_and_an_address_that_searches(web: Site, browser: Browser) -> None:
    for act in ("key", "address"):
        with phone(browser, web.url(BRIEF) + "?h=chiplet" * (act == "address")) as (visit, late):
            if act == "key":
                visit.page.keyboard.press("Tab")
            else:
                expect(visit.page.locator("mark").first).to_be_attached()
            visit.page.wait_for_timeout(300)
            assert any("/javascripts/bundle." in address for address in late)


def test_words_that_were_searched_are_marked_with_a_mouse_too(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF) + "?h=chiplet") as visit:
        expect(visit.page.locator("mark").first).to_be_attached()


@pytest.mark.parametrize(("language", "options"), [("en", TOUCH), ("zh", {})], ids=["en", "zh"])
@pytest.mark.parametrize("kind", ["brief", "evidence", "cite", "home"])
def test_nothing_moves_while_a_page_is_loaded(
    kind: str, language: str, options: dict[str, Any], web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url(web.paths[kind], language), **options) as visit:
        assert visit.page.evaluate(SHIFTS) < 0.05


def test_nothing_moves_on_a_phone_in_chinese_and_on_a_desk_in_english(
    web: Site, browser: Browser
) -> None:
    for language, options in (("zh", TOUCH), ("en", {})):
        with visiting(browser, web.url(BRIEF, language), **options) as visit:
            assert visit.page.evaluate(SHIFTS) < 0.05


@pytest.mark.parametrize("options", [TOUCH, {}], ids=["phone", "desktop"])
def test_an_address_of_a_claim_or_section_leads_to_it_past_what_is_not_laid_out(
    options: dict[str, Any], web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url(BRIEF), **options) as visit:
        ids = visit.page.evaluate("[...document.querySelectorAll('.rb-claim')].map(c => c.id)")
    for id in (ids[20], ids[-1], "challenges"):
        with visiting(browser, f"{web.url(BRIEF)}#{id}", **options) as visit:
            visit.page.wait_for_timeout(300)
            top = visit.page.evaluate(
                f"document.getElementById('{id}').getBoundingClientRect().top"
            )
            assert 0 <= top < 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_leads_to_a_section_and_is_closed_then(
    language: str, web: Site, browser: Browser
) -> None:
    with phone(browser, web.url(BRIEF, language)) as (visit, _):
        page = visit.page
        page.locator("label[for=__drawer]:visible").first.tap()
        contents = page.locator(".rb-onpage")
        expect(contents).to_be_in_viewport(ratio=0.5)
        expect(contents.locator("span")).to_be_in_viewport()
        contents.get_by_role("link").nth(8).tap()
        expect(contents).not_to_be_in_viewport()
        page.wait_for_timeout(300)
        # All of it that stands above was never laid out, and is not as high as was thought.
        top = page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top")
        assert 0 <= top < 100


def test_paper_shows_all_that_was_never_on_the_screen(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(LEDGER), **TOUCH) as visit:
        visit.page.emulate_media(media="print")
        assert visit.page.evaluate(
            "[...document.querySelectorAll('.rb-ledger tr')]"
            ".every(row => getComputedStyle(row).contentVisibility === 'visible')"
        )


def test_no_word_of_a_name_is_broken_in_the_ledger_on_paper(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(LEDGER), viewport={"width": 720, "height": 900}) as visit:
        visit.page.emulate_media(media="print")
        # A link that stands in more lines than it has words is broken within one.
        broken = """[...document.querySelectorAll('.rb-ledger td a')].filter(
          link => link.getClientRects().length > link.textContent.split(/[ \\-–]/).length
        ).map(link => link.textContent)"""
        assert visit.page.evaluate(broken) == []
