"""What was read of YAML files, kept from one run to the next: reading them is half of what a check
of many briefs takes.

A file of the store holds the data (JSON) of the files of one folder, each under the hash of its
bytes; one that another program wrote is as none at all.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from research_brief import sealed
from research_brief.output import make_way, remove


class Kept(NamedTuple):
    """The data of a file whose bytes have this hash, and what is told of places in it."""

    digest: str
    marks: str
    data: Any


class KeptData:
    """The data of files of a project at `root`, by folder and name; the store is read where it is
    asked for. Unless it `holds` all, data of one folder is at hand at a time: content is read
    folder by folder, and all data would take half as much memory as what is made of it."""

    def __init__(self, root: Path, folder: Path, made_by: object, *, holds: bool = False) -> None:
        self.root, self.folder, self.holds = root, folder, holds
        self._made_by = json.dumps(made_by, sort_keys=True).encode()
        self._known: dict[Path, dict[str, Kept]] = {}
        self._names: dict[Path, set[str]] = {}  # of all folders that were asked for
        self._changed: set[Path] = set()
        self._asked: set[Path] = set()
        self._spared: set[Path] = set()

    def get(self, path: Path, digest: str) -> Kept | None:
        """What is known of a file with this hash."""
        kept = self._of(path.parent).get(path.name)
        self._asked.add(path)
        return kept if kept and kept.digest == digest else None

    def put(self, path: Path, kept: Kept) -> None:
        """Keep this of a file."""
        self._of(path.parent)[path.name] = kept
        self._names.setdefault(path.parent, set()).add(path.name)  # it may have been empty
        self._changed.add(path.parent)

    def spare(self, folder: Path) -> None:
        """Keep what is known of a folder as if all of it were asked for."""
        self._spared.add(folder)

    def save(self) -> None:
        """Write what is new, and delete what nobody asked for. Raises OSError."""
        for folder, names in self._names.items():
            if folder in self._spared:
                continue
            for name in [name for name in names if folder / name not in self._asked]:
                self._of(folder).pop(name, None)
                names.remove(name)
                self._changed.add(folder)
        self._asked.clear()
        self._write()
        self._names = {folder: names for folder, names in self._names.items() if names}
        wanted = {self._place(folder).name for folder in self._names.keys() | self._spared}
        self._spared.clear()
        for path in self.folder.iterdir():
            if path.name not in wanted:
                remove(path)

    def _write(self) -> None:
        """Write what is new of what is at hand. Raises OSError."""
        make_way(self.folder)
        for folder in self._changed & self._known.keys():
            said = json.dumps(self._known[folder], ensure_ascii=False)
            sealed.write(self._place(folder), said.encode(errors="surrogatepass"), self._made_by)
        self._changed -= self._known.keys()

    def _of(self, folder: Path) -> dict[str, Kept]:
        if folder not in self._known:
            if not self.holds:
                with suppress(OSError):  # it is read again
                    self._write()
                self._known.clear()
            self._known[folder] = self._read(self._place(folder))
            self._names.setdefault(folder, set()).update(self._known[folder])
        return self._known[folder]

    def _read(self, place: Path) -> dict[str, Kept]:
        with suppress(ValueError, TypeError, RecursionError):
            found: Mapping[str, Any] = json.loads(sealed.read(place, self._made_by) or "{}")
            return {name: Kept(*kept) for name, kept in found.items()}
        return {}

    def _place(self, folder: Path) -> Path:
        below = os.path.relpath(folder, self.root)  # the same wherever the project lies
        return self.folder / sha256(os.fsencode(below)).hexdigest()
