"""From the library to the pages of one language. Writes nothing.

A page is made by `templates/pages/KIND.html`. The blocks of such a template are the page:
`above` stands over the title, `intro` under it, every other block is a part with a heading
of its own (`parts` in the interface words), in the order of the template, left out when
empty. The sections of a brief stand where its block `sections` is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from research_brief import entries, figures
from research_brief.addresses import Address
from research_brief.citing.metadata import linked_data, tags
from research_brief.citing.references import References, references
from research_brief.evidence.budget import shares
from research_brief.evidence.tally import Tallies, fingerprint_of
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
from research_brief.pages import Entry, Page, Part
from research_brief.problems import Place, ProblemsFound
from research_brief.readers import as_then
from research_brief.repository import report_address
from research_brief.richtext import to_html
from research_brief.settings import Wordbook
from research_brief.shelf import Folio, cited, marks, number_of, numbered
from research_brief.templating import Templates
from research_brief.timeliness import reported
from research_brief.values import EntityRef, PartialDate
from research_brief.whereabouts import INDEXES, Whereabouts
from research_brief.wording import Wording

_CODE = re.compile("`([^`]+)`")
_LINKED = re.compile('href="entity:([a-z0-9-]+)"')

DEFINITIONS = "definitions.html"


def render(
    library: Library, language: str, words: Mapping[str, Wordbook], templates: Path
) -> list[Page]:
    """All pages in `language`; `words` holds the interface words of every language of the site.

    Raises ProblemsFound with the faults of all templates.
    """
    renderer = _Renderer(Wording(library, language, words), Templates(templates))
    found = renderer.templates.problems
    try:
        pages = list(renderer.pages()) if not found else []
    except ProblemsFound as error:  # of the words
        found += error.problems
    if found:
        raise ProblemsFound(found)
    return pages


class _Renderer:
    def __init__(self, wording: Wording, templates: Templates) -> None:
        self.wording = wording
        self.library = library = wording.library
        self.templates = templates
        self.numbers: dict[str, int] = {}  # of the claims of every brief rendered so far
        self.minutes: dict[str, int] = {}
        self.references: dict[str, References | None] = {}
        self.citations = figures.Citations(library)
        words = wording.words
        filters = {
            "rich": wording.rich,
            "bare": wording.bare,
            "date": wording.date,
            "md": lambda word: Markup(to_html(word, wording.name)),
            "coded": lambda text: Markup(_CODE.sub(r"<code>\1</code>", str(escape(text)))),
            "fill": wording.fill,
            "count": lambda number, forms, **values: wording.count(forms, number, **values),
            "shown": self._shown,
            "htmllang": wording.html_language,
        }
        names = {
            "w": words,
            "between": {
                # Patterns, because the space after a comma would be lost at the end of a word.
                name: wording.filled(pattern, first="", next="")
                for name, pattern in words["between"].items()
            },
            "language": wording.language,
            "library": library,
            "relations": figures.Relations(library),
            "citations": self.citations,
            "references": self._references,
            "cited": lambda record: list(cited(library, record)),
            "tallies": Tallies(library),
            "shares": {
                id: share
                for id, share in shares(library).items()
                if fingerprint_of(library.sources[id])  # else only this machine knows the text
            },
            "link": wording.link,
            "original": wording.original,
            "only_in": wording.only_in,
            "voice": wording.voice,
            "number_of": number_of,
            "marks": lambda brief, references, shown=(): marks(wording, brief, references, shown),
            "bars": lambda records: figures.bars(records, wording),
            "statuses": figures.statuses,
            "minutes": self._minutes,
            "reported": lambda brief: reported(library, brief, self.citations.sources[brief.id]),
            "years_between": figures.years_between,
            "indexes": INDEXES,
            "whereabouts": Whereabouts.of(library),
        }
        templates.teach(filters, names)

    # --- Pages ------------------------------------------------------------------------------

    def pages(self) -> Iterator[Page]:
        library = self.library
        yield self._home()
        pages = [page for brief in library.newest_briefs for page in self._brief(brief)]
        index = self._index("briefs", "briefs", records=library.newest_briefs)
        collected = {f"briefs/{brief.id}" for brief in library.collected if brief.sections}
        bound = [page for page in pages if page.path in collected]
        yield replace(index, paper=self._paper(bound, None)) if bound else index
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
        return self._page("", kind, title, description, records=records)

    def _index(self, path: str, kind: str, **context: Any) -> Page:
        said = self.wording.words["pages"][path]
        context = {"address": path, **context}
        return self._page(path, kind, said["title"], said["description"], **context)

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
        cited = self._references(brief)
        if cited is not None:
            item = cited.brief.item
            linked = linked_data(brief, item, self.wording)
            page = replace(page, tags=tuple(tags(brief, item)), linked_data=linked)
        yield replace(page, paper=self._paper([page], brief), definitions=definitions)
        yield from editions
        if cited is not None:
            yield self._cite(brief, title, folio.order, cited)
        pattern = self.wording.words["pages"]["evidence"]
        ledger = self._page(
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
        page = self._page(
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
        then = Wording(as_then(self.library, edition), self.wording.language, self.wording.books)
        renderer = _Renderer(then, Templates(self.templates.folder))
        folio = Folio(then, edition.record)
        page = renderer._brief_page(edition.path, edition.record, folio, edition, current)
        self.templates.problems += renderer.templates.problems
        # Nobody edits what was frozen, and no search finds it beside what it has become.
        return replace(
            page,
            kind="edition",
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
        page = self._page(
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
        return self._page(
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
        return self._page(
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
        page = self._page(
            address.rstrip("/"),
            "withdrawn",
            said["title"],
            self.wording.bare(record.tombstone.text),
            origin=record.where.place,
            address=address,
            index=INDEXES.get(folder, folder),
            tombstone=record.tombstone,
        )
        return replace(page, entries=())

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

    def _page(
        self,
        path: str,
        kind: str,
        title: str,
        description: str,
        *,
        origin: Place | None = None,
        folio: Folio | None = None,
        found: tuple[Entry, ...] = (),
        **context: Any,
    ) -> Page:
        """The page whose blocks stand in `pages/KIND.html`."""
        template = f"pages/{kind}.html"
        around = {"above": "", "intro": ""}
        parts: list[Part] = []
        for name in self.templates.blocks(template):
            if name == "sections" and folio is not None:
                parts += self._sections(folio, context["brief"])
            elif name in around:
                around[name] = self.templates.block(template, name, context)
            else:
                parts += self._part(template, name, context)
        if folio is not None:
            self.numbers |= {address: number for number, address in enumerate(folio.order, 1)}
            found = tuple(entries.of_brief(context["brief"], parts, folio.order, self.wording))
        # What no content file says stands in the interface words.
        place = origin or Place(f"templates/words/{self.wording.language}.yaml")
        return Page(
            path,
            kind,
            self.wording.language,
            title,
            description,
            above=numbered(around["above"], self.numbers),
            intro=numbered(around["intro"], self.numbers),
            parts=tuple(replace(part, html=numbered(part.html, self.numbers)) for part in parts),
            entries=found or (Entry("", title, description),),
            file=place.file,
            line=place.line,
        )

    def _part(self, template: str, name: str, context: dict[str, Any]) -> Iterator[Part]:
        """The block `name` of a template under its heading; nothing if it is empty."""
        heading = self.wording.words["parts"].get(name)
        if heading is None:
            message = f"block '{name}' has no heading; expected the words 'parts.{name}'"
            self.templates.fault(template, message)
        elif html := self.templates.block(template, name, context):
            yield Part(name, heading, html, template)

    def _paper(self, pages: Sequence[Page], brief: BriefRecord | None) -> tuple[Part, ...]:
        """What the PDF of these pages has besides: facts for its cover, names and terms."""
        linked = {id for page in pages for html in page.fragments for id in _LINKED.findall(html)}
        entities = [self.library.entities[id] for id in linked if id in self.library.entities]
        entities.sort(key=lambda record: self.wording.order(record.entity.name))
        context = {"brief": brief, "entities": entities}
        template = "print.html"
        names = self.templates.blocks(template)
        return tuple(part for name in names for part in self._part(template, name, context))

    def _sections(self, folio: Folio, brief: BriefRecord) -> Iterator[Part]:
        for record in brief.sections:
            section = record.section
            template = f"sections/{section.kind}.html"
            context = {
                "section": section,
                "id": record.id,
                "brief": brief,
                "shelf": folio.shelf(record),
            }
            html = self.templates.render(template, context)
            yield Part(record.id, self.wording.bare(section.title), html, template)

    def _references(self, brief: BriefRecord) -> References | None:
        if brief.id not in self.references:
            self.references[brief.id] = references(brief, self.wording)
        return self.references[brief.id]

    def _minutes(self, brief: BriefRecord) -> int:
        if brief.id not in self.minutes:  # a list of briefs stands on many pages
            self.minutes[brief.id] = figures.reading_minutes(brief, self.wording)
        return self.minutes[brief.id]

    def _shown(self, value: Any) -> Markup:
        """A fact of an entity or a source: a link, a date or a text."""
        if isinstance(value, EntityRef):
            return self.wording.link(value)
        if isinstance(value, PartialDate):
            html = Markup('<time datetime="{}">{}</time>')
            return html.format(value, self.wording.date(value))
        return self.wording.rich(value)


def _facts(record: EntityRecord) -> list[tuple[str, Any]]:
    """What an entity of its kind has beyond a name and a summary, as far as it is known."""
    own = [name for name in type(record.entity).model_fields if name not in Entity.model_fields]
    values = [(name, getattr(record.entity, name)) for name in own]
    return [(name, value) for name, value in values if value and not isinstance(value, bool)]
