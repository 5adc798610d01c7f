"""Alterations of the real quotations, one at a time and without the text: each is caught.

The share that is caught stands in the names of the tests: all of them.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from projects import ROOT

from research_brief.checks import quote_paragraph, quote_verbatim
from research_brief.library import ClaimRecord, Library
from research_brief.loading import load, load_settings

LIBRARY = load(ROOT, load_settings(ROOT))[0]
# As everybody has it.
LIBRARY = replace(
    LIBRARY, sources={id: replace(it, text=None) for id, it in LIBRARY.sources.items()}
)
QUOTATIONS = [
    (record, number)
    for record in LIBRARY.claims.values()
    for number in range(len(record.claim.evidence))
]
EACH = 3
"""Alterations of each kind of each quotation."""

HEDGES = re.compile("可能|尝试|有消息称|被曝|之一|等|将|尚未|近期|主要|已")
# What may change without a change in the words, see `research_brief/evidence/normalisation.py`.
IDLE = re.compile(r"[\s….\-—–‐“”‘’'\"]")


def library_with(record: ClaimRecord, number: int, **changes: str) -> Library:
    """The library with one evidence changed."""
    evidence = list(record.claim.evidence)
    evidence[number] = evidence[number].model_copy(update=changes)
    claim = record.claim.model_copy(update={"evidence": evidence})
    brief = LIBRARY.briefs[record.brief]
    sections = tuple(
        replace(
            home,
            section=home.section.model_copy(
                update={"claims": {**home.section.claims, record.id: claim}}
            ),
        )
        if home.id == record.section
        else home
        for home in brief.sections
    )
    return replace(LIBRARY, briefs={**LIBRARY.briefs, brief.id: replace(brief, sections=sections)})


def places(library: Library) -> set[str]:
    """Where words are reported as altered or misplaced."""
    found = [*quote_verbatim.check(library), *quote_paragraph.check(library)]
    return {str(problem.place) for problem in found}


def signs(quote: str) -> list[int]:
    """The positions of signs that count."""
    return [at for at, sign in enumerate(quote) if not IDLE.match(sign)]


def replaced(quote: str, chance: random.Random) -> str:
    at = chance.choice(signs(quote))
    others = [sign for sign in quote if sign != quote[at] and not IDLE.match(sign)] or ["不"]
    return quote[:at] + chance.choice(others) + quote[at + 1 :]


def deleted(quote: str, chance: random.Random) -> str:
    at = chance.choice(signs(quote))
    return quote[:at] + quote[at + 1 :]


def doubled(quote: str, chance: random.Random) -> str:
    at = chance.choice(signs(quote))
    return quote[:at] + quote[at] + quote[at:]


def swapped(quote: str, chance: random.Random) -> str:
    pairs = [
        at
        for at in signs(quote)
        if at + 1 in signs(quote) and quote[at : at + 1] != quote[at + 1 : at + 2]
    ]
    at = chance.choice(pairs)
    return quote[:at] + quote[at + 1] + quote[at] + quote[at + 2 :]


def digit_changed(quote: str, chance: random.Random) -> str:
    digits = [at for at, sign in enumerate(quote) if sign.isdigit()]
    if not digits:
        return quote
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "0123456789" if digit != quote[at]])
    return quote[:at] + other + quote[at + 1 :]


def hedge_cut(quote: str, chance: random.Random) -> str:
    hedges = list(HEDGES.finditer(quote))
    if not hedges:
        return quote
    hedge = chance.choice(hedges)
    return quote[: hedge.start()] + quote[hedge.end() :]


def not_added(quote: str, chance: random.Random) -> str:
    at = chance.choice(signs(quote))
    return quote[:at] + chance.choice(["不", "未", "没有", "并非"]) + quote[at:]


def piece_dropped(quote: str, chance: random.Random) -> str:
    pieces = quote.split("……")
    if len(pieces) == 1:
        return quote
    pieces.pop(chance.randrange(len(pieces)))
    return "……".join(pieces)


def pieces_swapped(quote: str, chance: random.Random) -> str:
    pieces = quote.split("……")
    chance.shuffle(pieces)
    return "……".join(pieces)


KINDS: list[Callable[[str, random.Random], str]] = [
    replaced, deleted, doubled, swapped, digit_changed, hedge_cut, not_added, piece_dropped,
    pieces_swapped,
]  # fmt: skip


def alterations(
    change: Callable[[str, random.Random], str],
) -> Iterator[tuple[ClaimRecord, int, str]]:
    """Every quotation, changed in some ways of one kind."""
    chance = random.Random(change.__name__)
    for record, number in QUOTATIONS:
        quote = record.claim.evidence[number].quote
        for altered in {change(quote, chance) for _ in range(EACH)} - {quote}:
            yield record, number, altered


def test_the_brief_is_sound_without_the_text() -> None:
    assert len(QUOTATIONS) > 60
    assert places(LIBRARY) == set()


@pytest.mark.parametrize("change", KINDS, ids=lambda change: change.__name__)
def test_every_alteration_of_a_quotation_is_caught(
    change: Callable[[str, random.Random], str], record_property: Callable[[str, object], None]
) -> None:
    found = list(alterations(change))
    assert len(found) > 10
    for record, number, altered in found:
        where = record.where / "evidence" / number / "quote"
        caught = places(library_with(record, number, quote=altered))
        assert str(where.place) in caught, f"{where.place}: {altered}"
    record_property("alterations", len(found))


def test_a_quotation_from_another_claim_is_caught() -> None:
    chance = random.Random(5)
    for record, number in QUOTATIONS:
        own = record.claim.evidence[number]
        other, at = chance.choice(QUOTATIONS)
        taken = other.claim.evidence[at]
        if taken.paragraph != own.paragraph:
            where = record.where / "evidence" / number / "paragraph"
            assert str(where.place) in places(library_with(record, number, quote=taken.quote))


WIDE = str.maketrans(",:;?!()%+.", "，：；？！（）％＋．")


def wide(quote: str, _: random.Random) -> str:
    return quote.translate(WIDE)


def dashed(quote: str, _: random.Random) -> str:
    return quote.replace("—", "-")


def between(quote: str, chance: random.Random) -> int:
    """A place that is not within a word or a number."""
    inside = re.compile("[A-Za-z]{2}|[0-9]{2}")
    return chance.choice([at for at in signs(quote) if not inside.match(quote, max(0, at - 1))])


def spaced(quote: str, chance: random.Random) -> str:
    at = between(quote, chance)
    return quote[:at] + chance.choice(" \u00a0\u3000") + quote[at:]


def wrapped(quote: str, chance: random.Random) -> str:
    at = between(quote, chance)
    return f"{quote[:at]}\n  {quote[at:]}"


def shortened(quote: str, chance: random.Random) -> str:
    return quote.replace("……", chance.choice(["…", " ... ", "[…]", " […] "]))


INNOCENT: list[Callable[[str, random.Random], str]] = [
    wide, dashed, spaced, wrapped, shortened
]  # fmt: skip


@pytest.mark.parametrize("change", INNOCENT, ids=lambda change: change.__name__)
def test_no_innocent_edit_is_flagged(change: Callable[[str, random.Random], str]) -> None:
    found = list(alterations(change))
    assert found
    for record, number, edited in found:
        assert places(library_with(record, number, quote=edited)) == set(), edited
