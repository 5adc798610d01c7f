"""The hashes of files, kept under their stamps: a file that has its old stamp is not read again.

A stamp says where a file lies on the disk, how long it is, and when it was written; the last of its
times cannot be set back. What was written just before it was read is read again the next time, too:
by a clock that ticks slowly, a second edit might have the same time (Git, "racy-git").
"""

import json
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from research_brief import sealed

UNREADABLE = "unreadable"
RACY = 2_000_000_000
"""Nanoseconds, as FAT counts them: no clock of a file system ticks more slowly."""


class Hash(NamedTuple):
    """The SHA-256 of a file's bytes, and of these with LF for CR LF."""

    exact: str
    plain: str


def stamp_of(said: os.stat_result) -> str:
    """The stamp of a file, by what the system said of it."""
    return f"{said.st_ino} {said.st_size} {said.st_mtime_ns} {said.st_ctime_ns}"


class Hashes:
    """Those of a project at `root`, by paths with slashes below it."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._known: dict[str, tuple[str, Hash]] = {}
        self._asked: dict[str, tuple[str, Hash]] = {}  # since they were last kept
        self._is_recalled = False

    @classmethod
    @cache
    def of(cls, root: Path) -> "Hashes":
        """Those of the project, held as long as the process runs."""
        return cls(root)

    def get(self, name: str, said: os.stat_result, stamp: str) -> Hash | None:
        """The hash of a file of which the system said this; `UNREADABLE` for one that cannot be
        read, nothing for what is no file (a pipe would be read for ever), or not any more."""
        known = self._known.get(name)
        if known and known[0] == stamp:
            self._asked[name] = known
            return known[1]
        if not stat.S_ISREG(said.st_mode):
            return None
        is_settled = max(said.st_mtime_ns, said.st_ctime_ns) + RACY < time.time_ns()
        try:
            with open(f"{self._root}/{name}", "rb") as file:
                found = _hash(file.read())
        except FileNotFoundError:
            return None
        except OSError:
            return Hash(UNREADABLE, UNREADABLE)
        if is_settled:
            self._known[name] = self._asked[name] = stamp, found
        return found

    def recall(self, file: Path) -> None:
        """Take what another process kept in a file, unless this one knows more."""
        if self._is_recalled or self._known:
            return
        self._is_recalled = True
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            found: Mapping[str, list[str]] = json.loads(sealed.read(file) or "{}")
            self._known = {name: (at, Hash(*two)) for name, (at, *two) in found.items()}

    def keep(self, file: Path) -> None:
        """Keep what was asked for since the last time, and let go of the rest. Raises OSError."""
        self._known, self._asked = self._asked, {}
        said = json.dumps({name: [at, *two] for name, (at, two) in self._known.items()})
        sealed.write(file, said.encode())


def _hash(data: bytes) -> Hash:
    exact = sha256(data).hexdigest()
    if b"\r\n" not in data:
        return Hash(exact, exact)
    return Hash(exact, sha256(data.replace(b"\r\n", b"\n")).hexdigest())
