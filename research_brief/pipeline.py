"""The flow: load, check, render, print, stage, build. Read it from top to bottom.

Everything is done in a folder of its own, which takes the place of the last good site at the
end: a fault, a crash or a kill on the way leaves `site/` as it was.
"""

import shutil
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from research_brief import (
    engine,
    exports,
    hosting,
    ledger,
    output,
    redirects,
    rendering,
    search,
    staging,
)
from research_brief.addresses import LEDGER, Address
from research_brief.checks import check as run_checks
from research_brief.checks import quote_paragraph, quote_verbatim
from research_brief.editions import freezing
from research_brief.editions.freezing import Frozen
from research_brief.editions.reading import with_editions
from research_brief.evidence import keeping, verifying
from research_brief.evidence.verifying import Outcome
from research_brief.library import Library
from research_brief.loading import load, load_settings, load_words
from research_brief.pages import Page
from research_brief.pdf.cards import cards
from research_brief.pdf.documents import Document, Maker
from research_brief.pdf.press import Printed, press
from research_brief.problems import Place, Problem, ProblemsFound, counted, did_you_mean
from research_brief.readers import for_readers
from research_brief.settings import Settings, Wordbook
from research_brief.whereabouts import Whereabouts
from research_brief.wording import Wording

PDF = ".pdf"
"""What the names of PDFs end in."""


@dataclass(frozen=True)
class Content:
    """What was read: the library, the interface words, and the warnings about them."""

    library: Library
    words: dict[str, Wordbook]
    warnings: list[Problem]


@dataclass(frozen=True)
class Built:
    """What a build made."""

    content: Content
    pages: dict[str, list[Page]]
    site: Path


@dataclass(frozen=True)
class Options:
    """How to build: `work` and `site` are folders below the project's root."""

    work: Path = Path(".cache")
    site: Path = Path("site")
    strict: bool = False
    drafts: bool = False  # a site with drafts is a preview: it asks not to be indexed
    site_url: str | None = None
    pdf: bool = True
    csp_meta: bool = False  # the security policy in the pages too, for hosts without headers
    epoch: int | None = None  # seconds since 1970, the time that PDFs bear instead of their own


class Unknown(Exception):
    """What was asked for is not there."""


class Busy(Exception):
    """Another build of this project is running."""


Report = Callable[[str], None]


