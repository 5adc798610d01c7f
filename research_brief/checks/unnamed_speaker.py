"""The evidence of a claim does not name the speaker that the claim gives.

A reader must see that the words are this speaker's: a name or an alias of the entity stands in the
quotation, or in `attribution`, which holds the verbatim words in which the source names the
speaker. One of several quotations is enough; it must support the claim.

Bad:

    speaker: guo-tao
    evidence: [{paragraph: 10, quote: 成本不断上升}]

Good:

    speaker: guo-tao
    evidence: [{paragraph: 10, quote: 成本不断上升, attribution: 郭涛}]
"""

from collections.abc import Iterator

from research_brief.evidence.names import is_named
from research_brief.library import Library
from research_brief.problems import Problem
from research_brief.values import ActorRef


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        speaker = library.entities.get(record.claim.speaker or "")
        supporting = [item for item in record.claim.evidence if item.stance == "supports"]
        if not speaker or speaker.kind not in ActorRef.kinds or not supporting:
            continue  # there is no such speaker, or nothing that would name one
        names = speaker.entity.names
        if not any(
            is_named(names, item.quote) or is_named(names, item.attribution or "")
            for item in supporting
        ):
            message = f"no quotation of this claim names '{speaker.id}'; add 'attribution', the"
            message += " words in which the source names the speaker"
            if any(item.attribution for item in supporting):
                message = f"no 'attribution' of this claim names '{speaker.id}'; correct it, or add"
                message += " the name it has there to the aliases of the entity"
            yield (record.where / "speaker").problem(message, "unnamed-speaker")
