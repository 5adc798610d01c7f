"""A claim, entity, source or topic is named that does not exist.

Every id in the content must lead somewhere, because it becomes a link. An entity must also be
of a kind that fits: only a company, organisation or person can be a `speaker`. A claim of
another brief is written `brief#claim`.

Bad:

    speaker: gou-tao

Good:

    speaker: guo-tao
"""

from collections.abc import Iterator, Mapping

from research_brief.addresses import FOLDERS
from research_brief.library import Library, Where
from research_brief.many import Ours
from research_brief.problems import Problem, did_you_mean, listed
from research_brief.richtext import entity_links
from research_brief.values import BriefRef, ClaimRef, EntityRef, Plain, SourceRef, Text
from research_brief.whereabouts import Whereabouts

RULE = "unknown-id"
NOWHERE = Where("", {})


def check(library: Library) -> Iterator[Problem]:
    if _are_known(library):
        return
    for brief, where, claim in library.every(ClaimRef):
        home = library.briefs.get(brief)
        if not home or claim not in home.claims:
            yield from _claim(library, brief, where, claim)
    for _, where, entity in library.every(EntityRef):
        record = library.entities.get(entity)
        if not record or record.kind not in entity.kinds:
            yield from _entity(library, where, entity, entity.kinds)
    for _, where, source in library.every(SourceRef):
        yield from _one(library, where, source, "source", library.sources)
    for _, where, other in library.every(BriefRef):
        yield from _one(library, where, other, "brief", library.briefs)
    for _, where, text in library.every(Text):
        for language, words in text.root.items():
            if "[" in words and not isinstance(text, Plain):
                for id in entity_links(words):
                    yield from _entity(library, where / language, id, EntityRef.kinds)


def _are_known(library: Library) -> bool:
    """Whether there is all that is named: what mostly holds, and is sooner said without places."""
    entities = library.entities
    for brief, claims in library.values(ClaimRef):
        home = library.briefs[brief].claims if brief in library.briefs else {}
        for claim in claims:
            if claim not in home and any(_claim(library, brief, NOWHERE, claim)):
                return False
    for _, named in library.values(EntityRef):
        kinds = named[0].kinds  # they are of one class
        if not all(id in entities and entities[id].kind in kinds for id in named):
            return False
    return (
        all(library.sources.keys() >= set(named) for _, named in library.values(SourceRef))
        and all(library.briefs.keys() >= set(named) for _, named in library.values(BriefRef))
        and all(map(entities.__contains__, Ours.of(library).links))
    )


def _claim(library: Library, brief: str, where: Where, reference: str) -> Iterator[Problem]:
    home = reference.partition("#")[0] if "#" in reference else brief
    if f"brief:{home}" in library.broken:
        return
    if library.claim(reference, brief):
        # Of a brief that cannot be read, its sections are looked at all the same.
        owner = library.briefs.get(brief)
        published = owner is not None and owner.brief.status == "published"
        if published and library.briefs[home].brief.status == "draft":
            message = f"brief '{home}' is a draft; publish it, or take '{reference}' out here"
            yield where.problem(message, RULE)
        return
    if home not in library.briefs:
        hint = _renamed(library, f"briefs/{home}/") or did_you_mean(home, library.briefs)
        hint = hint or "; look into content/briefs/"
        yield where.problem(f"unknown brief '{home}' in '{reference}'{hint}", RULE)
        return
    known = library.briefs[home].claims
    claim = reference.rpartition("#")[2]
    hint = _renamed(library, f"briefs/{home}/#{claim}") or did_you_mean(claim, known)
    hint = hint or f"; expected a claim of brief '{home}'"
    yield where.problem(f"unknown claim '{reference}'{hint}", RULE)


def _entity(library: Library, where: Where, id: str, kinds: tuple[str, ...]) -> Iterator[Problem]:
    if {"entities", f"entity:{id}"} & library.broken:
        return
    if id not in library.entities:
        fitting = [key for key, record in library.entities.items() if record.kind in kinds]
        called = library.once(_called, lambda: _called(library)).get(id.casefold(), [])
        named = [key for key in called if library.entities[key].kind in kinds]
        hint = _renamed(library, *(f"{folder}/{id}/" for folder in FOLDERS))
        hint = hint or (f"; did you mean '{named[0]}'?" if named else did_you_mean(id, fitting))
        hint = hint or f"; add it to content/entities/ as a {listed(kinds)}"
        yield where.problem(f"unknown entity '{id}'{hint}", RULE)
    elif (kind := library.entities[id].kind) not in kinds:
        article = "an" if kind == "organisation" else "a"
        yield where.problem(f"'{id}' is {article} {kind}; expected a {listed(kinds)}", RULE)


def _called(library: Library) -> dict[str, list[str]]:
    """The ids of entities by what editors may call them instead."""
    known: dict[str, list[str]] = {}
    for id, record in library.entities.items():
        for name in record.entity.names:
            known.setdefault(name.casefold(), []).append(id)
    return known


def _one(
    library: Library, where: Where, id: str, kind: str, known: Mapping[str, object]
) -> Iterator[Problem]:
    if id not in known and f"{kind}:{id}" not in library.broken:
        hint = _renamed(library, f"{kind}s/{id}/") or did_you_mean(id, known)
        hint = hint or f"; look into content/{kind}s/"
        yield where.problem(f"unknown {kind} '{id}'{hint}", RULE)


def _renamed(library: Library, *addresses: str) -> str:
    """`; it is 'new' now` for what was at one of the addresses, or nothing."""
    known = Whereabouts.of(library)
    found = next(filter(None, map(known.renamed, addresses)), None)
    return f"; it is '{found.anchor or found.split('/')[1]}' now" if found else ""
