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
    seen: set[tuple[str, Steps, str]] = set()
    for brief, where, id in library.every(Id):
        # Sections and anchors that are repeated are faults of another rule.
        if isinstance(where.steps[-1], int) and not isinstance(id, (Anchor, SectionRef)):
            entry = where.file, where.steps[:-1], id.removeprefix(f"{brief}#")
            if entry in seen:
                message = f"'{id}' stands in this list already; delete one"
                yield where.problem(message, "repeated-entry")
            seen.add(entry)
