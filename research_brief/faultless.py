"""The checks, which pass by what they found faultless before.

Those that look at one brief alone know it as faultless under the hash of all on which they may
depend: itself with all briefs that it names, all sources and entities, what is quoted anywhere,
settings. Those that look at all content know that under the hash of all of it but our words.
Where there is an error all checks look through everything, so that what they advise does not depend
on what was kept.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from research_brief.checks import MOST, checks, most
from research_brief.dealings import Dealings
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
content."""


BRIEFS = "content/briefs"
PART = 250
"""Briefs that are looked through together; of very many a quarter, because sources and entities are
looked through with each part."""


def check(library: Library, kept: KeptData, told: object) -> list[Problem]:
    """What all checks find, in the order of files and lines. What is known of briefs is `kept`;
    what the checks depend on besides is `told` (JSON)."""
    place = kept.root / "faultless"
    kept_before = kept.get(place, "")
    before: dict[str, Any] = kept_before.data if kept_before else {}
    known = {*before.get("faultless", ())}
    names: Noted[list[str]] = Noted(None, "names")
    names.before = before.get("names", {})
    dealings = _dealings(library, before.get("dealings", {}))
    around = Surroundings(library, names)
    keys = _keys(library, around, [told, [it.quoted for it in dealings.values()]])
    whole = _whole(library, around, [told, [[id, it.bare] for id, it in dealings.items()]])
    others = {id for id, key in keys.items() if key not in known}
    found = set() if whole in known else set(_found(library, alone=False))
    is_all = library.strays or library.broken or len(others) == len(keys) <= PART
    if not is_all:
        library.memo.clear()
        quoted = [(id, words) for it in dealings.values() for id, words in it.quoted]
        alone = _in_parts(replace(library, quoted=quoted), around, sorted(others))
        is_all = len(alone) >= MOST or any(problem.level == "error" for problem in alone)
    if is_all:
        alone = set(_found(library, alone=True))
    good = [] if library.broken else [*_good(keys, alone), *(() if found else [whole])]
    said = {
        "names": names.now,
        "dealings": {library.briefs[id].digest: [*it] for id, it in dealings.items()},
        "faultless": good,
    }
    if before != said:
        kept.put(place, Kept("", "", said))
    return sorted(found | alone)


def _dealings(library: Library, before: Mapping[str, Sequence[Any]]) -> dict[str, Dealings]:
    """Those of each brief, by its id; some are known by its digest."""
    return {
        id: Dealings(*known) if (known := before.get(record.digest)) else Dealings.of(record)
        for id, record in library.briefs.items()
    }


def _in_parts(library: Library, around: Surroundings, briefs: Sequence[str]) -> set[Problem]:
    """What the rules that ask of one brief alone find in some, a part of them at a time: what they
    put together of all would take as much memory as the content."""
    found: set[Problem] = set()
    size = max(PART, len(briefs) // 4)
    for start in range(0, len(briefs) or 1, size):  # if in none, then in sources and entities
        near = {id: library.briefs[id] for id in sorted(around.reached(briefs[start:][:size]))}
        found.update(_found(replace(library, briefs=near), alone=True))
    return found


def _keys(library: Library, around: Surroundings, told: object) -> dict[str, str]:
    """Under what each brief is known, by its id."""
    hash = _hash(told)
    return {id: around.near({id}, id, hash) for id in library.briefs}


def _whole(library: Library, around: Surroundings, told: object) -> str:
    """Under what all content is known."""
    editions = [[it.brief, it.number, it.date] for them in library.editions.values() for it in them]
    graves = [[at, it.tombstone.model_dump_json()] for at, it in library.tombstones.items()]
    return around.near((), _hash([told, editions, graves, [*library.ledger]]))


def _hash(told: object) -> str:
    return sha256(json.dumps(told).encode()).hexdigest()


def _found(library: Library, *, alone: bool) -> Iterator[Problem]:
    for rule, run in checks().items():
        if (rule in ALONE) == alone:
            yield from most(run(library))


def _good(keys: dict[str, str], problems: set[Problem]) -> Iterator[str]:
    """The keys of the briefs in which none of some problems is."""
    if len(problems) >= MOST:  # there may be more
        return
    bad = {problem.place.file.rpartition("/")[0] for problem in problems}
    yield from (key for id, key in keys.items() if f"{BRIEFS}/{id}" not in bad)
