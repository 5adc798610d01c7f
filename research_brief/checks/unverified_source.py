"""Nothing that a published brief quotes from a source was ever compared with its text.

Whoever holds the text runs `python build.py source verify ID` and commits the receipts. Where
nobody of the desk can do it, `unverified` says why: readers see it on the page of the source, and
“not yet verified” at every quotation. In a draft it is a warning.

Bad:

    kind: book              # and no receipts beside it

Good:

    kind: book
    unverified: {en: "The book was read in a library.", zh: 书是在图书馆读的。}
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.problems import Level, Problem


def check(library: Library) -> Iterator[Problem]:
    published = {
        library.source_of(record, number)
        for record in library.claims.values()
        if library.briefs[record.brief].brief.status != "draft"
        for number in range(len(record.claim.evidence))
    }
    for source in library.sources.values():
        if source.receipts or source.is_open or source.source.unverified:
            continue
        if f"receipts:{source.id}" in library.broken:  # said already
            continue
        level: Level = "error" if source.id in published else "warning"
        message = (
            f"nothing quoted from {source.id} was compared with its text; whoever holds it runs "
            f"'python build.py source verify {source.id}', or 'unverified' says why nobody can"
        )
        yield source.where.problem(message, "unverified-source", level)
