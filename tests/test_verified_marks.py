"""What pages say of quotations that were compared with their sources, and of others."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import BASE, ROOT, overlay, receipts_for

from research_brief.library import Library
from research_brief.loading import load, load_settings
from research_brief.pages import Page
from research_brief.pdf.documents import Maker
from research_brief.rendering import render
from research_brief.staging import staged
from research_brief.wordbooks import load_words

SIGNAL = "content/briefs/first/signal.yaml"
SOURCE = "content/sources/daily-2025.yaml"
BASE_SIGNAL, BASE_SOURCE, SETTINGS = (
    (BASE / name).read_text(encoding="utf-8") for name in (SIGNAL, SOURCE, "mkdocs.yml")
)
OPEN = {
    "content/sources/daily-2025.txt": "第一段说，腾讯自研芯片。\n\n第二段说，郭涛认为成本高昂。\n"
}
ATTRIBUTION = "\n        attribution: 郭涛表示\n        attribution_paragraph: 1"
NAMED = {SIGNAL: BASE_SIGNAL.replace("成本高昂\n", f"成本高昂{ATTRIBUTION}\n")}
WORDS = load_words(ROOT, ("en", "zh"))
BRIEF, LEDGER, OF_SOURCE = "briefs/first", "briefs/first/evidence", "sources/daily-2025"


COSTS = "%E9%83%AD%E6%B6%9B,%E6%88%90%E6%9C%AC%E9%AB%98%E6%98%82"
FIRST, SECOND = ("腾讯自研芯片", "1", "2026-01-05"), ("郭涛……成本高昂", "2", "2026-02-07")


def made(root: Path, *trees: Mapping[str, str]) -> tuple[Library, list[Page], dict[str, str]]:
    """The base with trees laid over it: the library, its English pages, and these as staged."""
    library, _ = load(overlay(root, BASE, *trees), load_settings(root))
    pages = render(library, "en", WORDS, ROOT / "templates")
    texts = staged(pages, library)
    return library, pages, {name.removesuffix("/index.md"): text for name, text in texts.items()}


def said(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def marks(html: str) -> list[str]:
    """The marks of the quotations on a page."""
    found = re.findall(r'<span class="rb-(?:un)?verified">(.*?)</span>(?=\n?</p>)', html, re.DOTALL)
    return [said(mark) for mark in found]


def fact(html: str, name: str) -> str:
    """What is said of a source under a name; nothing if it is not said."""
    found = re.search(f"<dt>{name}</dt><dd>(.*?)</dd>", html, re.DOTALL)
    return said(found[1]) if found else ""


NOT_YET = "○ Not yet verified: nobody here has compared it with the source"
ON_A_DAY = "✓ Verified: compared with the source on 5 January 2026"
OPEN_TEXT = "✓ Verified: compared with the open text of the source"


@pytest.mark.parametrize(
    ("trees", "signs", "byline", "tally"),
    [
        ([], [NOT_YET] * 2, "none of them verified yet", "0 of 2; The text is made up."),
        (
            [receipts_for(FIRST)],
            [ON_A_DAY, NOT_YET],
            "1 of them verified",
            "1 of 2, compared on 5 January 2026; The text is made up.",
        ),
        (
            [receipts_for(FIRST, SECOND)],
            [ON_A_DAY, "✓ Verified: compared with the source on 7 February 2026"],
            "all verified",
            "2 of 2, compared between 5 January 2026 and 7 February 2026",
        ),
        (
            [receipts_for(FIRST, ("郭涛……成本高昂", "1", "2026-01-05"))],  # in another paragraph
            [ON_A_DAY, NOT_YET],
            "1 of them verified",
            "1 of 2, compared on 5 January 2026; The text is made up.",
        ),
        (
            [OPEN],
            [OPEN_TEXT] * 2,
            "all verified",
            "2 of 2, compared with the open text at every check",
        ),
    ],
    ids=["nothing", "one", "both", "elsewhere", "open"],
)
def test_every_quotation_says_whether_it_was_compared(
    trees: list[dict[str, str]], signs: list[str], byline: str, tally: str, tmp_path: Path
) -> None:
    _, _, pages = made(tmp_path, *trees)
    assert marks(pages[BRIEF]) == signs
    assert marks(pages[LEDGER]) == signs
    assert f"2 quotations, {byline}" in said(pages[BRIEF])
    for page in (BRIEF, OF_SOURCE):
        assert fact(pages[page], "Quotations verified") == tally


def test_a_mark_leads_to_what_it_means(tmp_path: Path) -> None:
    _, _, pages = made(tmp_path)
    assert '<a href="../../method/#verified">Not yet verified</a>' in pages[BRIEF]
    assert "{#verified}" in pages["method"]


def test_how_the_speaker_is_named_has_a_mark_of_its_own_where_only_one_was_compared(
    tmp_path: Path,
) -> None:
    named = ("郭涛表示", "1", "2026-02-07")
    alone = made(tmp_path / "alone", NAMED, receipts_for(FIRST, SECOND))[2][BRIEF]
    line = re.search(r'<p class="rb-attribution">.*?</p>', alone, re.DOTALL)
    assert line
    assert said(line[0]).endswith(f"“郭涛表示”, paragraph 1, “第一段…” {NOT_YET}")
    assert len(marks(alone)) == 3
    assert "1 of them verified" in said(alone)
    assert len(marks(made(tmp_path / "none", NAMED)[2][BRIEF])) == 2
    both = made(tmp_path / "both", NAMED, receipts_for(FIRST, SECOND, named))[2][BRIEF]
    assert len(marks(both)) == 2
    assert "all verified" in said(both)


@pytest.mark.parametrize(
    ("addresses", "link"),
    [
        ("", ""),
        (
            "url: https://example.org/a\narchived: https://example.org/b\n",
            f'<a href="https://example.org/a#:~:text={COSTS}">Find it in the source</a>',
        ),
        (
            "archived: https://example.org/b#c\n",
            f'<a href="https://example.org/b#c:~:text={COSTS}">Find it in the archived copy</a>',
        ),
    ],
)
def test_a_quotation_leads_to_its_place_where_the_source_has_an_address(
    addresses: str, link: str, tmp_path: Path
) -> None:
    _, _, pages = made(tmp_path, {SOURCE: addresses + BASE_SOURCE})
    for page in (BRIEF, LEDGER):
        assert pages[page].count('<span class="rb-find">') == (2 if link else 0)
        assert link in pages[page]


def test_the_share_and_the_fingerprint_are_shown_where_everybody_can_know_them(
    tmp_path: Path,
) -> None:
    page = made(tmp_path / "closed", receipts_for(FIRST, SECOND))[2][OF_SOURCE]
    assert fact(page, "Share quoted") == "13.0% of its characters: 13 of 100; at most 30%"
    assert f'<code class="rb-hash">{"a" * 64}</code>' in page
    free = {SOURCE: f"quotable: 100\n{BASE_SOURCE}"}
    assert "at most" not in fact(made(tmp_path / "free", free, OPEN)[2][OF_SOURCE], "Share quoted")
    [text] = OPEN.values()
    mine = made(tmp_path / "mine", {".sources/daily-2025.txt": text})[2][OF_SOURCE]
    assert not fact(mine, "Share quoted")
    assert "rb-hash" not in mine


@pytest.mark.parametrize(
    ("settings", "contact", "heard"),
    [
        ({}, "", ["This copy of the site names no contact."]),
        ({}, "contact: The Daily\n", ["The rights holder is reached here: The Daily"]),
        ({"contact": "desk@example.org"}, "", ["Write to desk@example.org."]),
        (
            {"contact": "desk@example.org", "repo_url": "https://example.org/x"},
            "",
            ["Write to desk@example.org.", "Report it where this site is kept"],
        ),
    ],
)
def test_whoever_objects_is_told_whom_to_write_to(
    settings: dict[str, str], contact: str, heard: list[str], tmp_path: Path
) -> None:
    text = SETTINGS
    if "repo_url" in settings:
        text = f"repo_url: {settings['repo_url']}\n{text}"
    if "contact" in settings:
        text = text.replace("extra:\n", f"extra:\n  contact: {settings['contact']}\n")
    _, _, pages = made(tmp_path, {"mkdocs.yml": text, SOURCE: contact + BASE_SOURCE})
    part = said(pages[OF_SOURCE].partition("{#objections}")[2].partition("{#passages}")[0])
    assert all(words in part for words in heard)
    assert ("names no contact" in part) == (not settings)


def test_on_paper_only_what_was_not_compared_is_marked(tmp_path: Path) -> None:
    library, pages, _ = made(tmp_path, receipts_for(FIRST))
    [document, _] = Maker(library, "en", WORDS, pages, ROOT / "templates").documents()
    text = str(document.values)
    assert "1 of 2" in str(document.values["cover"])
    assert text.count("Not yet verified") == 1
    assert "compared with the source on" not in text
