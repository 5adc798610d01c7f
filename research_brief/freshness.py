"""Whether what the last build or check said still stands: all that it was made from is as it was,
and so is the site.

What a build was made from is a hash, beside it stand the sizes and times of the files that it
wrote: all in one file of the cache. One that is damaged, or of another program, is as none at all.
A check wrote nothing, and has a file of its own.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from research_brief import inputs
from research_brief.hashes import Hashes
from research_brief.options import Options
from research_brief.output import KEPT, entries, remove, write_if_changed
from research_brief.problems import Place, Problem

BUILT, CHECKED = "built.json", "checked.json"
HASHES = "hashes"
HELD = ".sources"
"""The texts that are not published; what the checks say depends on them."""


@dataclass(frozen=True)
class Last:
    """What was said of the content, and the warnings."""

    said: str
    warnings: list[Problem]


def recall(root: Path, options: Options, name: str = BUILT) -> Last | None:
    """What the last build (or check) said, if another one would make the same site of the same
    content (or find the same faults)."""
    try:
        path = root / options.work / name
        if not path.is_file():  # a pipe would be read for ever
            return None
        known = json.loads(path.read_bytes())
        if name == BUILT and known["files"] != _files(root / options.site):
            return None
        Hashes.of(root).recall(root / options.work / HASHES)
        if known["state"] != state(root, options, inputs.seen(root).exact):
            return None
        warnings = [Problem(Place(*place), *rest) for place, *rest in known["warnings"]]
        return Last(str(known["said"]), warnings)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def remember(
    root: Path,
    options: Options,
    state: str,
    last: Last,
    files: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Keep what was built of a `state`, with the size and the time of every file of the site, or
    what was said of it. Raises OSError."""
    known = {
        "state": state,
        "files": files or {},
        "said": last.said,
        "warnings": [
            [[it.place.file, it.place.line, it.place.column], it.message, it.rule, it.level]
            for it in last.warnings
        ],
    }
    path = root / options.work / (CHECKED if files is None else BUILT)
    if path.is_dir() or path.is_symlink():
        remove(path)
    write_if_changed(path, json.dumps(known))
    Hashes.of(root).keep(root / options.work / HASHES)


def state(root: Path, options: Options, read: Mapping[str, str]) -> str:
    """The hash of all that a build depends on: of what was `read`, exactly, and what is besides."""
    asked = {name: str(value) for name, value in asdict(options).items()}
    held = inputs.below(root, HELD)
    return sha256(json.dumps([read, held, asked, sys.version, packages()]).encode()).hexdigest()


def packages() -> list[str]:
    """What is installed, with its version, as the names of folders tell it (PyPA's "Recording
    installed projects")."""
    found: list[str] = []
    for folder in sys.path:
        with suppress(OSError):  # from where nothing may be read, nothing is imported
            found += [path.name for path in Path(folder).glob("*.dist-info")]
    return sorted(found)


def _files(site: Path) -> dict[str, list[int]]:
    """The size and the time of every file of the site, by its path, but of what is not ours."""
    found: dict[str, list[int]] = {}
    for name, entry in entries(site):
        if name != KEPT:
            stat = entry.stat()
            found[name] = [stat.st_size, stat.st_mtime_ns]
    return found
