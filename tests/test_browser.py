"""The built site in real Chromium, as readers use it: by mouse, by keyboard, on a phone ..."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import PHONE, SMALLEST, WIDE, Visit, profile, visiting
from playwright.sync_api import Browser, BrowserContext, Page, expect
from projects import Project
from web_tools import KINDS, LANGUAGES, Site, largest_pages, served, tool

pytestmark = [pytest.mark.build, pytest.mark.web]

BRIEF = "briefs/ai-chip-race/"
CLAIM = "chiplet-design"


VISITED = [
    (kind, language)
    for number, kind in enumerate(KINDS)
    for language in LANGUAGES
    if not kind.startswith("entity:") or language == [*LANGUAGES][number % len(LANGUAGES)]
]
"""Every kind of page in every language; those of entities, which are of one template, in one."""


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """The profile of somebody who looks at every kind of page, and has the style sheet already."""
    with profile(browser) as context:
        yield context


@pytest.fixture(
    scope="module",
    params=VISITED,
    ids="-".join,
)
def visit(request: pytest.FixtureRequest, web: Site, reader: BrowserContext) -> Iterator[Visit]:
    """Every kind of page (the largest one of it), one after the other."""
    kind, language = request.param
    visit = Visit(reader.new_page()).listen()
    visit.page.goto(web.url(web.paths[kind], language))
    visit.page.wait_for_function(READY)
    yield visit
    visit.page.evaluate("localStorage.clear()")
    visit.page.close()


OVERFLOWING = """() => {
  const wide = innerWidth + 0.5, clipped = element => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true
    return false
  }
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > wide && !clipped(e))
    .slice(0, 5).map(e => e.outerHTML.slice(0, 120))
}"""


def test_the_page_fits_a_phone_of_320_pixels(visit: Visit) -> None:
    visit.page.set_viewport_size(SMALLEST)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visit.page.evaluate(OVERFLOWING) == []
    visit.page.set_viewport_size(WIDE)


AXE = "axe-core/axe.min.js"


def findings(page: Page) -> list[str]:
    """What axe finds, as `rule: how many: the first`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(tool(AXE).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
    )
    return [f"{f['id']}: {len(f['nodes'])}: {f['nodes'][0]['html'][:160]}" for f in found]


