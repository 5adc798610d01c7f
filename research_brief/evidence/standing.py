"""How the words that we show of a source stand: compared with its text, or not yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from research_brief.evidence.matching import Span, match
from research_brief.evidence.normalisation import digest, normalise, pieces
from research_brief.library import ClaimRecord, Library, SourceRecord, Where
from research_brief.models import Evidence
from research_brief.problems import Level
from research_brief.values import FullDate, Steps


@dataclass
class Shown:
    """Words of a source that the site shows: a quotation, how it names a speaker, its title, or
    how a paragraph begins."""

    source: SourceRecord
    words: str
    paragraph: str
    owner: Where  # of the claim or source that shows them
    steps: Steps  # from there
    paragraph_key: str = ""  # beside the words; empty where the paragraph is not for us to say
    level: Level = "error"  # of a fault: in a draft, which readers do not see yet, a warning
    begins: bool = False  # the passage begins with them

    @cached_property
    def standing(self) -> "Standing | None":
        """How the words stand, by the open text or else by their receipt; None if not verified."""
        source = self.source
        if source.is_open and source.text:
            return found(self, self.paragraph)
        receipt = source.receipts and source.receipts.find(digest(self.words), self.paragraph)
        if not receipt or (self.begins and receipt.places[0][0] > 0):
            return None
        return Standing(receipt.paragraph, receipt.places, receipt.on)

    @property
    def where(self) -> Where:
        """Where they stand; of most nobody asks."""
        return self.owner.below(self.steps)

    @property
    def numbered(self) -> Where:
        """Where the paragraph is said, or could be."""
        return self.owner.below((*self.steps[:-1], self.paragraph_key))


class Standing(NamedTuple):
    """Words that were found: in which passage, where in it, and when they were compared."""

    paragraph: str
    places: tuple[Span, ...]
    on: FullDate | None = None  # unknown for an open text, which every check compares


class Cited(NamedTuple):
    """A piece of evidence of a claim, by its number, with its source if there is one."""

    record: ClaimRecord
    number: int
    evidence: Evidence
    source: SourceRecord | None


def all_cited(library: Library) -> Sequence[Cited]:
    """The evidence of all claims, put together once."""
    return library.once(Cited, lambda: list(_all_cited(library)))


def _all_cited(library: Library) -> Iterator[Cited]:
    sources = library.sources
    homes = {
        id: sources.get(record.brief.sources[0])
        for id, record in library.briefs.items()
        if record.brief.sources  # a removed one has none, and no claims
    }
    for record in library.claims.values():
        for number, evidence in enumerate(record.claim.evidence):
            of = evidence.source
            source = sources.get(of) if of else homes[record.brief]
            yield tuple.__new__(Cited, (record, number, evidence, source))  # sooner than Cited()


def shown_words(library: Library) -> Iterator[Shown]:
    """All words of all sources that the site shows."""
    for source in library.sources.values():
        yield from _described(source)
    yield from all_quoted(library)


def all_quoted(library: Library) -> Iterator[Shown]:
    """The words of sources on which all claims stand."""
    return chain.from_iterable(quoted_by_evidence(library))


def quoted_by_evidence(library: Library) -> Iterable[Sequence[Shown]]:
    """The same for each piece of evidence: its quotation, then how the source names the speaker."""
    return _quoted(library).values()


def quoted_words(library: Library, record: ClaimRecord) -> Iterator[Shown]:
    """The words of sources on which a claim stands."""
    for number in range(len(record.claim.evidence)):
        yield from cited_words(library, record, number)


def cited_words(library: Library, record: ClaimRecord, number: int) -> Sequence[Shown]:
    """The quotation of one piece of evidence, then how the source names the speaker there."""
    return _quoted(library)[record.address, number]


def _quoted(library: Library) -> dict[tuple[str, int], Sequence[Shown]]:
    return library.once(__name__, lambda: _all_quoted(library))


def _all_quoted(library: Library) -> dict[tuple[str, int], Sequence[Shown]]:
    levels: dict[str, Level] = {
        id: "warning" if record.brief.status == "draft" else "error"
        for id, record in library.briefs.items()
    }
    found: dict[tuple[str, int], Sequence[Shown]] = {}
    for record, number, evidence, source in all_cited(library):
        words: list[Shown] = []
        if source is not None:
            level, paragraph = levels[record.brief], evidence.paragraph
            steps, key = ("evidence", number, "quote"), "paragraph"
            words = [Shown(source, evidence.quote, paragraph, record.where, steps, key, level)]
            # Where the paragraph of the quotation is missing, that comes first.
            paragraph = evidence.attribution_paragraph or paragraph
            if evidence.attribution and paragraph:
                steps, key = ("evidence", number, "attribution"), "attribution_paragraph"
                said = evidence.attribution
                words.append(Shown(source, said, paragraph, record.where, steps, key, level))
        found[record.address, number] = words
    return found


def _described(record: SourceRecord) -> Iterator[Shown]:
    title = record.source.title.root.get(record.source.language)
    if title:
        yield Shown(record, title, "h0", record.where, ("title", record.source.language))
    for number, words in enumerate(record.source.paragraphs):
        steps = "paragraphs", number
        yield Shown(record, words, str(number + 1), record.where, steps, begins=True)


def found(shown: Shown, paragraph: str) -> Standing | None:
    """Where the words stand in a passage of the text, which must be at hand."""
    passage = shown.source.text and shown.source.text.passages.get(paragraph)
    if not passage:
        return None
    if shown.begins:
        beginning = normalise(shown.words).text
        begun = passage.normal.text.startswith(beginning)
        return Standing(paragraph, ((0, len(beginning)),)) if beginning and begun else None
    places = match(pieces(shown.words), passage.normal)
    return Standing(paragraph, places) if places else None


def elsewhere(shown: Shown) -> str | None:
    """The number of another passage in which the words were found."""
    source = shown.source
    if source.is_open and source.text:
        numbers = [number for number in source.text.passages if found(shown, number)]
    elif source.receipts:
        numbers = [item.paragraph for item in source.receipts.of(digest(shown.words))]
    else:
        return None
    return next((number for number in numbers if number != shown.paragraph), None)
