"""Which pages and PDFs change between two states of the project, by what readers see of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from research_brief.library import Library
from research_brief.meaning.trees import Tree
from research_brief.pages import Page
from research_brief.pdf.documents import Document, Maker
from research_brief.problems import ProblemsFound
from research_brief.readers import for_readers
from research_brief.rendering import render
from research_brief.wordbooks import load_words

T = TypeVar("T", Page, Document)


@dataclass(frozen=True)
class Change:
    """A page or PDF that changes; `path` is its address below the root of the site."""

    action: Literal["added", "removed", "changed"]
    language: str
    path: str
    title: str


@dataclass(frozen=True)
class Published:
    """What a state of the project becomes, by its address below the root of the site."""

    pages: Mapping[str, Page]
    documents: Mapping[str, Document]


def published(tree: Tree, library: Library) -> Published:
    """The pages and PDFs of a state, not typeset. Raises ProblemsFound for faults of templates."""
    settings, templates = library.settings, tree.templates
    words = load_words(tree.words, settings.languages)
    library = for_readers(library, words, drafts=True)
    pages: dict[str, Page] = {}
    documents: dict[str, Document] = {}
    for language in settings.languages:
        root = f"{settings.folder(language)}/".lstrip("/")
        its_pages = render(library, language, words, templates)
        pages |= {f"{root}{page.path}/" if page.path else root: page for page in its_pages}
        maker = Maker(library, language, words, its_pages, templates)
        documents |= {f"{root}{document.path}": document for document in maker.documents()}
        if maker.problems:
            raise ProblemsFound(maker.problems)
    return Published(pages, documents)


def compare(old: Published, new: Published) -> tuple[list[Change], list[Change]]:
    """The pages and the PDFs that change, in the order of the site."""
    return _changes(old.pages, new.pages, _seen), _changes(old.documents, new.documents, _printed)


def _changes(
    old: Mapping[str, T], new: Mapping[str, T], seen: Callable[[T], object]
) -> list[Change]:
    found = []
    for path in dict.fromkeys([*new, *old]):
        before, after = old.get(path), new.get(path)
        if before is None and after is not None:
            found.append(Change("added", after.language, path, _title(after)))
        elif before is not None and after is None:
            found.append(Change("removed", before.language, path, _title(before)))
        elif before and after and seen(before) != seen(after):
            found.append(Change("changed", after.language, path, _title(after)))
    return found


def _seen(page: Page) -> object:
    """What readers see of a page: not which template made it, nor what the search index holds."""
    parts = [(part.id, part.heading, part.html) for part in page.parts]
    return page.title, page.description, page.above, page.intro, parts


def _printed(document: Document) -> object:
    return document.values, document.timestamp


def _title(item: Page | Document) -> str:
    return item.title if isinstance(item, Page) else str(item.values["title"])
