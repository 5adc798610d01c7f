"""Receipts: what is compared, who is told what, and what a damaged file of them does."""

from pathlib import Path

import pytest
from evidence_desk import (
    GAZETTE,
    RECEIPTS,
    RISE,
    SOURCES,
    desk,
    edit,
    faults,
    library,
    verify,
    without_text,
)
from projects import overlay

from research_brief.evidence.receipts import receipt, written
from research_brief.evidence.texts import SourceText

QUOTE = "两家代工厂宣布上调报价……3.5%和12%"

# An alteration, then its fault without the text and with it: place, what is said, rule.
ALTERED = [
    (
        f"quote: {QUOTE}",
        "quote: 两家代工厂宣布上调售价……3.5%和12%",
        (12, 16, "quote-verbatim"),
        "these are not the verified words of gazette",
        "it departs at '售价' after '两家代工厂宣布上调', where the source has '报价,涨幅",
    ),
    (
        "      - paragraph: 1\n        quote: 两家",
        "      - paragraph: 2\n        quote: 两家",
        (11, 20, "quote-paragraph"),
        "the words stand in paragraph 1 of gazette: write 'paragraph: 1'",
        "the words stand in paragraph 1 of gazette: write 'paragraph: 1'",
    ),
    (
        "      - paragraph: 1\n        quote: 两家",
        "      - quote: 两家",
        (11, 9, "quote-paragraph"),
        "'paragraph' is missing; the words stand in paragraph 1 of gazette: write 'paragraph: 1'",
        "'paragraph' is missing; the words stand in paragraph 1 of gazette: write 'paragraph: 1'",
    ),
    (
        f"quote: {QUOTE}",
        "quote: 3.5%和12%……两家代工厂宣布上调报价",
        (12, 16, "quote-verbatim"),
        "restore them, or whoever holds the text runs 'python build.py source verify gazette'",
        "'两家代工厂宣布上调报价' does not stand behind '3.5%和12%'",
    ),
    (
        f"quote: {QUOTE}",
        "quote: 我们没有别的选择",
        (12, 16, "quote-verbatim"),
        "they were changed, or are new",
        "the words are not in paragraph 1 of gazette, but in 3",
    ),
    (
        f"quote: {QUOTE}",
        "quote: 未经许可,禁止转载",
        (12, 16, "quote-verbatim"),
        "they were changed, or are new",
        "the words are not in paragraph 1 of gazette, but in the furniture of its page",
    ),
    (
        f"quote: {QUOTE}",
        "quote: 两家代工厂宣布上调报价",
        (12, 16, "quote-verbatim"),
        "they were changed, or are new",
        "the words are in gazette, but have no receipt yet",
    ),
    (
        "attribution: 分析师林远",
        "attribution: 分析师林元",
        (24, 22, "quote-verbatim"),
        "these are not the verified words of gazette",
        "it departs at '元' after '分析师林'",
    ),
]


def quoting(root: Path) -> list[str]:
    """The faults of quotations; an alteration may have others, of figures and speakers."""
    return [fault for fault in faults(root) if "[quote-" in fault]


def test_the_desk_is_sound_with_the_text_and_without(tmp_path: Path) -> None:
    root = desk(tmp_path)
    assert faults(root) == []
    assert faults(without_text(root)) == []


@pytest.mark.parametrize(("old", "new", "place", "blind", "seeing"), ALTERED)
def test_an_alteration_is_found_at_its_place(
    old: str, new: str, place: tuple[int, int, str], blind: str, seeing: str, tmp_path: Path
) -> None:
    """Same fault, same place, with the text and without; with it, the message tells more."""
    root = desk(tmp_path)
    edit(root, RISE, old, new)
    line, column, rule = place
    found = quoting(root), quoting(without_text(root))
    for [fault], words in zip(found, (seeing, blind), strict=True):
        assert fault.startswith(f"{RISE}:{line}:{column}: error: ")
        assert words in fault
        assert fault.endswith(f"[{rule}]")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("上调报价……3.5%和12%", "上调报价 … ３．５％和12%"),
        ("上调报价……3.5%和12%", "上调报价[…]3.5%和12%"),
        (QUOTE, "|-\n          两家代工厂宣布\n          上调报价……3.5%和12%"),
        ("attribution: 分析师林远", "attribution: “分析师林远".replace("“", "")),
    ],
)
def test_innocent_edits_pass(old: str, new: str, tmp_path: Path) -> None:
    root = desk(tmp_path)
    edit(root, RISE, old, new)
    assert faults(root) == []
    assert faults(without_text(root)) == []


