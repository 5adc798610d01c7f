"""The flow of `build.py diff`: two names to two states, and all that differs between them."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from research_brief.checks import check
from research_brief.editions.reading import with_editions
from research_brief.library import Library
from research_brief.loading import load, load_settings
from research_brief.meaning import libraries, published
from research_brief.meaning.changes import Change, Notice
from research_brief.meaning.trees import Tree, find
from research_brief.problems import ProblemsFound, counted

HERE = "the working folder"


@dataclass(frozen=True)
class Review:
    """What differs between `base` and `head`; `remarks` say what could not be compared."""

    base: str
    head: str
    changes: Sequence[Change]
    notices: Sequence[Notice]
    pages: Sequence[published.Change]
    pdfs: Sequence[published.Change]
    remarks: Sequence[str]
    titles: dict[str, str]  # of the briefs, by id
    site_url: str  # where the new state can be read; empty if that is not known


def review(project: Path, base: str, head: str | None, site_url: str | None = None) -> Review:
    """Compare two folders or revisions; without `head`, the base with the project as it stands.

    Raises trees.NotFound, and ProblemsFound if the settings of a side cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="research-brief-") as scratch:
        old = find(base, project, Path(scratch) / "base")
        new = (
            Tree.of(HERE, project, project)
            if head is None
            else find(head, project, Path(scratch) / "head")
        )
        return _review(old, new, site_url)


def _review(old: Tree, new: Tree, site_url: str | None) -> Review:
    (before, remarks), (after, others) = _read(old), _read(new)
    remarks += others
    found = libraries.compare(before, after)
    pages: list[published.Change] = []
    pdfs: list[published.Change] = []
    if not remarks:
        states = []
        for tree, library in ((old, before), (new, after)):
            try:
                states.append(published.published(tree, library))
            except ProblemsFound as error:
                remarks.append(_remark(tree, len(error.problems)))
        if not remarks:
            pages, pdfs = published.compare(*states)
    main = after.settings.languages[0]
    titles = {
        id: record.brief.title.best(main)[1]
        for id, record in (before.briefs | after.briefs).items()
    }
    address = site_url or after.settings.site_url or ""
    return Review(
        old.name, new.name, found.changes, found.notices, pages, pdfs, remarks, titles, address
    )


def _read(tree: Tree) -> tuple[Library, list[str]]:
    """What can be read of a state, drafts included, and a remark if there are faults in it."""
    try:
        settings = load_settings(tree.settings)
    except ProblemsFound as error:
        raise ProblemsFound(
            replace(fault, place=replace(fault.place, file=f"{tree.name}:{fault.place.file}"))
            for fault in error.problems
        ) from None
    library, problems = load(tree.content, settings)
    library, others = with_editions(tree.content, library)
    faults = {fault for fault in [*problems, *others, *check(library)] if fault.level == "error"}
    return library, [_remark(tree, len(faults))] if faults else []


def _remark(tree: Tree, faults: int) -> str:
    said = f"{counted(faults, 'fault')} in {tree.name}; pages and PDFs are not compared"
    return f"{said} (python build.py check)" if tree.name == HERE else said
