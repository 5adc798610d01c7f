"""The same in real Chromium: terms by mouse, keyboard and touch, copying, sharing, privacy."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pikepdf
import pytest
from browsing import PHONE, Visit, profile, visiting
from playwright.sync_api import Browser, Locator, Page, Route, expect
from test_browser import BRIEF, CLAIM, INPUT, LEDGER, READY, findings, tab_to
from web_tools import LANGUAGES, Site

pytestmark = [pytest.mark.build, pytest.mark.web]

TERM = "a.rb-term"
OPEN = ".rb-definition:popover-open"


@pytest.fixture
def brief(web: Site, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, web.url(BRIEF)) as visit:
        yield visit
        assert visit.complaints == []


def definition(page: Page, link: Locator) -> Locator:
    """The box with the definition that a link names as its description."""
    id = link.get_attribute("aria-describedby")
    return page.locator(f'.rb-definition:has([id="{id}"])')


# --- Terms ------------------------------------------------------------------------------------


def test_the_mouse_shows_a_definition_beside_its_term_and_may_go_into_it(brief: Visit) -> None:
    page = brief.page
    link = page.locator(TERM).first
    box = definition(page, link)
    expect(box).to_be_hidden()
    link.hover()
    expect(box).to_be_visible()
    at, shown = link.bounding_box(), box.bounding_box()
    assert at
    assert shown
    assert 0 < shown["y"] - (at["y"] + at["height"]) < 12 or shown["y"] + shown["height"] < at["y"]
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 1300
    box.locator("p").first.hover()
    page.wait_for_timeout(500)
    expect(box).to_be_visible()
    page.locator("h1").hover()
    expect(box).to_be_hidden()
    # One at a time, and what is clicked is still a link.
    for number in (0, 1):
        page.locator(TERM).nth(number).hover()
        expect(page.locator(OPEN)).to_have_count(1)
        expect(definition(page, page.locator(TERM).nth(number))).to_be_visible()
    href = str(link.evaluate("link => link.href"))
    assert "/terms/" in href
    link.click()
    page.wait_for_url(href)


def test_the_keyboard_shows_a_definition_and_escape_closes_it(brief: Visit) -> None:
    page = brief.page
    tab_to(page, TERM)
    expect(page.locator(OPEN)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('a.rb-term')")
    first = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    # Tab goes on in the text; the definition comes and goes with the focus.
    tab_to(page, f"{TERM}:not([aria-describedby='{first}'])")
    expect(page.locator(OPEN)).to_have_count(1)
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('a.rb-term')"):
        expect(page.locator(OPEN)).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(page.locator(OPEN)).to_have_count(1)
    assert findings(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/terms/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tap_shows_a_definition_and_the_link_within_leads_on(
    language: str, web: Site, browser: Browser
) -> None:
    address = web.url(BRIEF, language)
    with visiting(browser, address, viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        page = visit.page
        for link in page.locator(TERM).all()[:6]:
            box = definition(page, link)
            link.tap()
            expect(box).to_be_visible()
            shown = box.bounding_box()
            assert shown
            assert shown["x"] >= 0
            assert shown["x"] + shown["width"] <= PHONE["width"]
            page.locator("h1").tap(force=True)
            expect(box).to_be_hidden()
        link, box = page.locator(TERM).first, definition(page, page.locator(TERM).first)
        link.tap()
        link.tap()
        expect(box).to_be_visible()
        assert page.url == address
        box.locator("a").tap()
        page.wait_for_url(re.compile("/terms/"))
        assert visit.complaints == []


def test_a_screen_reader_hears_the_definition_with_the_link(web: Site, browser: Browser) -> None:
    for script in (True, False):
        with visiting(browser, web.url(BRIEF), java_script_enabled=script) as visit:
            link = visit.page.locator(TERM).first
            session = visit.page.context.new_cdp_session(visit.page)
            found = session.send(
                "Runtime.evaluate", {"expression": f"document.querySelector('{TERM}')"}
            )
            node = session.send(
                "Accessibility.getPartialAXTree",
                {"objectId": found["result"]["objectId"], "fetchRelatives": False},
            )["nodes"][0]
            heard = definition(visit.page, link).locator("p").first.text_content()
            assert node["role"]["value"] == "link"
            assert node["description"]["value"] == heard
            assert heard


def test_without_javascript_a_term_is_a_plain_link(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF), java_script_enabled=False) as visit:
        link = visit.page.locator(TERM).first
        link.hover()
        expect(visit.page.locator(".rb-definition:visible")).to_have_count(0)
        expect(visit.page.locator(".rb-share")).to_be_hidden()
        expect(visit.page.locator("button:has-text('Copy')")).to_have_count(0)
        link.click()
        visit.page.wait_for_url(re.compile("/terms/"))


# --- Copying and sharing ----------------------------------------------------------------------

COPIED = {
    "en": "“{quote}” (“{title}”, Securities Times, republished by CNTXJ on "
    "15 September 2025, paragraph 19) {address}",
    "zh": "“{quote}”（《{title}》，证券时报，通信界2025年9月15日转载，第19段）{address}",
}
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quotation_is_copied_with_its_source(language: str, web: Site, browser: Browser) -> None:
    address = web.url(BRIEF, language)
    with visiting(browser, address, permissions=CLIPBOARD) as visit:
        page = visit.page
        claim = page.locator(f"#{CLAIM}")
        claim.locator("summary").first.click()
        claim.locator(".rb-copyline button").first.click()
        told = claim.locator(".rb-copyline output").first
        expect(told).to_have_text({"en": "Copied", "zh": "已复制"}[language])
        expect(told).to_have_attribute("aria-live", "polite")
        wanted = COPIED[language].format(
            quote=claim.locator(".rb-quote").first.text_content(),
            title=page.locator(".rb-source .rb-title").first.text_content(),
            address=f"{address}#{CLAIM}",
        )
        assert page.evaluate("navigator.clipboard.readText()") == wanted
        # There is a button for every quotation of the page, and a place of its own for each.
        blocks = page.locator(".rb-claim blockquote").count()
        assert blocks > 50
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        expect(page.locator(".rb-copyline button")).to_have_count(blocks)
        assert findings(page) == []
        assert visit.complaints == []


def test_the_lasting_address_is_copied_where_the_site_knows_it(web: Site, browser: Browser) -> None:
    """As on a preview of a site with an address of its own, which stands elsewhere."""
    lasting = "https://briefs.example.org/briefs/ai-chip-race/"
    with profile(browser, permissions=CLIPBOARD) as context:
        page = context.new_page()
        head = f'<link rel="canonical" href="{lasting}">'

        def serve(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("</head>", f"{head}</head>"))

        page.route(re.compile(f"{BRIEF}$"), serve)
        page.goto(web.url(BRIEF))
        claim = page.locator(f"#{CLAIM}")
        claim.locator("summary").first.click()
        claim.locator(".rb-copyline button").first.click()
        expect(claim.locator(".rb-copyline output").first).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.endswith(f" {lasting}#{CLAIM}")


SHARING = """
Object.defineProperty(Navigator.prototype, "share", {configurable: true, value: {share}})
delete Navigator.prototype.canShare"""


def test_share_opens_the_menu_of_the_device_where_there_is_one(web: Site, browser: Browser) -> None:
    with profile(browser, permissions=CLIPBOARD) as context:
        page = context.new_page()
        page.add_init_script(
            SHARING.replace(
                "{share}", "wanted => { window.shared = wanted; return Promise.resolve() }"
            )
        )
        page.goto(f"{web.url(BRIEF)}?x=1#signal")
        page.locator(".rb-share button").click()
        title = page.locator("h1").text_content()
        assert page.evaluate("window.shared") == {"title": title, "url": web.url(BRIEF)}
        expect(page.locator(".rb-share output")).to_be_empty()


def test_share_copies_the_address_where_there_is_no_menu(web: Site, browser: Browser) -> None:
    with profile(browser, permissions=CLIPBOARD) as context:
        page = context.new_page()
        page.add_init_script(SHARING.replace("{share}", "undefined"))
        page.goto(f"{web.url(BRIEF)}?x=1")
        tab_to(page, ".rb-share button")
        page.keyboard.press("Enter")
        expect(page.locator(".rb-share output")).to_have_text("Address copied")
        assert page.evaluate("navigator.clipboard.readText()") == web.url(BRIEF)


def test_what_cannot_be_done_is_not_offered(web: Site, browser: Browser) -> None:
    with profile(browser) as context:
        page = context.new_page()
        page.add_init_script(
            SHARING.replace("{share}", "undefined")
            + "\nObject.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})"
        )
        page.goto(web.url(BRIEF))
        expect(page.locator(TERM).first).to_be_visible()
        expect(page.locator(".rb-button")).to_have_count(0)


# --- Privacy ----------------------------------------------------------------------------------

STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(one => one.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def test_a_walk_leaves_nothing_but_the_choice_of_colours(web: Site, browser: Browser) -> None:
    """What the page on privacy says: search, colours, filter, copying, and all that is left."""
    with profile(browser, permissions=CLIPBOARD) as context:
        visit = Visit(context.new_page()).listen()
        page = visit.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        def since(before: int) -> list[str]:
            """What was asked for; the browser fetches the icon of the site when it likes."""
            return [url for url in asked[before:] if not url.endswith("favicon.svg")]

        page.on("websocket", lambda socket: asked.append(socket.url))
        # The theme notes the colours on the first page; no address of the site is set here.
        kept = {
            "local": ["/.__palette"],
            "session": [],
            "databases": [],
            "caches": [],
            "workers": 0,
        }

        page.goto(web.url(""))
        page.wait_for_function(READY)
        before = len(asked)
        page.evaluate(INPUT, "chiplet")
        page.wait_for_selector(".md-search-result__item", state="attached")
        assert since(before) == []  # what is typed is not sent
        assert page.evaluate(STORED) == kept
        result = page.locator(".md-search-result__link").first.get_attribute("href")
        assert result
        assert "?h=chiplet" in result  # what the page says of words in addresses
        page.goto(result)

        page.goto(web.url(LEDGER))
        page.wait_for_function(READY)  # the search loads itself after the page
        before = len(asked)
        page.locator(".rb-filters select").nth(2).select_option("guo-tao")
        assert since(before) == []
        page.goto(web.url(BRIEF))
        page.locator(TERM).first.hover()
        page.locator(".rb-share button").click()
        page.locator("header a[hreflang]").first.click()
        page.wait_for_url(re.compile("/zh/"))
        assert page.evaluate(STORED) == kept

        page.locator("label[for^=__palette]:visible").click()
        page.wait_for_selector("body[data-md-color-scheme=slate]")
        page.goto(web.url("privacy/"))
        assert page.evaluate(STORED) == kept
        value = page.evaluate("JSON.parse(localStorage.getItem('/.__palette'))")
        assert value["color"]["scheme"] == "slate"
        assert "__palette" in page.locator("#browser_keeps ~ .rb").first.inner_text()
        assert context.cookies() == []
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(web.address).netloc}
        assert visit.complaints == []


# --- Colophon ---------------------------------------------------------------------------------


def squeezed(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.lower())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_colophon_names_what_is_shipped(language: str, web: Site) -> None:
    page = web.file("colophon/", language).read_text(encoding="utf-8")
    named = squeezed(re.sub("<[^>]*>", " ", page.partition("<h1")[2]))
    shipped = set()
    for path in web.folder.rglob("*.map"):
        found = re.findall(r"node_modules/((?:@[\w.-]+/)?[\w.-]+)/", path.read_text("utf-8"))
        shipped |= set(found)
    for path in web.folder.rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        shipped |= set(re.findall(r'font-family:\s*"(Source[^"]*)";\s*src', css))
        shipped |= set(re.findall(r"!(Font Awesome Free)", css))
    for path in web.folder.rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            fonts = {
                str(o.BaseFont)
                for o in pdf.objects
                if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
            }
        shipped |= {re.sub(r"^/(?:[A-Z]{6}\+)?|-.*$", "", font) for font in fonts}
    assert len(shipped) >= 9
    assert {name for name in shipped if squeezed(name) not in named} == set()


def test_nothing_is_shipped_that_is_never_loaded(web: Site) -> None:
    """The theme's language packs for search, of several licences."""
    assert list(web.folder.rglob("lunr")) == []
