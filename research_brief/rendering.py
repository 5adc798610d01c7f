"""From the library to the pages of one language: which there are, and of what. Writes nothing."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from research_brief.addresses import Address
from research_brief.excerpts import Excerpt, Excerpts, Outline
from research_brief.extent import Extent, named_by
from research_brief.library import (
    BriefRecord,
    EntityRecord,
    FrozenEdition,
    Library,
    SourceRecord,
    TombstoneRecord,
)
from research_brief.manual import rules
from research_brief.page_maker import PageMaker
from research_brief.page_store import Noted, PageStore
from research_brief.pages import Entry, Page, Part
from research_brief.problems import Place, ProblemsFound
from research_brief.readers import as_then
from research_brief.settings import Wordbook
from research_brief.subjects import Subjects
from research_brief.templating import Templates
from research_brief.whereabouts import INDEXES
from research_brief.wording import Wording

Made = tuple[list[Page], dict[str, int]]
"""Pages, and the numbers that claims have on them."""


def render(
    library: Library,
    language: str,
    words: Mapping[str, Wordbook],
    templates: Path,
    store: PageStore | None = None,
) -> list[Page]:
    """All pages in `language`; `words` holds the interface words of every language of the site.
    Pages of briefs, entities and sources are taken from the `store` if it has them.

    Raises ProblemsFound with the faults of all templates.
    """
    renderer = _Renderer(Wording(library, language, words), Templates(templates))
    renderer.store = store
    found = renderer.templates.problems
    try:
        pages = list(renderer.pages()) if not found else []
    except ProblemsFound as error:  # of the words
        found += error.problems
    if found:
        raise ProblemsFound(found)
    return pages


class _Renderer(PageMaker):
    store: PageStore | None = None

    # --- Pages ------------------------------------------------------------------------------

    def pages(self) -> Iterator[Page]:
        library = self.library
        self._assess()
        yield self._home()
        pages = [page for brief in library.newest_briefs for page in self._brief(brief)]
        collected = {f"briefs/{brief.id}" for brief in library.collected if brief.sections}
        yield self._briefs([page for page in pages if page.path in collected])
        yield from pages
        for folder, address in INDEXES.items():
            records = [r for r in library.entities.values() if r.folder == folder]
            records.sort(key=lambda record: self.wording.order(record.entity.name))
            yield self._entities(folder, address, [record.id for record in records])
            yield from map(self._entity, records)
        yield self._sources()
        yield from map(self._source, library.sources.values())
        for path in ("method", "corrections", "privacy", "colophon", "contribute"):
            yield self.index(path, path)
        yield self.index("data", "data", records=library.newest_briefs)
        yield self._rules()
        for address, record in self.excerpts.whereabouts.withdrawn().items():
            yield self._withdrawn(address, record)
        if self.store:
            self.store.held[f"pages {self.wording.language}"] = self._now

    def _home(self) -> Page:
        title = self.wording.bare(self.library.settings.extra.name)
        description = self.wording.words["pages"]["home"]["description"]
        kind = "home" if self.library.briefs else "empty"
        records = self.library.standing_briefs or self.library.newest_briefs
        return self.page("", kind, title, description, records=records)

    def _briefs(self, collected: Sequence[Page]) -> Page:
        """The list of all briefs, with what is bound with the pages of those that are collected."""

        def made(it: Subjects) -> Page:
            page = it.index("briefs", "briefs", records=it.library.newest_briefs)
            return replace(page, paper=it.paper(collected, None)) if collected else page

        digests = " ".join(page.digest for page in collected)
        return self._list(f"briefs {digests}", self.excerpts.of_collection, made)

    def _entities(self, folder: str, address: str, ids: Sequence[str]) -> Page:
        origin = Place(f"content/entities/{folder}.yaml")

        def made(it: Subjects) -> Page:
            records = [it.library.entities[id] for id in ids]
            return it.index(address, "entities", records=records, origin=origin)

        return self._list(address, self.excerpts.of_lists, made)

    def _sources(self) -> Page:
        return self._list(
            "sources",
            self.excerpts.of_lists,
            lambda it: it.index("sources", "sources", records=[*it.library.sources.values()]),
        )

    def _list(self, name: str, excerpt: Excerpt, make: Callable[[Subjects], Page]) -> Page:
        outline = excerpt.outline()
        [page], _ = self._made(f"list {name}", outline, lambda: excerpt, lambda it: [make(it)])
        return page

    def _brief(self, brief: BriefRecord) -> Iterator[Page]:
        (first, *others), numbers = self._made(
            f"brief {brief.id}",
            self.excerpts.outline_of(brief),
            lambda: self.excerpts.of_brief(brief),
            lambda it: it.brief(it.library.briefs[brief.id]),
        )
        self.numbers |= numbers  # only these: in its editions claims have the numbers of then
        yield first
        yield from (self._edition(one, brief) for one in self.library.editions.get(brief.id, ()))
        yield from others

    def _edition(self, edition: FrozenEdition, current: BriefRecord) -> Page:
        """The page of a frozen edition, made by the templates of today from the content of then."""
        # Of the brief of today it tells what became of it, and nothing that it says.
        current = current.outline
        then = Excerpts(as_then(self.library, edition)).of_brief(edition.record)
        if notice := current.withdrawn:  # which may name what nobody knew of then
            then = then.naming(Extent.reach(self.library, [notice]).entities, self.library)
        name = f"edition {edition.number} {current.digest}"
        outline = then.outline()._replace(briefs=[])  # how long they are today is nothing to it
        [page], _ = self._made(
            name, outline, lambda: then, lambda it: [it.edition(edition, current)]
        )
        return page

    def _entity(self, record: EntityRecord) -> Page:
        [page], _ = self._made(
            f"entity {record.id}",
            self.excerpts.outline_of(record),
            lambda: self.excerpts.of_entity(record),
            lambda it: [it.entity(it.library.entities[record.id])],
        )
        return page

    def _source(self, record: SourceRecord) -> Page:
        [page], _ = self._made(
            f"source {record.id}",
            self.excerpts.outline_of(record),
            lambda: self.excerpts.of_source(record),
            lambda it: [it.source(it.library.sources[record.id])],
        )
        return page

    def _assess(self) -> None:
        """Find out how long all briefs take to read, which the pages of others tell."""
        noted: Noted[int] = Noted(self.store, f"minutes {self.wording.language}", small=True)
        for brief in self.library.briefs.values():
            named = self.excerpts.outline_of(brief).named
            key = sha256(f"{brief.digest} {named}".encode()).hexdigest()
            self.minutes[brief.id] = noted.get(key, partial(self._minutes, brief))
        noted.keep()

    def _made(
        self,
        name: str,
        outline: Outline,
        excerpt: Callable[[], Excerpt],
        make: Callable[[Subjects], Iterable[Page]],
    ) -> Made:
        """The pages that are made from an excerpt, from the store if they are there, and the
        numbers that claims have on them."""
        store, known = self.store, self.numbers
        # What its pages tell of what it does not hold in full.
        minutes = {id: self.minutes[id] for id in outline.briefs}
        others = {address: known[address] for address in outline.shown if address in known}

        def newly_made() -> Made:
            found = excerpt().naming(self._named_by_words, self.library)
            return self._newly_made(replace(found, numbers=others, minutes=minutes), make)

        if store is None:
            return newly_made()
        told = [self.wording.language, name, outline.digest, self._words, others, minutes]
        made_of = sha256(json.dumps(told).encode()).hexdigest()
        whole, outlines = store.key(["pages", made_of]), store.key(["outlines", made_of])
        load = partial(self._made_together, whole)
        if store.has(whole) and (found := self._before.get(whole) or self._kept(outlines, load)):
            self._now[whole] = found
            return found
        before = len(self.templates.problems)
        made, numbers = newly_made()
        if len(self.templates.problems) > before:  # no site will be made of this
            return made, numbers
        texts = [page.as_text() for page in made]
        store.put(whole, f"[{', '.join(texts)}]".encode())
        made = [
            page.outline(text, partial(load, number))
            for number, (page, text) in enumerate(zip(made, texts, strict=True))
        ]
        said = {"pages": [page.as_data() for page in made], "numbers": numbers}
        store.put(outlines, json.dumps(said, ensure_ascii=False).encode())
        self._now[whole] = made, numbers
        return made, numbers

    def _kept(self, key: str, load: Callable[[int], Page]) -> Made | None:
        """The same from the store."""
        assert self.store
        kept = self.store.get(key)
        if kept is None:
            return None
        found = json.loads(kept)
        pages = [
            Page.from_data(page, partial(load, number))
            for number, page in enumerate(found["pages"])
        ]
        return pages, found["numbers"]

    @cached_property
    def _before(self) -> dict[str, Made]:
        """What the last build made or had, if this process made it."""
        return self.store.held.get(f"pages {self.wording.language}", {}) if self.store else {}

    @cached_property
    def _now(self) -> dict[str, Made]:
        """The same of this one, by the keys of whole pages."""
        return {}

    def _newly_made(self, excerpt: Excerpt, make: Callable[[Subjects], Iterable[Page]]) -> Made:
        wording = Wording(excerpt.library, self.wording.language, self.wording.books)
        maker = Subjects(wording, self._templates_of_excerpts, excerpt)
        made = list(make(maker))
        # Those that it was told are known.
        return made, {a: number for a, number in maker.numbers.items() if a not in excerpt.numbers}

    @cached_property
    def _made_together(self) -> "_MadeTogether":
        assert self.store
        # What is held of pages leads to it.
        held = self.store.held.setdefault(f"whole {self.wording.language}", _MadeTogether())
        held.store = self.store
        return held  # type: ignore[no-any-return]

    @cached_property
    def _templates_of_excerpts(self) -> Templates:
        """Taught the names of one excerpt after the other, each when its pages are made."""
        return self.templates.again()

    @cached_property
    def _named_by_words(self) -> set[str]:
        """The entities that the interface words name."""
        return named_by(self.library, self.wording.words)

    @cached_property
    def _words(self) -> list[str]:
        """What identifies these."""
        return [self.library.entities[id].digest for id in sorted(self._named_by_words)]

    def _withdrawn(self, address: Address, record: TombstoneRecord) -> Page:
        """What stands where a page was; no search finds it."""
        said, folder = self.wording.words["withdrawn"], address.partition("/")[0]
        page = self.page(
            address.rstrip("/"),
            "withdrawn",
            said["title"],
            self.wording.bare(record.tombstone.text),
            origin=record.where.place,
            address=address,
            index=INDEXES.get(folder, folder),
            tombstone=record.tombstone,
        )
        return replace(page, entries=(), indexed=False)

    def _rules(self) -> Page:
        """The editors' manual: a part for each rule."""
        page = self.index("contribute/rules", "rules")
        template = "rule.html"
        parts = tuple(
            Part(rule.id, rule.id, self.templates.render(template, {"rule": rule}), template)
            for rule in rules().values()
        )
        found = [Entry(rule.id, rule.id, rule.summary) for rule in rules().values()]
        return replace(page, parts=parts, entries=(*page.entries, *found))


class _MadeTogether:
    """Pages in a store. Those of one key were made together, and are asked for one after the other:
    the last ones stay at hand."""

    store: PageStore

    def __init__(self) -> None:
        self.key = ""
        self.pages: list[Page] = []

    def __call__(self, key: str, number: int) -> Page:
        if key != self.key:
            pages = json.loads(self.store.again(key))
            self.key, self.pages = key, [Page.from_data(page) for page in pages]
        return self.pages[number]
