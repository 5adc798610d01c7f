"""What is the same words, and what is not."""

import random
import re
import string
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_brief.evidence.matching import departure, match
from research_brief.evidence.normalisation import digest, normalise, pieces

LEFT_ALONE = "".join(map(chr, range(0x4E00, 0xA000))) + "".join(
    (*string.ascii_letters, *string.digits, *",;:!?()/+%、")
)
SAME = [
    ("3—5年", "3-5年", "３–５年", "3――5年", "3 - 5 年", "3~5年"),
    ("涨幅8.08%。此后", "涨幅８．０８％。此后", "涨幅 8.08% 。\n  此后", "涨幅8.08%.此后"),
    ("“拼算力”，", "「拼算力」,", "'拼算力',", '"拼算力"，', "‘拼算力’,"),
    ("company’s plan", "company's plan", "company´s\u00a0plan", "com\xadpany's  pl\u200ban"),
    ("甲……乙", "甲…乙", "甲...乙", "甲[…]乙", "甲 [...] 乙", "甲［……］乙", "……甲……乙……"),
    ("ﬁnance ①", "finance 1"),
    ("m²", "m2", "㎡"),
    ("AI 芯片 8 %，3 nm", "AI芯片8%,3nm"),
]
OTHERS = [
    ("8.08%", "8.80%"),
    ("可能", "能"),
    ("甲、乙", "甲,乙"),
    ("May", "may"),
    ("后", "後"),
    ("甲乙", "甲……乙"),
    ("3-5", "35"),
    ("is not", "is"),
    ("“甲”", "甲"),
    ("not able", "notable"),
    ("10 000", "10000"),
    ("10²", "102"),
    ("5①", "51"),
    ("5½", "51⁄2"),
    ("甲。。。乙", "甲……乙"),
]


@pytest.mark.parametrize("same", SAME, ids=lambda same: same[0])
def test_what_typing_changes_is_the_same(same: tuple[str, ...]) -> None:
    assert {digest(words) for words in same} == {digest(same[0])}


@pytest.mark.parametrize("words", OTHERS, ids=lambda words: words[0])
def test_what_words_change_is_not(words: tuple[str, str]) -> None:
    assert digest(words[0]) != digest(words[1])


@given(st.text())
def test_the_form_is_stable(words: str) -> None:
    once = normalise(words)
    assert normalise(once.spaced) == once
    assert not re.search(r"\s{2}|[^\S ]", once.text)


PASSAGE = normalise(
    "6月20日,两家示例公司涨幅依次达到8.08%和2.18%。千亿参数,3—5年 the big chart of AI chips"
)
FOUND = [
    ("涨幅……8.08%", ["涨幅", "8.08%"]),
    ("AI  chips", ["AI chips"]),
    ("千亿参数", ["千亿参数"]),
    ("3-5年", ["3-5年"]),
    ("6月……依次", ["6月", "依次"]),
]
DEPARTS = [
    ("涨幅……8%", "'8%' cuts a word or a number in two: the source has '次达到8.08%和2.18%'"),
    ("18%", "cuts a word or a number"),
    ("亿参数", "cuts a word or a number"),
    ("5年", "cuts a word or a number"),
    ("art of", "cuts a word or a number"),
    ("chip", "cuts a word or a number"),
    ("示例公司……两家", "'两家' does not stand behind '示例公司'; pieces keep the source's order"),
    (
        "涨幅依次到达",
        "it departs at '到达' after '涨幅依次', where the source has '达到8.08%和2.18'",
    ),
    (
        "the big charts",
        "it departs at 's' after 'he big chart', where the source has 'of AI chips'",
    ),
    ("火星", "it departs at '火星'"),
]


@pytest.mark.parametrize(("quotation", "found"), FOUND)
def test_pieces_are_found_in_their_order(quotation: str, found: list[str]) -> None:
    spans = match(pieces(quotation), PASSAGE)
    assert spans
    assert [PASSAGE.text[start:end] for start, end in spans] == found


@pytest.mark.parametrize(("quotation", "reason"), DEPARTS)
def test_the_point_of_departure_is_named(quotation: str, reason: str) -> None:
    assert match(pieces(quotation), PASSAGE) is None
    assert reason in departure(pieces(quotation), PASSAGE)


def test_pieces_leave_out_as_little_as_they_can() -> None:
    spans = match(pieces("甲……乙"), normalise("甲丙甲丁乙丙乙"))
    assert spans == ((2, 3), (4, 5))


def test_an_ellipsis_alone_quotes_nothing() -> None:
    assert pieces("…… […] ...") == []
    assert match([], PASSAGE) is None


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_what_was_cut_out_whole_is_found(seed: int, count: int) -> None:
    """Any pieces that begin and end between words, in their order, match."""
    chance = random.Random(seed)
    places = [
        at
        for at in range(len(PASSAGE.text) + 1)
        if not PASSAGE.cuts(at) and PASSAGE.text[at : at + 1] != " "
    ]
    cuts = sorted(chance.sample(places, 2 * count))
    quotation = "…".join(
        PASSAGE.text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    )
    assert match(pieces(quotation), PASSAGE)


def test_what_is_in_the_form_already_is_left_alone() -> None:
    assert normalise(LEFT_ALONE).spaced == LEFT_ALONE
    assert normalise(f"{LEFT_ALONE}，").spaced == f"{LEFT_ALONE},"  # by the whole way


@pytest.mark.parametrize("words", [words for group in (*SAME, *OTHERS) for words in group])
def test_a_digest_is_that_of_the_pieces(words: str) -> None:
    said = "\n".join(piece.text for piece in pieces(words))
    assert digest(words) == sha256(said.encode()).hexdigest()
