"""A brief is superseded by one that readers cannot turn to.

`superseded_by` leads readers to the brief that they should read instead. So it is another one, it
is published, it was not withdrawn, and it does not lead back. (One that does not exist is for
`unknown-id`.)

Bad:

    # content/briefs/chips-2025/brief.yaml
    superseded_by: chips-2025

Good:

    # content/briefs/chips-2025/brief.yaml
    superseded_by: chips-2026
"""

from collections.abc import Iterator

from research_brief.library import BriefRecord, Library
from research_brief.problems import Problem

RULE = "superseded-by"


def check(library: Library) -> Iterator[Problem]:
    for record in library.briefs.values():
        target = library.briefs.get(record.brief.superseded_by or "")
        if target and (fault := _fault(library, record, target)):
            yield (record.where / "superseded_by").problem(fault, RULE)


def _fault(library: Library, record: BriefRecord, target: BriefRecord) -> str:
    if target is record:
        return "a brief cannot supersede itself; name the one that readers should turn to"
    chain = [record.id]
    following: BriefRecord | None = target
    while following and following.id not in chain:
        chain.append(following.id)
        following = library.briefs.get(following.brief.superseded_by or "")
    if following is record:
        way = " -> ".join([*chain, record.id])
        return f"this leads back here: {way}; delete it in the brief that is to be read"
    if target.withdrawn:
        became = "retracted" if target.withdrawn.kind == "retraction" else "removed"
        return f"brief '{target.id}' was {became}; name one that readers can turn to"
    if target.brief.status == "draft" and record.brief.status != "draft":
        return f"brief '{target.id}' is a draft; publish it, or take it out here"
    return ""
