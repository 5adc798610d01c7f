"""This site after ten renames and a withdrawal, in real Chromium: every old address is visited."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PHONE, WIDE, profile, visiting
from playwright.sync_api import Browser
from projects import ROOT, Project, overlay
from renaming import Files, Thing, address_of
from test_browser import findings
from web_tools import LANGUAGES, html_checker, served

from research_brief import ledger
from research_brief.addresses import LEDGER, TOMBSTONES

pytestmark = [pytest.mark.build, pytest.mark.web]

BRIEF = "ai-chip-race"
RENAMED: dict[Thing, str] = {
    ("brief", BRIEF): "own-chips-of-giants",
    ("section", "motives"): "reasons",
    ("section", "chronology"): "dates",
    ("claim", "chiplet-design"): "chiplets",
    ("claim", "nvidia-moat"): "moat-of-nvidia",
    ("claim", "baidu-share"): "baidu-rise",
    ("part", "performance"): "speed",
    ("entity", "nvidia"): "nvidia-corporation",
    ("entity", "guo-tao"): "guo-tao-investor",
    ("source", "cntxj-2025-09-15"): "cntxj-chips",
}
GONE = f"""
briefs/{BRIEF}/#taken-back:
  on: 2026-12-01
  text: {{en: The newspaper took it back., zh: 该报收回了这一说法。}}
briefs/taken-down/:
  on: 2026-12-02
  text: {{en: The rights holder asked for it., zh: 应权利人要求撤下。}}