def test_axe_finds_nothing_in_light_colours(visit: Visit) -> None:
    assert findings(visit.page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_results_of_a_corrected_query(
    colours: str, web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url("", "zh"), color_scheme=colours) as visit:
        visit.page.wait_for_function(READY)
        visit.page.keyboard.press("/")
        visit.page.keyboard.type("hanwji")
        expect(visit.page.locator(".rb-search-note")).to_contain_text("寒武纪")
        expect(visit.page.locator(".md-search-result__item")).not_to_have_count(0)
        assert findings(visit.page) == []
        assert visit.complaints == []


def test_axe_finds_nothing_on_a_phone_or_in_the_dark_with_all_evidence_open(visit: Visit) -> None:
    """Each in one of the languages: what a language changes is the same in light colours."""
    page = visit.page
    if (page.get_attribute("html", "lang") or "").startswith("en"):
        page.set_viewport_size(SMALLEST)
        assert findings(page) == []
        page.set_viewport_size(WIDE)
        return
    switch = page.locator("label[for^=__palette]:visible")
    details = "document.querySelectorAll('details').forEach(one => one.open = {})"
    switch.click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    page.evaluate(details.format("true"))
    assert findings(page) == []
    page.evaluate(details.format("false"))
    switch.click()
    page.wait_for_selector("body[data-md-color-scheme=default]")


def test_colours_are_dark_where_the_system_is(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(""), color_scheme="dark") as dark:
        dark.page.wait_for_selector("body[data-md-color-scheme=slate]")


def test_the_page_is_quiet_and_stays_at_home(visit: Visit, web: Site) -> None:
    assert visit.complaints == []
    assert visit.hosts == {urlsplit(web.address).netloc}


def test_the_page_keeps_nothing_but_the_choice_of_colours(visit: Visit) -> None:
    context: BrowserContext = visit.page.context
    assert context.cookies() == []
    stored = visit.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert {key.rpartition(".")[2] for key in stored} <= {"__palette", "__scope"}
    assert visit.page.evaluate("indexedDB.databases().then(found => found.length)") == 0


# --- Search -----------------------------------------------------------------------------------

# What is typed, the page that must be among the first three, the claim that must be among the
# first three under the brief.
QUERIES = {
    "英伟达": ("companies/nvidia/", "nvidia-moat"),
    "NVIDIA": ("companies/nvidia/", "nvidia-moat"),
    "芯粒": ("terms/chiplet/", "chiplet-design"),
    "chiplet": ("terms/chiplet/", "chiplet-design"),
    "自研": ("topics/in-house-chips/", "step-up"),
    "生态壁垒": (BRIEF, "ecosystem-takes-time"),
    "RISC-V": ("terms/risc-v/", "xuantie-first"),
    "foundry": ("terms/foundry/", "nodes-and-foundries"),
    "平头哥": ("companies/t-head/", "t-head-founded"),
    "T-Head": ("companies/t-head/", "t-head-founded"),
    "护城河": ("terms/moat/", "nvidia-moat"),
    "代工": ("terms/foundry/", "nodes-and-foundries"),
}
INPUT = """query => {
  const field = document.querySelector(".md-search__input")
  field.value = query
  field.dispatchEvent(new InputEvent("input", {bubbles: true}))
}"""
READY = (
    "() => !/Initializing|初始化/.test(document.querySelector('.md-search-result__meta').innerText)"
)
RESULTS = """() => {
  const told = link => [link.href, link.querySelector("h1, h2").innerText]
  const items = [...document.querySelectorAll(".md-search-result__item")]
  return items.map(item => [...item.querySelectorAll("a")].map(told))
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def searching(request: pytest.FixtureRequest, web: Site, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, web.url("", request.param)) as visit:
        # Until its index is there, the search looks at the field by itself.
        visit.page.wait_for_function(READY)
        yield visit


def results(visit: Visit, query: str) -> list[list[tuple[str, str]]]:
    """The results of an input event alone: each the links of a page and its parts, with titles."""
    page = visit.page
    page.evaluate(INPUT, "")
    expect(page.locator(".md-search-result__item")).to_have_count(0)
    page.evaluate(INPUT, query)
    page.wait_for_selector(".md-search-result__item", state="attached")
    found: list[list[tuple[str, str]]] = page.evaluate(RESULTS)
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_search_finds_page_and_claim_by_an_input_event_alone(
    query: str, searching: Visit, web: Site
) -> None:
    found = results(searching, query)
    language = "zh" if "/zh/" in searching.page.url else "en"
    addresses = [urlsplit(item[0][0]).path for item in found]
    assert all(address.startswith(urlsplit(web.url("", language)).path) for address in addresses)
    wanted, claim = QUERIES[query]
    assert urlsplit(web.url(wanted, language)).path in addresses[:3]

    brief = addresses.index(urlsplit(web.url(BRIEF, language)).path)
    assert brief < 3
    links = [(urlsplit(href).fragment, title) for href, title in found[brief]]
    anchors = [anchor for anchor, _ in links if anchor]
    assert claim in anchors[:3]
    title = next(title for anchor, title in links if anchor == claim)
    assert bool(re.search("[\u3400-\u9fff]", title)) == (language == "zh")


def test_a_result_leads_to_the_claim(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url("", "zh")) as visit:
        hrefs = [href for item in results(visit, "芯粒") for href, _ in item]
        href = next(href for href in hrefs if href.endswith(f"#{CLAIM}"))
        visit.page.goto(href)
        expect(visit.page.locator(f"#{CLAIM}")).to_be_in_viewport()
        assert visit.complaints == []


def test_words_that_are_nowhere_have_no_results(searching: Visit) -> None:
    page = searching.page
    page.evaluate(INPUT, "zzzzqqqq")
    expect(page.locator(".md-search-result__item")).to_have_count(0)
    expect(page.locator(".md-search-result__meta")).to_contain_text("hanwuji")  # what to try


# --- Languages --------------------------------------------------------------------------------


@pytest.mark.parametrize(("here", "there"), [("en", "zh"), ("zh", "en")])
def test_the_language_switch_keeps_page_and_claim(
    here: str, there: str, web: Site, browser: Browser
) -> None:
    with visiting(browser, f"{web.url(BRIEF, here)}#{CLAIM}") as visit:
        visit.page.locator("header a[hreflang]").first.click()
        visit.page.wait_for_url(f"{web.url(BRIEF, there)}#{CLAIM}")
        expect(visit.page.locator(f"#{CLAIM}")).to_be_in_viewport()


@pytest.fixture(scope="module")
def without_javascript(browser: Browser) -> Iterator[Page]:
    with profile(browser, java_script_enabled=False) as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", [kind for kind, language in VISITED if language == "en"])
def test_the_language_switch_keeps_the_page_without_javascript(
    kind: str, web: Site, without_javascript: Page
) -> None:
    path = web.paths[kind]
    without_javascript.goto(web.url(path))
    without_javascript.locator("header a[hreflang]").first.click()
    without_javascript.wait_for_url(web.url(path, "zh"))


# --- Evidence ---------------------------------------------------------------------------------


def test_evidence_opens_without_javascript(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF), java_script_enabled=False) as visit:
        claim = visit.page.locator(f"#{CLAIM}")
        expect(claim.locator(".rb-quote").first).to_be_hidden()
        claim.locator("summary").first.click()
        expect(claim.locator(".rb-quote").first).to_be_visible()
        expect(claim.locator(".rb-translation").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_print_shows_all_evidence_and_no_menus(script: bool, web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF), java_script_enabled=script) as visit:
        page = visit.page
        page.emulate_media(media="print")
        quotes = page.locator(".rb-claim .rb-quote")
        assert quotes.count() > 50
        shown = quotes.evaluate_all(
            "all => all.filter(one => one.checkVisibility() && one.offsetHeight > 0).length"
        )
        assert shown == quotes.count()
        expect(page.locator(".md-search")).to_be_hidden()
        expect(page.locator("header .rb-languages")).to_be_hidden()


# --- The ledger -------------------------------------------------------------------------------

LEDGER = f"{BRIEF}evidence/"
ROWS = ".rb-ledger tr[data-status]"


def shown(page: Page) -> int:
    """How many claims the ledger shows; the page says the same."""
    count = page.locator(f"{ROWS}:visible").count()
    expect(page.locator(".rb-filters output")).to_contain_text(re.compile(rf"\b{count}(?!\d)"))
    groups = page.locator(".rb-ledger .rb-group:visible").count()
    assert groups == page.locator(f".rb-ledger tbody:has({ROWS[11:]}:visible)").count()
    return count


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_is_filtered_and_its_address_says_how(
    language: str, web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url(LEDGER, language)) as visit:
        page = visit.page
        filters, reset = page.locator(".rb-filters select"), page.locator(".rb-filters button")
        every = shown(page)
        assert every == page.locator(ROWS).count()
        expect(reset).to_be_disabled()
        filters.nth(2).select_option("guo-tao")
        his = shown(page)
        assert 0 < his < every
        filters.nth(1).select_option("recommended")
        advice = shown(page)
        assert 0 < advice < his
        assert page.url == f"{web.url(LEDGER, language)}?speaker=guo-tao&status=recommended"

        page.reload()
        assert shown(page) == advice
        page.locator(f"{ROWS}:visible th a").first.click()
        page.go_back()
        assert shown(page) == advice

        page.locator("header a[hreflang]").first.click()
        page.wait_for_url(re.compile(r"evidence/\?speaker=guo-tao&status=recommended$"))
        assert shown(page) == advice
        page.go_back()
        page.locator(".rb-filters").get_by_role("button").press("Enter")
        assert shown(page) == every
        expect(filters.first).to_be_focused()
        assert page.url == web.url(LEDGER, language)

        page.goto(f"{web.url(LEDGER, language)}?about=chiplet&status=nonsense&x=1#top")
        assert 0 < shown(page) < every
        filters.first.select_option("challenges")
        assert page.url.endswith("?about=chiplet&x=1&section=challenges#top")
        assert visit.complaints == []


def test_without_javascript_the_ledger_is_a_plain_table(web: Site, browser: Browser) -> None:
    address = f"{web.url(LEDGER)}?speaker=guo-tao"
    with visiting(browser, address, java_script_enabled=False) as visit:
        rows = visit.page.locator(ROWS)
        assert rows.count() == visit.page.locator(f"{ROWS}:visible").count() > 50
        expect(visit.page.locator(".rb-filters")).to_be_empty()


# --- By keyboard only -------------------------------------------------------------------------

FOCUS = "document.activeElement.matches({selector!r})"


def tab_to(page: Page, selector: str, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until something that fits has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(FOCUS.format(selector=selector)):
            return
    pytest.fail(f"{selector} is not reached with {most} times {key}")


def test_the_first_stop_skips_to_the_content(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF)) as visit:
        page = visit.page
        page.keyboard.press("Tab")
        skip = page.locator(".md-skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main .md-content') !== null")


def test_search_by_keyboard(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url("")) as visit:
        page = visit.page
        page.keyboard.press("/")
        expect(page.locator(".md-search__input")).to_be_focused()
        page.keyboard.type("chiplet")
        page.wait_for_selector(".md-search-result__item")
        page.keyboard.press("ArrowDown")
        page.wait_for_function("() => " + FOCUS.format(selector=".md-search-result__link"))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("terms/chiplet/"))
        expect(page.locator("h1")).to_be_visible()


def test_evidence_by_keyboard(web: Site, browser: Browser) -> None:
    with visiting(browser, f"{web.url(BRIEF)}#{CLAIM}") as visit:
        page = visit.page
        expect(page.locator(f"#{CLAIM}")).to_be_in_viewport()
        tab_to(page, f"#{CLAIM} summary")
        page.keyboard.press("Enter")
        expect(page.locator(f"#{CLAIM} .rb-quote").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(f"#{CLAIM} .rb-quote").first).to_be_hidden()


@pytest.mark.parametrize("selector", ["header a[hreflang]", "input[name=__palette]", "nav a"])
def test_the_header_is_reached_by_keyboard(selector: str, web: Site, browser: Browser) -> None:
    with visiting(browser, web.url("")) as visit:
        tab_to(visit.page, selector, most=20)


def test_colours_by_keyboard_stay_chosen(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url("")) as visit:
        page = visit.page
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
        tab_to(page, "input[name=__palette]", most=20)
        page.keyboard.press("ArrowRight")
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        page.goto(web.url(BRIEF))
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("language", LANGUAGES)
def test_focus_is_always_seen(language: str, web: Site, browser: Browser) -> None:
    """The element in focus has an outline or another sign, and is not hidden."""
    with visiting(browser, web.url(BRIEF, language)) as visit:
        page = visit.page
        unseen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                  const focus = document.activeElement
                  // The switch of colours shows its focus on its label, a text field on its form.
                  const input = focus.matches("input")
                  const shown = [focus, input && focus.form, input && focus.nextElementSibling]
                    .filter(one => one && one.getBoundingClientRect().width)
                  const ring = one => {
                    const style = getComputedStyle(one)
                    return style.boxShadow !== "none"
                      || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
                  }
                  return shown.some(ring) ? "" : focus.outerHTML.slice(0, 90)
                }"""
            )
            if seen:
                unseen.append(seen)
        assert unseen == []


