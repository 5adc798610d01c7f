"""The feeds: valid by RFC 4287, as feed readers read them, and found by them on the pages."""

from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from browsing import visiting
from exporting import HOSTILE, SITE, hostile, of, real, saying
from lxml import etree  # type: ignore[import-untyped]
from playwright.sync_api import Browser
from projects import ROOT, Project
from web_tools import served

from research_brief import exports
from research_brief.exports import atom
from research_brief.exports.atom import entries

RULES = etree.RelaxNG(etree.parse(ROOT / "tests" / "atom.rng"))
REVISIONS = [
    {"date": "2025-10-01", "kind": "publication", "text": "First."},
    {
        "date": "2025-10-03",
        "kind": "correction",
        "text": {"en": "Three, not [[tencent|four]].", "zh": "应为三款。"},
    },
    {"date": "2025-10-03", "kind": "correction", "text": "Another one."},
    {"date": "2025-10-05", "kind": "retraction", "text": "We take it back."},
]


def feeds(publication: exports.Publication) -> dict[str, Any]:
    """Every feed as feedparser reads it, by its path; each is valid."""
    found = {}
    for file in atom.export(publication):
        tree = etree.fromstring(file.text.encode("utf-8"))
        assert RULES.validate(tree), RULES.error_log
        found[file.path] = read = feedparser.parse(file.text)
        assert not read.bozo, read.bozo_exception
        assert read.version == "atom10"
        ids = [entry.id for entry in read.entries]
        assert len(set(ids)) == len(ids)
    return found


def test_there_is_a_feed_for_every_language_and_for_every_topic_with_briefs() -> None:
    found = feeds(real())
    topics = real().briefs[0].brief.topics
    assert set(found) == {
        f"{folder}{path}feed.xml"
        for folder in ("", "zh/")
        for path in ("", *(f"topics/{id}/" for id in topics))
    }
    assert found["feed.xml"].feed.language == "en"
    feed = found["zh/feed.xml"]
    assert feed.feed.title == "研究简报"
    assert feed.feed.language == "zh-Hans"
    assert feed.feed.id == f"{SITE}zh/"
    [entry] = feed.entries
    assert entry.title == "AI芯片：互联网大厂为何自己造芯"
    assert entry.id == entry.link == f"{SITE}zh/briefs/ai-chip-race/"
    assert entry.author == "研究简报编辑部"
    assert [tag.label for tag in entry.tags] == ["AI芯片", "自研芯片", "芯片投资"]
    assert f'<a href="{SITE}zh/companies/baidu/">百度</a>' in entry.content[0].value
    assert entry.updated == "2026-11-23T00:00:00Z"


def test_without_an_address_there_is_no_feed() -> None:
    assert list(atom.export(real(None))) == []


def test_every_change_is_an_entry_of_its_own_the_newest_first(tmp_path: Path) -> None:
    found = feeds(of(tmp_path, saying("Chips", revisions=REVISIONS)))["zh/feed.xml"]
    page = f"{SITE}zh/briefs/first/"
    assert [(entry.title, entry.id, entry.updated[:10]) for entry in found.entries] == [
        ("撤回：Chips", f"{page}#2025-10-05-retraction", "2025-10-05"),
        ("Chips", page, "2025-10-05"),
        ("更正：Chips", f"{page}#2025-10-03-correction-2", "2025-10-03"),
        ("更正：Chips", f"{page}#2025-10-03-correction", "2025-10-03"),
    ]
    assert found.feed.updated == "2025-10-05T00:00:00Z"
    correction = found.entries[3]
    assert correction.content[0].value == "<p>应为三款。</p>"
    assert correction.link == f"{page}#revisions"
    assert correction.published_parsed[:6] == (2025, 10, 3, 0, 0, 0)
    assert found.entries[1].published == "2025-10-01T00:00:00Z"


def test_a_new_change_moves_no_id(tmp_path: Path) -> None:
    before = {
        entry.key
        for entry in entries(of(tmp_path / "a", saying("x", revisions=REVISIONS[:3])).briefs)
    }
    after = {
        entry.key for entry in entries(of(tmp_path / "b", saying("x", revisions=REVISIONS)).briefs)
    }
    assert before < after


def test_whatever_a_title_says_it_is_text() -> None:
    for path, feed in feeds(hostile()).items():
        said = {entry.title for entry in feed.entries}
        assert said >= set(HOSTILE), path
        for entry in feed.entries:
            assert entry.title_detail.type == "text/plain"


def test_a_feed_holds_the_newest_entries_only(tmp_path: Path) -> None:
    many = [
        {"date": f"2025-10-{day:02}", "kind": kind, "text": "x"}
        for day in range(2, 32)
        for kind in ("update", "clarification")
    ]
    found = feeds(of(tmp_path, saying("x", revisions=many)))["feed.xml"]
    assert len(found.entries) == atom.ENTRIES == 50
    assert found.entries[0].updated.startswith("2025-10-31")


# --- On the pages -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, str]]:
    """A small site that knows its address."""
    project = Project.copied_to(tmp_path_factory.mktemp("hosted")).with_content()
    with served(project.site) as address:
        run = project.run("--no-pdf", "--site-url", address)
        assert run.returncode == 0, run.stdout + run.stderr
        yield project, address


@pytest.mark.build
@pytest.mark.web
@pytest.mark.parametrize(
    "path", ["", "briefs/", "briefs/first/", "topics/chips/", "zh/topics/chips/", "zh/data/"]
)
def test_feeds_are_found_and_the_theme_asks_for_nothing_that_is_not_there(
    path: str, hosted: tuple[Project, str], browser: Browser
) -> None:
    _, address = hosted
    with visiting(browser, f"{address}{path}") as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        visit.page.reload(wait_until="networkidle")
        assert visit.complaints == []
        assert not [url for url in asked if "sitemap" in url or url.endswith((".xml", ".md"))]
        links = visit.page.evaluate(
            "[...document.head.querySelectorAll('link')]"
            ".filter(link => link.relList.contains('alternate'))"
            ".map(link => [link.type, link.href])"
        )
        base = f"{address}{'zh/' if path.startswith('zh/') else ''}"
        wanted = [["application/atom+xml", f"{base}feed.xml"]]
        if "topics" in path:
            wanted.append(["application/atom+xml", f"{address}{path}feed.xml"])
        assert links == [*wanted, ["text/markdown", f"{address}{path}index.md"]]
        for _, url in links:
            assert visit.page.request.get(url).status == 200
        for link in visit.page.locator("a[href$='feed.xml']").all():
            feed = visit.page.request.get(f"{visit.page.url}{link.get_attribute('href')}")
            assert not feedparser.parse(feed.body()).bozo


@pytest.mark.build
def test_what_the_theme_looks_for_is_still_what_the_space_avoids() -> None:
    theme = util.find_spec("material")
    assert theme
    [folder] = theme.submodule_search_locations or []
    scripts = Path(folder) / "templates" / "assets" / "javascripts"
    [bundle] = scripts.glob("bundle.*.min.js")
    text = bundle.read_text(encoding="utf-8")
    assert text.count("link[rel=alternate]") == 1
    assert "alternate" not in text.replace("[rel=alternate]", "")
