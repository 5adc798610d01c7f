"""What machines read in the head of a brief's page: `meta` elements, and linked data.

Sources: for `citation_*` Google Scholar's guidelines (scholar.google.com/intl/en/scholar/inclusion)
and Zotero's "Exposing Your Metadata"; for `article:*` the Open Graph protocol (ogp.me); for the
linked data schema.org 30.0. Only what schema.org defines for a type is said of it; a test holds
this to its vocabulary.
"""

import json
from collections.abc import Iterator
from typing import Any

from research_brief.citing.records import Item, one_line
from research_brief.library import BriefRecord, ClaimRecord, SourceRecord
from research_brief.models import Status
from research_brief.wording import Wording

PDF = "citation_pdf_url"
"""The name of the one element that leads to a file which may not be made."""

_SOURCES = {
    "news": "NewsArticle", "report": "Report", "paper": "ScholarlyArticle", "book": "Book",
    "speech": "CreativeWork", "dataset": "Dataset", "web": "WebPage",
}  # fmt: skip
"""The type of a source of each kind."""
_ACTORS = {"person": "Person", "company": "Corporation", "organisation": "Organization"}
_BY_SOURCE = {Status.ACCOUNT, Status.JUDGEMENT}
"""Where a claim without a speaker is the publisher's own."""

Node = dict[str, Any]


def tags(record: BriefRecord, item: Item) -> Iterator[tuple[str, str]]:
    """Names and contents of the `meta` elements. Addresses are absolute, or left out."""
    brief = record.brief
    yield "citation_title", item["title"]
    for name in item["author"]:
        yield "citation_author", name["literal"]
    yield "citation_publication_date", brief.published.replace("-", "/")
    yield "citation_technical_report_institution", item["publisher"]
    yield "citation_language", item["language"]
    if address := item.get("URL"):
        yield "citation_abstract_html_url", address
        yield "citation_fulltext_html_url", address
        yield PDF, f"{address}{record.id}.pdf"
    yield "article:published_time", brief.published
    yield "article:modified_time", record.changed


def linked_data(record: BriefRecord, item: Item, wording: Wording) -> str:
    """The brief, its claims, their quotations and its sources as JSON-LD, in which nothing can end
    the `script` element that it stands in (html.spec.whatwg.org, restrictions for scripts)."""
    text = json.dumps(
        _Graph(record, item, wording).report(), ensure_ascii=False, separators=(",", ":")
    )
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


class _Graph:
    """The nodes of a brief. What has a place on its page has that for its `@id`."""

    def __init__(self, record: BriefRecord, item: Item, wording: Wording) -> None:
        self.record = record
        self.item = item
        self.wording = wording
        self.library = wording.library
        self.address = item.get("URL", "")
        self.desks = [{"@id": f"{self.address}#editor-{n + 1}"} for n in range(len(item["author"]))]

    def report(self) -> Node:
        brief, item = self.record.brief, self.item
        cited = [id for claim in self.record.claims.values() for id in self._sources(claim)]
        sources = dict.fromkeys([*brief.sources, *cited])
        return _filled(
            {
                "@context": "https://schema.org",
                "@type": "Report",
                "@id": self.address or "#top",
                "url": self.address,
                "name": item["title"],
                "abstract": item["abstract"],
                "inLanguage": self._html(self.wording.language),
                "author": [
                    {**_named("Organization", name["literal"]), **desk}
                    for name, desk in zip(item["author"], self.desks, strict=True)
                ],
                "publisher": _named("Organization", item["publisher"]),
                "datePublished": brief.published,
                "dateModified": self.record.changed,
                "version": item.get("version", "1"),
                "license": self.library.settings.extra.content_licence.url,
                "about": [_named("Thing", self.wording.name(id)) for id in brief.topics],
                "isBasedOn": [self._source(self.library.sources[id]) for id in sources],
                "hasPart": [self._claim(claim) for claim in self.record.claims.values()],
            }
        )

    def _claim(self, record: ClaimRecord) -> Node:
        """A claim: `author` is who makes it, where that is known, `claimInterpreter` the desk."""
        claim = record.claim
        who: str | None = claim.speaker
        if who is None and claim.status in _BY_SOURCE:
            who = self.wording.publisher(record)
        ours = self.desks if claim.status == Status.INFERRED else None
        return _filled(
            {
                "@type": "Claim",
                "@id": f"{self.address}#{record.id}",
                "text": one_line(self.wording.bare(claim.text)),
                "genre": self.wording.words["statuses"][claim.status]["name"],
                "author": self._actor(who) if who else ours,
                "claimInterpreter": self.desks,
                "appearance": [{"@id": self._id(source)} for source in self._sources(record)],
                "citation": [
                    {
                        "@type": "Quotation",
                        "text": evidence.quote,
                        "isPartOf": {"@id": self._id(self.library.source_of(record, number))},
                    }
                    for number, evidence in enumerate(claim.evidence)
                ],
                "isBasedOn": [
                    {"@id": f"{self.address}#{id}"} for id in claim.rests_on if "#" not in id
                ],
            }
        )

    def _source(self, record: SourceRecord) -> Node:
        source = record.source
        return _filled(
            {
                "@type": _SOURCES[source.kind],
                "@id": self._id(record.id),
                "name": one_line(self.wording.bare(source.title)),
                "inLanguage": self._html(source.language),
                "author": [self._actor(id) for id in source.authors],
                "editor": self._actor(source.editor) if source.editor else None,
                "publisher": self._actor(source.publisher),
                "datePublished": source.published,
                "url": source.url,
                "archivedAt": source.archived,
            }
        )

    def _sources(self, record: ClaimRecord) -> list[str]:
        count = range(len(record.claim.evidence))
        return list(dict.fromkeys(self.library.source_of(record, number) for number in count))

    def _id(self, source: str) -> str:
        return f"{self.address}#source:{source}"

    def _actor(self, id: str) -> Node:
        return _named(_ACTORS[self.library.entities[id].kind], self.wording.name(id))

    def _html(self, language: str) -> str:
        return self.wording.html_language(language)


def _named(kind: str, name: str) -> Node:
    return {"@type": kind, "name": one_line(name)}


def _filled(node: Node) -> Node:
    """The node without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
