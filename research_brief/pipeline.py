"""The flow: load, check, render, print, stage, build. Read it from top to bottom.

Everything is done in a folder of its own, which takes the place of the last good site at the
end: a fault, a crash or a kill on the way leaves `site/` as it was.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from research_brief import engine, hosting, output, rendering, search, staging
from research_brief.checks import check as run_checks
from research_brief.checks import quote_paragraph, quote_verbatim
from research_brief.evidence import keeping, verifying
from research_brief.evidence.verifying import Outcome
from research_brief.library import Library
from research_brief.loading import load, load_settings, load_words
from research_brief.pages import Page
from research_brief.pdf.documents import Document, Maker
from research_brief.pdf.press import Printed, press
from research_brief.problems import Place, Problem, ProblemsFound, counted, did_you_mean
from research_brief.settings import Settings, Wordbook
from research_brief.wording import Wording


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

        printed = _press(root, content, pages, options) if options.pdf else None
        if printed:
            sheets = sum(item.pages for items in printed.values() for item in items)
            files = sum(map(len, printed.values()))
            report(f"print   {counted(files, 'PDF')}, {counted(sheets, 'page')}")

        editions = [
            (_edition(content, language, pages[language], options), work / "staged" / language)
            for language in pages
        ]
        for edition, staged in editions:
            downloads = _downloads(content, edition.language, printed)
            staging.stage(pages[edition.language], content.library, staged, downloads)

        new = work / "new-site"
        for leftover in [new, *work.glob(f"{new.name}-*")]:
            output.remove(leftover)
        warnings = engine.build(root, editions, new, lambda done: progress(done, total))
        if warnings:
            place = Place("mkdocs.yml")
            raise ProblemsFound(Problem(place, warning, "engine") for warning in set(warnings))

        for edition, _ in editions:
            for item in (printed or {}).get(edition.language, []):
                target = new / edition.folder / item.document.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(item.file, target)
        settings = content.library.settings
        hosting.equip(new, settings, preview=options.drafts, in_pages=options.csp_meta)
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
    if brief is not None:
        _known("brief", brief, library.briefs)
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
    library, problems = load(root, settings)
    problems += run_checks(library)
    if not options.pdf:
        problems = [problem for problem in problems if problem.rule != "missing-glyph"]
    if any(problem.level == "error" or options.strict for problem in problems):
        raise ProblemsFound(problems)
    if not options.drafts:
        library = library.without_drafts()
    return Content(library, words, problems)


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
    files = {document.path: "" for document in documents}
    for its_pages in pages.values():
        try:
            staging.staged(its_pages, content.library, files)
        except ProblemsFound as error:
            problems += error.problems
    return problems


def _press(
    root: Path, content: Content, pages: Mapping[str, list[Page]], options: Options
) -> dict[str, list[Printed]]:
    """The PDFs of each language."""
    documents = _documents(root, content, pages, options)
    store = root / options.work / "pdf"
    printed = press(documents, content.library, root / "templates" / "pdf", store, tidy=True)
    return {
        language: [item for item in printed if item.document.language == language]
        for language in pages
    }


def _downloads(
    content: Content, language: str, printed: Mapping[str, list[Printed]] | None
) -> dict[str, str] | None:
    """What links to the PDFs say of them: `20 pages, 345 KB`."""
    if printed is None:
        return None
    wording = Wording(content.library, language, content.words)
    words = wording.words
    return {
        item.document.path: wording.filled(
            words["between"]["aside"],
            first=wording.count(words["counts"]["pages"], item.pages),
            next=f"{item.size / 1000:,.0f} KB",
        )
        for item in printed[language]
    }


def _known(what: str, name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise Unknown(f"there is no {what} '{name}'{did_you_mean(name, known)}")
    return name


def _edition(
    content: Content, language: str, pages: Sequence[Page], options: Options
) -> engine.Edition:
    settings: Settings = content.library.settings
    files = search.files(pages, content.library)
    return engine.edition(settings, content.words, language, pages, files, preview=options.drafts)


def _summary(library: Library) -> str:
    parts = [
        counted(len(library.briefs), "brief"),
        counted(len(library.claims), "claim"),
        counted(len(library.entities), "entity", "entities"),
    ]
    return f"check   {', '.join(parts)}: no faults"


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
