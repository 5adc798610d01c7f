"""The library: everything that was loaded, by id, with the links between the parts.

It is made of models only and knows where each came from. References are looked up
here; whether they all exist is for `checks/unknown_id.py` to say.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar

from research_brief.addresses import Address, Tombstone
from research_brief.brief import Brief, Revision
from research_brief.evidence.receipts import Receipts
from research_brief.evidence.texts import SourceText
from research_brief.models import Claim, Entity, SectionBase, Source
from research_brief.problems import Level, Place, Problem
from research_brief.settings import Settings
from research_brief.values import FullDate, Id, Model, Steps
from research_brief.walk import Holding

T = TypeVar("T")

COLLECTED = 20
"""Briefs in the PDF of all: as long as the first, 340 pages, for which Typst takes 2 GB."""


class Where(NamedTuple):
    """A spot in a content file: `where / "claims" / "own-chips"` walks down from the top."""

    file: str
    marks: Mapping[Steps, tuple[int, int]]
    steps: Steps = ()

    def __truediv__(self, step: str | int) -> "Where":
        file, marks, steps = self
        return tuple.__new__(Where, (file, marks, (*steps, step)))  # Where(), at half its cost

    def below(self, steps: Steps) -> "Where":
        """The spot so many steps further down."""
        return Where(self.file, self.marks, (*self.steps, *steps))

    @property
    def place(self) -> Place:
        """The line and column of this spot, or of the nearest one above it that is in the file."""
        steps = self.steps
        while steps not in self.marks and steps:
            steps = steps[:-1]
        return Place(self.file, *self.marks.get(steps, (1, 1)))

    def problem(self, message: str, rule: str, level: Level = "error") -> Problem:
        """A fault at this spot."""
        return Problem(self.place, message, rule, level)


def _digest(*parts: tuple[str, Where, Model]) -> str:
    """The SHA-256 of models, each with a name and where it stands."""
    found = sha256()
    for name, where, model in parts:
        found.update(f"\0{name}\0{where.place}\0{model.model_dump_json()}".encode())
    return found.hexdigest()


class Found(NamedTuple, Generic[T]):
    """A text, id, reference or date in the content: of which brief ("" for none), where, and it."""

    brief: str
    where: Where
    value: T


@dataclass(frozen=True)
class ClaimRecord:
    """A claim with its home."""

    brief: str
    section: str
    id: str
    claim: Claim
    where: Where

    @property
    def address(self) -> str:
        """`brief#claim`, unique in the library."""
        return f"{self.brief}#{self.id}"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says, wherever that stands."""
        return sha256(f"{self.section}\0{self.claim.model_dump_json()}".encode()).hexdigest()


@dataclass(frozen=True)
class SectionRecord:
    """A section with its id, which is its file's name and its anchor on the page."""

    id: str
    section: SectionBase
    where: Where


@dataclass(frozen=True)
class BriefRecord:
    """A brief with its sections in reading order."""

    id: str
    brief: Brief
    where: Where
    sections: tuple[SectionRecord, ...]

    @cached_property
    def claims(self) -> dict[str, ClaimRecord]:
        """The claims by id, in the order of their sections and files."""
        return {
            id: ClaimRecord(self.id, record.id, id, claim, where / id)
            for record in self.sections
            for where in (record.where / "claims",)
            for id, claim in record.section.claims.items()
        }

    @property
    def changed(self) -> FullDate:
        """The day of the last revision, or of publication."""
        return max([self.brief.published, *(revision.date for revision in self.brief.revisions)])

    @cached_property
    def outline(self) -> "BriefRecord":
        """The brief without its sections: what a list tells of it."""
        return replace(self, sections=())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says, and of where that stands."""
        parts = [(record.id, record.where, record.section) for record in self.sections]
        return _digest((self.id, self.where, self.brief), *parts)

    @cached_property
    def places(self) -> str:
        """The SHA-256 of its claims' ids, and of where each stands."""
        said = repr({id: record.where.place for id, record in self.claims.items()})
        return sha256(said.encode()).hexdigest()

    # Kept once asked for: of a brief that is not read, `folders.py` tells these and the digest.

    @cached_property
    def size(self) -> int:
        """How many claims it has."""
        return len(self.claims)

    @cached_property
    def formerly(self) -> Sequence[Id]:
        """The ids that it had before."""
        return self.brief.formerly

    @cached_property
    def withdrawn(self) -> Revision | None:
        """The retraction or removal that stands: the last revision, if it is one.

        Nothing offers such a brief to be read, cited or loaded down; a retracted one keeps its
        page, of a removed one nothing is left but title, date and reason (see `readers.py`).
        """
        last = self.brief.revisions[-1] if self.brief.revisions else None
        return last if last and last.kind in {"retraction", "removal"} else None

    @property
    def is_removed(self) -> bool:
        return self.withdrawn is not None and self.withdrawn.kind == "removal"


