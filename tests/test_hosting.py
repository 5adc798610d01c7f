"""A hosted site: what hosts are told, and what browsers let the pages do under it."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from browsing import Visit, visiting
from playwright.sync_api import Browser, Route, expect
from projects import ROOT, Project
from web_tools import LANGUAGES, Site, headers_for, served

from research_brief import hosting
from research_brief.loading import load_settings
from research_brief.settings import Settings, site_address

CHARSET = '<meta charset="utf-8">'


def settings(address: str | None = None) -> Settings:
    return load_settings(ROOT).model_copy(update={"site_url": address})


# --- The policy -------------------------------------------------------------------------------


def policy(*pages: str) -> str:
    return hosting.policy(found for page in pages for found in hosting.hashes(page.encode()))


def test_the_policy_names_the_scripts_of_the_pages_by_their_hashes() -> None:
    # The digest is the one of CSP's own example, w3.org/TR/CSP3/#external-hash.
    page = "<script>alert('Hello, world.');</script>"
    allowed = policy(page, page)
    assert "script-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" in allowed
    assert allowed.count("sha256-") == 1
    assert "unsafe" not in allowed


@pytest.mark.parametrize(
    "element",
    [
        '<script src="a.js"></script>',
        '<script type="application/json">{}</script>',
        "<script type='application/ld+json'>{}</script>",
        "<p>no script</p>",
    ],
)
def test_data_and_files_need_no_hash(element: str) -> None:
    assert "sha256" not in policy(element)


@pytest.mark.parametrize(
    "element",
    ["<SCRIPT\nid=a>x()</SCRIPT >", '<script data-src="a.js">x()</script>', "<script>x()</script>"],
)
def test_however_a_script_is_written_its_hash_is_the_same(element: str) -> None:
    assert policy(element) == policy("<script>x()</script>")


def test_in_pages_the_policy_stands_behind_the_encoding_and_ahead_of_the_rest() -> None:
    page = f"<head>{CHARSET}<link rel=icon></head>"
    inside = hosting.with_policy(page, "default-src 'none'")
    assert inside.startswith(f"<head>{CHARSET}<meta http-equiv=")
    assert inside.endswith('<meta name="referrer" content="same-origin"><link rel=icon></head>')


# --- The files for hosts ----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["https://x.org/a\nb", "https://x.org/a\r\nX-Y: z", "x.org"])
def test_no_address_can_begin_a_line_of_its_own(address: str) -> None:
    with pytest.raises(ValueError, match="an address that begins with"):
        site_address(address)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (None, "/"),
        ("https://x.org", "/"),
        ("https://x.org/desk/briefs/", "/desk/briefs/"),
        ("https://x.org/a*:b/研究", "/a%2A%3Ab/%E7%A0%94%E7%A9%B6/"),
    ],
)
def test_rules_begin_with_the_path_of_the_site(address: str | None, path: str) -> None:
    text = hosting.headers(ROOT / "templates/theme", settings(address), "p", preview=False)
    rules = [line for line in text.splitlines() if not line.startswith(" ")]
    fonts = [f"{path}assets/fonts/*", f"{path}zh/assets/fonts/*"]
    assert rules == [f"{path}*", f"{path}api/*", *fonts]


def test_pages_of_others_may_read_the_json_but_not_of_a_preview() -> None:
    readers = "Access-Control-Allow-Origin: *"
    folder = ROOT / "templates/theme"
    told = hosting.headers(folder, settings(), "p", preview=False)
    assert f"/api/*\n  {readers}\n" in told
    assert told.count(readers) == 1
    assert readers not in hosting.headers(folder, settings(), "p", preview=True)


def test_no_name_of_a_file_is_a_line_of_its_own() -> None:
    folder = ROOT / "templates/theme"
    told = hosting.headers(folder, settings(), "p", preview=False, hidden=["a\n  X-Evil: 1"])
    assert "/a%0A%20%20X-Evil%3A%201\n" in told
    assert "\n  X-Evil" not in told


def test_robots_are_let_in_and_told_the_sitemaps() -> None:
    assert hosting.robots(settings("https://x.org/desk"), preview=False).splitlines() == [
        "User-agent: *",
        "Allow: /",
        "",
        "Sitemap: https://x.org/desk/sitemap.xml",
        "Sitemap: https://x.org/desk/zh/sitemap.xml",
    ]


@pytest.mark.parametrize(("address", "preview"), [(None, False), ("https://x.org/", True)])
def test_robots_see_noindex_in_a_preview_and_are_told_no_sitemap(
    address: str | None, preview: bool
) -> None:
    assert hosting.robots(settings(address), preview=preview) == "User-agent: *\nAllow: /\n"


# --- The site at the root of a domain, with the headers ---------------------------------------


@pytest.fixture(scope="module")
def hosted(web: Site) -> Iterator[Site]:
    """The real site at the root of a host that reads `_headers`."""
    with served(web.folder, "/") as address:
        yield Site(web.project, address, web.paths)


@pytest.mark.build
def test_the_headers_keep_within_the_limits_of_hosts(web: Site) -> None:
    lines = (web.folder / "_headers").read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) < 2000
    assert sum(not line.startswith(" ") for line in lines) <= 100


@pytest.mark.build
def test_every_header_is_given_once_and_pages_are_asked_for_every_time(web: Site) -> None:
    forever = set()
    for path in web.folder.rglob("*"):
        address = f"/{path.relative_to(web.folder).as_posix()}"
        names = [name for name, _ in headers_for(address, web.folder)]
        assert len(names) == len(set(names)), address
        assert "Content-Security-Policy" in names
        caching = dict(headers_for(address, web.folder)).get("Cache-Control", "")
        if "immutable" in caching:
            forever.add(re.sub("[0-9a-f]{8}", "HASH", address))
        else:
            assert caching in ("", hosting.WEEK)
    names = (
        "javascripts/bundle.HASH.min.js javascripts/workers/search.HASH.min.js ledger.HASH.js"
        " aids.HASH.js rb.HASH.css rb.HASH.js search.HASH.js queries.HASH.js"
        " stylesheets/main.HASH.min.css stylesheets/palette.HASH.min.css"
    ).split()
    assert forever == {f"{root}assets/{name}" for root in ("/", "/zh/") for name in names}


@pytest.mark.build
def test_three_scripts_are_allowed_and_no_style_stands_in_a_page(web: Site) -> None:
    allowed = dict(headers_for("/", web.folder))["Content-Security-Policy"]
    assert allowed.count("'sha256-") == 3
    assert "unsafe" not in allowed
    assert "frame-ancestors 'none'" in allowed
    for path in web.folder.rglob("*.html"):
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=|<style", path.read_text("utf-8")), path


@pytest.mark.build
def test_without_an_address_there_is_no_sitemap(web: Site) -> None:
    assert not list(web.folder.rglob("sitemap.xml*"))


def use(visit: Visit, site: Site, brief: str, language: str, query: str) -> None:
    """All that a page does by script: search, colours, evidence, copying, the other language."""
    page = visit.page
    page.goto(site.url("", language))
    field = page.locator(".md-search__input")
    field.click()
    field.press_sequentially(query)
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    field.fill("")
    field.press_sequentially("zzzzqqqq")
    expect(page.locator(".md-search-result__item")).to_have_count(0)
    field.press("Enter")  # nothing to go to, and no form to send

    page.goto(site.url(brief, language))
    before = page.locator("body").get_attribute("data-md-color-scheme")
    page.locator("label[for^=__palette]:visible").click()
    after = {"default": "slate", "slate": "default"}[str(before)]
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", after)
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", after)

    claim = page.locator(".rb-claim:has(details)").first
    claim.locator("summary").first.click()
    expect(claim.locator(".rb-quote").first).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")

    there = next(other for other in LANGUAGES if other != language)
    page.locator("header a[hreflang]").first.click()
    page.wait_for_url(site.url(brief, there))
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", after)
    assert visit.complaints == []


def look_for_nothing(visit: Visit, site: Site) -> None:
    """The page for what is not there, as deep as it may be: with its looks, and ways back."""
    for language in LANGUAGES:
        lost = site.url("no/such/page/", language)
        visit.page.goto(lost)
        expect(visit.page.locator(".rb-lost section")).to_have_count(2)
        family = "getComputedStyle(document.querySelector('h1')).fontFamily"
        assert "Brief Serif" in visit.page.evaluate(family)
        expected = {f"404: {lost}"}
        others = [text for text in visit.complaints if "Failed to load resource" not in text]
        assert set(others) == expected
        visit.complaints.clear()
        visit.page.locator(f".rb-lost section[lang^={language}] a").click()
        visit.page.wait_for_url(site.url("", language))


@pytest.mark.build
@pytest.mark.web
@pytest.mark.parametrize(("language", "query"), [("en", "chiplet"), ("zh", "芯粒")])
def test_under_the_policy_everything_works(
    language: str, query: str, hosted: Site, browser: Browser
) -> None:
    with visiting(browser, hosted.address) as visit:
        use(visit, hosted, "briefs/ai-chip-race/", language, query)


@pytest.mark.build
@pytest.mark.web
def test_lost_readers_are_met_under_the_policy(hosted: Site, browser: Browser) -> None:
    with visiting(browser, hosted.address) as visit:
        look_for_nothing(visit, hosted)


INJECTED = '<i style="color: red"></i><script>document.title = "taken over"</script>'


def inject(route: Route) -> None:
    """Answer with the page, and with a script and a style that were smuggled into it."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</body>", f"{INJECTED}</body>"))


