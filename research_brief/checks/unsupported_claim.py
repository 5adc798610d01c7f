"""A claim stands on nothing: neither on the words of a source nor on other claims.

A reader must be able to look up every claim: `evidence` quotes the words that carry it, and
`rests_on` names the claims that it follows from. Words of which the `stance` is `contradicts` or
`context` carry nothing: one quotation at least supports the claim, and it is that one which is held
to its hedges and its speaker. What is `inferred` is ours, so that it always rests on other claims.

Bad:

    text: {en: They will go on., zh: 还会继续。}
    status: inferred

Good:

    text: {en: They will go on., zh: 还会继续。}
    status: inferred
    rests_on: [own-chips, costs]
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.models import Status
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        claim = record.claim
        if claim.status is Status.INFERRED and not claim.rests_on:
            message = "a claim that is 'inferred' needs 'rests_on': the claims it follows from"
            yield (record.where / "status").problem(message, "unsupported-claim")
        elif not claim.evidence and not claim.rests_on:
            message = "the claim stands on nothing; add 'evidence' or 'rests_on'"
            yield record.where.problem(message, "unsupported-claim")
        elif not claim.rests_on and all(item.stance != "supports" for item in claim.evidence):
            message = "no quotation supports the claim; correct the 'stance' of the one that does,"
            message += " or quote the words that carry it"
            yield (record.where / "evidence").problem(message, "unsupported-claim")