@dataclass(frozen=True)
class SourceRecord:
    """A source with its id, its text where it is at hand, and the receipts of its quotations."""

    id: str
    source: Source
    where: Where
    text: SourceText | None = None
    receipts: Receipts | None = None
    is_open: bool = False  # the text stands in the repository, for everybody to compare with

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says, where that stands, and how its words were compared."""
        said = _digest((self.id, self.where, self.source))
        text = self.text.fingerprint if self.text else ""
        receipts = self.receipts.model_dump_json() if self.receipts else ""
        return sha256(f"{said}\0{text}\0{self.is_open}\0{receipts}".encode()).hexdigest()


@dataclass(frozen=True)
class EntityRecord:
    """An entity with its id, its kind (`company`) and its folder on the site (`companies`)."""

    id: str
    kind: str
    folder: str
    entity: Entity
    where: Where

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says, and of where that stands."""
        return _digest((f"{self.kind} {self.folder} {self.id}", self.where, self.entity))


@dataclass(frozen=True)
class FrozenEdition:
    """A brief as it was, numbered from 1: its `library` holds the brief, and the sources and
    entities that it names, as they were on that day."""

    brief: str
    number: int
    date: FullDate
    library: "Library"
    where: Where

    @property
    def path(self) -> str:
        """The address of its page below a language's root."""
        return f"briefs/{self.brief}/editions/{self.number}"

    @property
    def record(self) -> BriefRecord:
        return self.library.briefs[self.brief]


@dataclass(frozen=True)
class TombstoneRecord:
    """What is said at an address where nothing is any more."""

    address: Address
    tombstone: Tombstone
    where: Where


