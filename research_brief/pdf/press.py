"""All documents that are wanted, as files: those that changed are typeset, several at once.

Files are kept in a folder of the cache under the hash of all that they are made of: values,
templates, fonts, time and tools.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from research_brief.library import Library
from research_brief.output import keep_only
from research_brief.pdf.documents import Document
from research_brief.pdf.places import located
from research_brief.pdf.typesetter import MAIN, begin, pages_of, tools, typeset_to
from research_brief.problems import ProblemsFound
from research_brief.processes import pool

BATCH = 10
"""Documents after which a process is replaced: Typst's memory grows by 30 MB with each."""


@dataclass(frozen=True)
class Printed:
    """A document and its file in the cache."""

    document: Document
    file: Path

    @cached_property
    def pages(self) -> int:
        return pages_of(self.file)

    @property
    def size(self) -> int:
        """In bytes."""
        return self.file.stat().st_size


class PressFailed(Exception):
    """A process that typeset was killed, or the templates cannot be read."""


def press(
    documents: Sequence[Document],
    library: Library,
    templates: Path,
    store: Path,
    *,
    tidy: bool,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Printed]:
    """The documents as files in the folder `store`; `tidy` deletes all others there.

    Raises ProblemsFound with the place of what Typst refuses, and PressFailed.
    """
    (templates / MAIN).stat()  # or the OSError says which file is missing
    common = _digest(templates)
    printed = [Printed(document, store / f"{_key(document, common)}.pdf") for document in documents]
    missing = {item.file: item.document for item in printed if not item.file.is_file()}
    store.mkdir(parents=True, exist_ok=True)
    if refused := _typeset(missing, templates, progress):
        raise ProblemsFound(located(refused, library, templates))
    if tidy:
        keep_only(store, {item.file for item in printed})
    return printed


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


def _typeset(
    missing: dict[Path, Document], templates: Path, progress: Callable[[int, int], None]
) -> list[tuple[Document, list[str]]]:
    """Typeset the documents to their files; returns those that were refused, with the reasons."""
    if not missing:
        return []
    refused = []
    with pool(len(missing), begin, templates, tasks=BATCH) as workers:
        jobs = {
            workers.submit(typeset_to, file, document.values, document.timestamp): document
            # The longest first, or all would wait for it in the end.
            for file, document in sorted(missing.items(), key=lambda item: bool(item[1].brief))
        }
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                if messages := job.result():
                    refused.append((jobs[job], messages))
                progress(done, len(jobs))
        except BrokenProcessPool:
            raise PressFailed("a process making PDFs was killed; is there enough memory?") from None
    return refused
