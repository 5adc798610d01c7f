"""A page from the blocks of its template.

The blocks of `templates/pages/KIND.html` are the page: `above` stands over the title, `intro`
under it, every other block is a part with a heading of its own (`parts` in the interface words),
in the order of the template, left out when empty. The sections of a brief stand where its block
`sections` is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup, escape

from research_brief import entries, figures
from research_brief.citing.references import References, references
from research_brief.evidence.tally import Tallies
from research_brief.excerpts import Excerpt, Excerpts
from research_brief.library import BriefRecord
from research_brief.pages import Entry, Page, Part
from research_brief.problems import Place
from research_brief.richtext import to_html
from research_brief.shelf import Folio, cited, marks, number_of, numbered
from research_brief.templating import Templates
from research_brief.timeliness import reported
from research_brief.values import EntityRef, PartialDate
from research_brief.whereabouts import INDEXES
from research_brief.wording import Wording

_CODE = re.compile("`([^`]+)`")
_TIME = Markup('<time datetime="{date}">{said}</time>')
_LINKED = re.compile('href="entity:([a-z0-9-]+)"')


class PageMaker:
    """Makes pages of one language from the blocks of their templates."""

    def __init__(
        self, wording: Wording, templates: Templates, excerpt: Excerpt | None = None
    ) -> None:
        """`excerpt` is told if the library of `wording` is only that of an excerpt."""
        self.wording = wording
        self.library = library = wording.library
        self.templates = templates
        self.excerpt = excerpt or Excerpt(library)
        self.excerpts = whole = Excerpts.of(library)
        # Of the claims of every brief rendered so far, or handed in.
        self.numbers: dict[str, int] = {**self.excerpt.numbers}
        self.minutes: dict[str, int] = {**self.excerpt.minutes}
        self.references: dict[str, References | None] = {}
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
            "relations": whole.relations,
            "citations": whole.citations,
            "references": self.references_of,
            "cited": lambda record: list(cited(library, record)),
            "tallies": Tallies(library, excerpt.tallies) if excerpt else whole.tallies,
            "shares": excerpt.shares if excerpt else whole.shares,
            "link": wording.link,
            "original": wording.original,
            "only_in": wording.only_in,
            "voice": wording.voice,
            "number_of": number_of,
            "marks": lambda brief, references, shown=(): marks(wording, brief, references, shown),
            "bars": lambda records: figures.bars(records, wording),
            "statuses": figures.statuses,
            "minutes": self._minutes,
            "reported": lambda brief: reported(library, brief, figures.sources_of(library, brief)),
            "years_between": figures.years_between,
            "indexes": INDEXES,
            "whereabouts": excerpt or whole.whereabouts,
        }
        templates.teach(filters, names)

    def page(
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

    def index(self, path: str, kind: str, **context: Any) -> Page:
        """A page of which the interface words tell."""
        said = self.wording.words["pages"][path]
        context = {"address": path, **context}
        return self.page(path, kind, said["title"], said["description"], **context)

    def _part(self, template: str, name: str, context: dict[str, Any]) -> Iterator[Part]:
        """The block `name` of a template under its heading; nothing if it is empty."""
        heading = self.wording.words["parts"].get(name)
        if heading is None:
            message = f"block '{name}' has no heading; expected the words 'parts.{name}'"
            self.templates.fault(template, message)
        elif html := self.templates.block(template, name, context):
            yield Part(name, heading, html, template)

    def paper(self, pages: Sequence[Page], brief: BriefRecord | None) -> tuple[Part, ...]:
        """What the PDF of these pages has besides: facts for its cover, names and terms."""
        linked = {
            id for page in pages for html in page.whole.fragments for id in _LINKED.findall(html)
        }
        entities = [self.library.entities[id] for id in linked if id in self.library.entities]
        entities.sort(key=lambda record: (self.wording.order(record.entity.name), record.id))
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

    def references_of(self, brief: BriefRecord) -> References | None:
        """How a brief and its claims are cited, put together once; nothing if it is not to be."""
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
            return self.wording.fill(_TIME, date=value, said=self.wording.date(value))
        return self.wording.rich(value)
