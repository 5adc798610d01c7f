"""The documents to be typeset: one for each brief, and one of all briefs, in one language."""

import calendar
import hashlib
import io
import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from research_brief.fragment import OUTSIDE, anchors, parse
from research_brief.library import BriefRecord, Library
from research_brief.pages import Page, Part
from research_brief.pdf import Node
from research_brief.pdf.nodes import Link, Walker
from research_brief.pdf.spacing import breakable
from research_brief.problems import Place, Problem
from research_brief.settings import Wordbook
from research_brief.staging import Addresses
from research_brief.values import FullDate
from research_brief.wording import Wording

COLLECTION = "briefs/collection.pdf"
PALETTE = "pdf/palette.json"
SHORT = 700  # characters
WORDS = ("contents", "address", "draft", "same", "fingerprint")
"""The interface words that documents say as they stand."""
REGIONS = {"en": ("en", "GB"), "zh": ("zh", "CN"), "zh-Hans": ("zh", "CN"), "zh-Hant": ("zh", "TW")}
"""The language and region that Typst is told for a `lang` of HTML, beyond the site's own."""


@dataclass(frozen=True)
class Document:
    """What is typeset. `path` is its address below the language's root, `brief` the id of its
    brief or "" for the collection, `values` plain data, `timestamp` seconds since 1970."""

    path: str
    language: str
    brief: str
    values: dict[str, Any]
    timestamp: int

    @property
    def suffix(self) -> str:
        """`.pdf`, or `.png` for a picture (see `cards.py`)."""
        return self.path[-4:]


class Maker:
    """Makes the documents of one language; faults of the templates are added to `problems`."""

    def __init__(
        self,
        library: Library,
        language: str,
        words: Mapping[str, Wordbook],
        pages: list[Page],
        templates: Path,
        epoch: int | None = None,
    ) -> None:
        self.library, self.language = library, language
        self.templates, self.epoch = templates, epoch
        self.wording = Wording(library, language, words)
        self.words = self.wording.words["paper"]
        self.addresses = Addresses.of(pages, library)
        self.base = library.settings.base(language)
        self.pages = {page.path: page for page in pages}
        self.colours = json.loads((templates / PALETTE).read_text(encoding="utf-8"))
        self.languages = REGIONS | {
            book["language"]["html"]: _region(book["language"]["locale"]) for book in words.values()
        }
        self.problems: list[Problem] = []

    def documents(self) -> Iterator[Document]:
        """A document for each brief, then the one of all.

        Nothing offers that of a retracted brief, but old links to it find what became of it. A
        removed brief has none.
        """
        for brief in self.library.newest_briefs:
            if not brief.is_removed:
                yield self.brief(brief)
        if self.library.collected:
            yield self.collection()

    def brief(self, brief: BriefRecord) -> Document:
        """The document of one brief."""
        page = self.pages[f"briefs/{brief.id}"].whole
        return self._document(
            f"{page.path}/{brief.id}.pdf", page.title, page.description, [brief], page.paper
        )

    def collection(self) -> Document:
        """The document of all briefs, newest first, as far as one file can take them."""
        page = self.pages["briefs"].whole
        title = self.wording.bare(self.library.settings.extra.name)
        briefs = self.library.collected
        return self._document(COLLECTION, title, self.words["description"], briefs, page.paper)

    def _document(
        self,
        path: str,
        title: str,
        description: str,
        briefs: Sequence[BriefRecord],
        paper: tuple[Part, ...],
    ) -> Document:
        pages = [(brief, self.pages[f"briefs/{brief.id}"].whole) for brief in briefs]
        labels = _Labels(self, pages, paper)
        code = self.wording.words["language"]["html"]
        lang, region = self.languages[code]
        parts = {part.id: part for part in paper}
        cover = parts.pop("cover", None)
        single = path != COLLECTION
        values = {
            "language": {"lang": lang, "region": region},
            "title": title,
            "description": description,
            "authors": self._each(name for brief in briefs for name in brief.brief.editors),
            "keywords": self._each(
                self.library.entities[id].entity.name
                for brief in briefs
                for id in brief.brief.topics
            ),
            "site": self.wording.bare(self.library.settings.extra.name),
            "words": {
                **{name: self.words[name] for name in WORDS},
                "page": _pieces(self.words["page"]),
            },
            "collection": not single,
            "cover": self._nodes(cover.html, cover.template, labels, "") if cover else [],
            "address": self._address(briefs[0].id if single else None),
            "briefs": [self._brief(brief, page, labels) for brief, page in pages],
            "annex": [self._part(part, labels, "") for part in parts.values()],
            "fingerprint": _fingerprint([page for _, page in pages], paper),
        }
        newest = max(brief.changed for brief in briefs)
        timestamp = _seconds(newest) if self.epoch is None else self.epoch
        return Document(path, self.language, briefs[0].id if single else "", values, timestamp)

    def _brief(self, brief: BriefRecord, page: Page, labels: "_Labels") -> dict[str, Any]:
        template = f"pages/{page.kind}.html"
        return {
            "id": brief.id,
            "label": f"{brief.id}/",
            "title": page.title,
            "draft": brief.brief.status == "draft",
            "above": self._nodes(page.above, template, labels, brief.id),
            "intro": self._nodes(page.intro, template, labels, brief.id),
            "parts": [self._part(part, labels, brief.id) for part in page.parts],
        }

    def _part(self, part: Part, labels: "_Labels", brief: str) -> dict[str, Any]:
        return {
            "id": part.id,
            "label": f"{brief}/{part.id}",
            "heading": breakable(part.heading),
            "short": _is_short(part.html),
            "c": self._nodes(part.html, part.template, labels, brief),
        }

    def _nodes(self, html: str, template: str, labels: "_Labels", brief: str) -> list[Node]:
        place = Place(f"templates/{template}")
        root, wrong = parse(html)
        if wrong:
            self.problems += [Problem(place, fault, "fragment") for fault in wrong]
            return []
        walker = Walker(
            self.languages,
            self.colours,
            link=lambda href: labels.link(href, brief),
            label=lambda id: labels.label(id, brief),
            permalink=lambda id: self.absolute(f"brief:{brief}#{id}"),
        )
        nodes = walker.blocks(root)
        wrong = [*walker.faults, *(f"the link '{href}' leads nowhere" for href in labels.dead)]
        labels.dead.clear()
        self.problems += [Problem(place, fault, "pdf") for fault in wrong]
        return nodes

    def absolute(self, link: str) -> str:
        """The address on the web of a symbolic link; nothing if the site's is not known."""
        path = self.addresses.path(link) if self.base else None
        return "" if path is None else f"{self.base}{path}"

    def _address(self, brief: str | None) -> dict[str, str] | None:
        """The address of the brief (or of the list of all), also as a QR code (ISO 18004)."""
        url = self.absolute("page:briefs" if brief is None else f"brief:{brief}")
        if not url:
            return None
        drawing = io.BytesIO()
        segno.make_qr(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, nl=False)
        return {"url": url, "svg": drawing.getvalue().decode()}

    def _each(self, names: Iterable[Any]) -> list[str]:
        return list(dict.fromkeys(self.wording.bare(name) for name in names))


