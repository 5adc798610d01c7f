"""Two libraries: what was added, removed, renamed, moved or changed between them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from research_brief.library import (
    BriefRecord,
    ClaimRecord,
    EntityRecord,
    Library,
    SectionRecord,
    SourceRecord,
)
from research_brief.meaning import verification
from research_brief.meaning.changes import Differences, Subject
from research_brief.meaning.fields import Fields
from research_brief.meaning.figures import Quotations, doubts
from research_brief.meaning.matching import matched
from research_brief.meaning.normal import Names, Normal
from research_brief.models import Entity, SectionBase, Source
from research_brief.problems import counted
from research_brief.values import Model, Plain

Record = EntityRecord | SourceRecord
Pairs = dict[str, str]
"""The new id of everything that is there on both sides, by its old one."""
UNREAD = "could not be read on one side, and is not compared"


def compare(old: Library, new: Library) -> Differences:
    """Every difference in meaning: of the settings, each brief, the entities and the sources."""
    return _Libraries(old, new).compare()


@dataclass(frozen=True)
class _Briefs:
    """A brief on both sides, with what is the same in it."""

    old: BriefRecord
    new: BriefRecord
    then: Normal
    now: Normal
    sections: Pairs
    claims: Pairs
    unread: frozenset[str]  # sections that one side lists and could not read

    def subject(self, kind: str, id: str = "") -> Subject:
        """The brief itself, or a part of it."""
        name = self.new.id
        return Subject(kind, f"{name}#{id}" if id else name, f"brief {name}")


class _Libraries:
    def __init__(self, old: Library, new: Library) -> None:
        self.old, self.new = old, new
        self.found = Differences()
        self.entities = _same(old.entities, new.entities, _model)
        self.sources = _same(old.sources, new.sources, _model)
        self.briefs = _same(old.briefs, new.briefs, _whole, lambda record: record.brief.formerly)
        self.claims = {
            then: _same(old.briefs[then].claims, new.briefs[now].claims, lambda r: r.claim)
            for then, now in self.briefs.items()
        }
        addresses = {
            f"{brief}#{id}": f"{self.briefs[brief]}#{now}"
            for brief, claims in self.claims.items()
            for id, now in claims.items()
        }
        self.names = Names(self.entities, self.sources, addresses)
        self.quoted, self.quotes = Quotations.of(old, addresses), Quotations.of(new, {})

    def compare(self) -> Differences:
        settings = self._fields(Subject("settings", "", "settings"))
        settings.compare(self.old.settings, self.new.settings)
        for id, then, now in _sides(self.old.briefs, self.new.briefs, self.briefs):
            subject = Subject("brief", id, f"brief {id}")
            if then and now:
                self._brief(self._briefs(then, now))
            else:
                self._one_sided(subject, then, now, _summary, frozenset({f"brief:{id}"}))
        for id, entity, now_entity in _sides(self.old.entities, self.new.entities, self.entities):
            kind = record.kind if (record := now_entity or entity) else ""
            subject = Subject(kind, id, "entities")
            self._record(subject, entity, now_entity, frozenset({f"entity:{id}", "entities"}))
        for id, source, now_source in _sides(self.old.sources, self.new.sources, self.sources):
            self._record(
                Subject("source", id, "sources"), source, now_source, frozenset({f"source:{id}"})
            )
        verification.compare(self.old, self.new, self.sources, self.found)
        return self.found

    # --- Briefs -----------------------------------------------------------------------------

    def _briefs(self, old: BriefRecord, new: BriefRecord) -> _Briefs:
        then = Normal(self.names, old.id, new.id, old.brief.sources[0])
        now = Normal(Names(), new.id, new.id, new.brief.sources[0])
        unread = {
            id
            for side in (old, new)
            for id in {*side.brief.sections} - {record.id for record in side.sections}
        }
        sections = _same(
            {record.id: (then, record) for record in old.sections},
            {record.id: (now, record) for record in new.sections},
            lambda side: _without_claims(*side),
        )
        return _Briefs(old, new, then, now, sections, self.claims[old.id], frozenset(unread))

    def _brief(self, both: _Briefs) -> None:
        old, new = both.old, both.new
        fields = self._fields(both.subject("brief"))
        for message in _standing(old, new):
            fields.note("standing", message)
        rest: dict[str, Any] = {"sections": []}  # they follow, each for itself
        if old.id != new.id:
            rest |= self._renamed(fields, old.id, new.id, f"briefs/{old.id}/", new.brief.formerly)
        fields.compare(
            both.then.model(old.brief).model_copy(update=rest),
            both.now.model(new.brief).model_copy(update=rest),
        )
        kept = [both.sections[id] for id in old.brief.sections if id in both.sections]
        fields.order(kept, new.brief.sections, ("sections",))
        for id in sorted(both.unread):
            self._fields(both.subject("section", id)).note("unread", UNREAD)
        self._sections(both)
        self._claims(both)

    def _sections(self, both: _Briefs) -> None:
        old = {record.id: record for record in both.old.sections}
        new = {record.id: record for record in both.new.sections}
        for id, then, now in _sides(old, new, both.sections):
            fields = self._fields(both.subject("section", id))
            if then and now:
                after = _without_claims(both.now, now)
                if then.id != id:
                    known = self._renamed(fields, then.id, id, f"#{then.id}", after.formerly)
                    after = after.model_copy(update=known)
                fields.compare(_without_claims(both.then, then), after)
            elif id not in both.unread:
                self._one_sided(fields.subject, then, now, _heading)

    def _claims(self, both: _Briefs) -> None:
        for id, then, now in _sides(both.old.claims, both.new.claims, both.claims):
            fields = self._fields(both.subject("claim", id))
            if not (then and now):
                if not any(side.section in both.unread for side in (then, now) if side):
                    self._one_sided(fields.subject, then, now, self._claim_said)
                continue
            claim = now.claim
            if then.id != id:
                known = self._renamed(fields, then.id, id, f"#{then.id}", claim.formerly)
                claim = claim.model_copy(update=known)
            if both.sections.get(then.section) != now.section:
                fields.add("moved", (), then.section, now.section)
            fields.compare(both.then.model(then.claim), both.now.model(claim))

    # --- Entities and sources ---------------------------------------------------------------

    def _record(
        self, subject: Subject, old: Record | None, new: Record | None, unread: frozenset[str]
    ) -> None:
        fields = self._fields(subject)
        if not (old and new):
            self._one_sided(subject, old, new, lambda side: fields.said(_model(side)), unread)
            return
        address, now, model = _address(old), _address(new), _model(new)
        if address != now:
            # Of another kind, its old address needs to be said in full.
            folder, name = address.split("/")[0], old.id
            name = name if folder == now.split("/")[0] else f"{folder}/{name}"
            if old.id == new.id:
                fields.add("changed", ("kind",), address, now)
            else:
                fields.add("renamed", (), old.id, new.id)
            model = model.model_copy(update=self._left(fields, name, address, model.formerly))
        fields.compare(Normal(self.names).model(_model(old)), Normal().model(model))

    # --- What is common ---------------------------------------------------------------------

    def _claim_said(self, record: ClaimRecord) -> str:
        return self._fields(Subject("claim", record.address, "")).said(record.claim)

    def _one_sided(
        self,
        subject: Subject,
        old: Any,
        new: Any,
        said: Callable[[Any], str],
        unread: frozenset[str] = frozenset(),
    ) -> None:
        """Add what is on one side only, unless the other side could not be read."""
        fields = self._fields(subject)
        if unread & (self.old if old is None else self.new).broken:
            fields.note("unread", UNREAD)
        elif new is None:
            fields.add("removed", (), old=said(old))
        else:
            fields.add("added", (), new=said(new))

    def _renamed(
        self, fields: Fields, old: str, new: str, address: str, formerly: Sequence[str]
    ) -> dict[str, Any]:
        """Add that something has another id, and look at its ids of before."""
        fields.add("renamed", (), old, new)
        return self._left(fields, old, address, formerly)

    @staticmethod
    def _left(fields: Fields, old: str, address: str, formerly: Sequence[str]) -> dict[str, Any]:
        """What is left to say of ids of before, when a rename was told; a notice without them."""
        if old not in formerly:
            fields.note("address", f"links to {address} break unless formerly: [{old}]")
        return {"formerly": [name for name in formerly if name != old]}

    def _fields(self, subject: Subject) -> Fields:
        brief = subject.group.removeprefix("brief ")
        then, now = replace(self.quoted, brief=brief), replace(self.quotes, brief=brief)
        return Fields(subject, self.found, self._named, partial(doubts, then=then, now=now))

    def _named(self, id: str) -> str:
        """How an entity is called: its name in the main language."""
        record = self.new.entities.get(id) or self.old.entities.get(id)
        return record.entity.name.best(self.new.settings.languages[0])[1] if record else id


T = TypeVar("T")


def _sides(
    old: Mapping[str, T], new: Mapping[str, T], pairs: Pairs
) -> Iterator[tuple[str, T | None, T | None]]:
    """Everything with its new id (or else the old one) and what it is on both sides: first what
    is gone, then the rest in the new order."""
    before = {now: then for then, now in pairs.items()}
    yield from ((id, item, None) for id, item in old.items() if id not in pairs)
    yield from ((id, old.get(before.get(id, "")), item) for id, item in new.items())


def _same(
    old: Mapping[str, T],
    new: Mapping[str, T],
    content: Callable[[T], Any],
    formerly: Callable[[T], Sequence[str]] | None = None,
) -> Pairs:
    """Things are the same by their id, by what they were called formerly, or by their words."""
    said = formerly or (lambda record: content(record).formerly)
    pairs = {id: id for id in old if id in new}
    for id, record in new.items():
        if id not in pairs:
            for name in (former.rpartition("/")[2] for former in said(record)):
                if name in old and name not in pairs:
                    pairs[name] = id
                    break
    taken = {*pairs.values()}
    return pairs | matched(
        {id: content(record) for id, record in old.items() if id not in pairs},
        {id: content(record) for id, record in new.items() if id not in taken},
    )


def _standing(old: BriefRecord, new: BriefRecord) -> Iterator[str]:
    """What becomes of a brief as a whole, in plain words."""
    before, after = (side.withdrawn.kind if side.withdrawn else "" for side in (old, new))
    if after == "retraction" != before:
        yield "the brief is retracted: its page says so, and nothing offers it to be read or cited"
    elif after == "removal" != before:
        yield "the brief is removed: of its page only the title, the dates and the reason stay"
    elif before and not after:
        yield f"the brief is offered again, as if the {before} had not been"
    then, now = old.brief.superseded_by, new.brief.superseded_by
    if now and now != then:
        yield f"readers of the brief are sent on to brief {now}"
    elif then and not now:
        yield f"readers of the brief are no longer sent on to brief {then}"


def _without_claims(normal: Normal, record: SectionRecord) -> SectionBase:
    return normal.model(record.section.model_copy(update={"claims": {}}))


def _whole(record: BriefRecord) -> list[Model]:
    return [record.brief, *(section.section for section in record.sections)]


def _summary(record: BriefRecord) -> str:
    parts = counted(len(record.sections), "section"), counted(len(record.claims), "claim")
    return "; ".join((_title(record.brief.title), record.brief.status, *parts))


def _heading(record: SectionRecord) -> str:
    return f"{_title(record.section.title)}; {record.section.kind}"


def _title(title: Plain) -> str:
    return " / ".join(dict.fromkeys(title.root.values()))


def _model(record: Record) -> Entity | Source:
    return record.entity if isinstance(record, EntityRecord) else record.source


def _address(record: Record) -> str:
    folder = record.folder if isinstance(record, EntityRecord) else "sources"
    return f"{folder}/{record.id}/"