@dataclass(frozen=True)
class Library:
    """All content of a site. Mappings keep the order of the files."""

    settings: Settings
    briefs: dict[str, BriefRecord]
    sources: dict[str, SourceRecord]
    entities: dict[str, EntityRecord]
    broken: frozenset[str] = frozenset()
    """What is there but could not be read (`entities`, `entity:ID`, `source:ID`, `receipts:ID`,
    `brief:ID`, `editions:ID`, `ledger`, `tombstones`), so that nobody is told that it is not."""
    strays: dict[str, tuple[SectionRecord, ...]] = field(default_factory=dict)
    """Sections of briefs whose `brief.yaml` could not be read: checked, never shown."""
    editions: dict[str, tuple[FrozenEdition, ...]] = field(default_factory=dict)
    """The frozen editions of each brief, the first one first. No check of words asks for them."""
    ledger: Mapping[Address, int] = field(default_factory=dict)
    """Every address that the site ever had, with its line in the ledger."""
    tombstones: dict[Address, TombstoneRecord] = field(default_factory=dict)
    """What is said at addresses where nothing is any more."""
    quoted: Sequence[tuple[str, str]] | None = field(default=None, repr=False, compare=False)
    """What all briefs show of sources, where these are some of them: ids of sources, and words."""
    memo: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What upper layers work out of the library, once; of a changed library anew."""

    @cached_property
    def claims(self) -> dict[str, ClaimRecord]:
        """Every claim by its address `brief#claim`."""
        return {
            f"{id}#{claim}": record
            for id, brief in self.briefs.items()
            for claim, record in brief.claims.items()
        }

    def models(self) -> Iterator[tuple[str, Where, Model]]:
        """Every model: the brief's id or "", where it stands, and the model itself."""
        yield from (("", it.where, it.entity) for it in self.entities.values())
        yield from (("", it.where, it.source) for it in self.sources.values())
        for brief in self.briefs.values():
            yield brief.id, brief.where, brief.brief
            yield from ((brief.id, record.where, record.section) for record in brief.sections)
        for id, sections in self.strays.items():
            yield from ((id, record.where, record.section) for record in sections)
        for grave in self.tombstones.values():
            yield "", grave.where, grave.tombstone

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all content, and of where it stands: two libraries that have the same say
        the same."""
        found = sha256(self.settings.model_dump_json().encode())
        kinds: tuple[Mapping[str, Any], ...] = (self.briefs, self.sources, self.entities)
        for records in kinds:
            found.update(repr({id: record.digest for id, record in records.items()}).encode())
        left = [(id, part.where, part.section) for id in self.strays for part in self.strays[id]]
        graves = [(str(at), grave.where, grave.tombstone) for at, grave in self.tombstones.items()]
        found.update(_digest(*left, *graves).encode())
        for brief, editions in self.editions.items():
            for one in editions:
                found.update(f"\0{brief}\0{one.number}\0{one.date}\0{one.library.digest}".encode())
        found.update("\0".join(self.ledger).encode())
        return found.hexdigest()

    @cached_property
    def names(self) -> list[str]:
        """The names and aliases of all entities, in all languages."""
        return [name for record in self.entities.values() for name in record.entity.names]

    def every(self, *kinds: type[T]) -> Iterator[Found[T]]:
        """Every text, id, reference or date of some kinds, their subclasses included, in the order
        of the content for each class."""
        new = tuple.__new__  # what Where() and Found() do, at half the cost of calling them
        for kind, parts in self._parts.items():
            if issubclass(kind, kinds):
                for brief, (file, marks, _), part in parts:
                    for steps, value in part.found[kind]:
                        yield new(Found, (brief, new(Where, (file, marks, steps)), value))

    def values(self, *kinds: type[T]) -> Iterator[tuple[str, list[T]]]:
        """The same without places, by model, each with its brief; much sooner had, so that places
        are asked for where there is a fault. Of `str`: all strings but those of texts and names; of
        `list`: the lists of two or more ids."""
        for kind, parts in self._parts.items():
            if issubclass(kind, kinds):
                for brief, _, part in parts:
                    yield brief, part.values[kind]

    @cached_property
    def _parts(self) -> dict[type, list[tuple[str, Where, Holding]]]:
        """The models that hold something of a class."""
        found: dict[type, list[tuple[str, Where, Holding]]] = {}
        for brief, where, model in self.models():
            part = Holding(model, where.steps)
            for kind in part.values:
                found.setdefault(kind, []).append((brief, where, part))
        return found

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What upper layers work out of the library, worked out once; `key` tells what it is."""
        if key not in self.memo:
            self.memo[key] = make()
        found: T = self.memo[key]
        return found

    def forget(self) -> None:
        """Let go of what was worked out: it can be had again, and of all briefs it takes much."""
        self.memo.clear()
        for name in ("claims", "_parts", "_claims_by_entity"):
            vars(self).pop(name, None)

    def without_drafts(self) -> "Library":
        """The library without the briefs that are drafts, and their editions."""
        shown = {id: brief for id, brief in self.briefs.items() if brief.brief.status != "draft"}
        if len(shown) == len(self.briefs):
            return self
        editions = {id: found for id, found in self.editions.items() if id in shown}
        return replace(self, briefs=shown, editions=editions)

    def claim(self, reference: str, brief: str) -> ClaimRecord | None:
        """The claim that `reference` names when it stands in `brief`: `claim` or `brief#claim`."""
        return self.claims.get(reference if "#" in reference else f"{brief}#{reference}")

    @cached_property
    def _claims_by_entity(self) -> dict[str, list[ClaimRecord]]:
        found: dict[str, list[ClaimRecord]] = {}
        for record in (claim for brief in self.standing_briefs for claim in brief.claims.values()):
            claim = record.claim
            mentioned = [*claim.about, *([claim.speaker] if claim.speaker else [])]
            for id in dict.fromkeys(mentioned):
                found.setdefault(id, []).append(record)
        return found

    @cached_property
    def newest_briefs(self) -> list[BriefRecord]:
        """The briefs, newest first; those of one day by id."""
        by_id = sorted(self.briefs.values(), key=lambda record: record.id)
        return sorted(by_id, key=lambda record: record.brief.published, reverse=True)

    @property
    def standing_briefs(self) -> list[BriefRecord]:
        """The briefs that were neither retracted nor removed, newest first."""
        return [brief for brief in self.newest_briefs if not brief.withdrawn]

    @property
    def collected(self) -> list[BriefRecord]:
        """The briefs that the PDF of all holds, newest first: all that stand, or what one file can
        take."""
        return self.standing_briefs[:COLLECTED]

    def claims_of(self, entity: str) -> list[ClaimRecord]:
        """The claims that are about the entity or said by it, newest brief first; none of a brief
        that was withdrawn, because what it said is said no longer."""
        return self._claims_by_entity.get(entity, [])

    def source_of(self, record: ClaimRecord, number: int) -> str:
        """The id of the source of a claim's evidence `number`: its own, or the brief's first."""
        return record.claim.evidence[number].source or self.briefs[record.brief].brief.sources[0]