class _Labels:
    """What can be linked to within a document, and where the links of its fragments lead."""

    def __init__(
        self, maker: Maker, pages: list[tuple[BriefRecord, Page]], paper: tuple[Part, ...]
    ) -> None:
        self.maker = maker
        self.known: set[str] = set()
        self.dead: list[str] = []  # links of the last fragment that lead nowhere
        for brief, page in pages:
            self.known |= {f"{brief.id}/", *(f"{brief.id}/{part.id}" for part in page.parts)}
            ids = (id for html in page.fragments for id in anchors(parse(html)[0]))
            self.known |= {self.label(id, brief.id) for id in ids}
        self.known |= {id for part in paper for id in anchors(parse(part.html)[0])}

    def label(self, id: str, brief: str) -> str:
        """The label of an anchor: unique in the document."""
        return f"{brief}/{id}" if brief else id

    def link(self, href: str, brief: str) -> Link:
        """Where a link leads: to a label, else to an address, else (unknown site) nowhere."""
        if href.lower().startswith(OUTSIDE):
            return {"url": href}
        scheme, _, rest = href.partition(":")
        inside = (
            [f"{brief}/{href[1:]}"]
            if href.startswith("#")
            else [f"{rest.partition('#')[0]}/{rest.partition('#')[2]}"]
            if scheme == "brief"
            else [href, f"{brief}/{href}"]
        )
        for label in inside:
            if label in self.known:
                return {"to": label}
        if self.maker.addresses.path(href) is None:
            self.dead.append(href)
        url = self.maker.absolute(href)
        return {"url": url} if url else {}


def _region(locale: str) -> tuple[str, str | None]:
    """Language and region of a locale: `zh_CN`."""
    language, _, region = locale.partition("_")
    return language, region or None


def _pieces(pattern: str) -> list[tuple[str, str]]:
    """A pattern as texts, each with the name of the value that follows it, if one does."""
    return [(text, name or "") for text, name, _, _ in string.Formatter().parse(pattern)]


def _seconds(day: FullDate) -> int:
    """The seconds from 1970 to the beginning of the day, UTC."""
    return calendar.timegm((*day.numbers, 0, 0, 0))


def _fingerprint(pages: Iterable[Page], paper: Iterable[Part]) -> str:
    """SHA-256 of what the document says: titles, headings and fragments, before their links
    are resolved and without how to cite it, so that it is the same wherever the site stands."""
    said = [[page.title, page.above, page.intro, *_said(page.parts)] for page in pages]
    text = json.dumps([said, list(_said(paper))], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_short(html: str) -> bool:
    """Whether a part takes a few lines: it is not broken then. Claims are, for their footnotes."""
    words = "".join(parse(html)[0].itertext())
    return len(words) < SHORT and not re.search("rb-claim|<table|<svg", html)


def _said(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if part.id != "cite":
            yield from (part.id, part.heading, part.html)
