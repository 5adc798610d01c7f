"""Nothing refers to a claim (a warning).

No paragraph, factor, cell, takeaway or other claim names it, so readers meet it at the end of its
section, without a word on why it is there. Name it where it belongs, or delete it.

Bad:

    paragraphs: [{text: The giants build chips.}]
    claims: {own-chips: ...}

Good:

    paragraphs: [{text: The giants build chips., claims: [own-chips]}]
    claims: {own-chips: ...}
"""

from collections.abc import Iterator

from research_brief.evidence.statements import statements
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    # A part that could not be read may name any claim.
    if any(name.startswith("brief:") for name in library.broken):
        return
    used = {
        reference if "#" in reference else f"{brief.id}#{reference}"
        for brief in library.briefs.values()
        for references in (
            *(statement.claims for statement in statements(library, brief)),
            *(record.claim.rests_on for record in brief.claims.values()),
        )
        for reference in references
    }
    for record in library.claims.values():
        if record.address not in used:
            message = f"nothing refers to '{record.id}'; name it under 'claims' where it belongs,"
            message += " or delete it"
            yield record.where.problem(message, "unused-claim", "warning")
