"""The flow: load, check, render, stage, build. Read it from top to bottom.

Everything is done in a folder of its own, which takes the place of the last good site at the
end: a fault, a crash or a kill on the way leaves `site/` as it was.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from research_brief import engine, output, rendering, search, staging
from research_brief.checks import check as run_checks
from research_brief.library import Library
from research_brief.loading import load, load_settings, load_words
from research_brief.pages import Page
from research_brief.problems import Place, Problem, ProblemsFound, counted
from research_brief.settings import Settings, Wordbook


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
    drafts: bool = False
    site_url: str | None = None


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

        editions = [
            (_edition(content, language, pages[language]), work / "staged" / language)
            for language in pages
        ]
        for edition, staged in editions:
            staging.stage(pages[edition.language], content.library, staged)

        new = work / "new-site"
        for leftover in [new, *work.glob(f"{new.name}-*")]:
            output.remove(leftover)
        warnings = engine.build(root, editions, new, lambda done: progress(done, total))
        if warnings:
            place = Place("mkdocs.yml")
            raise ProblemsFound(Problem(place, warning, "engine") for warning in set(warnings))

        if (site / ".gitignore").exists():
            shutil.copy2(site / ".gitignore", new / ".gitignore")
        output.exchange(new, site)
        output.remove(new)
        return Built(content, pages, site)


def check(root: Path, options: Options = Options()) -> Content:
    """Load, check, render and stage all content, write nothing. Raises ProblemsFound."""
    content = read(root, options)
    for pages in render(root, content).values():
        staging.staged(pages, content.library)
    return content


def read(root: Path, options: Options) -> Content:
    """All content, loaded and checked. Raises ProblemsFound with every fault, warnings included."""
    settings = load_settings(root)
    if options.site_url is not None:
        settings = settings.model_copy(update={"site_url": options.site_url or None})
    words = load_words(root, settings.languages)
    library, problems = load(root, settings)
    problems += run_checks(library)
    if any(problem.level == "error" or options.strict for problem in problems):
        raise ProblemsFound(problems)
    if not options.drafts:
        library = library.without_drafts()
    return Content(library, words, problems)


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
    edition = _edition(content, language, pages)
    alone = {**edition.extra, **{key: edition.extra[key][:1] for key in ("languages", "all_words")}}
    return replace(edition, extra=alone), staged


def _edition(content: Content, language: str, pages: Sequence[Page]) -> engine.Edition:
    settings: Settings = content.library.settings
    index = search.index(pages, content.library)
    return engine.edition(settings, content.words, language, pages, index)


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
