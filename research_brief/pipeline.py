"""The flow: load, check, render, print, stage, build. Read it from top to bottom.

What stands around it, and puts the new site into the place of the last one, is in `building.py`.

One language alone is made in the same way, as a part of the site (`parts.py`): all content is read
and checked, and the pages and files of that language are made. What belongs to no language is a
part of the main one; what only a whole site can be told, `building.py` and `joining.py` add.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from research_brief import (
    engine,
    exports,
    printing,
    reading,
    redirects,
    rendering,
    staging,
    telling,
)
from research_brief.excerpts import Excerpts
from research_brief.exports import markdown_copies
from research_brief.library import Library
from research_brief.options import Options
from research_brief.page_store import PageStore
from research_brief.pages import Page
from research_brief.pdf.cards import cards
from research_brief.pdf.documents import Document, Maker
from research_brief.pdf.press import Printed, press
from research_brief.problems import Place, Problem, ProblemsFound, counted
from research_brief.refusals import Refused
from research_brief.settings import Settings
from research_brief.tree import Tree
from research_brief.whereabouts import Whereabouts
from research_brief.wording import Wording


@dataclass(frozen=True)
class Built:
    """What was made of the languages that were asked for."""

    content: reading.Content
    pages: dict[str, list[Page]]
    editions: list[tuple[telling.Edition, Path]]  # each with its staged folder
    hidden: list[str]  # files that search engines are not to list, by their paths in the site
    printed: set[Path]  # the files of the store of PDFs that are in the site


@dataclass(frozen=True)
class Bench:
    """Where a site is made, and what is kept of pages."""

    site: Tree
    store: PageStore


PLAIN = Options()


class Unknown(Refused):
    """What was asked for is not there."""


Report = Callable[[str], None]
Progress = Callable[[int, int], None]


def make(root: Path, options: Options, bench: Bench, report: Report, progress: Progress) -> Built:
    """Make all files of the languages, but for what hosts are told of a whole site."""
    site, store = bench.site, bench.store
    content = reading.read(root, options)
    report(summary(content.library))

    excerpts = Excerpts.of(content.library)
    excerpts.remember(store)
    pages = render(root, content, store, options.language)
    total = sum(map(len, pages.values()))
    languages = ", ".join(content.words[code]["language"]["label"] for code in pages)
    report(f"render  {total} pages in {counted(len(pages), 'language')}: {languages}")
    old = old_pages(root, content, pages)
    if old:
        report(f"lead    {counted(len(old), 'old page')} to new ones")

    printed = _press(root, content, pages, options) if options.pdf else None
    if printed:
        report(f"print   {printing.summary(printed.values())}")

    publication = _publication(content, pages, options, store)
    exported = exports.write(publication, site)

    def copy(page: Page) -> None:
        if markdown_copies.has_copy(page):
            exports.put(markdown_copies.copy_of(publication, page), site)

    excerpts.keep()
    content.library.forget()
    editions = [
        (
            _edition(content, language, pages[language], options, exported, store),
            root / options.work / "staged" / language,
        )
        for language in pages
    ]
    unmade = () if options.pdf else (printing.PDF,)
    jobs = [engine.Job(edition, folder, site, store) for edition, folder in editions]
    for job in jobs:
        language = job.edition.language
        downloads = _below(job.edition.folder, exported)
        if printed:
            wording = Wording(content.library, language, content.words)
            downloads |= printing.said(printed[language], wording)
        staging.stage(
            pages[language], content.library, job.staged, downloads, unmade, store, copy, job.lay
        )

    publication.keep()
    warnings = engine.build(root, jobs, lambda done: progress(done, total))
    if warnings:
        place = Place("mkdocs.yml")
        raise ProblemsFound(Problem(place, warning, "engine") for warning in set(warnings))

    settings = content.library.settings
    for language, items in (printed or {}).items():
        printing.lay(items, content.library, site, settings.folder(language))
    for path, text in old.items():
        site.put(path, text)
    hidden = [*printing.withdrawn(printed or {}, content.library)]
    used = {item.file for items in (printed or {}).values() for item in items}
    return Built(content, pages, editions, hidden, used)


def check(root: Path, options: Options = PLAIN) -> reading.Content:
    """Load, check, render and stage all content, write nothing. Raises ProblemsFound."""
    content = reading.read(root, options)
    pages = render(root, content)
    found = documents(root, content, pages, options)
    if problems := _staging_faults(content, pages, found):
        raise ProblemsFound(problems)
    old_pages(root, content, pages)
    return content


def render(
    root: Path, content: reading.Content, store: PageStore | None = None, only: str | None = None
) -> dict[str, list[Page]]:
    """The pages of each language, or of one. Raises ProblemsFound for faults of the templates."""
    library, templates = content.library, root / "templates"
    return {
        language: rendering.render(library, language, content.words, templates, store)
        for language in ([only] if only else library.settings.languages)
    }


def prepare_plain(root: Path) -> tuple[telling.Edition, Path]:
    """Stage the main language for plain `mkdocs`. Raises ProblemsFound."""
    content = reading.read(root, Options())
    language = content.library.settings.languages[0]
    pages = render(root, content)[language]
    staged = root / ".cache" / "plain" / "docs"
    staging.stage(pages, content.library, staged)
    edition = _edition(content, language, pages, Options())
    alone = {**edition.extra, **{key: edition.extra[key][:1] for key in ("languages", "all_words")}}
    return replace(edition, extra=alone), staged


def documents(
    root: Path, content: reading.Content, pages: Mapping[str, list[Page]], options: Options
) -> list[Document]:
    """What is to be typeset in each language. Raises ProblemsFound for faults of the templates,
    those that staging finds included."""
    library, templates = content.library, root / "templates"
    documents: list[Document] = []
    problems: list[Problem] = []
    for language, its_pages in pages.items():
        maker = Maker(library, language, content.words, its_pages, templates, options.epoch)
        documents += maker.documents()
        problems += maker.problems
    if problems:
        raise ProblemsFound(problems + _staging_faults(content, pages, documents))
    return documents


def _staging_faults(
    content: reading.Content, pages: Mapping[str, list[Page]], documents: Iterable[Document]
) -> list[Problem]:
    problems: list[Problem] = []
    settings = content.library.settings
    exported = exports.files(_publication(content, pages, Options()))
    printed = {document.path: "" for document in documents}
    for language, its_pages in pages.items():
        files = _below(settings.folder(language), exported) | printed
        try:
            staging.staged(its_pages, content.library, files, unmade=())
        except ProblemsFound as error:
            problems += error.problems
    return problems


def old_pages(
    root: Path, content: reading.Content, pages: Mapping[str, Sequence[Page]]
) -> dict[str, str]:
    """The pages at old addresses, by their files in the site. Raises ProblemsFound."""
    library = content.library
    found: dict[str, str] = {}
    for language, its_pages in pages.items():
        words, folder = content.words[language], library.settings.folder(language)
        made = redirects.redirects(its_pages, library, words, root / "templates")
        found |= {f"{folder}/{name}".lstrip("/"): page for name, page in made.items()}
    return found


def _press(
    root: Path, content: reading.Content, pages: Mapping[str, list[Page]], options: Options
) -> dict[str, list[Printed]]:
    """The PDFs of each language, and the pictures, whose addresses are of use as a whole only."""
    found = documents(root, content, pages, options)
    if content.library.settings.site_url:
        for language, its_pages in pages.items():
            found += cards(content.library, language, content.words, its_pages)
    store = root / options.work / "pdf"
    printed = press(found, content.library, root / "templates" / "pdf", store)
    return {
        language: [item for item in printed if item.document.language == language]
        for language in pages
    }


def _publication(
    content: reading.Content,
    pages: Mapping[str, list[Page]],
    options: Options,
    store: PageStore | None = None,
) -> exports.Publication:
    """What the files beside the pages are made from."""
    return exports.Publication(content.library, content.words, pages, options.pdf, store)


def _below(folder: str, paths: Iterable[str]) -> dict[str, str]:
    """The files by their paths below the folder of a language, and with a slash ahead below the
    site's root; links say nothing more of them."""
    start = f"{folder}/" if folder else ""
    below = {path.removeprefix(start): "" for path in paths if path.startswith(start)}
    return below | {f"/{path}": "" for path in paths}


def _edition(
    content: reading.Content,
    language: str,
    pages: Sequence[Page],
    options: Options,
    exported: Container[str] = (),
    store: PageStore | None = None,
) -> telling.Edition:
    from research_brief import search  # its dictionaries take longer to load than all else

    settings: Settings = content.library.settings
    files = partial(search.files, pages, content.library, store)
    feed = f"{settings.folder(language)}/feed.xml".lstrip("/") in exported
    return telling.edition(
        settings, content.words, language, pages, files, preview=options.drafts, feed=feed
    )


def summary(library: Library) -> str:
    """What the content is, in a line or two."""
    parts = [
        counted(len(library.briefs), "brief"),
        counted(len(library.claims), "claim"),
        counted(len(library.entities), "entity", "entities"),
    ]
    said = f"check   {', '.join(parts)}: no faults"
    if library.ledger and (new := Whereabouts.of(library.without_drafts()).unlisted):
        found = counted(len(new), "new address", "new addresses")
        said += f"\nnote    {found}: before this is published, python build.py release"
    return said
