"""Where a page uses a term for the first time: there readers are told what it means.

The definitions stand once, at the end of the page; the first link to each term names its own as
its description (`aria-describedby`), which screen readers read without any script. For all others
`templates/theme/assets/aids.js` shows it. (Material's tooltips are of `title` and `abbr`: touch and
keyboards do not reach them, and nothing can be followed in them.)
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from research_brief.fragment import anchors, tree
from research_brief.library import EntityRecord, Library
from research_brief.pages import Page

ANCHOR = "term:"
"""What the anchors of definitions begin with, before the id of the term."""

_DETAILS = re.compile("(<details[ >]|</details>)")
_ENTITY = re.compile(r"""href\s*=\s*["']entity:([a-z0-9-]+)["']""")


def terms_of(page: Page, library: Library) -> list[EntityRecord]:
    """The terms that a page links to where they are seen, in the order of their first use."""
    terms = {record.id: record for record in library.entities.values() if record.kind == "term"}
    shown = (page.intro, *(part.html for part in page.parts))
    ids = dict.fromkeys(id for html in shown for id in _seen(html))
    return [terms[id] for id in ids if id in terms]


def defined(page: Page) -> set[str]:
    """The ids of the terms that a page defines at its end."""
    found = anchors(tree(page.definitions)) if page.definitions else ()
    return {id.removeprefix(ANCHOR) for id in found if id.startswith(ANCHOR)}


def describe(root: Element, left: set[str]) -> None:
    """Mark the first link to each term that is `left`, and take it out of there."""
    for link in _links(root):
        if _id(link) in left:
            left.remove(_id(link))
            link.set("class", "rb-term")
            link.set("aria-describedby", f"{ANCHOR}{_id(link)}")


def _seen(html: str) -> Iterator[str]:
    """The entities that a fragment links to where it is open at first. (To parse it for that would
    take ten times as long.)"""
    depth = 0
    for piece in _DETAILS.split(html):
        if piece == "</details>":
            depth -= 1
        elif piece in ("<details>", "<details "):
            depth += 1
        elif not depth:
            yield from _ENTITY.findall(piece)


def _id(link: Element) -> str:
    return link.get("href", "").removeprefix("entity:")


def _links(element: Element) -> Iterator[Element]:
    """The links to entities, but not those in what is closed at first."""
    if element.tag == "details":
        return
    if element.tag == "a" and element.get("href", "").startswith("entity:"):
        yield element
    for child in element:
        yield from _links(child)
