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
from operator import attrgetter
from typing import get_args

from research_brief.evidence.copying import MARKED
from research_brief.evidence.names import BREAK
from research_brief.evidence.normalisation import normalise, pieces
from research_brief.library import BriefRecord, ClaimRecord, Library
from research_brief.many import Ours
from research_brief.models import Claim
from research_brief.problems import Problem
from research_brief.richtext import seen
from research_brief.values import Text

WHOLE = re.compile(MARKED)
MARKS = '„“‘「『«"'
OF_CLAIM = attrgetter(
    *(
        name
        for name, field in Claim.model_fields.items()
        if Text in (field.annotation, *get_args(field.annotation))
    )
)
"""The texts of a claim itself, not of its evidence; None for what it has not."""
ENDS = ".,;:!?。，；：！？ "


def check(library: Library) -> Iterator[Problem]:
    known = _Known(library)
    if not _are_some_loose(library, known):
        return
    for id, where, text in library.every(Text):
        brief = library.briefs.get(id)
        if brief is None or "evidence" in where.steps:
            continue
        claim = str(where.steps[1]) if where.steps[0] == "claims" else ""
        for language, words in text.root.items():
            for said in known.loose(words, brief, claim):
                message = f"'{said}' is marked as a quotation, and in none that backs this text"
                advice = "quote it under 'evidence', or take the quotation marks away"
                yield (where / language).problem(f"{message}; {advice}", "loose-quotation")


def _are_some_loose(library: Library, known: "_Known") -> bool:
    """Whether there may be anything to tell: mostly not, and that is sooner said without places."""
    marked = set(Ours.of(library).holding(MARKS))
    if not marked:
        return False
    suspects = [
        (brief, text)
        for brief, texts in library.values(Text)
        if brief in library.briefs
        for text in texts
        if not marked.isdisjoint(text.root.values())
    ]
    wanted = {id(text) for _, text in suspects}
    claims = {
        id(text): name
        for brief in library.briefs.values()
        for record in brief.sections
        for name, claim in record.section.claims.items()
        for text in OF_CLAIM(claim)
        if id(text) in wanted
    }
    return any(
        known.loose(words, library.briefs[brief], claims.get(id(text), ""))
        for brief, text in suspects
        for words in text.root.values()
    )


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
        said = [_form(piece.spaced) for piece in pieces(words)]
        left = [form for form in said if form not in self._names]
        forms = _form(plain.replace("\n", BREAK)) if left else ""
        return all(form in forms for form in left)

    def loose(self, words: str, brief: BriefRecord, claim: str) -> list[str]:
        """What is marked as a quotation in a text, and stands in none that backs it.

        What could not be read of a brief may hold the quotation: only its claims have their own.
        """
        if not any(mark in words for mark in MARKS):
            return []
        if claim not in brief.claims and f"brief:{brief.id}" in self._library.broken:
            return []
        marked = (marked[1:-1] for marked in WHOLE.findall(seen(words)))
        return [said for said in marked if not self.has(said.strip(ENDS), brief, claim)]

    def _of(self, brief: BriefRecord, claim: str) -> str:
        if (brief.id, claim) not in self._parts:
            records = [brief.claims[claim]] if claim in brief.claims else brief.claims.values()
            found = [words for record in records for words in _quoted(record)]
            self._parts[brief.id, claim] = "\n".join(found).casefold()
        return self._parts[brief.id, claim]

    @cached_property
    def _names(self) -> str:
        names = list(self._library.names)
        for source in self._library.sources.values():
            names += source.source.title.root.values()
        return _form(BREAK.join(names))


def _quoted(record: ClaimRecord) -> Iterator[str]:
    for item in record.claim.evidence:
        yield item.quote
        yield from (item.attribution,) if item.attribution else ()
        yield from item.translation.root.values() if item.translation else ()


def _form(words: str) -> str:
    """Words as they are compared, or many in a row."""
    return normalise(words).unspaced.casefold()
