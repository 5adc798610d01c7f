"""Feeds: `feed.xml` of a language and `topics/TOPIC/feed.xml` of a topic, as Atom (RFC 4287).

There is an entry for each brief, and one of its own for each change after its publication, with the
kind of change ahead of the title: readers show what is new once, and would not show again a brief
that was corrected. Ids are permalinks, so the feeds are made only where the site knows its address
(`site_url`). All days come from the content; as it has no hours, a day begins at 00:00 UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from research_brief import fragment
from research_brief.brief import Revision
from research_brief.exports import File, Publication
from research_brief.library import BriefRecord
from research_brief.pages import Page
from research_brief.staging import Addresses
from research_brief.values import FullDate
from research_brief.wording import Wording

NAME = "feed.xml"
ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def export(publication: Publication) -> Iterator[File]:
    if not publication.library.settings.site_url:
        return
    for wording in publication.made:
        feeds = _Feeds(publication, wording, list(publication.pages[wording.language]))
        title = wording.bare(publication.library.settings.extra.name)
        said = wording.words["pages"]["home"]["description"]
        yield from feeds.feed("", title, said, publication.briefs)
        for topic in publication.library.entities.values():
            if topic.kind == "topic":
                briefs = [b for b in publication.briefs if topic.id in b.brief.topics]
                name = wording.bare(topic.entity.name)
                pattern = wording.words["data"]["feed_of"]
                heading = wording.filled(pattern, topic=name, site=title)
                summary = wording.bare(topic.entity.summary)
                yield from feeds.feed(f"topics/{topic.id}/", heading, summary, briefs)


@dataclass(frozen=True)
class Entry:
    """What a feed tells of: a brief, or a change of it. `key` is its anchor, and makes its id."""

    brief: BriefRecord
    day: FullDate  # of the last change of what the entry says
    revision: Revision | None = None
    key: str = ""


def entries(briefs: Iterable[BriefRecord]) -> list[Entry]:
    """The newest entries of some briefs (newest first), the newest change first."""
    found: list[Entry] = []
    for record in briefs:
        seen: dict[str, int] = {}
        changes = [item for item in record.brief.revisions if item.kind != "publication"]
        last = max([record.brief.published, *(item.date for item in changes)])
        own = []
        for item in changes:
            key = f"{item.date}-{item.kind}"
            seen[key] = seen.get(key, 0) + 1
            own.append(Entry(record, item.date, item, f"{key}-{seen[key]}".removesuffix("-1")))
        found += [*reversed(own), Entry(record, last)]
    return sorted(found, key=lambda entry: entry.day, reverse=True)[:ENTRIES]


class _Feeds:
    """The feeds of one language."""

    def __init__(self, publication: Publication, wording: Wording, pages: list[Page]) -> None:
        self.library = publication.library
        self.wording = wording
        self.publication = publication
        self.base = self.library.settings.base(wording.language)
        self.language = wording.html_language(wording.language)
        self.addresses = Addresses.of(pages, self.library)
        licence = self.library.settings.extra.content_licence
        self.licence = licence.url
        self.rights = wording.filled(wording.words["paper"]["rights"], licence=licence.name)
        self.made: dict[tuple[str, str], Element] = {}  # entries stand in several feeds

    def feed(
        self, folder: str, title: str, subtitle: str, briefs: list[BriefRecord]
    ) -> Iterator[File]:
        """The feed of a page with briefs; none if there is none, for it would have no day."""
        found = entries(briefs)
        if not found:
            return
        path = f"{folder}{NAME}"
        feed = Element("feed", {"xmlns": ATOM, XML_LANGUAGE: self.language})
        _text(feed, "id", f"{self.base}{folder}")
        _text(feed, "title", title)
        _text(feed, "subtitle", subtitle)
        _text(feed, "updated", _instant(max(entry.day for entry in found)))
        _link(feed, "self", f"{self.base}{path}", "application/atom+xml")
        _link(feed, "alternate", f"{self.base}{folder}", "text/html")
        _link(feed, "license", self.licence)  # RFC 4946
        _text(feed, "rights", self.rights)
        feed.extend(map(self._entry, found))
        text = ElementTree.tostring(feed, encoding="unicode")
        head = '<?xml version="1.0" encoding="utf-8"?>\n'
        yield File.of(self.publication.path(self.wording.language, path), f"{head}{text}\n")

    def _entry(self, entry: Entry) -> Element:
        key = entry.brief.id, entry.key
        if key not in self.made:
            self.made[key] = self._made(entry)
        return self.made[key]

    def _made(self, entry: Entry) -> Element:
        said, wording = entry.brief.brief, self.wording
        page = f"{self.base}briefs/{entry.brief.id}/"
        made = Element("entry")
        title = wording.bare(said.title)
        html = self._brief(entry.brief)
        published = said.published
        if revision := entry.revision:
            kind = wording.words["revisions"][revision.kind]
            title = wording.filled(wording.words["between"]["colon"], first=kind, next=title)
            html = f"<p>{wording.rich(revision.text)}</p>"
            published = revision.date
        _text(made, "id", f"{page}#{entry.key}" if entry.key else page)
        _text(made, "title", title)
        _text(made, "published", _instant(published))
        _text(made, "updated", _instant(entry.day))
        _link(made, "alternate", f"{page}#revisions" if revision else page, "text/html")
        for name in said.editors:
            _text(SubElement(made, "author"), "name", wording.bare(name))
        for id in said.topics:
            term = {"term": id, "scheme": f"{self.base}topics/", "label": wording.name(id)}
            SubElement(made, "category", term)
        content = _text(made, "content", self._resolved(html))
        content.set("type", "html")
        return made

    def _brief(self, record: BriefRecord) -> str:
        rich = self.wording.rich
        items = "".join(f"<li>{rich(item.text)}</li>" for item in record.brief.takeaways)
        summary = f"<p>{rich(record.brief.summary)}</p>"
        return f"{summary}<ol>{items}</ol>" if items else summary

    def _resolved(self, html: str) -> str:
        """The HTML with the addresses of its links."""
        root, _ = fragment.parse(html)
        list(fragment.resolve(root, self._address))
        return fragment.to_html(root)

    def _address(self, link: str) -> str | None:
        path = self.addresses.path(link)
        return None if path is None else f"{self.base}{path}"


def _text(parent: Element, tag: str, text: str) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child


def _link(parent: Element, relation: str, address: str, type: str = "") -> None:
    said = {"rel": relation, "href": address} | ({"type": type} if type else {})
    SubElement(parent, "link", said)


def _instant(day: FullDate) -> str:
    return f"{day}T00:00:00Z"