"""
WITHDRAWN = {
    f"briefs/{BRIEF}/#taken-back": "took it back",
    "briefs/taken-down/": "rights holder asked",
    "briefs/taken-down/#any": "rights holder asked",
    "briefs/taken-down/evidence/": "rights holder asked",
}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """This project after the renames, built with PDFs."""
    project = Project.copied_to(tmp_path_factory.mktemp("moved"))
    files = Files.read(ROOT / "content")
    for thing, new in RENAMED.items():
        files.rename(thing, new)
    files.write(project.root / "content")
    text = ledger.written([*ledger.read(ROOT)[0], *WITHDRAWN])
    overlay(project.root, {LEDGER: text, TOMBSTONES: GONE})
    run = project.run("--site-url", "https://desk.example/briefs/")
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture(scope="module")
def address(moved: Project) -> Iterator[str]:
    with served(moved.site) as found:
        yield found


def expected(language: str) -> dict[str, str]:
    """Where every address of the site as it was must lead: to this page, or this part of it. In
    the second language, whose pages have the same anchors, those of what was renamed itself."""
    before = Files.read(ROOT / "content")
    after = Files.read(ROOT / "content")
    places = {address_of(before, thing): thing for thing in before.things()}
    for thing, new in RENAMED.items():
        after.rename(thing, new)
    home, new_home = (address_of(f, ("brief", id)) for f, id in (
        (before, BRIEF), (after, RENAMED["brief", BRIEF])
    ))  # fmt: skip
    found = {}
    for old in ledger.read(ROOT)[0]:
        if language != "en" and places.get(old) not in RENAMED:
            continue
        if old in places:
            kind, id = places[old]
            found[str(old)] = address_of(after, (kind, RENAMED.get((kind, id), id)))
        else:
            found[str(old)] = old.replace(home, new_home)
    return found


REFRESH = 'http-equiv="refresh"'
"""What a page has that leads on."""

# Follow an anchor, and tell how far from the part that is meant the browser then begins to show.
DISTANCE = """([old, now]) => {
  location.hash = old
  if (document.querySelector(":target").id !== old) return Infinity
  return Math.abs(document.getElementById(old).getBoundingClientRect().top
    - document.getElementById(now).getBoundingClientRect().top)
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_old_address_leads_to_the_right_place(
    language: str, address: str, browser: Browser
) -> None:
    leads = expected(language)
    assert sum(old != now for old, now in leads.items()) >= (25 if language == "en" else 10)
    root = f"{address}{LANGUAGES[language]}"
    pages: dict[str, list[tuple[str, str, str]]] = {}
    for old, now in leads.items():
        page_of, _, anchor = old.removeprefix("./").partition("#")
        target, _, part = now.removeprefix("./").partition("#")
        pages.setdefault(page_of, []).append((anchor, target, part))
    wrong = []
    with profile(browser) as context:
        page = context.new_page()
        # What is not needed to arrive would be run two hundred times.
        page.route("**/javascripts/*", lambda route: route.abort())
        for old, found in pages.items():
            if found == [("", old, "")]:  # it is where it was: nothing has to lead anywhere
                answer = context.request.get(f"{root}{old}")
                wrong += [] if answer.ok and REFRESH not in answer.text() else [(old, "")]
                continue
            # The last one through the door, the others from where it leads: the page is the same.
            anchor, target, _ = found[-1]
            assert {place for _, place, _ in found} == {target}
            page.goto(f"{root}{old}" + (f"#{anchor}" if anchor else ""), wait_until="commit")
            ends = f"{root}{target}" + (f"#{anchor}" if anchor else "")
            page.wait_for_url(ends, wait_until="domcontentloaded")
            wrong += [
                (old, anchor)
                for anchor, _, part in found
                if part and page.evaluate(DISTANCE, [anchor, part]) > 150
            ]
            page.goto("about:blank")
    assert wrong == []


def test_without_scripts_an_old_address_leads_to_the_new_page(
    address: str, browser: Browser
) -> None:
    with visiting(
        browser, f"{address}zh/briefs/{BRIEF}/evidence/#x", java_script_enabled=False
    ) as visit:
        visit.page.wait_for_url("**/zh/briefs/own-chips-of-giants/evidence/**")
        assert visit.complaints == []


def test_a_question_mark_is_kept_and_the_way_back_is_free(address: str, browser: Browser) -> None:
    with visiting(browser, f"{address}method/") as visit:
        visit.page.goto(f"{address}briefs/{BRIEF}/?h=chip#chiplet-design")
        visit.page.wait_for_url(f"{address}briefs/own-chips-of-giants/?h=chip#chiplet-design")
        visit.page.go_back()
        visit.page.wait_for_url(f"{address}method/")
        assert visit.complaints == []


@pytest.mark.parametrize("old", WITHDRAWN)
def test_what_was_withdrawn_is_told_where_it_was(old: str, address: str, browser: Browser) -> None:
    with visiting(browser, f"{address}{old}") as visit:
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator("main").get_by_text(WITHDRAWN[old]).is_visible()
        assert visit.complaints == []
        if "#" in old and BRIEF in old:
            assert visit.page.locator("li:target").is_visible()


def test_only_pages_that_are_there_are_offered_to_be_found(moved: Project) -> None:
    for folder in LANGUAGES.values():
        for name in ("sitemap.xml", "search/search_index.json"):
            text = (moved.site / folder / name).read_text(encoding="utf-8")
            assert "own-chips-of-giants/" in text
            for old in (BRIEF, "taken-down", "companies/nvidia/", "cntxj-2025"):
                assert f"{old}/" not in text.replace("nvidia-corporation", "")
        for page in (f"briefs/{BRIEF}", "briefs/taken-down", "companies/nvidia"):
            html = (moved.site / folder / page / "index.html").read_text(encoding="utf-8")
            assert '<meta name="robots" content="noindex">' in html


def test_the_pdf_is_where_it_was_as_well(moved: Project) -> None:
    for folder in LANGUAGES.values():
        old = moved.site / folder / f"briefs/{BRIEF}/{BRIEF}.pdf"
        new = moved.site / folder / "briefs/own-chips-of-giants/own-chips-of-giants.pdf"
        assert old.read_bytes() == new.read_bytes()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_on_pages_of_old_addresses(
    language: str, scheme: str, address: str, browser: Browser
) -> None:
    with profile(browser, color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        page.route("**/redirect.js", lambda route: route.abort())  # stay, and look at the page
        for path in (f"briefs/{BRIEF}/", "briefs/taken-down/"):
            page.goto(f"{address}{LANGUAGES[language]}{path}")
            assert page.url.endswith(path)
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                assert findings(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_html_checker_finds_no_errors_on_pages_of_old_addresses(moved: Project) -> None:
    pages = [
        str(Path(moved.site, folder, path, "index.html"))
        for folder in LANGUAGES.values()
        for path in (f"briefs/{BRIEF}", f"briefs/{BRIEF}/evidence", "briefs/taken-down",
                     "companies/nvidia", "briefs/own-chips-of-giants")
    ]  # fmt: skip
    run = subprocess.run(
        [*html_checker(), *pages],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert [message["message"] for message in json.loads(run.stderr)["messages"]] == []
    assert run.returncode == 0
