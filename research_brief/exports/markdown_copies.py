"""A copy of every page in CommonMark: `PAGE/index.md` beside `PAGE/index.html`.

It is made from the fragments of the page, so it says what the page says. Links lead to the pages
that readers see, and a claim's number to its permalink. The pages of names repeat the claims of all
briefs; their copies leave the quotations to those of the briefs, where each stands once.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import sha256

from research_brief import commonmark
from research_brief.exports import File, Publication
from research_brief.fragment import OUTSIDE, tree
from research_brief.pages import Page
from research_brief.staging import Addresses

WITHOUT = {"entity": frozenset(["rb-evidence"])}
"""What is left out of the copies of a kind of page: elements with these classes."""


def export(publication: Publication) -> Iterator[File]:
    for pages in publication.pages.values():
        for page in pages:
            if has_copy(page):
                yield File(path_of(publication, page), partial(_text, publication, page), "", True)


def has_copy(page: Page) -> bool:
    """Whether there is one: of what is frozen, its own content stands in the repository."""
    return not page.frozen


def copy_of(publication: Publication, page: Page) -> File:
    """The copy of a page."""
    path, front = path_of(publication, page), _front(publication, page)
    key, make = _body(publication, page, path)
    made_of = publication.store.key([key, front]) if publication.store else ""
    return File(path, partial(_whole, front, make), made_of)


def _text(publication: Publication, page: Page) -> str:
    return copy_of(publication, page).text


def path_of(publication: Publication, page: Page) -> str:
    """Where the copy of a page stands below the site's root."""
    return publication.path(page.language, f"{page.path}/index.md".lstrip("/"))


def _whole(front: str, body: Callable[[], str]) -> str:
    return f"{front}\n\n{body()}\n"


def body(publication: Publication, page: Page, origin: str) -> str:
    """What a page says, from its title on, for the file at `origin` below the site's root; from the
    store if neither the page nor where its links lead is another."""
    _, make = _body(publication, page, origin)
    return make()


def _body(publication: Publication, page: Page, origin: str) -> tuple[str, Callable[[], str]]:
    """The key under which a store keeps the body ("" without one), and how to have it."""
    store, links = publication.store, _Links(publication, page, origin)

    def make() -> str:
        return "\n\n".join(_blocks(page.whole, cache(links), said))

    colon = publication.wordings[page.language].words["between"]["colon"]
    said = colon.format(first="", next="")
    if store is None:
        return "", make
    # The rest of an address is the same for all links of the page.
    told: list[str | None] = [page.digest, said, publication.address("", origin), origin]

    def key() -> str:
        return store.key(["copy", told, [links.addresses.path(link) for link in page.links]])

    # Of most pages nothing is new, nor of anything that a link could lead to.
    note = sha256(json.dumps([told, links.addresses.digest]).encode()).hexdigest()
    found = publication.known(f"copies {page.language}").get(note, key)
    store.use(found)
    return found, lambda: store.text(found, make) or ""


def _front(publication: Publication, page: Page) -> str:
    said = {"title": page.title, "description": page.description}
    said["language"] = publication.wordings[page.language].html_language(page.language)
    if base := publication.library.settings.base(page.language):
        said["permalink"] = f"{base}{page.path}/" if page.path else base
    # JSON is YAML, with every sign quoted.
    lines = (f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in said.items())
    return "\n".join(["---", *lines, "---"])


def _blocks(page: Page, target: commonmark.Link, said: str) -> Iterator[str]:
    """The blocks of a page. What is wrong with its fragments, staging says."""
    without = WITHOUT.get(page.kind, frozenset())
    parts = [("", page.above), (commonmark.heading(1, page.title), page.intro)]
    parts += [(commonmark.heading(2, part.heading), part.html) for part in page.parts]
    for heading, html in parts:
        if heading:
            yield heading
        if html and (text := commonmark.blocks(tree(html), target, said, without)):
            yield text


class _Links:
    """Where the links of a page lead from the file at `origin`."""

    def __init__(self, publication: Publication, page: Page, origin: str) -> None:
        language, addresses = publication.memo.get(__name__, ("", None))
        if language != page.language:  # of one at a time, because it learns of every link
            pages = list(publication.pages[page.language])
            addresses = Addresses.of(pages, publication.library)
            publication.memo[__name__] = page.language, addresses
        self.addresses: Addresses = addresses
        self.publication, self.page, self.origin = publication, page, origin

    def __call__(self, link: str) -> str | None:
        if link.lower().startswith(OUTSIDE):
            return link
        path = self._path(link)
        return None if path is None else self.publication.address(path, self.origin)

    def _path(self, link: str) -> str | None:
        """The path below the site's root; whether a file is there, staging asks."""
        scheme, _, rest = link.partition(":")
        if scheme == "file" and rest.startswith("/"):
            return rest[1:]
        if link.startswith("#"):
            path: str | None = f"{self.page.path}/{link}".lstrip("/")
        else:
            path = rest if scheme == "file" else self.addresses.path(link)
        return None if path is None else self.publication.path(self.page.language, path)
