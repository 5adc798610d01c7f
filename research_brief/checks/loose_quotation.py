"""Words between quotation marks in a text of ours are in no quotation that backs it.

Who reads them takes them for words of the source. In a claim they stand in its quotations; in
other languages than the source's, in their translations. In all other texts of a brief they stand
in any of its quotations, or in the title of a source. A name or title of a work goes without
quotation marks, or is an entity.

Bad:

    text: {zh: 沈佳庆说，这是“必由之路”。}
    evidence: [{paragraph: 20, quote: 有效途径}]

Good:

    text: {zh: 沈佳庆说，这是“有效途径”。}
    evidence: [{paragraph: 20, quote: 有效途径}]
"""

import re
from collections.abc import Iterator
from functools import cached_property

from research_brief.evidence.copying import MARKED
from research_brief.evidence.normalisation import normalise, pieces
from research_brief.library import BriefRecord, ClaimRecord, Library
from research_brief.problems import Problem
from research_brief.richtext import seen
from research_brief.values import Text

WHOLE = re.compile(MARKED)
MARKS = re.compile('[„“‘「『«"]')
ENDS = ".,;:!?。，；：！？ "


def check(library: Library) -> Iterator[Problem]:
    known = _Known(library)
    for id, where, text in library.every(Text):
        for language, words in text.root.items():
            if not MARKS.search(words) or "evidence" in where.steps:
                continue
            brief = library.briefs.get(id)
            if brief is None:
                continue
            claim = str(where.steps[1]) if where.steps[0] == "claims" else ""
            for marked in WHOLE.findall(seen(words)):
                said = marked[1:-1]
                if not known.has(said.strip(ENDS), brief, claim):
                    message = f"'{said}' is marked as a quotation, and in none that backs this text"
                    advice = "quote it under 'evidence', or take the quotation marks away"
                    yield (where / language).problem(f"{message}; {advice}", "loose-quotation")


class _Known:
    """All that may stand between quotation marks; put together once, where it is asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._parts: dict[tuple[str, str], str] = {}

    def has(self, words: str, brief: BriefRecord, claim: str) -> bool:
        """Whether all pieces of the words stand in what backs a claim, or any of the brief."""
        plain = self._of(brief, claim)
        if words.casefold() in plain:  # mostly, and sooner said
            return True
        forms = "\n".join(map(_form, (*plain.split("\n"), *self._names)))
        return all(_form(piece.spaced) in forms for piece in pieces(words))

    def _of(self, brief: BriefRecord, claim: str) -> str:
        if (brief.id, claim) not in self._parts:
            records = [brief.claims[claim]] if claim in brief.claims else brief.claims.values()
            found = [words for record in records for words in _quoted(record)]
            self._parts[brief.id, claim] = "\n".join(found).casefold()
        return self._parts[brief.id, claim]

    @cached_property
    def _names(self) -> list[str]:
        names: list[str] = []
        for source in self._library.sources.values():
            names += source.source.title.root.values()
        return names + self._library.names


def _quoted(record: ClaimRecord) -> Iterator[str]:
    for item in record.claim.evidence:
        yield item.quote
        yield from (item.attribution,) if item.attribution else ()
        yield from item.translation.root.values() if item.translation else ()


def _form(words: str) -> str:
    return normalise(words).unspaced.casefold()
