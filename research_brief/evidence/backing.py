"""The figures that back our words: those of quotations, of claims, and of the dates of sources.

Every text is read once, however many others rest on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from research_brief.evidence.figures import Figure, Kind, Mention, supports
from research_brief.evidence.lexicon import reader_of
from research_brief.evidence.names import names_holding
from research_brief.evidence.standing import all_cited
from research_brief.library import BriefRecord, ClaimRecord, Library
from research_brief.many import Many, Ours
from research_brief.models import Source
from research_brief.values import Name, PartialDate, Text

Known = dict[Figure, str]
"""Figures, each as it is written where it stands."""


class Backing:
    """The figures of a library's claims and sources."""

    def __init__(self, library: Library) -> None:
        self.library = library
        languages = {*library.settings.languages}
        languages |= {record.source.language for record in library.sources.values()}
        lines = "\n".join(library.names)
        begins = (reader_of(language).beginnings(lines) for language in sorted(languages))
        self._names = names_holding(library.names, frozenset().union(*begins))
        self.dates = {id: list(dates_of(record.source)) for id, record in library.sources.items()}
        texts = _texts(library)
        self.read = {language: self._all(language, its) for language, its in texts.items()}
        """By language, the figures of the texts that have some, but for those in names."""
        self._quoted: dict[str, Known] = {}
        self._told: dict[str, Known] = {}
        self._undated: dict[tuple[PartialDate, frozenset[str]], list[Figure]] = {}

    def is_whole(self, record: ClaimRecord) -> bool:
        """Whether all that a claim stands on is there; what is not is a fault of another rule."""
        claim, library = record.claim, self.library
        for source in library.briefs[record.brief].brief.sources[:1]:
            if source not in library.sources:
                return False
        for item in claim.evidence:
            if item.source and item.source not in library.sources:
                return False
        return not claim.rests_on or all(library.claim(id, record.brief) for id in claim.rests_on)

    def has_sources(self, brief: BriefRecord) -> bool:
        """Whether all sources of a brief are there; one that is not is a fault of another rule."""
        return all(id in self.library.sources for id in brief.brief.sources)

    def _all(self, language: str, texts: Mapping[str, str]) -> dict[str, list[Mention]]:
        found = reader_of(language).mentions(list(texts.values()), self._names)
        words = list(texts)
        return {words[number]: mentions for number, mentions in found.items()}

    def known(self, words: str, language: str) -> Known:
        """The figures of a text."""
        mentions = self.read[language].get(words)
        return {it.figure: it.written for it in mentions} if mentions else {}

    def of_text(self, text: Text | None) -> Known:
        """The figures of a text in any of its languages."""
        found: Known = {}
        for language, words in text.root.items() if text else ():
            if words in self.read[language]:
                found |= self.known(words, language)
        return found

    def in_language(self, text: Text | None, language: str) -> Known:
        """The figures of a text in one of its languages."""
        if text and language in text.root:
            return self.known(text.root[language], language)
        return {}

    def of_quotation(self, record: ClaimRecord, number: int) -> Known:
        """The figures of one quotation of a claim."""
        is_all = len(record.claim.evidence) == 1
        return self.quoted(record) if is_all else self._of_quotation(record, number)

    def _of_quotation(self, record: ClaimRecord, number: int) -> Known:
        source = self.library.sources.get(self.library.source_of(record, number))
        quote = record.claim.evidence[number].quote
        return self.known(quote, source.source.language) if source else {}

    def quoted(self, record: ClaimRecord) -> Known:
        """The figures of all quotations of a claim."""
        address = record.address
        found = self._quoted.get(address)
        if found is None:
            each = [self._of_quotation(record, at) for at in range(len(record.claim.evidence))]
            found = each[0] if len(each) == 1 else {key: it[key] for it in each for key in it}
            self._quoted[address] = found
        return found

    def told(self, record: ClaimRecord) -> Known:
        """What others can take from a claim: its text, its quotations, and what it derived."""
        address = record.address
        if address not in self._told:
            claim = record.claim
            dates = of_dates([claim.as_of] if claim.as_of else [])
            texts = self.of_text(claim.text) | self.of_text(claim.derived)
            self._told[address] = self.quoted(record) | texts | dates
        return self._told[address]

    def told_by(self, references: Iterable[str], brief: str) -> Known:
        """What the claims that are named in a brief tell."""
        found: Known = {}
        for reference in references:
            if record := self.library.claim(reference, brief):
                found |= self.told(record)
        return found

    def tells(self, references: Iterable[str], brief: str, figure: Figure) -> bool:
        """Whether one of the claims that are named in a brief tells a figure."""
        records = (self.library.claim(reference, brief) for reference in references)
        return any(supports(self.told(record), figure) for record in records if record)

    def undated(self, record: ClaimRecord) -> list[Figure]:
        """The parts of the date of a claim up to which no date of its sources begins like it."""
        date = record.claim.as_of
        if date is None:
            return []
        home = self.library.briefs[record.brief].brief.sources[0]
        sources = frozenset([item.source or home for item in record.claim.evidence])
        found = self._undated.get((date, sources))  # of few days, in a brief
        if found is None:
            dates = [known for id in sources for known in self.dates.get(id, ())]
            found = self._undated[date, sources] = undated(date, dates)
        return found


def _texts(library: Library) -> dict[str, dict[str, str]]:
    """What is read in each language: the texts of briefs and what they quote, as they are seen."""
    others: defaultdict[str, list[str]] = defaultdict(list)
    for _, _, evidence, source in all_cited(library):
        if source:
            others[source.source.language].append(evidence.quote)
    for brief, names in library.values(Name):
        for name in names if brief else ():
            for language, words in name.root.items():
                others[language].append(words)
    ours = Ours.of(library)
    return {
        language: Many(others[language]).all_seen(others[language])
        | ours.all_seen(ours.of_briefs.get(language, ()))
        for language in [*ours.of_briefs, *others]
    }


def dates_of(source: Source) -> Iterator[PartialDate]:
    """When a source was published, and published again, as far as that is known."""
    if source.published:
        yield source.published
    if source.republished and source.republished.on:
        yield source.republished.on


def of_dates(dates: Iterable[PartialDate]) -> Known:
    """The years, months and days of dates."""
    kinds: tuple[Kind, ...] = ("number", "month", "day")
    return {
        Figure(kind, Decimal(number)): str(date)
        for date in dates
        for kind, number in zip(kinds, date.numbers, strict=False)
    }


def undated(date: PartialDate, dates: list[PartialDate]) -> list[Figure]:
    """The parts of a date up to which none of some dates begins like it."""
    if any(it.startswith(date) for it in dates):
        return []
    parts = [date.numbers[:length] for length in range(1, len(date.numbers) + 1)]
    return [
        figure
        for part, figure in zip(parts, of_dates([date]), strict=True)
        if all(part != it.numbers[: len(part)] for it in dates)
    ]
