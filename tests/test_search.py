"""The search finds what readers mean: the list of queries, on the shipped site in real Chromium.

The same list among 200 other briefs is scored by `make search-score`, see benchmarks/README.md.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from browsing import Visit, profile
from playwright.sync_api import Browser, Route
from projects import ROOT
from searching import BRIEF, LISTEN, READY, Query, ask, queries
from web_tools import LANGUAGES, Site

from research_brief import pipeline, reading, search
from research_brief.options import Options
from research_brief.pinyin import characters_by_sound, readings

QUERIES = [*queries("list"), *queries("held_out")]
FLOOR = 0.98
"""Of the queries so many are answered; all 156 were when this was written."""

INDEX = "search/search_index.json"
CONTENT = reading.read(ROOT, Options())


# --- The list ---------------------------------------------------------------------------------


def test_the_list_is_long_enough_and_half_chinese() -> None:
    listed = Counter(query.language for query in queries("list"))
    assert sum(listed.values()) >= 100
    assert listed["zh"] == listed["en"]
    assert len({(query.language, query.query) for query in QUERIES}) == len(QUERIES)


def test_what_must_be_found_is_there() -> None:
    claims = CONTENT.library.briefs["ai-chip-race"].claims
    pages = {page.path for page in pipeline.render(ROOT, CONTENT)["en"]}
    for query in QUERIES:
        assert query.page.rstrip("/") in pages, query
        assert not query.claim or query.claim in claims, query


@pytest.fixture(scope="module", params=LANGUAGES)
def searching(request: pytest.FixtureRequest, web: Site, browser: Browser) -> Iterator[Visit]:
    with profile(browser) as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        visit = Visit(page).listen()
        page.goto(web.url("", request.param))
        page.wait_for_function(READY)
        yield visit


def of(visit: Visit) -> str:
    """The language of the site that is open."""
    return "zh" if "/zh/" in visit.page.url else "en"


@pytest.mark.web
def test_queries_are_answered_in_the_readers_language(searching: Visit) -> None:
    root = searching.page.url
    wanted = [query for query in QUERIES if query.language == of(searching)]
    answers = [ask(searching.page, query) for query in wanted]
    missed = [it for it in answers if not (it.has_page(root) and it.has_claim(root))]
    told = [(it.query.query, it.addresses[:3]) for it in missed]
    assert len(missed) <= (1 - FLOOR) * len(wanted), told
    assert [it.query.query for it in answers if not it.links] == []
    assert [it.query.query for it in answers if it.is_foreign(root)] == []
    assert searching.complaints == []


# --- What the reader is told ------------------------------------------------------------------

NOTE = "document.querySelector('.rb-search-note').textContent"
CORRECTED = {
    "cambrcon": "cambricon",
    "Shen Jaiqing": "shen jiaqing",
    "hanwji": "寒武纪",
    "寒武季": "寒武纪",
    "寒武紀": "寒武纪",
    "寒武季的投资": "寒武纪的投资",
    "斯特拉": "特斯拉",
}
NOT_CORRECTED = (
    "Cambricon",
    "hanwuji",
    "mexc",
    "chip",
    "foundries",
    "geopolitical",
    "字节跳",
    "腾讯的芯片",
    "腾讯新芯片",
    '"cambrcon"',
    "“寒武季”",
    "zzzzqqqq",
    "P801",
)


def note_for(visit: Visit, query: str) -> str:
    """What is said above the results, once it was said: the message has a way of its own."""
    ask(visit.page, Query(of(visit), "", query))
    visit.page.wait_for_timeout(50)
    return str(visit.page.evaluate(NOTE))


@pytest.mark.web
@pytest.mark.parametrize("typed", CORRECTED)
def test_a_correction_is_told(typed: str, searching: Visit) -> None:
    note = note_for(searching, typed)
    assert note.startswith("Nothing" if of(searching) == "en" else "没有")
    assert f"“{typed}”" in note
    assert f"“{CORRECTED[typed]}”" in note
    assert searching.page.locator(".rb-search-note").get_attribute("role") == "status"


@pytest.mark.web
@pytest.mark.parametrize("typed", NOT_CORRECTED)
def test_what_is_there_or_quoted_is_not_corrected(typed: str, searching: Visit) -> None:
    assert note_for(searching, "cambrcon")
    assert note_for(searching, typed) == ""


@pytest.mark.web
@pytest.mark.parametrize("typed", ['"cambrcon"', "zzzzqqqq", "P801", "zzzzqqqq 寗"])
def test_what_is_nowhere_is_not_found(typed: str, searching: Visit) -> None:
    assert ask(searching.page, Query(of(searching), "", typed)).links == []


@pytest.mark.web
@pytest.mark.parametrize(
    "typed",
    [
        "toString constructor __proto__",
        "~^*:+-",
        "a:b",
        "芯",
        "c",
        "<img src=x onerror=alert(1)>",
        "{typed}",
        "从“拼模型”到“拼算力”",
        "的",
        "x" * 500,
        "寒" * 300,
    ],
)
def test_no_query_upsets_the_search(typed: str, searching: Visit) -> None:
    ask(searching.page, Query(of(searching), "", typed))
    found = ask(searching.page, Query(of(searching), "", "chiplet"))
    assert searching.page.locator(".rb-search-note *").count() == 0
    assert found.links
    assert searching.complaints == []


@pytest.mark.web
def test_a_query_with_all_words_comes_before_one_word_in_a_title(searching: Visit) -> None:
    typed = {"en": "supply of compute out of balance", "zh": "算力供求失衡"}[of(searching)]
    found = ask(searching.page, Query(of(searching), "", typed, BRIEF, "shortage-raises-cost"))
    assert found.has_claim(searching.page.url)


# --- A large index, in two files --------------------------------------------------------------


@dataclass
class Divided(Visit):
    """A visit to a site with an index of which a page loads the entries of pages alone: the rest,
    and who asks for it, to be answered."""

    rest: str = ""
    asking: list[Route] = field(default_factory=list)


@pytest.fixture
def divided(
    searching: Visit, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Divided]:
    language = of(searching)
    monkeypatch.setattr(search, "WHOLE", 0)
    files = search.files(pipeline.render(ROOT, CONTENT)[language], CONTENT.library)
    [rest] = [name for name in files if "/rest." in name]
    with profile(browser) as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        page.route(f"**/{INDEX}", lambda route: route.fulfill(body=files[INDEX]))
        visit = Divided(page, rest=files[rest])
        visit.listen()
        page.route(f"**/{rest}", lambda route: visit.asking.append(route))  # noqa: PLW0108
        page.goto(searching.page.url)
        page.wait_for_function(READY)
        yield visit


PART = {"en": "Titles and summaries", "zh": "标题和摘要"}


@pytest.mark.web
def test_of_a_large_index_pages_are_found_first_and_the_rest_with_the_first_query(
    searching: Visit, divided: Divided
) -> None:
    page, root, language = divided.page, divided.page.url, of(divided)
    wanted = [query for query in QUERIES if query.language == language]
    name = {"en": "Cambricon", "zh": "寒武纪"}[language]
    assert divided.asking == []
    found = ask(page, Query(language, "", name, "companies/cambricon/"))
    assert found.has_page(root)
    assert not any("#" in href for links in found.links for href, _ in links)
    assert PART[language] in page.evaluate(NOTE)
    [route] = divided.asking
    route.fulfill(body=divided.rest)
    page.wait_for_function(f"() => {NOTE} === ''")
    whole = [ask(searching.page, query).links for query in wanted]
    assert [ask(page, query).links for query in wanted] == whole
    assert len(divided.asking) == 1
    assert divided.complaints == []


@pytest.mark.web
def test_what_could_not_be_loaded_is_asked_for_again(divided: Divided) -> None:
    query = Query(of(divided), "", {"en": "chips", "zh": "芯片"}[of(divided)])
    ask(divided.page, query)
    divided.asking.pop().fulfill(status=503)
    for _ in range(200):
        ask(divided.page, query)
        divided.page.wait_for_timeout(20)
        if divided.asking:  # the failure has come to the worker
            break
    divided.asking.pop().fulfill(body=divided.rest)
    divided.page.wait_for_function(f"() => {NOTE} === ''")


# --- The index --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("寒武纪", ["han wu ji"]),
        ("长鑫", ["zhang xin", "zhang xun", "chang xin", "chang xun"]),
        ("绿", ["lv", "lu"]),
        ("々", []),
    ],
)
def test_readings(name: str, sounds: list[str]) -> None:
    assert readings(name) == sounds


def test_characters_of_one_sound_stand_together_also_traditional_ones() -> None:
    table = json.loads(characters_by_sound())
    assert {"纪", "季", "紀", "记"} <= set(table["ji"])
    assert {"马", "馬"} <= set(table["ma"])
    everything = "".join(table.values())
    assert len(everything) == len(set(everything))


def test_names_stand_in_the_index_once_and_entries_point_to_them() -> None:
    for pages in pipeline.render(ROOT, CONTENT).values():
        index = json.loads(search.files(pages, CONTENT.library)[INDEX])
        docs = {doc["location"]: doc for doc in index["docs"]}
        claim = docs[f"{BRIEF}#alibaba-invests"]
        about = [index["docs"][number]["location"] for number in claim["about"]]
        assert "companies/cambricon/" in about
        assert "aliases" not in claim
        assert "Cambricon Technologies" in docs["companies/cambricon/"]["aliases"].split("\n")
        assert index["config"]["names"]["寒武纪"] == ["han wu ji"]


def test_signs_need_no_joints_beside_them() -> None:
    for pages in pipeline.render(ROOT, CONTENT).values():
        for doc in json.loads(search.files(pages, CONTENT.library)[INDEX])["docs"]:
            for sign in "，。、《》“”":
                assert f"\u200b{sign}" not in doc["title"] + doc["text"], doc


def test_inner_words_stand_in_the_order_of_the_text() -> None:
    names = ["银湖存储", "博菲半导体", "汉关电力", "恩菲汽车", "昆陵数据", "远桥能源"]
    inner = search._Cutter(names).inner("".join(names))
    places = ["".join(names).index(word) for word in inner if word in {name[:2] for name in names}]
    assert len(places) > 3
    assert places == sorted(places)
