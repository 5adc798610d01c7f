"""Excerpts of the library: what the pages of one brief, entity or source are made from.

These pages see nothing else, so they stay as they were for as long as their excerpt does. What they
show is in it in full, with all that this names; what they only list is there without its sections.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from research_brief.evidence.budget import Share
from research_brief.evidence.tally import Tally, fingerprint_of
from research_brief.extent import Extent
from research_brief.figures import Citations, Relations
from research_brief.library import BriefRecord, ClaimRecord, EntityRecord, Library, SourceRecord
from research_brief.models import SectionBase
from research_brief.page_store import Noted, PageStore
from research_brief.quoted import Quoted
from research_brief.sketches import Sketches
from research_brief.values import Model, Plain
from research_brief.whereabouts import Gone, Moved, Whereabouts

_BARE = SectionBase.model_construct(kind="", title=Plain.model_construct({}))
"""A section of which nothing is said but claims."""

SHOWN = 50
"""Claims that the page of an entity shows: the newest of its own, and as many of others."""


class Outline(NamedTuple):
    """What is known of an excerpt before it is put together."""

    digest: str
    """What identifies all of it."""
    briefs: list[str]
    """The briefs of which something is in it."""
    shown: list[str]
    """The claims that the page of an entity shows."""
    named: str
    """What identifies the entities that a brief names."""


@dataclass(frozen=True)
class Excerpt:
    """A part of the library, and what its pages tell of the rest."""

    library: Library
    lists: Mapping[str, Any] = field(default_factory=dict)  # ids of what a page lists (JSON)
    shares: Mapping[str, Share] = field(default_factory=dict)  # how much of sources is quoted
    tallies: Mapping[str, Tally] = field(default_factory=dict)  # of the quotations from sources
    before: Mapping[str, list[str]] = field(default_factory=dict)  # ids that parts had before
    gone: Sequence[Moved | Gone] = ()  # what the page has no more
    numbers: Mapping[str, int] = field(default_factory=dict)  # of claims on the pages of briefs
    minutes: Mapping[str, int] = field(default_factory=dict)  # that briefs take to read

    def ids_before(self, brief: str, id: str) -> list[str]:
        """As Whereabouts says it."""
        return self.before.get(id, [])

    def departed(self, page: str) -> Sequence[Moved | Gone]:
        """As Whereabouts says it."""
        return self.gone

    def naming(self, entities: AbstractSet[str], library: Library) -> "Excerpt":
        """The excerpt with further entities of a library, where it has none of the same id."""
        ids = (entities & library.entities.keys()) - self.library.entities.keys()
        if not ids:
            return self
        more = {id: library.entities[id] for id in sorted(ids)} | self.library.entities
        return replace(self, library=replace(self.library, entities=more))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all of it."""
        tallies = {id: tally.as_data() for id, tally in self.tallies.items()}
        gone = [repr(one) for one in self.gone]
        rest = [self.lists, self.shares, tallies, self.before, gone, self.numbers, self.minutes]
        told = json.dumps([self.library.digest, rest], default=vars)
        return sha256(told.encode()).hexdigest()

    def outline(self, named: str = "") -> Outline:
        """What is to be known of it."""
        shown = [*self.lists.get("says", ()), *self.lists.get("said", ())]
        return Outline(self.digest, [*self.library.briefs], shown, named)


