"""The date for which a claim holds is after its sources, or long before its brief (a warning).

A source cannot know what was the case after it appeared: `as_of` is at most the newest date at
which a source of the claim was published or republished. What held more than three years before
the newest date of the brief (that of its publication or of its last revision) may hold no longer:
look it up again, or leave `as_of` out if the claim tells of a past event.

Bad:

    as_of: 2025-10-01       # the source was published on 2025-09-15

Good:

    as_of: 2025-09
"""

from collections.abc import Iterator, Sequence

from research_brief.evidence.backing import dates_of
from research_brief.library import Library
from research_brief.problems import Level, Problem
from research_brief.values import FullDate, PartialDate

RULE = "stale-as-of"
YEARS = 3


def check(library: Library) -> Iterator[Problem]:
    known = {id: list(dates_of(record.source)) for id, record in library.sources.items()}
    for brief in library.briefs.values():
        home, newest = brief.brief.sources[0], brief.changed
        found: dict[tuple[PartialDate, frozenset[str]], tuple[str, Level] | None] = {}
        for record in brief.claims.values():
            as_of = record.claim.as_of
            if not as_of:
                continue
            sources = frozenset([item.source or home for item in record.claim.evidence])
            if (as_of, sources) not in found:  # most claims of a brief have the same two
                dates = [date for id in sources for date in known.get(id, ())]
                found[as_of, sources] = _fault(as_of, dates, newest)
            if fault := found[as_of, sources]:
                message, level = fault
                yield (record.where / "as_of").problem(message, RULE, level)


def _fault(
    as_of: PartialDate, dates: Sequence[PartialDate], newest: FullDate
) -> tuple[str, Level] | None:
    """What is wrong with a date, if anything: of a claim whose sources have some dates, in a brief
    whose newest one is known."""
    if dates and all(_is_after(as_of, date) for date in dates):
        message = f"as_of '{as_of}' is after the newest date of the sources,"
        return f"{message} {max(dates)}: they cannot know; correct it", "error"
    oldest = (newest.numbers[0] - YEARS, *newest.numbers[1:])
    if as_of.numbers < oldest[: len(as_of.numbers)]:
        message = f"as_of '{as_of}' is more than {YEARS} years before {newest}, the newest"
        message += " date of the brief; look up what holds now, or leave it out of a past"
        return f"{message} event", "warning"
    return None


def _is_after(one: PartialDate, other: PartialDate) -> bool:
    """Whether a date is after another one, as far as both are known."""
    length = min(len(one), len(other))
    return one[:length] > other[:length]
