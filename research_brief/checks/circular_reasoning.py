"""A claim rests on itself, directly or by way of other claims.

What a claim `rests_on` must be known without it, or the reader is led in a circle.

Bad:

    dear: {rests_on: [scarce]}
    scarce: {rests_on: [dear]}

Good:

    dear: {rests_on: [scarce]}
    scarce: {evidence: [{paragraph: 4, quote: 供应不稳定}]}
"""

from collections.abc import Iterator

from research_brief.library import ClaimRecord, Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        for number, reference in enumerate(record.claim.rests_on):
            start = library.claim(reference, record.brief)
            if start and record.address in _grounds(library, start):
                message = f"'{reference}' leads back to '{record.id}'; delete it: "
                message += "a claim cannot carry itself"
                where = record.where / "rests_on" / number
                yield where.problem(message, "circular-reasoning")


def _grounds(library: Library, start: ClaimRecord) -> set[str]:
    """The address of a claim and of all that it rests on, however far."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        record = waiting.pop()
        if record.address not in found:
            found.add(record.address)
            below = (library.claim(id, record.brief) for id in record.claim.rests_on)
            waiting += [claim for claim in below if claim]
    return found
