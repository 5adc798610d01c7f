"""Whole pages of small projects, and templates and words at fault: each named, none a traceback."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from projects import BASE, ROOT, overlay

from research_brief import pipeline, reading
from research_brief.options import Options
from research_brief.problems import ProblemsFound
from research_brief.staging import staged

CONTENT = {
    path.relative_to(BASE).as_posix(): path.read_text(encoding="utf-8")
    for path in (BASE / "content").rglob("*.yaml")
}
SIGNAL = "content/briefs/first/signal.yaml"
SECOND = {"content/sources/weekly-2024.yaml": CONTENT["content/sources/daily-2025.yaml"]}
ONE_CLAIM = CONTENT[SIGNAL].partition("  cost:")[0] + "paragraphs: []\n"
OTHER_SOURCE = CONTENT[SIGNAL].replace(
    "- paragraph: 2", "- source: weekly-2024\n        paragraph: 2"
)


def files(root: Path, *trees: Mapping[str, str | bytes]) -> dict[str, str]:
    """The English pages of the base with the trees laid over it, as they are staged."""
    overlay(root, BASE)
    overlay(root / "templates", ROOT / "templates")
    content = reading.read(overlay(root, *trees), Options())
    return staged(pipeline.render(root, content)["en"], content.library)


def test_claims_of_two_briefs_never_share_an_anchor(tmp_path: Path) -> None:
    other = {name.replace("/first/", "/first-x/"): text for name, text in CONTENT.items()}
    renamed = CONTENT[SIGNAL].replace("builds", "x-builds")
    names = {name: CONTENT[name].replace("builds", "x-builds") for name in CONTENT}
    made = files(tmp_path, other, {**names, SIGNAL: renamed})["companies/tencent/index.md"]
    assert set(re.findall(r'<article [^>]*id="([^"]*)"', made)) == {
        "first--x-builds",
        "first-x--builds",
    }


def test_an_entity_may_be_called_as_an_anchor_of_ours(tmp_path: Path) -> None:
    terms = {"content/entities/terms.yaml": "top: {name: Top, summary: {en: x, zh: x}}"}
    assert "entity" not in files(tmp_path, terms)["glossary/index.md"]


def test_the_ledger_and_the_sources_name_every_source_that_is_quoted(tmp_path: Path) -> None:
    made = files(tmp_path, SECOND, {SIGNAL: OTHER_SOURCE})
    assert '<a href="../../../sources/weekly-2024/">' in made["briefs/first/evidence/index.md"]
    brief = made["briefs/first/index.md"]
    assert re.findall(r'<p class="rb-title"><a href="../../(.*?)/">', brief) == [
        "sources/daily-2025",
        "sources/weekly-2024",
    ]
    assert "briefs/first/#cost" in made["sources/weekly-2024/index.md"]
    assert "{#briefs}" in made["sources/weekly-2024/index.md"]


def test_names_stand_in_the_order_of_their_language(tmp_path: Path) -> None:
    """Chinese by its sound: 腾 (teng) before 中 (zhong)."""
    names = {"smic": "中芯", "alibaba": "阿里", "tencent": "腾讯", "AMD": "AMD"}
    ids = [name.lower() for name in names]
    entries = [
        f"{en.lower()}: {{name: {{en: {en}, zh: {zh}}}, summary: {{en: x, zh: x}}}}"
        for en, zh in names.items()
    ]
    overlay(tmp_path, BASE, {"content/entities/terms.yaml": "\n".join(entries)})
    overlay(tmp_path / "templates", ROOT / "templates")
    (tmp_path / "content/entities/companies.yaml").unlink()
    content = reading.read(tmp_path, Options())
    found = {
        language: [page.path.rpartition("/")[2] for page in pages if page.kind == "entity"]
        for language, pages in pipeline.render(tmp_path, content).items()
    }
    assert [id for id in found["en"] if id in ids] == ["alibaba", "amd", "smic", "tencent"]
    assert [id for id in found["zh"] if id in ids] == ["amd", "alibaba", "tencent", "smic"]


def test_one_claim_is_counted_as_one(tmp_path: Path) -> None:
    made = files(tmp_path, {SIGNAL: ONE_CLAIM})["briefs/first/index.md"]
    assert "1 claim, made by The Daily." in made
    assert "1 claims" not in made


def test_an_entity_shows_its_newest_claims_and_where_the_others_are(tmp_path: Path) -> None:
    claim = "about: [tencent]}\n".join(
        f"  c{number}: {{text: {{en: x, zh: x}}, status: inferred, rests_on: [builds], "
        for number in range(60)
    )
    many = CONTENT[SIGNAL].replace("paragraphs:\n", f"{claim}about: [tencent]}}\nparagraphs:\n")
    made = files(tmp_path, {SIGNAL: many})["companies/tencent/index.md"]
    assert made.count("<article") == 50
    link = '<a href="../../briefs/first/">The chip race</a>'
    assert f'<p class="rb-more">11 more claims, in {link}</p>' in made


BROKEN = [
    ("pages/method.html", "block marks", "block mraks", "1:1", "block 'mraks' has no heading; "),
    ("pages/method.html", "w.method.quoting", "('%(a)s' % {})", "18:1", "KeyError: 'a'"),
    ("macros/lists.html", "\n\n", "\n\n{{ 1 // 0 }}\n", "3:1", "ZeroDivisionError: "),
    ("macros/lists.html", "lines", "\udcff", "1:1", "byte 0xff is not UTF-8; save the file as "),
    ("section.html", "Every", "\udcff", "1:1", "byte 0xff is not UTF-8; save the file as UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "place", "message"), BROKEN)
def test_a_fault_of_a_template_is_named(
    name: str, old: str, new: str, place: str, message: str, tmp_path: Path
) -> None:
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    broken = text.replace(old, new, 1).encode("utf-8", "surrogateescape")
    with pytest.raises(ProblemsFound) as found:
        files(tmp_path, {f"templates/{name}": broken})
    assert f"templates/{name}:{place}: error: {message}" in str(found.value)


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("pages.evidence.title", "{brief}"),
        ("pages.source.description", "{title} {publisher}"),
        ("between.colon", "{first} {next}"),
        ("statuses.account.who", "{publisher}"),
        ("date.day", "{year} {month} {day}"),
        ("only_in", "{language}"),
        ("counts.claims.one", "{number}"),
    ],
)
@pytest.mark.parametrize("words", ["{x}", "{", "{}", "{0.x}"])
def test_a_word_that_cannot_be_filled_is_named(
    path: str, places: str, words: str, tmp_path: Path
) -> None:
    overlay(tmp_path, BASE, {SIGNAL: ONE_CLAIM.replace("en: Tencent builds chips., ", "")})
    overlay(tmp_path / "templates", ROOT / "templates")
    content = reading.read(tmp_path, Options())
    book: Any = deepcopy(content.words)
    *steps, last = ["en", *path.split(".")]
    parent = book
    for step in steps:
        parent = parent[step]
    parent[last] = words
    with pytest.raises(ProblemsFound) as found:
        pipeline.render(tmp_path, replace(content, words=book))
    assert str(found.value) == (
        f"templates/words/en.yaml:1:1: error: '{words}' cannot be filled; "
        f"the places that it may have: {places} [words]"
    )


def test_a_template_may_ask_how_long_any_brief_of_its_page_takes_to_read(tmp_path: Path) -> None:
    long = CONTENT[SIGNAL].replace("en: Chips are dear.", f"en: {'Chips are dear. ' * 200}", 1)
    overlay(tmp_path, BASE, {SIGNAL: long})
    overlay(tmp_path / "templates", ROOT / "templates")
    macros = tmp_path / "templates/macros/lists.html"
    title = "{{ library.briefs[brief].brief.title | rich }}</a>"
    text = macros.read_text(encoding="utf-8")
    assert title in text
    asked = text.replace(title, f"{title} {{{{ minutes(library.briefs[brief]) }}}} min")
    macros.write_text(asked, encoding="utf-8")
    content = reading.read(tmp_path, Options())
    made = staged(pipeline.render(tmp_path, content)["en"], content.library)
    assert "</a> 3 min</h3>" in made["companies/tencent/index.md"]


def test_interface_words_may_name_what_a_page_does_not(tmp_path: Path) -> None:
    term = "content/entities/terms.yaml"
    tree = {term: "proof: {name: {en: Proof, zh: 证据}, summary: {en: 'See [[guo-tao]].', zh: x}}"}
    words = (ROOT / "templates/words/en.yaml").read_text(encoding="utf-8")
    worded = words.replace("check: Every claim shows", 'check: "[[proof]]: each claim shows', 1)
    worded = re.sub(r'(?m)^(  check: "\[\[.*)$', r'\1"', worded)
    overlay(tmp_path, BASE, tree)
    overlay(tmp_path / "templates", ROOT / "templates")
    (tmp_path / "templates/words/en.yaml").write_text(worded, encoding="utf-8")
    content = reading.read(tmp_path, Options())
    made = staged(pipeline.render(tmp_path, content)["en"], content.library)
    assert ">Proof</a>: each claim shows" in made["briefs/first/index.md"]
    assert "See Guo Tao." in made["briefs/first/index.md"]
