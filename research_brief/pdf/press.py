"""All documents that are wanted, as files: those that changed are typeset, several at once.

Files are kept in a folder of the cache under the hash of all that they are made of: values,
templates, fonts, time and tools. Behind it stands the hash of their own bytes: one that was cut off
or altered is made anew.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from research_brief.library import Library
from research_brief.output import make_way, remove
from research_brief.pdf.documents import Document
from research_brief.pdf.places import located
from research_brief.pdf.typesetter import MAIN, pages_of, tools, typeset_to
from research_brief.problems import ProblemsFound
from research_brief.processes import cores, pool
from research_brief.refusals import Refused

BATCH = 5
"""Documents that a process sets at most: Typst's memory grows by 110 MB with each of 20 pages."""
PICTURES = 200
"""Pictures that a process draws at most: they are of one page."""


@dataclass(frozen=True)
class Printed:
    """A document and its file in the cache."""

    document: Document
    file: Path

    @cached_property
    def pages(self) -> int:
        """How many pages the PDF has."""
        return pages_of(self.file)

    @property
    def size(self) -> int:
        """In bytes."""
        return self.file.stat().st_size


class PressFailed(Refused):
    """A process that typeset was killed, or the templates cannot be read."""


def press(
    documents: Sequence[Document], library: Library, templates: Path, store: Path
) -> list[Printed]:
    """The documents as files in the folder `store`, from which a build deletes all others.

    Raises ProblemsFound with the place of what Typst refuses, and PressFailed.
    """
    (templates / MAIN).stat()  # or the OSError says which file is missing
    common = _digest(templates)
    names = [f"{_key(document, common)}{document.suffix}" for document in documents]
    make_way(store)
    kept = {path.name[:_KEY] + path.suffix: path for path in store.iterdir() if _is_whole(path)}
    missing = {
        store / name: document
        for name, document in zip(names, documents, strict=True)
        if name not in kept
    }
    for path in missing:
        remove(path)
    refused = _typeset(missing, templates)
    kept |= {path.name: _sealed(path) for path in missing if path.is_file()}
    if refused:
        raise ProblemsFound(located(refused, library, templates))
    return [Printed(document, kept[name]) for name, document in zip(names, documents, strict=True)]


_KEY = 64  # letters of a SHA-256


def _seal(path: Path) -> str:
    return f"-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"


def _sealed(path: Path) -> Path:
    """The file under a name with the hash of its bytes."""
    target = path.with_stem(path.stem + _seal(path))
    remove(target)
    return path.replace(target)


def _is_whole(path: Path) -> bool:
    try:
        return path.stem[_KEY:] == _seal(path)
    except OSError:
        return False


def _key(document: Document, common: str) -> str:
    values = json.dumps(document.values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{common}\n{document.timestamp}\n{values}".encode()).hexdigest()


def _digest(templates: Path) -> str:
    """The hash of the tools and of every file beside the templates."""
    found = hashlib.sha256(tools().encode())
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        data = path.read_bytes()
        found.update(f"\n{path.relative_to(templates).as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()


def _typeset(missing: dict[Path, Document], templates: Path) -> list[tuple[Document, list[str]]]:
    """Typeset the documents to their files; returns those that were refused, with the reasons."""
    # The longest first, or all would wait for it in the end.
    files = sorted(missing.items(), key=lambda item: bool(item[1].brief))
    batches = [
        batch
        for suffix, most in ((".pdf", BATCH), (".png", PICTURES))
        for batch in _batches([item for item in files if item[0].suffix == suffix], most)
    ]
    refused = []
    with pool(len(batches), fresh=True) as workers:
        jobs = {workers.submit(typeset_to, _work(batch), templates): batch for batch in batches}
        try:
            for job in as_completed(jobs):
                for (_, document), reasons in zip(jobs[job], job.result(), strict=True):
                    if reasons:
                        refused.append((document, reasons))
        except BrokenProcessPool:
            raise PressFailed("a process making PDFs was killed; is there enough memory?") from None
    return refused


def _batches(
    files: list[tuple[Path, Document]], most: int
) -> Iterator[list[tuple[Path, Document]]]:
    """The files for each process: as many for each, but no more than `most`."""
    count = max(min(cores(), len(files)), math.ceil(len(files) / most))
    for number in range(count):
        yield files[number::count]


def _work(batch: Sequence[tuple[Path, Document]]) -> list[tuple[Path, dict[str, Any], int]]:
    return [(file, document.values, document.timestamp) for file, document in batch]
