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
from research_brief.library import ClaimRecord, Library
from research_brief.many import Many
from research_brief.models import Source
from research_brief.values import Name, PartialDate, Text

NOTHING: list[Mention] = []
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
        self._read = {language: self._all(language, its) for language, its in texts.items()}
        self._quoted: dict[str, Known] = {}
        self._told: dict[str, Known] = {}

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

    def _all(self, language: str, texts: Mapping[str, str]) -> dict[str, list[Mention]]:
        """The figures of all texts in a language that have some."""
        found = reader_of(language).all_mentions(list(texts.values()), self._names)
        words = list(texts)
        return {words[number]: mentions for number, mentions in found.items()}

    def read(self, words: str, language: str) -> list[Mention]:
        """The figures of a text, but for those in names."""
        return self._read[language].get(words, NOTHING)

    def digits(self, words: str, language: str) -> list[Mention]:
        """Those of them that are written with digits, or are months by their names."""
        return [mention for mention in self.read(words, language) if mention.force == "digits"]

    def known(self, words: str, language: str) -> Known:
        """The same, by figure."""
        return {mention.figure: mention.written for mention in self.read(words, language)}

    def of_text(self, text: Text | None) -> Known:
        """The figures of a text in any of its languages."""
        found: Known = {}
        for language, words in text.root.items() if text else ():
            found |= self.known(words, language)
        return found

    def in_language(self, text: Text | None, language: str) -> Known:
        """The figures of a text in one of its languages."""
        if text and language in text.root:
            return self.known(text.root[language], language)
        return {}

    def of_quotation(self, record: ClaimRecord, number: int) -> Known:
        """The figures of one quotation of a claim."""
        source = self.library.sources.get(self.library.source_of(record, number))
        quote = record.claim.evidence[number].quote
        return self.known(quote, source.source.language) if source else {}

    def quoted(self, record: ClaimRecord) -> Known:
        """The figures of all quotations of a claim."""
        if record.address not in self._quoted:
            found: Known = {}
            for number in range(len(record.claim.evidence)):
                found |= self.of_quotation(record, number)
            self._quoted[record.address] = found
        return self._quoted[record.address]

    def told(self, record: ClaimRecord) -> Known:
        """What others can take from a claim: its text, its quotations, and what it derived."""
        if record.address not in self._told:
            claim = record.claim
            dates = of_dates([claim.as_of] if claim.as_of else [])
            texts = self.of_text(claim.text) | self.of_text(claim.derived)
            self._told[record.address] = self.quoted(record) | texts | dates
        return self._told[record.address]

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

    def dates_behind(self, record: ClaimRecord) -> list[PartialDate]:
        """The dates of the sources of a claim."""
        sources = {
            self.library.source_of(record, number) for number in range(len(record.claim.evidence))
        }
        return [date for id in sources for date in self.dates.get(id, ())]


def _texts(library: Library) -> dict[str, dict[str, str]]:
    """What is read in each language: the texts of briefs and what they quote, as they are seen."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    seen = Many.ours(library).seen
    for brief, texts in library.values(Text):
        for text in texts if brief else ():
            for language, words in text.root.items():
                found[language][words] = seen(words)
    others = [
        (cited.source.source.language, cited.evidence.quote)
        for cited in all_cited(library)
        if cited.source
    ]
    for brief, names in library.values(Name):
        for name in names if brief else ():
            others += name.root.items()
    seen = Many([words for _, words in others]).seen
    for language, words in others:
        found[language][words] = seen(words)
    return found


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
