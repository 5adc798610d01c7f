"""How old what a brief tells is: from the dates of its sources, never from the clock."""

from collections.abc import Iterable

from research_brief.evidence.backing import dates_of
from research_brief.library import BriefRecord, Library
from research_brief.values import PartialDate

MONTHS = 3
"""A brief that appears later than this after its newest source says as of when it speaks."""


def reported(
    library: Library, brief: BriefRecord, sources: Iterable[str]
) -> tuple[PartialDate, PartialDate] | None:
    """The first and the last month (or year) in which the sources of a brief were published; None
    if the brief followed soon, or if the date of a source is not known.

    A source that was published again counts with its first known date.
    """
    dates = [min(dates_of(library.sources[id].source), default=None) for id in sources]
    known = [PartialDate(date[: len("2018-09")]) for date in dates if date]
    if not known or len(known) < len(dates):
        return None
    # A year alone is first in front of its months, and last behind them.
    first = min(known, key=lambda date: (*date.numbers, 1)[:2])
    last = max(known, key=lambda date: (*date.numbers, 12)[:2])
    year, month = (*last.numbers, 12)[:2]
    then = brief.brief.published.numbers
    return (first, last) if (then[0] - year) * 12 + then[1] - month > MONTHS else None
