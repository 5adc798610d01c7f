"""A build from nothing, with the languages side by side.

What takes longest is made ahead, the main language here and every other one in a process beside
this: it is put into the store, where the build finds it. The build itself does not know of it; what
is missing in the end, and every fault, is found by it.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from research_brief import exports, processes, reading, rendering
from research_brief.exports import markdown_copies
from research_brief.options import Options
from research_brief.page_store import PageStore
from research_brief.problems import ProblemsFound

MANY = 12
"""Briefs for which it pays to begin further processes."""


def warm(
    root: Path,
    content: reading.Content,
    options: Options,
    store: PageStore,
    languages: Sequence[str],
) -> None:
    """Make the pages of some languages and their copies in Markdown ahead, unless the store was
    filled by the same program and templates before."""
    begun = store.key(["begun"])
    is_cold = store.get(begun) is None
    store.text(begun, lambda: "begun")
    others = languages[1 : processes.cores()]
    if not (is_cold and others and len(content.library.briefs) >= MANY):
        return
    with processes.beside([(_beside, root, options, store, language) for language in others]):
        _make(root, content, store, languages[0])


def _beside(root: Path, options: Options, store: PageStore, language: str) -> None:
    _make(root, reading.read(root, options), store, language)


def _make(root: Path, content: reading.Content, store: PageStore, language: str) -> None:
    library, words = content.library, content.words
    with suppress(ProblemsFound):
        pages = rendering.render(library, language, words, root / "templates", store)
        publication = exports.Publication(library, words, {language: pages}, store=store)
        for _ in markdown_copies.export(publication):
            pass
