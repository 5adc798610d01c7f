"""Two parts of a brief have the same id.

Sections, claims (with their ids of before, `formerly`), factors, challenges and remedies are
all anchors on the page of their brief, so that each can be linked to; an id that stands twice
would lead to the first only. The ids of the page's own parts (`takeaways`, `sources` ...) are
taken as well.

Bad:

    sections: [cost]        # and a claim or factor `cost` in cost.yaml

Good:

    sections: [motives]     # with a factor `cost`
"""

from collections.abc import Iterator

from research_brief.addresses import FormerAnchor
from research_brief.library import Library, Where
from research_brief.problems import Problem
from research_brief.values import Anchor
from research_brief.yamlfile import KEY

RESERVED = frozenset("top takeaways figures voices sources revisions cite related evidence".split())
"""The anchors that every brief page has."""


def check(library: Library) -> Iterator[Problem]:
    if _are_single(library):
        return
    for anchors in _anchors(library).values():
        first: dict[str, Where] = {}
        for id, where in anchors:
            if id in RESERVED or id.startswith("rb-"):
                message = f"the id '{id}' is taken by a part of every page; choose another one"
                yield where.problem(message, "duplicate-id")
            elif id in first:
                message = f"the id '{id}' stands already at {first[id].place}; choose another one"
                yield where.problem(message, "duplicate-id")
            first.setdefault(id, where)


def _are_single(library: Library) -> bool:
    """Whether each id of each brief is there once, and none of them is taken."""
    ids = {
        brief.id: [section.id for section in brief.sections] for brief in library.briefs.values()
    }
    for brief, anchors in library.values(Anchor, FormerAnchor):
        if brief in ids:
            ids[brief] += anchors
    return all(
        len(set(found)) == len(found)
        and RESERVED.isdisjoint(found)
        and not any(id.startswith("rb-") for id in found)
        for found in ids.values()
    )


def _anchors(library: Library) -> dict[str, list[tuple[str, Where]]]:
    """The ids on the page of each brief: those of its sections first."""
    found = {
        brief.id: [
            (section.id, brief.where / "sections" / number)
            for number, section in enumerate(brief.sections)
        ]
        for brief in library.briefs.values()
    }
    for brief, where, id in library.every(Anchor, FormerAnchor):
        if brief in found and "#" not in id:
            found[brief].append((str(id), where / KEY))
    return found
