"""The revisions of a brief contradict its dates or one another.

They stand in the order of their days, oldest first, and none is before the day of publication. One
at most is of the kind `publication`, and it is of that day. A retraction or removal is the last
word: what was withdrawn may still be removed, and nothing else comes behind it, because that would
silently offer it again. To publish it anew write another brief, and name that under
`superseded_by`.

Bad:

    published: 2025-10-01
    revisions:
      - {date: 2025-11-02, kind: retraction, text: The figures were wrong.}
      - {date: 2025-11-01, kind: correction, text: The name was misspelt.}

Good:

    published: 2025-10-01
    revisions:
      - {date: 2025-11-01, kind: correction, text: The name was misspelt.}
      - {date: 2025-11-02, kind: retraction, text: The figures were wrong.}
"""

from collections.abc import Iterator

from research_brief.library import BriefRecord, Library, Where
from research_brief.problems import Problem

RULE = "revision-order"


def check(library: Library) -> Iterator[Problem]:
    for record in library.briefs.values():
        yield from _of(record)


def _of(record: BriefRecord) -> Iterator[Problem]:
    latest = published = record.brief.published
    first: Where | None = None  # the publication among the revisions
    ended = ""  # the kind that ended it
    for number, revision in enumerate(record.brief.revisions):
        where = record.where / "revisions" / number
        if revision.date < published:
            message = f"{revision.date} is before the publication of the brief, {published}"
            yield (where / "date").problem(f"{message}; correct one of the two", RULE)
        elif revision.date < latest:
            message = f"{revision.date} stands behind {latest}; move it up: oldest first"
            yield (where / "date").problem(message, RULE)
        elif revision.kind == "publication" and not first and revision.date != published:
            message = f"the publication is of {revision.date}, and 'published' says {published}"
            yield (where / "date").problem(f"{message}; correct one of the two", RULE)
        if revision.kind == "publication":
            if first:
                message = f"a brief is published once, which stands already at {first.place};"
                message += " call a later change an update"
                yield (where / "kind").problem(message, RULE)
            first = first or where
        if ended and not (ended == "retraction" and revision.kind == "removal"):
            message = f"nothing comes behind a {ended}: publish another brief, and name it under"
            yield (where / "kind").problem(f"{message} 'superseded_by' here", RULE)
        ended = revision.kind if revision.kind in {"retraction", "removal"} else ended
        latest = max(latest, revision.date)
