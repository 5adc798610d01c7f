"""How many quotations were compared with their sources, by brief and by source, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from research_brief.evidence.standing import cited_words
from research_brief.library import BriefRecord, Library, SourceRecord
from research_brief.values import FullDate


@dataclass
class Tally:
    """How many quotations there are, how many of them were compared, and on which days."""

    quotations: int = 0
    verified: int = 0
    days: set[FullDate] = field(default_factory=set)

    @property
    def first(self) -> FullDate | None:
        """The first day; None where only an open text was compared, which has no day."""
        return min(self.days, default=None)

    @property
    def last(self) -> FullDate | None:
        """The last day."""
        return max(self.days, default=None)

    def as_data(self) -> list[Any]:
        """All that it is, for JSON."""
        return [self.quotations, self.verified, sorted(self.days)]


class Tallies:
    """The tally of every brief and of every source, by id. What names a speaker counts with its
    quotation. Of an excerpt, those of `sources` are known already: others quote them, too."""

    def __init__(self, library: Library, sources: Mapping[str, Tally] | None = None) -> None:
        self.library = library
        self._sources = sources

    @cached_property
    def briefs(self) -> Mapping[str, Tally]:
        return self._counted[0]

    @cached_property
    def sources(self) -> Mapping[str, Tally]:
        return self._counted[1] if self._sources is None else self._sources

    @cached_property
    def _counted(self) -> tuple[dict[str, Tally], dict[str, Tally]]:
        library = self.library
        briefs = {id: Tally() for id in library.briefs}
        sources = {id: Tally() for id in library.sources}
        for record in library.claims.values():
            for number in range(len(record.claim.evidence)):
                words = list(cited_words(library, record, number))
                found = [shown.standing for shown in words]
                for tally in (briefs[record.brief], sources[words[0].source.id]):
                    tally.quotations += 1
                    if all(found):
                        tally.verified += 1
                        tally.days.update(stands.on for stands in found if stands and stands.on)
        return briefs, sources

    def together(self, briefs: Iterable[BriefRecord]) -> Tally:
        """The tally of several briefs as one."""
        found = [self.briefs[brief.id] for brief in briefs]
        return Tally(
            sum(tally.quotations for tally in found),
            sum(tally.verified for tally in found),
            {day for tally in found for day in tally.days},
        )


def fingerprint_of(record: SourceRecord) -> str:
    """That of the text that the words of a source were compared with; empty if none was."""
    if record.is_open and record.text:
        return record.text.fingerprint
    return record.receipts.text if record.receipts else ""
