"""`build.py release`: what is published now becomes the next edition of each brief.

An edition follows the brief's own words: what other files say of its entities and sources may be
mended at any time, and is frozen with the next edition. The date is that of the last revision, so
that the same content makes the same edition on any day.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from research_brief.editions.form import (
    FORMAT,
    NAME,
    EditionFile,
    digest,
    folder_of,
    written,
)
from research_brief.evidence.keeping import RECEIPTS, TEXT
from research_brief.extent import Extent
from research_brief.library import BriefRecord, Library
from research_brief.meaning.changes import Change
from research_brief.meaning.libraries import compare
from research_brief.models import ENTITY_FILES
from research_brief.problems import Problem, ProblemsFound
from research_brief.yamlfile import written as as_yaml

RULE = "untold-change"
ABOUT = ("status", "review_by", "superseded_by", "formerly")
"""What is said about a brief and not by it: no edition is made for that alone."""


@dataclass(frozen=True)
class Frozen:
    """An edition that was written: its folder, from the project's, and how many files it has."""

    brief: str
    number: int
    folder: str
    files: int


def freeze(root: Path, library: Library, confirm: Callable[[], None]) -> list[Frozen]:
    """Write the next edition of each published brief that differs from its last one.

    Raises ProblemsFound, with nothing written, if a brief was changed after an edition and no
    revision tells of it; so does whatever `confirm` raises, which is called before any is there.
    """
    wanted: list[BriefRecord] = []
    problems: list[Problem] = []
    for record in library.briefs.values():
        if record.brief.status == "draft" or record.is_removed:
            continue
        changes = changes_since_last(library, record)
        if changes is None or changes:
            wanted.append(record)
        if changes and not _is_told(library, record):
            problems.append(_untold(library, record, changes))
    if problems:
        raise ProblemsFound(problems)
    try:
        frozen = [_begin(root, library, record) for record in wanted]
        confirm()
    except BaseException:
        for record in wanted:
            shutil.rmtree(_begun(root, _next(library, record)), ignore_errors=True)
        raise
    for edition in frozen:
        _begun(root, edition.folder).rename(root / edition.folder)
    return frozen


def changes_since_last(library: Library, record: BriefRecord) -> list[Change] | None:
    """How a brief differs in meaning from its last edition; None if it has none."""
    editions = library.editions.get(record.id)
    if not editions:
        return None
    extent = Extent.of(library, record)
    now = replace(
        library,
        briefs={record.id: record},
        sources={id: library.sources[id] for id in extent.sources},
        entities={id: library.entities[id] for id in extent.entities},
        strays={},
    )
    found = compare(editions[-1].library, now).changes
    return [
        change
        for change in found
        if change.subject.group == f"brief {record.id}"
        and change.action != "renamed"  # what it says is the same
        and not (change.subject.kind == "brief" and change.field in ABOUT)
    ]


def _is_told(library: Library, record: BriefRecord) -> bool:
    """Whether the brief has a revision that its last edition had not."""
    return len(record.brief.revisions) > len(library.editions[record.id][-1].record.brief.revisions)


def _untold(library: Library, record: BriefRecord, changes: list[Change]) -> Problem:
    last, first = library.editions[record.id][-1], changes[0]
    more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
    spot = " ".join(part for part in (str(first.subject), first.field, first.action) if part)
    message = f"the brief is not as in edition {last.number} of {last.date} ({spot}{more}), and no"
    message += " revision tells of it; add one here: kind, date, what was changed and why"
    return (record.where / "revisions").problem(message, RULE)


def _next(library: Library, record: BriefRecord) -> str:
    """The folder of the next edition of a brief."""
    return folder_of(record.id, len(library.editions.get(record.id, ())) + 1)


def _begun(root: Path, folder: str) -> Path:
    """Where an edition is made: a folder that is not read, and takes its name when whole."""
    target = root / folder
    return target.with_name(f".{target.name}")


def _begin(root: Path, library: Library, record: BriefRecord) -> Frozen:
    folder = _next(library, record)
    number = int(Path(folder).name)
    files = dict(_files(root, library, record))
    about = EditionFile(
        format=FORMAT,
        brief=record.id,
        number=number,
        date=record.changed,
        languages=list(library.settings.languages),
        files={name: digest(data) for name, data in files.items()},
    )
    begun = _begun(root, folder)
    shutil.rmtree(begun, ignore_errors=True)
    for name, data in {**files, NAME: written(about).encode()}.items():
        path = begun / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Frozen(record.id, number, folder, len(files) + 1)


def _files(root: Path, library: Library, record: BriefRecord) -> Iterator[tuple[str, bytes]]:
    """The files of the edition by their paths in it."""
    extent = Extent.of(library, record)
    names = [record.where.file, *(section.where.file for section in record.sections)]
    for id in sorted(extent.sources):
        source = library.sources[id].where.file
        stem = source.removesuffix(".yaml")
        names += [source, f"{stem}{RECEIPTS}", f"{stem}{TEXT}"]
    for name in names:
        if (root / name).is_file():
            yield name.removeprefix("content/"), (root / name).read_bytes()
    for folder in ENTITY_FILES:
        entities = {
            id: library.entities[id].entity.model_dump(mode="json", exclude_defaults=True)
            for id in sorted(extent.entities)
            if library.entities[id].folder == folder
        }
        if entities:
            yield f"entities/{folder}.yaml", as_yaml(entities).encode()