# --- As readers have set their systems ---------------------------------------------------------

SIGNS = """() => [...document.querySelectorAll(".rb-claim")].map(claim => {
  const sign = claim.querySelector(".rb-sign"), style = getComputedStyle(claim)
  return sign.checkVisibility() && sign.textContent.trim() && style.borderInlineStartStyle
})"""
MOVING = """() => [...document.querySelectorAll("*")]
  .map(element => getComputedStyle(element))
  .filter(style => parseFloat(style.transitionDuration) || style.animationName !== "none").length"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_forced_colours_claims_keep_their_signs_and_rules(
    language: str, web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url(BRIEF, language), forced_colors="active") as visit:
        found = visit.page.evaluate(SIGNS)
        assert len(found) > 50
        assert set(found) == {"solid", "dashed"}  # dashed: unconfirmed
        assert findings(visit.page) == []


def test_nothing_moves_where_that_is_not_wished(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(BRIEF)) as visit:
        assert visit.page.evaluate(MOVING) == 0
    with visiting(browser, web.url(BRIEF), reduced_motion="no-preference") as visit:
        assert visit.page.evaluate(MOVING) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_four_times_the_size_all_is_read_in_one_column(
    language: str, web: Site, browser: Browser
) -> None:
    """WCAG 1.4.10: 1280 pixels at 400 % are 320; nothing is scrolled sideways but wide tables."""
    zoomed = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
    with visiting(browser, web.url(BRIEF, language), **zoomed) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(OVERFLOWING) == []
        # What stays at the top leaves most of the screen to the text.
        header = page.locator(".md-header").bounding_box()
        assert header is not None
        assert header["height"] < 256 / 3


# --- On a phone -------------------------------------------------------------------------------


def test_on_a_phone_the_first_screen_shows_title_summary_and_takeaways(
    web: Site, browser: Browser
) -> None:
    with visiting(browser, web.url(BRIEF), viewport=PHONE) as visit:
        expect(visit.page.locator("h1")).to_be_in_viewport()
        expect(visit.page.locator("#takeaways")).to_be_in_viewport()


def test_on_a_phone_the_menu_opens_and_leads_on(web: Site, browser: Browser) -> None:
    with visiting(browser, web.url(""), viewport=PHONE) as visit:
        page = visit.page
        page.locator("label[for=__drawer]:visible").first.click()
        link = page.locator(".md-nav--primary a[href*=glossary]")
        expect(link).to_be_in_viewport()
        link.click()
        page.wait_for_url(web.url("glossary/"))


# --- An empty site ----------------------------------------------------------------------------


def test_an_empty_site_is_quiet_and_says_how_to_begin(project: Project, browser: Browser) -> None:
    run = project.run_here("--no-pdf")
    assert run.returncode == 0, run.stdout + run.stderr
    with served(project.site) as address:
        site = Site(project, address, largest_pages(project))
        for language in LANGUAGES:
            with visiting(browser, site.url("", language)) as visit:
                expect(visit.page.locator("h1")).to_be_visible()
                expect(visit.page.locator("main")).to_contain_text("content/briefs")
                assert findings(visit.page) == []
                assert visit.complaints == []