def assert_nothing_smuggled_in_counts(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        visit.page.route(address, inject)
        visit.page.reload()
        assert INJECTED in visit.page.content()
        assert visit.page.title() != "taken over"
        violated = {text.split(": ")[1] for text in visit.complaints if text[:9] == "violation"}
        assert violated == {"script-src-elem", "style-src-attr"}


@pytest.mark.build
@pytest.mark.web
def test_a_script_that_was_smuggled_in_does_not_run(hosted: Site, browser: Browser) -> None:
    assert_nothing_smuggled_in_counts(browser, hosted.address)


# --- The site under a path, with the policy in its pages --------------------------------------

PATH = "/desk/briefs/"
POLICY = (
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; script-src 'self' 'sha256-"
)


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small site under a path of a host that sends no headers."""
    project = Project.copied_to(tmp_path_factory.mktemp("below") / "研究 briefs").with_content()
    with served(project.site, PATH) as address:
        run = project.run_here("--csp-meta", "build", "--site-url", address, "--no-pdf")
        assert run.returncode == 0, run.stdout + run.stderr
        rules = (project.site / "_headers").read_text(encoding="utf-8")
        assert all(line.startswith((" ", PATH)) for line in rules.splitlines())
        (project.site / "_headers").write_text("")
        yield Site(project, address)


@pytest.mark.build
def test_every_page_has_the_policy_ahead_of_all_that_it_rules(below: Site) -> None:
    pages = list(below.folder.rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        places = [text.index(part) for part in (CHARSET, POLICY, "<link", "<script")]
        assert places == sorted(places)
        assert places[0] < 1000, "browsers look for the encoding in the first 1024 bytes"
        assert "frame-ancestors" not in text, "counts in a header only"


@pytest.mark.build
@pytest.mark.web
@pytest.mark.parametrize(("language", "query"), [("en", "chip"), ("zh", "芯片")])
def test_under_a_path_everything_works(
    language: str, query: str, below: Site, browser: Browser
) -> None:
    with visiting(browser, below.address) as visit:
        use(visit, below, "briefs/first/", language, query)
        assert visit.hosts == {urlsplit(below.address).netloc}


@pytest.mark.build
@pytest.mark.web
def test_lost_readers_are_met_under_a_path(below: Site, browser: Browser) -> None:
    with visiting(browser, below.address) as visit:
        look_for_nothing(visit, below)


@pytest.mark.build
@pytest.mark.web
def test_the_policy_in_a_page_stops_a_script_too(below: Site, browser: Browser) -> None:
    assert_nothing_smuggled_in_counts(browser, below.address)


NAMES = {
    "page": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "html": "http://www.w3.org/1999/xhtml",
}


@pytest.mark.build
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sitemap_lists_every_page_with_its_translations(language: str, below: Site) -> None:
    root = ElementTree.parse(below.folder / LANGUAGES[language] / "sitemap.xml").getroot()
    listed = {}
    for entry in root.findall("page:url", NAMES):
        links = entry.findall("html:link", NAMES)
        listed[entry.findtext("page:loc", "", NAMES)] = {
            link.get("hreflang"): link.get("href") for link in links
        }
    pages = {path.parent for path in below.folder.rglob("index.html")}
    paths = {
        "" if path == below.folder else f"{path.relative_to(below.folder).as_posix()}/"
        for path in pages
    }
    paths = {path for path in paths if not path.startswith("zh/")}
    assert listed == {
        below.url(path, language): {
            "en": below.url(path),
            "zh-Hans": below.url(path, "zh"),
            "x-default": below.url(path),
        }
        for path in paths
    }
    text = (below.folder / LANGUAGES[language] / "sitemap.xml").read_text(encoding="utf-8")
    assert "lastmod" not in text, "the day of the build is no news of a page"
    assert not list(below.folder.rglob("*.gz"))


# --- Previews ---------------------------------------------------------------------------------

NOINDEX = '<meta name="robots" content="noindex">'


@pytest.mark.build
def test_a_preview_has_drafts_and_asks_not_to_be_indexed(project: Project) -> None:
    brief = "content/briefs/first/brief.yaml"
    project.with_content().edit(brief, "language: en", "language: en\nstatus: draft")
    run = project.run_here("build", "--preview", "--no-pdf", "--site-url", "https://x.org/")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (project.site / "zh/briefs/first/index.html").exists()
    pages = list(project.site.rglob("*.html"))
    assert all(NOINDEX in page.read_text(encoding="utf-8") for page in pages)
    assert ("X-Robots-Tag", "noindex") in headers_for("/paper.pdf", project.site)
    assert "Disallow" not in (project.site / "robots.txt").read_text(encoding="utf-8")
    assert not list(project.site.rglob("sitemap.xml*"))


@pytest.mark.build
def test_a_site_is_there_to_be_indexed_but_for_the_lost_and_what_is_frozen(web: Site) -> None:
    said = {path for path in web.folder.rglob("*.html") if NOINDEX in path.read_text("utf-8")}
    editions = set(web.folder.glob("**/editions/*/index.html"))
    assert len(editions) == 2
    assert said == {web.folder / "404.html", *editions}
    headers = (web.folder / "_headers").read_text(encoding="utf-8")
    assert headers.count("X-Robots-Tag") == 1
    assert "/manifest.json\n  X-Robots-Tag: noindex\n" in headers


@pytest.mark.parametrize("option", ["--preview", "--csp-meta"])
def test_what_only_a_build_can_do_is_misuse_elsewhere(option: str, project: Project) -> None:
    assert project.run_here("check", option).returncode == 2


@pytest.mark.parametrize(
    "attribute", ["<script>evil()</script>", "<script&gt;evil()</script&gt;", "<script", "<!--"]
)
def test_a_script_in_an_attribute_is_none_and_hides_none(attribute: str) -> None:
    page = """<p title="{}">x</p><script>ours()</script><p title='{}'>'"</p>"""
    page += "<!-- <script>no()</script>-->"
    plain = policy(page.format("x", "x"))
    assert plain.count("sha256-") == 1
    assert policy(page.format(attribute, "x")) == plain
    assert policy(page.format("x", attribute)) == plain
