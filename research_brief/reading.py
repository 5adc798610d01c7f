"""From the files of a project to its content, checked: what every verb begins with."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from research_brief import (
    faultless,
    focus,
    freshness,
    inputs,
    page_store,
    portability,
    yamlfile,
)
from research_brief.checks import check
from research_brief.editions.reading import with_editions
from research_brief.folders import Folders, Kept
from research_brief.freshness import Last
from research_brief.held import Held
from research_brief.kept_data import KeptData
from research_brief.library import Library
from research_brief.loading import load, load_settings
from research_brief.options import Options
from research_brief.problems import Place, Problem, ProblemsFound, counted
from research_brief.readers import for_readers
from research_brief.settings import Settings, Wordbook
from research_brief.wordbooks import load_words

FONTS = "templates/pdf/fonts"
"""Fonts of one's own, which show signs that ours have not."""


@dataclass(frozen=True)
class Content:
    """What was read: the library, the interface words, and the warnings about them."""

    library: Library
    words: dict[str, Wordbook]
    warnings: list[Problem]


def read(root: Path, options: Options, *, lazily: bool = False) -> Content:
    """All content, or some briefs with what they name, loaded and checked; of briefs that are as
    they were, `lazily`, only what somebody asks for. Raises ProblemsFound with every fault,
    warnings included, and focus.Missing."""
    known = _known(root, options, lazily)
    with yamlfile.keeping(known.kept):
        settings = load_settings(root)
        if options.site_url is not None:
            settings = settings.model_copy(update={"site_url": options.site_url or None})
        words = load_words(root, settings.languages)
        library, problems = loaded(root, settings, known, options.briefs)
        problems += portability.check(root)
    with suppress(OSError):  # the next one reads all files again
        known.kept.save()
    if not options.pdf:
        problems = [problem for problem in problems if problem.rule != "missing-glyph"]
    if any(problem.level == "error" or options.strict for problem in problems):
        raise ProblemsFound(problems)
    library = for_readers(library, words, drafts=options.drafts)
    if options.briefs:
        library = focus.narrowed(library, words)
    return Content(library, words, problems)


class Known(NamedTuple):
    """What is known of a project: of its files, and what was made of them in this process."""

    kept: KeptData
    folders: Folders
    held: Held | None = None


def remember() -> None:
    """From now on, hold what was read and made of files: for a program that reads all content
    again after every edit."""
    page_store.remember()
    global _remembered
    _remembered = _remembered or {}


_remembered: dict[tuple[Path, Path], Known] | None = None


def _known(root: Path, options: Options, lazily: bool) -> Known:
    if _remembered is not None and (root, options.work) in _remembered:
        return _remembered[root, options.work]
    made_by = [inputs.program(root), sys.version, freshness.packages()]
    is_held = _remembered is not None
    kept = KeptData(root, root / options.work / "yaml", made_by, holds=is_held)
    if _remembered is None:
        return Known(kept, Kept(kept, lazily=lazily))
    known = _remembered[root, options.work] = Known(kept, Folders(kept), Held())
    return known


def loaded(
    root: Path, settings: Settings, known: Known | None = None, briefs: Sequence[str] = ()
) -> tuple[Library, list[Problem]]:
    """All content with its editions, or some `briefs` with what they name, as editors write it, and
    what is wrong with it. Raises ProblemsFound where a folder cannot be looked into, and
    focus.Missing."""
    held = known.held if known else None
    try:
        if briefs:
            library, problems = focus.load_some(root, settings, briefs, held)
        else:
            library, problems = load(root, settings, held=held, folders=known and known.folders)
        library, others = with_editions(root, library)
    except OSError as error:
        place = Path(error.filename or root)
        name = place.relative_to(root) if place.is_relative_to(root) else place
        message = f"cannot be read: {error.strerror}"
        raise ProblemsFound([Problem(Place(name.as_posix()), message, "file")]) from None
    if known is None:
        checked = check(library)
    else:
        checked = faultless.check(library, known.kept, inputs.below(root, FONTS))
    library.memo.clear()  # what the checks worked out; claims and values are asked for again
    return library, [*problems, *others, *checked]


def checked(root: Path, options: Options) -> Last:
    """What a check says of all content, which is kept for the next one if it can be and if nothing
    was edited meanwhile. Raises ProblemsFound."""
    began = inputs.seen(root)
    state = freshness.state(root, options, began.exact)
    last = told(read(root, options, lazily=True))
    if inputs.stamps(root) == began.stamps and not portability.reads_more(root):
        with suppress(OSError):
            freshness.remember(root, options, state, last)
    return last


def told(content: Content) -> Last:
    """What a check says of content."""
    briefs = content.library.briefs
    claims = counted(sum(record.size for record in briefs.values()), "claim")
    said = f"no faults in {counted(len(briefs), 'brief')} with {claims}"
    return Last(said, content.warnings)
