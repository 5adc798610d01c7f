"""From the library to the pages of one language: which there are, and of what. Writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from research_brief import entries
from research_brief.addresses import Address
from research_brief.citing.metadata import linked_data, tags
from research_brief.citing.references import References
from research_brief.evidence.tally import fingerprint_of
from research_brief.glossary import terms_of
from research_brief.library import (
    BriefRecord,
    EntityRecord,
    FrozenEdition,
    Library,
    SourceRecord,
    TombstoneRecord,
)
from research_brief.manual import rules
from research_brief.models import Entity
from research_brief.page_maker import PageMaker
from research_brief.page_store import PageStore
from research_brief.pages import Entry, Page, Part
from research_brief.problems import Place, ProblemsFound
from research_brief.readers import as_then
from research_brief.repository import report_address
from research_brief.settings import Wordbook
from research_brief.shelf import Folio, numbered
from research_brief.templating import Templates
from research_brief.whereabouts import INDEXES, Whereabouts
from research_brief.wording import Wording

DEFINITIONS = "definitions.html"


def render(
    library: Library,
    language: str,
    words: Mapping[str, Wordbook],
    templates: Path,
    store: PageStore | None = None,
) -> list[Page]:
    """All pages in `language`; `words` holds the interface words of every language of the site.
    Pages of frozen editions are taken from the `store` if it has them.

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
        yield self._home()
        pages = [page for brief in library.newest_briefs for page in self._brief(brief)]
        index = self._index("briefs", "briefs", records=library.newest_briefs)
        collected = {f"briefs/{brief.id}" for brief in library.collected if brief.sections}
        bound = [page for page in pages if page.path in collected]
        yield replace(index, paper=self.paper(bound, None)) if bound else index
        yield from pages
        for folder, address in INDEXES.items():
            records = [r for r in library.entities.values() if r.folder == folder]
            records.sort(key=lambda record: self.wording.order(record.entity.name))
            origin = Place(f"content/entities/{folder}.yaml")
            yield self._index(address, "entities", records=records, origin=origin)
            yield from map(self._entity, records)
        yield self._index("sources", "sources", records=list(library.sources.values()))
        yield from map(self._source, library.sources.values())
        for path in ("method", "corrections", "privacy", "colophon", "contribute"):
            yield self._index(path, path)
        yield self._index("data", "data", records=library.newest_briefs)
        yield self._rules()
        for address, record in Whereabouts.of(library).withdrawn().items():
            yield self._withdrawn(address, record)

    def _home(self) -> Page:
        title = self.wording.bare(self.library.settings.extra.name)
        description = self.wording.words["pages"]["home"]["description"]
        kind = "home" if self.library.briefs else "empty"
        records = self.library.standing_briefs or self.library.newest_briefs
        return self.page("", kind, title, description, records=records)

    def _index(self, path: str, kind: str, **context: Any) -> Page:
        said = self.wording.words["pages"][path]
        context = {"address": path, **context}
        return self.page(path, kind, said["title"], said["description"], **context)

    def _brief(self, brief: BriefRecord) -> Iterator[Page]:
        path = f"briefs/{brief.id}"
        title = self.wording.bare(brief.brief.title)
        folio = Folio(self.wording, brief)
        page = self._brief_page(path, brief, folio, None, brief)
        editions = (self._edition(e, brief) for e in self.library.editions.get(brief.id, ()))
        if brief.is_removed:
            yield page
            yield from editions
            return
        origin = brief.where.place
        terms = terms_of(page, self.library)
        definitions = self.templates.render(DEFINITIONS, {"terms": terms}) if terms else ""
        cited = self.references_of(brief)
        if cited is not None:
            item = cited.brief.item
            linked = linked_data(brief, item, self.wording)
            page = replace(page, tags=tuple(tags(brief, item)), linked_data=linked)
        yield replace(page, paper=self.paper([page], brief), definitions=definitions)
        yield from editions
        if cited is not None:
            yield self._cite(brief, title, folio.order, cited)
        pattern = self.wording.words["pages"]["evidence"]
        ledger = self.page(
            f"{path}/evidence",
            "evidence",
            self.wording.filled(pattern["title"], brief=title),
            self.wording.filled(pattern["description"], brief=title),
            origin=origin,
            brief=brief,
            records=[self.library.claims[address] for address in folio.order],
        )
        yield replace(ledger, indexed=page.indexed)

    def _brief_page(
        self,
        path: str,
        brief: BriefRecord,
        folio: Folio,
        edition: FrozenEdition | None,
        current: BriefRecord,
    ) -> Page:
        """The page of a brief; of an `edition`, the brief is what it was and `current` what it is.

        Of a removed one it says only that."""
        page = self.page(
            path,
            "removed" if current.is_removed else "brief",
            self.wording.bare(brief.brief.title),
            self.wording.bare(brief.brief.summary),
            origin=brief.where.place,
            folio=None if current.is_removed else folio,
            brief=brief,
            edition=edition,
            current=current,
        )
        return replace(page, indexed=not current.withdrawn)

    def _edition(self, edition: FrozenEdition, current: BriefRecord) -> Page:
        """The page of a frozen edition, made by the templates of today from the content of then."""
        language, library = self.wording.language, as_then(self.library, edition)
        # Of the brief of today it tells what became of it, and nothing that it says.
        current = replace(current, sections=())
        if self.store is None:
            return self._frozen(library, edition, current)

        made: list[Page] = []

        def make() -> str | None:
            before = len(self.templates.problems)
            made.append(self._frozen(library, edition, current))
            return made[0].as_json() if len(self.templates.problems) == before else None

        now = replace(library, briefs={current.id: current}, sources={}, entities={}, editions={})
        made_of = ["edition", language, edition.number, library.digest, now.digest]
        text = self.store.text(made_of, make)
        return made[0] if made else Page.from_json(text or "")

    def _frozen(self, library: Library, edition: FrozenEdition, current: BriefRecord) -> Page:
        then = Wording(library, self.wording.language, self.wording.books)
        renderer = _Renderer(then, Templates(self.templates.folder))
        folio = Folio(then, edition.record)
        page = renderer._brief_page(edition.path, edition.record, folio, edition, current)
        self.templates.problems += renderer.templates.problems
        # Nobody edits what was frozen, and no search finds it beside what it has become.
        return replace(
            page,
            kind="edition",
            title=then.filled(
                then.words["standing"]["edition_title"], title=page.title, number=edition.number
            ),
            entries=(),
            file="",
            indexed=False,
            canonical=f"briefs/{current.id}",
        )

    def _cite(
        self, brief: BriefRecord, title: str, order: Sequence[str], references: References
    ) -> Page:
        """How to cite a brief and each of its claims, in the order of its page."""
        pattern = self.wording.words["pages"]["cite"]
        page = self.page(
            f"briefs/{brief.id}/cite",
            "cite",
            self.wording.filled(pattern["title"], brief=title),
            self.wording.filled(pattern["description"], brief=title),
            origin=brief.where.place,
            brief=brief,
            offered=references,
        )
        template, parts = "citations.html", []
        for section in brief.sections:
            records = [self.library.claims[address] for address in order]
            records = [record for record in records if record.section == section.id]
            if records:
                context = {"records": records, "offered": references}
                html = numbered(self.templates.render(template, context), self.numbers)
                heading = self.wording.bare(section.section.title)
                parts.append(Part(section.id, heading, html, template))
        return replace(page, parts=tuple(parts))

    def _entity(self, record: EntityRecord) -> Page:
        entity, folio = record.entity, Folio(self.wording)
        return self.page(
            f"{record.folder}/{record.id}",
            "entity",
            self.wording.bare(entity.name),
            self.wording.bare(entity.summary),
            origin=record.where.place,
            record=record,
            facts=_facts(record),
            views=[folio.view(claim) for claim in self.library.claims_of(record.id)],
            found=tuple(entries.of_entity(record, self.wording)),
        )

    def _source(self, record: SourceRecord) -> Page:
        title = self.wording.bare(record.source.title)
        pattern = self.wording.words["pages"]["source"]["description"]
        publisher = self.wording.name(record.source.publisher)
        path, settings = f"sources/{record.id}", self.library.settings
        base = settings.base(self.wording.language)
        report = report_address(settings, path, f"{base}{path}/" if base else "")
        return self.page(
            path,
            "source",
            title,
            self.wording.filled(pattern, title=title, publisher=publisher),
            origin=record.where.place,
            record=record,
            passages=self.citations.passages(record.id),
            briefs=self.citations.briefs[record.id],
            fingerprint=fingerprint_of(record),
            report=report if settings.repo_url else None,
        )

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
        page = self._index("contribute/rules", "rules")
        template = "rule.html"
        parts = tuple(
            Part(rule.id, rule.id, self.templates.render(template, {"rule": rule}), template)
            for rule in rules().values()
        )
        found = [Entry(rule.id, rule.id, rule.summary) for rule in rules().values()]
        return replace(page, parts=parts, entries=(*page.entries, *found))


def _facts(record: EntityRecord) -> list[tuple[str, Any]]:
    """What an entity of its kind has beyond a name and a summary, as far as it is known."""
    own = [name for name in type(record.entity).model_fields if name not in Entity.model_fields]
    values = [(name, getattr(record.entity, name)) for name in own]
    return [(name, value) for name, value in values if value and not isinstance(value, bool)]
