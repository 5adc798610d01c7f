"""Some briefs alone, with all that they name: what an editor of these looks at, had as soon in a
site of a thousand briefs as in a site of one.

The other briefs are not read, and so nobody is told that they are not there. What only all content
can say (what else is related, what was quoted elsewhere, which addresses there were) is left to a
whole check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from research_brief.extent import Extent, named_by
from research_brief.held import Held
from research_brief.library import Library
from research_brief.loading import load
from research_brief.problems import Problem, did_you_mean
from research_brief.refusals import Refused
from research_brief.settings import Settings, Wordbook

BRIEFS = Path("content/briefs")


class Missing(Refused):
    """A brief that was asked for is not there."""


def ids(root: Path, said: Sequence[str]) -> tuple[str, ...]:
    """The ids of briefs, said by them or by their folders. Raises Missing."""
    known = [path.name for path in (root / BRIEFS).glob("*") if path.is_dir()]
    found = tuple(dict.fromkeys(Path(one).name for one in said))
    for id in found:
        if id not in known:
            raise Missing(f"there is no brief '{id}'{did_you_mean(id, known)}")
    return found


def load_some(
    root: Path, settings: Settings, briefs: Sequence[str], held: Held | None
) -> tuple[Library, list[Problem]]:
    """Some briefs and those that they name, however far, with all sources and entities; and what is
    wrong with them. Raises Missing."""
    wanted = {*ids(root, briefs)}
    while True:
        library, problems = load(root, settings, held=held, only=wanted)
        named = {
            id
            for record in library.briefs.values()
            for id in Extent.of(library, record).briefs
            if f"brief:{id}" in library.broken
        }
        if named <= wanted:
            return library, problems
        wanted |= named


def narrowed(library: Library, words: Mapping[str, Wordbook]) -> Library:
    """The library with those sources and entities alone that its briefs, or the interface words,
    name; and without the addresses that the whole site had."""
    extents = [Extent.of(library, record) for record in library.briefs.values()]
    entities = {id for extent in extents for id in extent.entities}
    entities |= {id for book in words.values() for id in named_by(library, book)}
    sources = {id for extent in extents for id in extent.sources}
    found = replace(
        library,
        sources={id: record for id, record in library.sources.items() if id in sources},
        entities={id: record for id, record in library.entities.items() if id in entities},
        ledger={},
        tombstones={},
    )
    library.memo.clear()
    return found