class Excerpts:
    """The excerpts of a library, each put together once for all languages, and only if somebody
    asks for more than what the build before knew of it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.citations = Citations(library)
        self.whereabouts = Whereabouts.of(library)
        self._last: tuple[tuple[str, str], Excerpt] | None = None
        self.remember(None)

    @classmethod
    def of(cls, library: Library) -> "Excerpts":
        """Those of the library."""
        return library.once(cls, lambda: cls(library))

    def remember(self, store: PageStore | None) -> None:
        """Take what the last build noted in a store."""
        self._outlines: Noted[list[Any]] = Noted(store, "excerpts", small=True)
        self._names: Noted[list[str]] = Noted(store, "named briefs", small=True)
        self.relations = Relations(self.library, store)
        self.tallies = Quoted(self.library, self.citations, store)
        self.sketches = Sketches(
            self.library,
            self._names,
            self.relations,
            self.citations,
            lambda: self.tallies.of_sources,
            self.whereabouts,
        )

    def keep(self) -> None:
        """Note for the next build what is known now."""
        self._outlines.keep()
        self._names.keep()
        self.relations.noted.keep()
        self.tallies.keep()

    def outline_of(self, record: BriefRecord | EntityRecord | SourceRecord) -> Outline:
        """The outline of the excerpt for the pages of a record."""
        return self.library.once((Outline, type(record), record.id), lambda: self._outline(record))

    def _outline(self, record: BriefRecord | EntityRecord | SourceRecord) -> Outline:
        def named() -> str:
            known = self.library.entities
            ids = sorted(self.extent(record.id).entities)
            return sha256("".join(known[id].digest for id in ids).encode()).hexdigest()

        def outline() -> list[Any]:
            if isinstance(record, BriefRecord):
                return [*self.of_brief(record).outline(named())]
            if isinstance(record, EntityRecord):
                return [*self.of_entity(record).outline()]
            return [*self.of_source(record).outline()]

        return Outline(*self._outlines.get(self.sketches.of(record), outline))

    @cached_property
    def shares(self) -> dict[str, Share]:
        """The shares of sources, but of those whose text only this machine knows."""
        found = self.tallies.shares
        return {id: found[id] for id in found if fingerprint_of(self.library.sources[id])}

    def of_brief(self, record: BriefRecord) -> Excerpt:
        """For the page of a brief, that of how it is cited, and its ledger."""
        return self.library.once((Excerpt, "brief", record.id), lambda: self._of_brief(record))

    def _of_brief(self, record: BriefRecord) -> Excerpt:
        related = self.relations.related(record)
        gone = self.whereabouts.departed(f"briefs/{record.id}/")
        moved = {one.now.partition("#")[0] for one in gone if isinstance(one, Moved)}
        notes = [one.tombstone for one in gone if isinstance(one, Gone)]
        library = self._part({record.id, *moved}, [*related], notes)
        if record.id in self.library.editions:
            library = replace(library, editions={record.id: self.library.editions[record.id]})
        return Excerpt(
            library,
            {"related": related},
            {id: self.shares[id] for id in library.sources if id in self.shares},
            {id: self.tallies.sources[id] for id in library.sources},
            self.whereabouts.all_before(record.id),
            gone,
        )

    def of_entity(self, record: EntityRecord) -> Excerpt:
        """For the page of an entity."""
        return self._now(("entity", record.id), lambda: self._of_entity(record))

    def _of_entity(self, record: EntityRecord) -> Excerpt:
        claims = self.library.claims_of(record.id)
        own = [claim for claim in claims if claim.claim.speaker == record.id]
        others = [claim for claim in claims if claim.claim.speaker != record.id]
        belonging = self.relations.belonging(record.id)
        lists = {
            "says": _addresses(own[:SHOWN]),
            "says_in": [claim.brief for claim in own[SHOWN:]],
            "said": _addresses(others[:SHOWN]),
            "said_in": [claim.brief for claim in others[SHOWN:]],
            "briefs": [brief.id for brief in self.relations.briefs_of.get(record.id, [])],
            "belonging": {fact: [one.id for one in found] for fact, found in belonging.items()},
            "together": [other.id for other in self.relations.together(record.id)],
            "sources": self.relations.sources_of.get(record.id, []),
        }
        shown = self._with_premises([*own[:SHOWN], *others[:SHOWN]])
        library = self._part(
            (),
            [*shown, *lists["says_in"], *lists["said_in"], *lists["briefs"]],
            [record.entity],
            {record.id, *lists["together"], *(one.id for b in belonging.values() for one in b)},
            lists["sources"],
            (claim for its_claims in shown.values() for claim in its_claims),
        )
        for id, its_claims in shown.items():
            library.briefs[id] = _showing(self.library.briefs[id], {it.id for it in its_claims})
        return Excerpt(library, lists)

    def _with_premises(self, claims: Iterable[ClaimRecord]) -> dict[str, list[ClaimRecord]]:
        """Some claims by their briefs, with those that they rest on, whose words stand there."""
        found: dict[str, list[ClaimRecord]] = {}
        for claim in claims:
            named = (self.library.claim(id, claim.brief) for id in claim.claim.rests_on)
            for one in (claim, *(it for it in named if it)):
                found.setdefault(one.brief, []).append(one)
        return found

    def of_source(self, record: SourceRecord) -> Excerpt:
        """For the page of a source: all briefs that use it."""
        return self._now(("source", record.id), lambda: self._of_source(record))

    def _now(self, key: tuple[str, str], make: Callable[[], Excerpt]) -> Excerpt:
        """An excerpt that is asked for again only while its pages are made: to keep those of all
        names would take as much as the content."""
        if self._last is None or self._last[0] != key:
            self._last = key, make()
        return self._last[1]

    def _of_source(self, record: SourceRecord) -> Excerpt:
        users = {brief.id for brief in self.citations.briefs[record.id]}
        library = self._part(users, [], [record.source], sources=[record.id])
        shares = {record.id: self.shares[record.id]} if record.id in self.shares else {}
        return Excerpt(library, shares=shares, tallies={record.id: self.tallies.sources[record.id]})

    @cached_property
    def of_lists(self) -> Excerpt:
        """For the pages that list all there is of a kind."""
        return Excerpt(self._listing({}))

    @cached_property
    def of_collection(self) -> Excerpt:
        """For the list of all briefs, and for what is bound with those that are collected."""
        collected = {brief.id: brief for brief in self.library.collected}
        return Excerpt(self._listing(collected), shares=self.shares, tallies=self.tallies.sources)

    def _listing(self, full: Mapping[str, BriefRecord]) -> Library:
        """The library with some briefs in full, and with all others as lists show them."""
        all = {id: full.get(id, record.outline) for id, record in self.library.briefs.items()}
        return Library(self.library.settings, all, self.library.sources, self.library.entities)

    def _part(
        self,
        full: Collection[str],
        listed: Collection[str],
        notes: Iterable[Model],
        entities: Iterable[str] = (),
        sources: Iterable[str] = (),
        claims: Iterable[ClaimRecord] = (),
    ) -> Library:
        """The part of the library with some briefs in full, with others as lists show them, with
        some models that stand elsewhere, entities and sources, and with all that these, and some
        claims, name."""
        known = self.library.briefs.keys()
        full = known & {*full, *(id for one in full for id in self.extent(one).briefs)}
        near = {id for one in listed for id in self.extent(one, outline=True).briefs}
        listed = known & {*listed, *near}
        reached = [self.extent(id) for id in full]
        reached += [self.extent(id, outline=True) for id in listed]
        reached += map(self._reach, claims)
        entities, sources = {*entities}, {*sources}
        models: list[Model] = [*notes, *(self.library.entities[id].entity for id in entities)]
        models += [self.library.sources[id].source for id in sources]
        reached.append(Extent.reach(self.library, models))
        entities = entities.union(*(extent.entities for extent in reached))
        sources = sources.union(*(extent.sources for extent in reached))
        briefs = {id: self.library.briefs[id].outline for id in listed}
        briefs |= {id: self.library.briefs[id] for id in full}
        return Library(
            self.library.settings,
            {id: briefs[id] for id in sorted(briefs)},
            {id: self.library.sources[id] for id in sorted(sources)},
            {id: self.library.entities[id] for id in sorted(entities)},
        )

    def _reach(self, record: ClaimRecord) -> Extent:
        """How far a claim reaches."""
        return self.library.once(
            (Extent, record.address), lambda: Extent.reach(self.library, [record.claim])
        )

    def extent(self, id: str, *, outline: bool = False) -> Extent:
        """How far a brief reaches, worked out once for all languages."""
        record = self.library.briefs[id]
        return self.library.once(
            (Extent, id, outline),
            lambda: Extent.of(self.library, record.outline if outline else record),
        )


def _showing(record: BriefRecord, claims: Collection[str]) -> BriefRecord:
    """A brief's outline with some claims, by their ids, and nothing else of their sections. Its
    digest is the same wherever these stand in their files."""
    shown = {id: claim for id, claim in record.claims.items() if id in claims}
    sections = tuple(
        replace(part, section=_BARE.model_copy(update={"claims": its_claims}))
        for part in record.sections
        if (its_claims := {it.id: it.claim for it in shown.values() if it.section == part.id})
    )
    found = replace(record, sections=sections)
    said = [record.outline.digest, *(f"{id} {claim.digest}" for id, claim in shown.items())]
    vars(found)["digest"] = sha256("\0".join(said).encode()).hexdigest()
    return found


def _addresses(records: Iterable[ClaimRecord]) -> list[str]:
    return [record.address for record in records]
