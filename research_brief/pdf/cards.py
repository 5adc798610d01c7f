"""The pictures that stand for pages where their addresses are shared: one for each brief, and one
for all other pages, in each language.

Form: 1200 by 630 pixels, as Open Graph consumers expect (ogp.me; the ratio 1.91 to 1).
"""

from collections.abc import Iterator, Mapping

from research_brief.library import BriefRecord, Library
from research_brief.pages import CARD, Page
from research_brief.pdf.documents import Document
from research_brief.pdf.spacing import breakable
from research_brief.settings import Wordbook
from research_brief.wording import Wording


def cards(
    library: Library, language: str, words: Mapping[str, Wordbook], pages: list[Page]
) -> Iterator[Document]:
    """The pictures of one language as documents; `values["text"]` says what one shows."""
    wording = Wording(library, language, words)
    name = wording.bare(library.settings.extra.name)
    common = {"language": language.partition("-")[0], "site": name}
    tagline = wording.words["home"]["tagline"]
    values = {"title": name, "kicker": [], "date": "", "foot": tagline, "text": name}
    yield Document(CARD, language, "", common | values, 0)
    records = {f"briefs/{brief.id}": brief for brief in library.briefs.values()}
    for page in pages:
        if page.card != CARD:
            brief = records[page.path]
            yield Document(page.card, language, brief.id, common | _values(brief, wording), 0)


def _values(brief: BriefRecord, wording: Wording) -> dict[str, object]:
    title, counts = wording.bare(brief.brief.title), wording.words["counts"]
    quotations = sum(len(record.claim.evidence) for record in brief.claims.values())
    return {
        "title": breakable(title),
        "kicker": [wording.name(id) for id in brief.brief.topics],
        "date": wording.date(brief.brief.published),
        "foot": wording.filled(
            wording.words["between"]["separator"],
            first=wording.count(counts["claims"], len(brief.claims)),
            next=wording.count(counts["quotations"], quotations),
        ),
        "text": title,
    }
