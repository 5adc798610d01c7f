"""The same id stands twice in one list: of subjects, topics, sources, claims ...

It would be shown twice, and counted twice.

Bad:

    about: [tencent, alibaba, tencent]

Good:

    about: [tencent, alibaba]
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.problems import Problem
from research_brief.values import Anchor, Id, SectionRef, Steps


def check(library: Library) -> Iterator[Problem]:
    if not any(map(_may_repeat, library.values(list))):
        return
    seen: set[tuple[str, Steps, str]] = set()
    for brief, where, id in library.every(Id):
        # Sections and anchors that are repeated are faults of another rule.
        if isinstance(where.steps[-1], int) and not isinstance(id, (Anchor, SectionRef)):
            entry = where.file, where.steps[:-1], id.removeprefix(f"{brief}#")
            if entry in seen:
                message = f"'{id}' stands in this list already; delete one"
                yield where.problem(message, "repeated-entry")
            seen.add(entry)


def _may_repeat(of_brief: tuple[str, list[list[Id]]]) -> bool:
    """Whether one of some lists of a brief has an entry twice."""
    brief, lists = of_brief
    home = f"{brief}#"
    return any(len({id.removeprefix(home) for id in ids}) < len(ids) for ids in lists)