def test_openings_and_the_title_are_compared_too(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    edit(root, "content/sources/gazette.yaml", "一位不愿", "一位也不")
    edit(root, "content/sources/gazette.yaml", "zh: 两家代工厂上调", "zh: 三家代工厂上调")
    assert [fault.partition(": ")[0] for fault in faults(root)] == [
        "content/sources/gazette.yaml:2:51",
        "content/sources/gazette.yaml:7:33",
    ]


def test_a_draft_is_warned(tmp_path: Path) -> None:
    root = desk(tmp_path)
    edit(root, "content/briefs/prices/brief.yaml", "language: en", "language: en\nstatus: draft")
    edit(root, RISE, "上调报价", "上调售价")
    [fault] = faults(root)
    assert ": warning: " in fault


def test_the_length_of_the_text_is_sealed(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    edit(root, RECEIPTS, "characters: ", "characters: 9")
    [fault] = faults(root)
    assert "no receipt was made from a text with this fingerprint and length" in fault


def test_a_folder_in_the_place_of_a_text_is_a_fault(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    (root / "content/sources/gazette.txt").mkdir()
    [fault] = faults(root)
    assert "'gazette.txt' is not content" in fault


def test_spans_beyond_all_texts_cost_nothing(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    found = library(root)[0].sources["gazette"].receipts
    assert found
    made = [
        receipt(found.text, found.characters, it.words, it.paragraph, [(0, 9_999_999)], it.on)
        for it in found.receipts
    ]
    said = written("gazette", found.text, found.characters, made)
    (root / RECEIPTS).write_text(said, encoding="utf-8")
    assert any("[quotation-budget]" in fault for fault in faults(root))


def test_an_open_text_needs_no_receipts(tmp_path: Path) -> None:
    root = desk(tmp_path)
    assert not (root / "content/sources/open-letter.receipts.yaml").exists()
    edit(root, RISE, "two of them may raise", "two of them will raise")
    [fault] = quoting(root)
    assert "departs at 'will raise p' after 'two of them'" in fault
    assert verify(root, "open-letter").file is None


def test_a_source_that_nobody_compared(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path, verified=False))
    [fault] = faults(root)
    assert fault.startswith("content/sources/gazette.yaml:1:1: error: nothing quoted from gazette")
    edit(
        root, "content/sources/gazette.yaml", "kind:", "unverified: {en: Lost., zh: 丢了。}\nkind:"
    )
    assert faults(root) == []


# --- Damaged receipts -----------------------------------------------------------------------


def receipts_of(root: Path) -> list[str]:
    return (root / RECEIPTS).read_text(encoding="utf-8").splitlines()


def write(root: Path, lines: list[str]) -> None:
    (root / RECEIPTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_receipts_cut_short(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    write(root, receipts_of(root)[:-3])
    assert [fault.rpartition(" ")[2] for fault in faults(root)] == ["[quote-verbatim]"] * 3
    write(root, [*receipts_of(root)[:-1], receipts_of(root)[-1][:40]])
    assert any("[receipts]" in fault for fault in faults(root))


@pytest.mark.parametrize(
    ("old", "new"),
    [("paragraph: 2,", "paragraph: 3,"), ("2026-11-05", "2026-11-04"), ("0-9", "0-8")],
)
def test_a_receipt_edited_by_hand(old: str, new: str, tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    edit(root, RECEIPTS, old, new)
    line = next(n for n, text in enumerate(receipts_of(root), 1) if new in text)
    found = [fault for fault in faults(root) if "[receipts]" in fault]
    assert len(found) == 1
    assert found[0].startswith(f"{RECEIPTS}:{line}:5: error: this receipt was changed by hand")


def test_a_forged_receipt_is_contradicted_by_the_text(tmp_path: Path) -> None:
    """Who computes the seal can write receipts; whoever holds the text sees it."""
    root = desk(tmp_path)
    edit(root, RISE, "上调报价", "上调售价")
    edit(root, ".sources/gazette.txt", "上调报价，涨幅", "上调售价，涨幅")
    verify(root)
    assert faults(without_text(root)) == []
    overlay(root, {".sources/gazette.txt": GAZETTE})
    found = faults(root)
    assert any("it departs at '售价'" in fault for fault in found)
    assert any("another edition of the text" in fault and "[receipts]" in fault for fault in found)


def test_receipts_merged_with_a_conflict(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    *lines, last = receipts_of(root)
    write(root, [*lines, "<<<<<<< HEAD", last, "=======", lines[-1], ">>>>>>> other"])
    found = faults(root)
    assert any("conflict" in fault and f"{RECEIPTS}:{len(lines) + 1}" in fault for fault in found)
    assert any("runs 'python build.py source verify gazette'" in fault for fault in found)
    assert all(fault.startswith(RECEIPTS) for fault in found)


def test_receipts_merged_without_a_conflict(tmp_path: Path) -> None:
    """Lines that two branches added stand beside each other, each with its own seal."""
    root = without_text(desk(tmp_path))
    *lines, last = receipts_of(root)
    write(root, [*lines[:-1], last, last, lines[-1]])
    assert faults(root) == []


def test_receipts_of_another_edition(tmp_path: Path) -> None:
    root = desk(tmp_path)
    edit(root, ".sources/gazette.txt", "小客户最难受", "大客户最难受")
    [fault] = faults(root)
    assert fault.startswith(f"{RECEIPTS}:6:7: error: these receipts were made from another edition")
    edit(root, RECEIPTS, "text: ", "text: 0")
    assert any("expected 64 hexadecimal digits" in fault for fault in faults(root))


def test_another_text_behind_the_same_receipts(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    before = SourceText("", GAZETTE).fingerprint
    edit(root, RECEIPTS, before, before[::-1])
    [fault] = faults(root)
    assert "no receipt was made from a text with this fingerprint and length" in fault


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "no words in the text"),
        (b"~~furniture~~\n", "no words in the text"),
        ("代工".encode("gb18030"), "byte 0xb4 is not UTF-8"),
    ],
)
def test_a_text_that_cannot_be_read(contents: bytes, words: str, tmp_path: Path) -> None:
    root = overlay(desk(tmp_path), {".sources/gazette.txt": contents})
    [fault] = faults(root)
    assert fault.startswith(".sources/gazette.txt:1:1: error: ")
    assert words in fault


def test_texts_and_receipts_of_no_source(tmp_path: Path) -> None:
    root = overlay(
        desk(tmp_path),
        {
            "content/sources/gazete.txt": SOURCES[".sources/gazette.txt"],
            "content/sources/nothing.receipts.yaml": "format: 1\n",
        },
    )
    assert faults(root) == [
        f"content/sources/{file}:1:1: error: there is no source {words} [file]"
        for file, words in [
            ("gazete.txt", "'gazete'; did you mean 'gazette'?"),
            ("nothing.receipts.yaml", "'nothing'"),
        ]
    ]


def test_a_long_text(tmp_path: Path) -> None:
    """5 MB are read, and a quotation near the end is found."""
    root = desk(tmp_path)
    sentence = "这里是凑数的话，没有别的意思。" * 30
    filler = "\n".join(f"第{number}段：{sentence}" for number in range(4_000))
    text = GAZETTE + filler + "\n最后一段说，价格会回落。\n"
    assert len(text.encode()) > 5_000_000
    overlay(root, {".sources/gazette.txt": text})
    edit(root, RISE, QUOTE, "价格会回落")
    edit(root, RISE, "- paragraph: 1\n", "- paragraph: 3000\n")
    assert verify(root).missing == 1
    assert any("but in 4005" in fault for fault in faults(root))
