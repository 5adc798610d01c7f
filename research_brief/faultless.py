"""The checks, of which those that look at one brief alone pass by what they found faultless before.

A brief is faultless under the hash of all on which such a check may depend: itself with all briefs
that it names, all sources and entities, what is quoted anywhere, settings. Where there is an error
all checks look through everything, so that what they advise does not depend on what was kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from research_brief.checks import MOST, checks, most
from research_brief.evidence.standing import all_quoted
from research_brief.kept_data import Kept, KeptData
from research_brief.library import Library
from research_brief.page_store import Noted
from research_brief.problems import Problem
from research_brief.sketches import Surroundings

ALONE = frozenset(
    "copied-text duplicate-id event-order incomplete-comparison loose-quotation lost-hedge"
    " missing-glyph missing-speaker missing-translation quote-length quote-paragraph"
    " quote-verbatim repeated-entry review-by revision-order rich-text stale-as-of"
    " unfitting-status unknown-id unknown-paragraph unnamed-speaker unsupported-claim"
    " unsupported-figure withdrawn-claim".split()
)
"""The rules that ask of a brief nothing but what its hash tells. Any other one is asked of all
content, every time."""


PART = 250
"""Briefs that are looked through together; of very many a quarter, because sources and entities are
looked through with each part."""


def check(library: Library, kept: KeptData, told: object) -> list[Problem]:
    """What all checks find, in the order of files and lines. What is known of briefs is `kept`;
    what the checks depend on besides is `told` (JSON)."""
    place = kept.root / "faultless"
    before = kept.get(place, "")
    names: Noted[list[str]] = Noted(None, "names")
    names.before = before.data["names"] if before else {}
    around = Surroundings(library, names)
    known = {*before.data["faultless"]} if before else set()
    keys = _keys(library, around, told)
    others = {id for id, key in keys.items() if key not in known}
    found = set(_found(library, alone=False))
    whole = library.strays or library.broken or len(others) == len(keys) <= PART
    if not whole:
        library.memo.clear()
        alone = _in_parts(library, around, sorted(others))
        whole = len(alone) >= MOST or any(problem.level == "error" for problem in alone)
    if whole:
        alone = set(_found(library, alone=True))
    good = [] if library.broken else [*_good(library, keys, alone)]
    said = {"names": names.now, "faultless": good}
    if before is None or before.data != said:
        kept.put(place, Kept("", "", said))
    return sorted(found | alone)


def _in_parts(library: Library, around: Surroundings, briefs: Sequence[str]) -> set[Problem]:
    """What the rules that ask of one brief alone find in some, a part of them at a time: what they
    put together of all would take as much memory as the content."""
    found: set[Problem] = set()
    size = max(PART, len(briefs) // 4)
    for start in range(0, len(briefs) or 1, size):  # if in none, then in sources and entities
        near = {id: library.briefs[id] for id in sorted(around.reached(briefs[start:][:size]))}
        found.update(_found(replace(library, briefs=near, part_of=library), alone=True))
    return found


def _keys(library: Library, around: Surroundings, told: object) -> dict[str, str]:
    """Under what each brief is known, by its id."""
    quoted = sha256()
    for shown in all_quoted(library):
        quoted.update(f"{shown.source.id, shown.words}".encode())
    return {id: around.near({id}, id, told, quoted.hexdigest()) for id in library.briefs}


def _found(library: Library, *, alone: bool) -> Iterator[Problem]:
    for rule, run in checks().items():
        if (rule in ALONE) == alone:
            yield from most(run(library))


def _good(library: Library, keys: dict[str, str], problems: set[Problem]) -> Iterator[str]:
    """The keys of the briefs in which none of some problems is."""
    if len(problems) >= MOST:  # there may be more
        return
    bad = {problem.place.file for problem in problems}
    for id, record in library.briefs.items():
        if bad.isdisjoint([record.where.file, *(part.where.file for part in record.sections)]):
            yield keys[id]
