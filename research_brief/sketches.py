"""What the pages of one brief, entity or source may depend on at most, told without looking at all
that they name: if a sketch is as it was, so is the excerpt.

It holds more than the excerpt: every entity and source, and every brief that is near in full. An
edit of one brief so touches the sketches of what stands near it, and only for those it is worth
asking what exactly they are made from.
"""

import json
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from hashlib import sha256

from research_brief.extent import named
from research_brief.figures import Citations, Relations
from research_brief.library import BriefRecord, EntityRecord, Library, SourceRecord
from research_brief.page_store import Noted
from research_brief.whereabouts import Moved, Whereabouts


class Surroundings:
    """What stands around the briefs of a library, as hashes. `noted` tells the briefs that each
    brief names."""

    def __init__(self, library: Library, noted: Noted[list[str]]) -> None:
        self.library, self.noted = library, noted

    def near(self, briefs: Iterable[str], *told: object) -> str:
        """That of some briefs with all that they name, of what is no brief, and of what is told
        besides (JSON)."""
        found = sha256(self._rest)
        found.update(json.dumps(told).encode())
        for near in sorted(self.reached(briefs)):
            found.update(f"\0{near} {self.library.briefs[near].digest}".encode())
        return found.hexdigest()

    def reached(self, briefs: Iterable[str]) -> set[str]:
        """Some briefs, and those that they name, however far."""
        found: set[str] = set()
        waiting = [*briefs]
        while waiting:
            if (id := waiting.pop()) in self.library.briefs and id not in found:
                found.add(id)
                waiting += self._names[id]
        return found

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The briefs that each brief names."""
        return {
            id: self.noted.get(record.digest, partial(_named, record))
            for id, record in self.library.briefs.items()
        }

    @cached_property
    def _rest(self) -> bytes:
        """The hash of what is no brief: settings, sources, entities."""
        library = self.library
        told = [
            library.settings.model_dump_json(),
            [record.digest for record in library.sources.values()],
            [record.digest for record in library.entities.values()],
        ]
        return sha256(json.dumps(told).encode()).digest()


class Sketches(Surroundings):
    """The sketches of a library, as hashes. `quoted` tells how much is quoted of each source, and
    how much of that was compared (JSON)."""

    def __init__(
        self,
        library: Library,
        noted: Noted[list[str]],
        relations: Relations,
        citations: Citations,
        quoted: Callable[[], object],
        whereabouts: Whereabouts,
    ) -> None:
        super().__init__(library, noted)
        self.relations, self.citations, self.whereabouts = relations, citations, whereabouts
        self.quoted = quoted

    def of(self, record: BriefRecord | EntityRecord | SourceRecord) -> str:
        """For the pages of a record."""
        if isinstance(record, BriefRecord):
            return self._of_brief(record)
        if isinstance(record, EntityRecord):
            return self._of_entity(record)
        users = {brief.id for brief in self.citations.briefs[record.id]}
        return self.near(users, "source", record.id, self._quoted)

    def _of_brief(self, record: BriefRecord) -> str:
        shared = self.relations.related(record)
        gone = self.whereabouts.departed(f"briefs/{record.id}/")
        told = [shared, self.whereabouts.all_before(record.id), [repr(one) for one in gone]]
        editions = [
            [edition.number, edition.date, edition.library.digest]
            for edition in self.library.editions.get(record.id, ())
        ]
        moved = [one.now.partition("#")[0] for one in gone if isinstance(one, Moved)]
        briefs = {record.id, *moved, *shared}
        return self.near(briefs, "brief", record.id, self._quoted, told, editions)

    def _of_entity(self, record: EntityRecord) -> str:
        briefs = {claim.brief for claim in self.library.claims_of(record.id)}
        briefs |= {brief.id for brief in self.relations.briefs_of.get(record.id, [])}
        return self.near(briefs, "entity", record.id, self._quoted)

    @cached_property
    def _quoted(self) -> str:
        """The hash of how much is quoted of each source, and how much of that was compared."""
        return sha256(json.dumps(self.quoted()).encode()).hexdigest()


def _named(record: BriefRecord) -> list[str]:
    """The ids of the briefs that a brief names."""
    models = [record.brief, *(part.section for part in record.sections)]
    return sorted({id for model in models for kind, id in named(model) if kind == "briefs"})
