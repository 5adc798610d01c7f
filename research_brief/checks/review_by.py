"""The day by which a brief is to be reviewed is past, or was past before the brief was changed.

`review_by` promises that somebody looks by that day whether the brief still holds. Whoever did so
sets the next day, also where nothing had to be changed: so it lies behind the last revision.
Whether today is past it is asked by `python build.py check --due` only (once a week, in
`links.yml`), because a build must come out the same on any day.

Bad:

    published: 2025-10-01
    review_by: 2025-09-01

Good:

    published: 2025-10-01
    review_by: 2026-10-01
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.problems import Problem

RULE = "review-by"


def check(library: Library) -> Iterator[Problem]:
    for record in library.briefs.values():
        day = record.brief.review_by
        if day and day <= record.changed:
            message = f"review_by {day} is not after the last change of the brief,"
            message += f" {record.changed}; set the next day, or delete it"
            yield (record.where / "review_by").problem(message, RULE)


def due(library: Library, today: str) -> Iterator[Problem]:
    """The briefs that were to be reviewed before `today`, a day in the form of ISO 8601."""
    for record in library.standing_briefs:
        day = record.brief.review_by
        if day and day < today:
            message = f"was to be reviewed by {day}, and it is {today}; look whether it still"
            message += " holds, and set the next day"
            yield (record.where / "review_by").problem(message, RULE)
