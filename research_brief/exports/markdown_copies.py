"""A copy of every page in CommonMark: `PAGE/index.md` beside `PAGE/index.html`.

It is made from the fragments of the page, so it says what the page says. Links lead to the pages
that readers see, and a claim's number to its permalink. The pages of names repeat the claims of all
briefs; their copies leave the quotations to those of the briefs, where each stands once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from hashlib import sha256

from research_brief import commonmark
from research_brief.exports import File, Publication
from research_brief.fragment import OUTSIDE, tree
from research_brief.page_store import PageStore
from research_brief.pages import Page
from research_brief.staging import Addresses

WITHOUT = {"entity": frozenset(["rb-evidence"])}
"""What is left out of the copies of a kind of page: elements with these classes."""


def export(publication: Publication) -> Iterator[File]:
    for pages in publication.pages.values():
        for page in pages:
            if has_copy(page):
                text = partial(_text, publication, page)
                yield File(path_of(publication, page), text, is_copy=True)


def has_copy(page: Page) -> bool:
    """Whether there is one: of what is frozen, its own content stands in the repository."""
    return not page.frozen


def copy_of(publication: Publication, page: Page) -> File:
    """The copy of a page."""
    path, store = path_of(publication, page), publication.store

    def text() -> str:
        return f"{_front(publication, page)}\n\n{body(publication, page, path)}\n"

    if store is None:
        return File(path, text)

    def keys() -> tuple[str, str]:
        key = _key(store, publication, page, path)
        return key, store.key([key, _front(publication, page)])

    # Of most pages nothing is new, nor of anything that a link could lead to.
    sign = sha256(f"{page.digest} {_language(publication, page).sign}".encode()).hexdigest()
    key, made_of = publication.known(f"copies {page.language}").get(sign, keys)
    store.use(key)
    return File(path, text, made_of)


def _text(publication: Publication, page: Page) -> str:
    return copy_of(publication, page).text


def path_of(publication: Publication, page: Page) -> str:
    """Where the copy of a page stands below the site's root."""
    return publication.path(page.language, f"{page.path}/index.md".lstrip("/"))


def body(publication: Publication, page: Page, origin: str) -> str:
    """What a page says, from its title on, for the file at `origin` below the site's root; from the
    store if neither the page nor where its links lead is another."""
    store, said = publication.store, _language(publication, page).colon

    def make() -> str:
        target = cache(_Links(publication, page, origin))
        return "\n\n".join(_blocks(page.whole, target, said))

    if store is None:
        return make()
    return store.text(_key(store, publication, page, origin), make)


def _key(store: PageStore, publication: Publication, page: Page, origin: str) -> str:
    """The key under which a store keeps the body."""
    language = _language(publication, page)
    # The rest of an address is the same for all links of the page.
    told = [page.digest, language.colon, publication.address("", origin), origin]
    return store.key(["copy", told, [language.addresses.path(link) for link in page.links]])


@dataclass(frozen=True)
class _Language:
    """What the copies of a language have in common."""

    code: str
    name: str  # in HTML
    colon: str
    addresses: Addresses

    @cached_property
    def sign(self) -> str:
        """What identifies all of it."""
        return f"{self.name} {self.colon} {self.addresses.digest}"


def _language(publication: Publication, page: Page) -> _Language:
    """That of a page; of one at a time, because its addresses learn of every link."""
    found: _Language | None = publication.memo.get(__name__)
    if found is None or found.code != page.language:
        wording = publication.wordings[page.language]
        found = publication.memo[__name__] = _Language(
            page.language,
            wording.html_language(page.language),
            wording.words["between"]["colon"].format(first="", next=""),
            Addresses.of(list(publication.pages[page.language]), publication.library),
        )
    return found


def _front(publication: Publication, page: Page) -> str:
    said = {"title": page.title, "description": page.description}
    said["language"] = _language(publication, page).name
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
        self.addresses = _language(publication, page).addresses
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