def build(
    root: Path,
    options: Options = Options(),
    report: Report = lambda line: None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Built:
    """Build the whole site of the project at `root`.

    Raises ProblemsFound (nothing was changed), engine.EngineFailed, Busy, output.Unusable.
    """
    work, site = root / options.work, root / options.site
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise output.Unusable(f"{options.site} is not a folder of its own; move it away")
    work.mkdir(parents=True, exist_ok=True)
    with _only_one(work):
        output.repair(site)
        content = read(root, options)
        report(_summary(content.library))

        pages = render(root, content)
        total = sum(map(len, pages.values()))
        languages = ", ".join(content.words[code]["language"]["label"] for code in pages)
        report(f"render  {total} pages in {len(pages)} languages: {languages}")
        old = _redirects(root, content, pages)
        if old:
            report(f"lead    {counted(len(old), 'old page')} to new ones")

        printed = _press(root, content, pages, options) if options.pdf else None
        if printed:
            report(f"print   {_printed(item for items in printed.values() for item in items)}")

        exported = _exported(content, pages, options)
        editions = [
            (
                _edition(content, language, pages[language], options, exported),
                work / "staged" / language,
            )
            for language in pages
        ]
        unmade = () if options.pdf else (PDF,)
        for edition, staged in editions:
            downloads = _below(edition.folder, exported)
            downloads |= _said_of_prints(content, edition.language, printed) if printed else {}
            staging.stage(pages[edition.language], content.library, staged, downloads, unmade)

        new = work / "new-site"
        for leftover in [new, *work.glob(f"{new.name}-*")]:
            output.remove(leftover)
        warnings = engine.build(root, editions, new, lambda done: progress(done, total))
        if warnings:
            place = Place("mkdocs.yml")
            raise ProblemsFound(Problem(place, warning, "engine") for warning in set(warnings))

        for edition, _ in editions:
            for item in (printed or {}).get(edition.language, []):
                before = redirects.former_pdfs(content.library, item.document.brief)
                for path in (item.document.path, *before):
                    target = new / edition.folder / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(item.file, target)
        for path, text in {**exported, **old}.items():
            output.write_if_changed(new / path, text)
        library = content.library
        hidden = [
            f"{edition.folder}/{path}".lstrip("/")
            for edition, _ in editions
            for brief in library.briefs.values()
            if brief.withdrawn and printed and not brief.is_removed
            for path in (
                f"briefs/{brief.id}/{brief.id}.pdf",
                *redirects.former_pdfs(library, brief.id),
            )
        ]
        hosting.equip(
            new, library.settings, preview=options.drafts, in_pages=options.csp_meta, hidden=hidden
        )
        if (site / ".gitignore").exists():
            shutil.copy2(site / ".gitignore", new / ".gitignore")
        output.exchange(new, site)
        output.remove(new)
        return Built(content, pages, site)


def check(root: Path, options: Options = Options()) -> Content:
    """Load, check, render and stage all content, write nothing. Raises ProblemsFound."""
    content = read(root, options)
    pages = render(root, content)
    documents = _documents(root, content, pages, options)
    if problems := _staging_faults(content, pages, documents):
        raise ProblemsFound(problems)
    _redirects(root, content, pages)
    return content


def print_one(
    root: Path, brief: str | None, language: str | None, options: Options = Options()
) -> Printed:
    """The PDF of a brief, or of all briefs, in a language (the main one if it is not given).

    Raises ProblemsFound, Unknown for a brief or language that is not there, PressFailed, Busy.
    """
    content = read(root, options)
    library = content.library
    language = _known("language", language or library.settings.languages[0], content.words)
    if brief is not None and library.briefs[_known("brief", brief, library.briefs)].is_removed:
        raise Unknown(f"brief '{brief}' was removed")
    pages = rendering.render(library, language, content.words, root / "templates")
    found = _documents(root, content, {language: pages}, options)
    wanted = [document for document in found if document.brief == (brief or "")]
    if not wanted:
        raise Unknown("there is no brief yet")
    work = root / options.work
    work.mkdir(parents=True, exist_ok=True)
    with _only_one(work):  # a build would tidy the file away
        return press(wanted, library, root / "templates/pdf", work / "pdf", tidy=False)[0]


def read(root: Path, options: Options) -> Content:
    """All content, loaded and checked. Raises ProblemsFound with every fault, warnings included."""
    settings = load_settings(root)
    if options.site_url is not None:
        settings = settings.model_copy(update={"site_url": options.site_url or None})
    words = load_words(root, settings.languages)
    library, problems = _loaded(root, settings)
    if not options.pdf:
        problems = [problem for problem in problems if problem.rule != "missing-glyph"]
    if any(problem.level == "error" or options.strict for problem in problems):
        raise ProblemsFound(problems)
    library = for_readers(library, words, drafts=options.drafts)
    return Content(library, words, problems)


class Released(NamedTuple):
    """What a release wrote: the editions, and the addresses that the ledger had not."""

    editions: list[Frozen]
    addresses: list[Address]


def release(root: Path, options: Options = Options()) -> Released:
    """Freeze what is published now as the next edition of each brief that changed, then write down
    every address that is published, editions included.

    An address that is in the ledger stays there. Raises ProblemsFound, with no edition written,
    for any fault but of the order of the ledger, and for changes that no revision tells; Busy.
    """
    work = root / options.work
    work.mkdir(parents=True, exist_ok=True)
    with _only_one(work):
        known, problems = ledger.read(root)
        if problems and all(map(ledger.is_mendable, problems)):
            output.write_if_changed(root / LEDGER, ledger.written(known))
        check(root, replace(options, drafts=False))
        settings = load_settings(root)
        frozen = freezing.freeze(root, _loaded(root, settings)[0])
        library = _loaded(root, settings)[0].without_drafts()
        new = Whereabouts.of(library).unlisted
        output.write_if_changed(root / LEDGER, ledger.written([*library.ledger, *new]))
        return Released(frozen, new)


def _loaded(root: Path, settings: Settings) -> tuple[Library, list[Problem]]:
    """All content with its editions, as editors write it, and what is wrong with it."""
    library, problems = load(root, settings)
    library, others = with_editions(root, library)
    return library, [*problems, *others, *run_checks(library)]


def verify(root: Path, id: str | None) -> tuple[list[Outcome], list[Problem]]:
    """Compare the words of a source, or of all whose text is here, and write the receipts.

    Returns what was found, and the faults of words that are not in their text. Raises
    ProblemsFound where content cannot be read, so that not all quotations are known; Unknown for
    a source that is not there, Refused for one without its text.
    """
    settings = load_settings(root)
    library, problems = load(root, settings)
    # Damaged receipts are written anew here.
    if unread := [problem for problem in problems if not keeping.is_receipts(problem.place.file)]:
        raise ProblemsFound(unread)
    held = [source.id for source in library.sources.values() if source.text]
    if not (id or held):
        raise Unknown("the text of no source is here; 'source add FILE --id ID' puts one there")
    ids = [_known("source", id, library.sources)] if id else held
    today = date.today().isoformat()  # noqa: DTZ011 (the day where the text is)
    outcomes = [verifying.verify(library, source, today) for source in ids]
    for outcome in outcomes:
        verifying.write(root, outcome)
    library, _ = load(root, settings)
    faults = {*quote_verbatim.check(library), *quote_paragraph.check(library)}
    return outcomes, sorted(faults)


def render(root: Path, content: Content) -> dict[str, list[Page]]:
    """The pages of each language. Raises ProblemsFound for faults of the templates."""
    return {
        language: rendering.render(content.library, language, content.words, root / "templates")
        for language in content.library.settings.languages
    }


def prepare_plain(root: Path) -> tuple[engine.Edition, Path]:
    """Stage the main language for plain `mkdocs`. Raises ProblemsFound."""
    content = read(root, Options())
    language = content.library.settings.languages[0]
    pages = render(root, content)[language]
    staged = root / ".cache" / "plain" / "docs"
    staging.stage(pages, content.library, staged)
    edition = _edition(content, language, pages, Options())
    alone = {**edition.extra, **{key: edition.extra[key][:1] for key in ("languages", "all_words")}}
    return replace(edition, extra=alone), staged


def _documents(
    root: Path, content: Content, pages: Mapping[str, list[Page]], options: Options
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
    content: Content, pages: Mapping[str, list[Page]], documents: Iterable[Document]
) -> list[Problem]:
    problems: list[Problem] = []
    settings, exported = content.library.settings, _exported(content, pages, Options())
    printed = {document.path: "" for document in documents}
    for language, its_pages in pages.items():
        files = _below(settings.folder(language), exported) | printed
        try:
            staging.staged(its_pages, content.library, files, unmade=())
        except ProblemsFound as error:
            problems += error.problems
    return problems


def _redirects(root: Path, content: Content, pages: Mapping[str, Sequence[Page]]) -> dict[str, str]:
    """The pages at old addresses, by their files in the site. Raises ProblemsFound."""
    library = content.library
    found: dict[str, str] = {}
    for language, its_pages in pages.items():
        words, folder = content.words[language], library.settings.folder(language)
        made = redirects.redirects(its_pages, library, words, root / "templates")
        found |= {f"{folder}/{name}".lstrip("/"): page for name, page in made.items()}
    return found


def _press(
    root: Path, content: Content, pages: Mapping[str, list[Page]], options: Options
) -> dict[str, list[Printed]]:
    """The PDFs of each language, and the pictures, whose addresses are of use as a whole only."""
    documents = _documents(root, content, pages, options)
    if content.library.settings.site_url:
        for language, its_pages in pages.items():
            documents += cards(content.library, language, content.words, its_pages)
    store = root / options.work / "pdf"
    printed = press(documents, content.library, root / "templates" / "pdf", store, tidy=True)
    return {
        language: [item for item in printed if item.document.language == language]
        for language in pages
    }


def _exported(
    content: Content, pages: Mapping[str, list[Page]], options: Options
) -> dict[str, str]:
    """The files beside the pages that machines read: their texts by their paths in the site."""
    return exports.files(exports.Publication(content.library, content.words, pages, options.pdf))


def _below(folder: str, paths: Iterable[str]) -> dict[str, str]:
    """The files by their paths below the folder of a language, and with a slash ahead below the
    site's root; links say nothing more of them."""
    start = f"{folder}/" if folder else ""
    below = {path.removeprefix(start): "" for path in paths if path.startswith(start)}
    return below | {f"/{path}": "" for path in paths}


def _said_of_prints(
    content: Content, language: str, printed: Mapping[str, list[Printed]]
) -> dict[str, str]:
    """What is said of the files: `20 pages, 345 KB`, and what the pictures show."""
    wording = Wording(content.library, language, content.words)
    words = wording.words
    return {
        item.document.path: wording.filled(
            words["between"]["aside"],
            first=wording.count(words["counts"]["pages"], item.pages),
            next=f"{item.size / 1000:,.0f} KB",
        )
        if item.document.suffix == ".pdf"
        else str(item.document.values["text"])
        for item in printed[language]
    }


def _printed(items: Iterable[Printed]) -> str:
    """`4 PDFs, 80 pages`, with the pictures if there are any."""
    found = list(items)
    pdfs = [item for item in found if item.document.suffix == ".pdf"]
    said = [counted(len(pdfs), "PDF"), counted(sum(item.pages for item in pdfs), "page")]
    if pictures := len(found) - len(pdfs):
        said.append(counted(pictures, "picture"))
    return ", ".join(said)


def _known(what: str, name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise Unknown(f"there is no {what} '{name}'{did_you_mean(name, known)}")
    return name


def _edition(
    content: Content,
    language: str,
    pages: Sequence[Page],
    options: Options,
    exported: Container[str] = (),
) -> engine.Edition:
    settings: Settings = content.library.settings
    files = search.files(pages, content.library)
    feed = f"{settings.folder(language)}/feed.xml".lstrip("/") in exported
    return engine.edition(
        settings, content.words, language, pages, files, preview=options.drafts, feed=feed
    )


def _summary(library: Library) -> str:
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


class _only_one:  # noqa: N801 (reads as a verb)
    """Hold the lock of a work folder, or raise Busy at once; a killed holder lets go by itself."""

    def __init__(self, work: Path) -> None:
        self.lock = FileLock(work / "lock", timeout=0)

    def __enter__(self) -> None:
        try:
            self.lock.acquire()
        except Timeout:
            raise Busy(f"another build of this project holds {self.lock.lock_file}") from None

    def __exit__(self, *_: object) -> None:
        self.lock.release()
