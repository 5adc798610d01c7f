"""How much of a source is quoted, all briefs together: its share of the text's characters."""

from collections.abc import Iterable
from dataclasses import dataclass

from research_brief.evidence.matching import Span
from research_brief.evidence.normalisation import pieces
from research_brief.evidence.standing import all_quoted
from research_brief.library import Library


@dataclass(frozen=True)
class Share:
    """How many characters are quoted, of how many; in the form in which words are compared."""

    quoted: int
    total: int

    @property
    def percent(self) -> float:
        """From 0 to 100."""
        return 100 * self.quoted / self.total


def shares(library: Library) -> dict[str, Share]:
    """The share of each source whose length is known, by its id.

    Quotations and attributions count, what several of them have in common once; words that have
    not been compared yet count in full. The title and the first characters of the paragraphs
    only tell readers where to look; they do not count.
    """
    totals: dict[str, int] = {}
    for id, source in library.sources.items():
        if source.receipts:
            totals[id] = source.receipts.characters
        elif source.text:
            totals[id] = source.text.length
    covered: dict[str, dict[str, set[Span]]] = {id: {} for id in totals}
    unknown = dict.fromkeys(totals, 0)
    seen: set[tuple[str, str, str]] = set()
    for shown in all_quoted(library):
        id = shown.source.id
        if id not in totals or (key := (id, shown.paragraph, shown.words)) in seen:
            continue
        seen.add(key)
        if stands := shown.standing:
            covered[id].setdefault(stands.paragraph, set()).update(stands.places)
        else:
            unknown[id] += sum(len(piece.text) for piece in pieces(shown.words))
    return {
        id: Share(sum(map(_covered, covered[id].values())) + unknown[id], total)
        for id, total in totals.items()
    }


def _covered(places: Iterable[Span]) -> int:
    """How many signs of a passage the spans cover together."""
    count = reached = 0
    for start, end in sorted(places):
        if end > reached:
            count += end - max(start, reached)
            reached = end
    return count
