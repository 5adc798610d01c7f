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
from research_brief.evidence.budget import shares
from research_brief.evidence.tally import Tallies, fingerprint_of
from research_brief.library import BriefRecord, EntityRecord, Library, SourceRecord
from research_brief.manual import rules
from research_brief.models import ENTITY_FILES, Entity
from research_brief.pages import Entry, Page, Part
from research_brief.problems import Place, ProblemsFound
from research_brief.repository import report_address
from research_brief.richtext import to_html
from research_brief.settings import Wordbook
from research_brief.shelf import Folio, cited, marks, number_of, numbered
from research_brief.templating import Templates
from research_brief.values import EntityRef, PartialDate
from research_brief.wording import Wording

_CODE = re.compile("`([^`]+)`")
_LINKED = re.compile('href="entity:([a-z0-9-]+)"')

INDEXES = {folder: "glossary" if folder == "terms" else folder for folder in ENTITY_FILES}
"""The address of the page that lists the entities of a folder."""


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
            "years_between": figures.years_between,
            "indexes": INDEXES,
        }
        templates.teach(filters, names)

    # --- Pages ------------------------------------------------------------------------------

    def pages(self) -> Iterator[Page]:
        library = self.library
        yield self._home()
        pages = [page for brief in library.newest_briefs for page in self._brief(brief)]
        index = self._index("briefs", "briefs", records=library.newest_briefs)
        collected = {f"briefs/{brief.id}" for brief in library.collected}
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
        yield self._index("method", "method")
        yield self._index("data", "data", records=library.newest_briefs)
        yield self._index("contribute", "contribute")
        yield self._rules()

    def _home(self) -> Page:
        title = self.wording.bare(self.library.settings.extra.name)
        description = self.wording.words["pages"]["home"]["description"]
        kind = "home" if self.library.briefs else "empty"
        return self._page("", kind, title, description, records=self.library.newest_briefs)

    def _index(self, path: str, kind: str, **context: Any) -> Page:
        said = self.wording.words["pages"][path]
        context = {"address": path, **context}
        return self._page(path, kind, said["title"], said["description"], **context)

    def _brief(self, brief: BriefRecord) -> Iterator[Page]:
        path, folio = f"briefs/{brief.id}", Folio(self.wording, brief)
        title = self.wording.bare(brief.brief.title)
        summary = self.wording.bare(brief.brief.summary)
        origin = brief.where.place
        page = self._page(path, "brief", title, summary, origin=origin, folio=folio, brief=brief)
        yield replace(page, paper=self._paper([page], brief))
        pattern = self.wording.words["pages"]["evidence"]
        yield self._page(
            f"{path}/evidence",
            "evidence",
            self.wording.filled(pattern["title"], brief=title),
            self.wording.filled(pattern["description"], brief=title),
            origin=origin,
            brief=brief,
            records=[self.library.claims[address] for address in folio.order],
        )

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
