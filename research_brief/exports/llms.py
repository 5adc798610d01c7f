"""What language models are told: `llms.txt` and `llms-full.txt` at the root of each language.

`llms.txt` lists the pages by their Markdown copies, in the form of llmstxt.org: a title, what this
is as a quotation, then lists of links under headings; what is under `Optional` may be left out.
`llms-full.txt` holds the briefs whole, the newest ones, as many as the PDF of all.
"""

from collections.abc import Iterator

from research_brief import commonmark
from research_brief.exports import File, Publication, markdown_copies
from research_brief.pages import Page
from research_brief.wording import Wording

LISTED = ("method", "data", "glossary", "sources")
OPTIONAL = ("topics", "companies", "organisations", "people", "products", "contribute")
"""The pages that are listed besides the briefs, by their paths."""


def export(publication: Publication) -> Iterator[File]:
    for wording in publication.made:
        yield _index(publication, wording)
        yield _full(publication, wording)


def _index(publication: Publication, wording: Wording) -> File:
    path = publication.path(wording.language, "llms.txt")
    pages = {page.path: page for page in publication.pages[wording.language]}

    def listed(page: Page, said: str) -> str:
        address = publication.address(markdown_copies.path_of(publication, page), path)
        return _item(page.title, address, said)

    words = wording.words["data"]["llms"]
    briefs = [
        listed(pages[f"briefs/{brief.id}"], wording.bare(brief.brief.summary))
        for brief in publication.briefs
    ]
    files = [
        _item(name, publication.address(target, path), words[said])
        for name, target, said in (
            ("llms-full.txt", publication.path(wording.language, "llms-full.txt"), "full"),
            ("api/briefs.json", "api/briefs.json", "api"),
        )
    ]
    others = [
        _item(other.words["language"]["label"], publication.address(target, path), "")
        for code, other in publication.wordings.items()
        if code != wording.language
        for target in [publication.path(code, "llms.txt")]
    ]
    lists = {
        wording.words["parts"]["briefs"]: briefs,
        words["about"]: [*(listed(pages[p], pages[p].description) for p in LISTED), *files],
        words["languages"]: others,
        "Optional": [listed(pages[p], pages[p].description) for p in OPTIONAL],
    }
    blocks = [*_head(wording), commonmark.line(words["copies"])]
    for heading, items in lists.items():
        if items:
            blocks += [commonmark.heading(2, heading), "\n".join(items)]
    return File.of(path, "\n\n".join(blocks) + "\n")


def _full(publication: Publication, wording: Wording) -> File:
    path = publication.path(wording.language, "llms-full.txt")
    pages = {page.path: page for page in publication.pages[wording.language]}
    collected = {brief.id for brief in publication.library.collected}
    held = [brief for brief in publication.briefs if brief.id in collected]
    number = wording.count(wording.words["counts"]["briefs"], len(publication.briefs))
    blocks = [*_head(wording)]
    if len(held) < len(publication.briefs):
        said = wording.filled(
            wording.words["data"]["llms"]["newest"], held=len(held), number=number
        )
        blocks.append(commonmark.line(said))
    for brief in held:
        page = pages[f"briefs/{brief.id}"]
        blocks += ["***", markdown_copies.body(publication, page, path)]
    return File.of(path, "\n\n".join(blocks) + "\n")


def _head(wording: Wording) -> Iterator[str]:
    yield commonmark.heading(1, wording.bare(wording.library.settings.extra.name))
    said = commonmark.line(wording.words["pages"]["home"]["description"])
    yield f"> {said}"
    licence = wording.library.settings.extra.content_licence.name
    yield commonmark.line(wording.filled(wording.words["paper"]["rights"], licence=licence))


def _item(title: str, address: str, said: str) -> str:
    item = f"- {commonmark.link(commonmark.escaped(title), address)}"
    return f"{item}: {commonmark.escaped(said)}" if said else item
