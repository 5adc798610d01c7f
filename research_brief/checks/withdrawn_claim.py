"""A claim is named of a brief that was withdrawn.

Of a removed brief nothing is left to lead to, which is a fault. What a retracted brief said is
still there, but nothing should rest on it (a warning).

Bad:

    rests_on: [chips-2025#share]     # chips-2025 was retracted

Good:

    rests_on: [chips-2026#share]
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.problems import Problem
from research_brief.values import ClaimRef

RULE = "withdrawn-claim"


def check(library: Library) -> Iterator[Problem]:
    if not any(record.withdrawn for record in library.briefs.values()):
        return
    for brief, where, value in library.every(ClaimRef):
        home = library.briefs.get(value.partition("#")[0]) if "#" in value else None
        if not home or home.id == brief or not home.withdrawn:
            continue
        if home.is_removed:
            message = f"brief '{home.id}' was removed; take '{value}' out here"
            yield where.problem(message, RULE)
        else:
            message = f"brief '{home.id}' was retracted; look whether this holds without '{value}'"
            yield where.problem(message, RULE, "warning")
