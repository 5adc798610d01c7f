"""Where everything is: every address that a library has, and where those of before lead.

What was renamed says so by `formerly`, what went by a tombstone. An old page becomes one that
leads on; an old anchor stands empty at the new one, or, where what it named is on another page
now, in a note on the page where it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from research_brief.addresses import (
    FOLDERS,
    HOME,
    Address,
    FormerAnchor,
    Tombstone,
)
from research_brief.library import Library, SectionRecord, TombstoneRecord, Where
from research_brief.values import Anchor, Id, Steps, Text
from research_brief.walk import Holding

INDEXES = {folder: "glossary" if folder == "terms" else folder for folder in FOLDERS}
"""The address of the page that lists the entities of a folder."""
FIXED = (
    *("method", "corrections", "data", "privacy", "colophon"),
    *("contribute", "contribute/rules"),
)
PAGES = ("briefs", *INDEXES.values(), "sources", *FIXED)
"""The pages that every site has, but for the first one."""
BELOW_BRIEF = ("", "evidence/", "cite/")
"""The pages of a brief: of one that was removed only the first is left, of one that was retracted
all but the last."""


@dataclass(frozen=True)
class Former:
    """An address of before: what is at `now` was there. `said` is how `formerly` gives it."""

    address: Address
    now: Address
    said: Id
    where: Where


@dataclass(frozen=True)
class Moved:
    """What a page had under `anchor`, and the page of another brief has now: its text or title,
    and where it is (`brief#id`)."""

    anchor: str
    text: Text
    now: str


@dataclass(frozen=True)
class Gone:
    """What a page had under `anchor` and no page has now."""

    anchor: str
    tombstone: Tombstone


class Whereabouts:
    """The addresses of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @classmethod
    def of(cls, library: Library) -> "Whereabouts":
        """Those of the library, worked out once."""
        return library.once(cls, lambda: cls(library))

    # --- What is there ----------------------------------------------------------------------

    @cached_property
    def things(self) -> dict[Address, Where]:
        """The page of every brief, source and entity."""
        library = self.library
        return {
            **{Address(f"briefs/{id}/"): record.where for id, record in library.briefs.items()},
            **{Address(f"sources/{id}/"): record.where for id, record in library.sources.items()},
            **{
                Address(f"{record.folder}/{id}/"): record.where
                for id, record in library.entities.items()
            },
        }

    @cached_property
    def pages(self) -> frozenset[Address]:
        """Every page."""
        briefs = {
            Address(f"briefs/{id}/{below}")
            for id, record in self.library.briefs.items()
            for below in BELOW_BRIEF[: 1 if record.is_removed else 2 if record.withdrawn else 3]
        }
        fixed = {Address(HOME), *(Address(f"{page}/") for page in PAGES)}
        editions = {
            Address(f"{edition.path}/")
            for id, editions in self.library.editions.items()
            for edition in (() if self._is_removed(id) else editions)
        }
        return frozenset(fixed | briefs | editions | self.things.keys())

    @cached_property
    def anchors(self) -> dict[Address, Where]:
        """Every section, claim and other part of a section that has an id, as an anchor on the
        page of its brief."""
        found = {
            _anchor(brief.id, record.id): record.where
            for brief in self.library.briefs.values()
            for record in (() if brief.is_removed else brief.sections)
        }
        for brief, where, id in self.library.every(Anchor):
            if brief in self.library.briefs and not self._is_removed(brief):
                found[_anchor(brief, id)] = where
        return found

    @cached_property
    def present(self) -> frozenset[str]:
        """Every page and anchor, without its place."""
        anchors = {
            f"briefs/{brief.id}/#{record.id}"
            for brief in self.library.briefs.values()
            for record in (() if brief.is_removed else brief.sections)
        }
        for brief, ids in self.library.values(Anchor):
            if brief in self.library.briefs and not self._is_removed(brief):
                anchors.update(f"briefs/{brief}/#{id}" for id in ids)
        return self.pages | anchors

    @cached_property
    def published(self) -> list[Address]:
        """All addresses, sorted."""
        return sorted({*self.pages, *self.anchors})

    @property
    def unlisted(self) -> list[Address]:
        """The addresses that are not in the ledger yet."""
        return [address for address in self.published if address not in self.library.ledger]

    # --- What was there ---------------------------------------------------------------------

    @cached_property
    def former_pages(self) -> list[Former]:
        """Every page that a brief, source or entity had before."""
        library = self.library
        found = []
        said: Iterator[tuple[Where, Sequence[Id]]] = chain(
            ((record.where, record.entity.formerly) for record in library.entities.values()),
            ((record.where, record.source.formerly) for record in library.sources.values()),
            ((record.where, record.brief.formerly) for record in library.briefs.values()),
        )
        for where, ids in said:
            for number, id in enumerate(ids):
                now = self._homes[where.file, where.steps]
                folder = "" if "/" in id else f"{now.partition('/')[0]}/"
                place = where / "formerly" / number
                found.append(Former(Address(f"{folder}{id}/"), now, id, place))
        return found

    @cached_property
    def former_anchors(self) -> list[Former]:
        """Every anchor that a part of a brief had before, on the page where it stood."""
        parts = ((id, part) for id, it in self.library.briefs.items() for part in it.sections)
        found = []
        for brief, part in parts:
            for steps, said in _formerly(part):
                owner = steps[-3] if len(steps) > 2 else PurePosixPath(part.where.file).stem
                home, _, id = said.rpartition("#")
                page = self.page(Address(f"briefs/{home or brief}/"))
                now, where = _anchor(brief, str(owner)), part.where._replace(steps=steps)
                found.append(Former(Address(f"{page}#{id}"), now, said, where))
        return found

    def page(self, address: Address) -> Address:
        """Where a page is now, or its own address if nothing says that it moved."""
        if address in self.pages:
            return address
        folder, id, *below = address.split("/", 2)
        new = self._leads.get(Address(f"{folder}/{id}/"))
        return address if new is None else Address(f"{new}{''.join(below)}")

    def renamed(self, address: str) -> Address | None:
        """Where what was at an address is now, if it has another one."""
        old = Address(address)
        return self._leads.get(old) or self._named.get(old)

    def find(self, address: Address) -> Address | None:
        """Where a reader of an old address arrives: at an address that is there, or at what is
        said of one that is not; None if there is nothing."""
        page, anchor = self.page(Address(address.page)), address.anchor
        folder, id, *_ = [*page.split("/"), ""]
        if folder == "briefs" and self._is_withdrawn(id, page):
            return Address(f"briefs/{id}/")  # which says so for all that it had
        if page not in self.pages:
            return page if self.grave(page) else None
        if not anchor:
            return page
        target = Address(f"{page}#{anchor}")
        if target in self.anchors or target in self._stays:
            return target
        return target if target in self._noted else None

    def grave(self, page: Address) -> Address | None:
        """The address of the tombstone that speaks for a page: its own, or that of the page above
        it."""
        above = Address("/".join(page.split("/")[:2]) + "/")
        return next((at for at in (page, above) if at in self.library.tombstones), None)

    # --- What is shown of it ----------------------------------------------------------------

    def ids_before(self, brief: str, id: str) -> list[str]:
        """The anchors that lead to the part `id` on the page of its brief, besides its own."""
        return self.all_before(brief).get(id, [])

    def all_before(self, brief: str) -> dict[str, list[str]]:
        """The same of every part of a brief that had another anchor."""
        return self._before.get(f"briefs/{brief}/", {})

    def departed(self, page: str) -> list[Moved | Gone]:
        """What is on a page no more, and is on another one or nowhere, in the order of ids."""
        return self._departed.get(Address(page), [])

    def withdrawn(self) -> dict[Address, TombstoneRecord]:
        """Every page that a tombstone speaks for, with those that stood below it."""
        graves = self.library.tombstones
        known = {Address(address.page) for address in [*graves, *self.library.ledger]}
        found = {page: self.grave(page) for page in sorted(known) if self.page(page) == page}
        return {
            page: graves[at]
            for page, at in found.items()
            if at is not None and page not in self.pages
        }

    def below_withdrawn(self) -> dict[Address, Address]:
        """Every page that a brief had below its own before it was withdrawn, with its own."""
        pages = {Address(address.page) for address in self.library.ledger}
        found = {page: self.find(page) for page in sorted(pages - self.pages)}
        return {
            page: now
            for page, now in found.items()
            if now and now.startswith("briefs/") and self._is_withdrawn(now.split("/")[1], page)
        }

    def _is_withdrawn(self, brief: str, page: Address) -> bool:
        """Whether a page of a brief went with it: all of one that was removed."""
        record = self.library.briefs.get(brief)
        gone = record and record.withdrawn and page not in self.pages
        return bool(gone) or self._is_removed(brief)

    def _is_removed(self, brief: str) -> bool:
        return brief in self.library.briefs and self.library.briefs[brief].is_removed

    # --- Worked out once --------------------------------------------------------------------

    @cached_property
    def _leads(self) -> dict[Address, Address]:
        return {former.address: former.now for former in reversed(self.former_pages)}

    @cached_property
    def _named(self) -> dict[Address, Address]:
        return {former.address: former.now for former in reversed(self.former_anchors)}

    @cached_property
    def _stays(self) -> dict[Address, Address]:
        """Old anchors of what is still on the page."""
        return {f.address: f.now for f in self.former_anchors if f.address.page == f.now.page}

    @cached_property
    def _before(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for old, now in self._stays.items():
            found.setdefault(now.page, {}).setdefault(now.anchor, []).append(old.anchor)
        return found

    @cached_property
    def _noted(self) -> set[Address]:
        return {
            Address(f"{page}#{one.anchor}")
            for page, found in self._departed.items()
            for one in found
        }

    @cached_property
    def _departed(self) -> dict[Address, list[Moved | Gone]]:
        found: dict[Address, list[Moved | Gone]] = {}
        for former in self.former_anchors:
            if former.address.page != former.now.page:
                now = former.now.removeprefix("briefs/").replace("/#", "#")
                moved = Moved(former.address.anchor, self._text(former), now)
                found.setdefault(Address(former.address.page), []).append(moved)
        for address, record in self.library.tombstones.items():
            if address.anchor:
                page = self.page(Address(address.page))
                found.setdefault(page, []).append(Gone(address.anchor, record.tombstone))
        return {page: sorted(all, key=lambda one: one.anchor) for page, all in found.items()}

    @cached_property
    def _homes(self) -> dict[tuple[str, Steps], Address]:
        """The page of each brief, source and entity by its place in the content."""
        return {(where.file, where.steps): page for page, where in self.things.items()}

    def _text(self, former: Former) -> Text:
        """What a part of a brief says: a claim its text, anything else its title."""
        file, steps = former.where.file, former.where.steps[:-2]
        brief = former.now.split("/")[1]
        records = self.library.briefs[brief].sections
        found: Any = next(record.section for record in records if record.where.file == file)
        for step in steps:
            found = found[step] if isinstance(found, dict) else getattr(found, str(step))
        text: Text = getattr(found, "title", None) or found.text
        return text


def _formerly(part: SectionRecord) -> Sequence[tuple[Steps, FormerAnchor]]:
    """The anchors that a section and its parts had before, each with where that is said. They stay
    with it, because hardly any has some, and after an edit nearly all are as they were."""
    known = vars(part)
    if "formerly" not in known:
        held = Holding(part.section, part.where.steps)
        known["formerly"] = held.found[FormerAnchor] if FormerAnchor in held.values else ()
    found: Sequence[tuple[Steps, FormerAnchor]] = known["formerly"]
    return found


def _anchor(brief: str, id: str) -> Address:
    return Address(f"briefs/{brief}/#{id}")
