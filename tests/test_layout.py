"""Pages as a press would break them, whatever the lengths: footnotes at their claims, headings
with what follows, tables within the page."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from pdf_reading import Pdf
from projects import ROOT

from research_brief.pdf import Node
from research_brief.pdf.spacing import breakable
from research_brief.pdf.typesetter import Typesetter

WORDS = "chips cost performance ecosystem of the software memory giants develop".split()
A4 = (595, 842)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(ROOT / "templates" / "pdf")


def values(*nodes: Node, language: str = "en") -> dict[str, Any]:
    """A document of one part."""
    part = {"id": "one", "label": "x/one", "heading": "Part", "short": False, "c": list(nodes)}
    brief = {"id": "x", "label": "x/", "title": "Title", "draft": False, "above": [], "intro": []}
    words = dict.fromkeys(["contents", "address", "draft", "fingerprint", "same"], "Word")
    return {
        "language": {"lang": language, "region": None},
        "title": "Title",
        "description": "Words",
        "authors": ["Desk"],
        "keywords": [],
        "site": "Desk",
        "words": {**words, "page": [["", "number"], [" of ", "total"]]},
        "collection": False,
        "cover": [],
        "address": None,
        "briefs": [{**brief, "parts": [part]}],
        "annex": [],
        "fingerprint": "0",
    }


def story(seed: int) -> Iterator[Node]:
    """Claims with footnotes, paragraphs and headings of chance lengths; each claim, its footnote
    and each heading has a word of its own."""
    chance = random.Random(seed)

    def words(most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(3, most)))

    for number in range(60):
        if chance.random() < 0.3:
            yield {"e": "heading", "level": 2, "c": [f"Heading{number}x {words(4)}"]}
        if chance.random() < 0.2:
            yield {"e": "p", "c": [f"Paragraph{number}x {words(80)}"]}
        quotations = chance.choice([1, 1, 1, 2, 4])
        evidence = [
            {"e": "p", "r": [role], "c": [f"{mark}{number}x {words(most)}"]}
            for _ in range(quotations)
            for role, mark, most in [("quote", "Note", 30), ("location", "Place", 4)]
        ]
        yield {
            "e": "claim",
            "r": ["claim", "account"],
            "url": "",
            "number": str(number),
            "c": [f"Claim{number}x {words(50)}", {"e": "footnote", "c": evidence}],
            "meta": [],
            "notes": [],
        }


@pytest.mark.parametrize("seed", range(6))
def test_footnotes_and_headings_stand_with_their_claims(seed: int, typesetter: Typesetter) -> None:
    pages = Pdf(typesetter.typeset(values(*story(seed)), 0)).bare
    assert len(pages) > 10
    for number in range(60):
        at = [place for place, page in enumerate(pages) if f"Claim{number}x" in page]
        assert len(at) == 1
        assert f"Note{number}x" in pages[at[0]], f"the footnote of claim {number} is elsewhere"
    for place, page in enumerate(pages[1:], 1):
        for heading in (node for node in story(seed) if isinstance(node, dict)):
            mark = str(heading["c"][0]).split(" ")[0]
            if heading["e"] == "heading" and mark in page:
                after = page.partition(mark)[2]
                assert "Claim" in after or "Paragraph" in after, f"{mark} ends page {place + 1}"


def outside(pdf: bytes) -> list[str]:
    """The signs that stand in the margins, or beyond the page."""
    margin = 54  # points; the numbers of claims begin further in
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text, width = page.get_textpage(), page.get_width()
            for index in range(text.count_chars()):
                left, _, right, _ = text.get_charbox(index)
                if right > left and (left < margin or right > width - margin):
                    found.append(text.get_text_range(index, 1))
    return found


def cell(text: str, *, head: bool = False) -> dict[str, Any]:
    longest = max(text.split(), key=len)
    shape = {"e": "cell", "head": head, "colspan": 1, "rowspan": 1}
    return {**shape, "c": [text], "said": text, "longest": longest}


def table(columns: int, words: str) -> dict[str, Any]:
    head = [cell(f"Column{number}x", head=True) for number in range(columns)]
    rows = [[cell(f"{words} Cell{row}r{number}x") for number in range(columns)] for row in range(3)]
    kind = {"e": "table", "r": ["matrix"], "caption": []}
    return {**kind, "columns": columns, "head": [head], "rows": rows}


@pytest.mark.parametrize(
    ("columns", "words", "turned"),
    [(4, "a few words of this", False), (9, "performance", True), (24, "performance", False)],
    ids=["upright", "on its side", "in parts"],
)
def test_a_table_fits_its_page(
    columns: int, words: str, *, turned: bool, typesetter: Typesetter
) -> None:
    made = typesetter.typeset(values({"e": "p", "c": ["Words"]}, table(columns, words)), 0)
    pdf = Pdf(made)
    sizes = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.file.pages]
    assert (A4[::-1] in sizes) == turned
    for row in range(3):
        for number in range(columns):
            assert pdf.says(f"Cell{row}r{number}x")
    assert outside(made) == []


def test_the_headings_of_a_table_take_two_lines_at_most(typesetter: Typesetter) -> None:
    names = (
        "Speaker Account Judgement Consensus Unconfirmed Statement Forecast Recommendation Total"
    )
    head = [cell(name, head=True) for name in names.split()]
    row = [cell("Several people in the industry", head=True), *(cell("0") for _ in head[1:])]
    node = {**table(1, ""), "columns": len(head), "head": [head], "rows": [row]}
    [_, page] = Pdf(typesetter.typeset(values(node), 0)).pages
    said = [line.split() for line in page.splitlines()]
    assert ["Several", "people", "in", "the"] in said
    assert ["industry"] in said


@pytest.mark.parametrize("words", ["w" * 200, "https://example.org/" + "a-b/" * 60, "芯" * 200])
def test_long_words_stay_on_the_page(words: str, typesetter: Typesetter) -> None:
    words = breakable(words)
    fact = {"e": "pair", "term": ["Fact"], "c": [words]}
    nodes: list[Node] = [
        {"e": "heading", "level": 2, "c": [words]},
        {"e": "p", "c": [words]},
        {"e": "terms", "r": ["facts"], "c": [fact]},
    ]
    assert outside(typesetter.typeset(values(*nodes), 0)) == []


def drawing(*rows: int) -> Node:
    """A map of challenges with so many remedies each, every box with a word of its own."""

    def box(word: str) -> Node:
        return {"e": "group", "r": ["box"], "c": [word]}

    def branches(row: int, count: int) -> Node:
        items: list[Node] = [{"e": "item", "c": [box(f"Remedy{row}{n}x")]} for n in range(count)]
        return {"e": "list", "r": ["branches"], "ordered": False, "c": items}

    items: list[Node] = [
        {"e": "item", "r": ["maprow"], "c": [box(f"Challenge{row}x"), branches(row, count)]}
        for row, count in enumerate(rows)
    ]
    return {"e": "list", "r": ["maprows"], "ordered": True, "c": items}


@pytest.mark.parametrize("lines", range(12, 44, 4))
def test_a_map_is_whole_and_stands_with_its_introduction(
    lines: int, typesetter: Typesetter
) -> None:
    filler: list[Node] = [{"e": "p", "c": [f"Line{n}x"]} for n in range(lines)]
    data = values(*filler)
    first = data["briefs"][0]["parts"][0]
    lead: Node = {"e": "p", "c": ["Introduction of the map."]}
    caption: Node = {"e": "caption", "c": ["Caption of the map."]}
    second = {**first, "id": "two", "label": "x/two", "heading": "Second"}
    data["briefs"][0]["parts"].append({**second, "c": [lead, drawing(4, 1, 3), caption]})

    pages = Pdf(typesetter.typeset(data, 0)).bare
    words = ["Introduction", "Challenge0x", "Remedy03x", "Remedy22x", "Caption"]
    on = {word: [at for at, page in enumerate(pages) if word in page][-1] for word in words}
    assert len(set(on.values())) == 1, on
    assert re.search(r"Second\s*Introduction", pages[on["Introduction"]])


@pytest.mark.parametrize("lines", range(31, 37))
def test_the_fingerprint_stands_with_the_rights(lines: int, typesetter: Typesetter) -> None:
    data = values(*[{"e": "p", "c": [f"Line{n}x"]} for n in range(lines)])
    part = data["briefs"][0]["parts"][0]
    rights = {"id": "end", "label": "x/end", "heading": "Rights", "short": True}
    data["annex"] = [{**part, **rights, "c": [{"e": "p", "c": ["Reserved by Somebody."]}]}]
    data["fingerprint"] = "abcdef"
    last = Pdf(typesetter.typeset(data, 0)).bare[-1]
    assert "Somebody" in last
    assert "abcdef" in last
