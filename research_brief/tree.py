"""A folder that is made anew each time, in which what an earlier time left there may stay.

What is known of a file stands under its stamp: when it was written last, and where it lies. So it
stays only if nobody touched it since. One that does not stay is deleted and never written to:
somebody may be reading it still. Others may write into the folder meanwhile, so in the end all is
looked at once more.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from research_brief.hashes import stamp_of
from research_brief.locking import Changed
from research_brief.output import FILE_MODE, FOLDER_MODE, entries, make_way, remove
from research_brief.problems import printable


class Made(NamedTuple):
    """What a file was made of (nothing: nobody said it), and the SHA-256 of its bytes."""

    of: str
    digest: str


@dataclass
class Tree:
    """The files of a folder by their paths, with slashes."""

    folder: Path
    left: dict[str, tuple[str, Made]]
    """Of an earlier time, with their stamps."""
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What is known of files, here and in the folder `beside`."""
    beside: Path | None = None
    kept: set[str] = field(default_factory=set)
    linked: dict[str, tuple[str, Made]] = field(default_factory=dict)
    """Files of the folder beside that are to be linked, with their stamps."""
    made: dict[str, tuple[str, Made]] = field(default_factory=dict)
    """What was written, with its stamp, or "" for what others write."""
    record: dict[str, Made] = field(default_factory=dict)
    """What `settle` found, by stamps: to be `known` the next time."""
    found: dict[str, str] = field(default_factory=dict)
    """The stamp that it found of each file."""

    @classmethod
    def over(
        cls, folder: Path, known: Mapping[str, Sequence[str]] | None, beside: Path | None = None
    ) -> "Tree":
        """The folder with those files of which something is known (as `record` tells, or if that
        is None, by their bytes); all others are deleted. Files that are missing may be linked to
        those of the folder `beside`, to which nobody writes either."""
        make_way(folder)
        left: dict[str, tuple[str, Made]] = {}
        folders: list[str] = []
        for name, entry in entries(folder, folders):
            if entry.is_file(follow_symlinks=False):
                stamp = stamp_of(entry.stat(follow_symlinks=False))
                if known is None:
                    digest = sha256(Path(entry.path).read_bytes()).hexdigest()
                    left[name] = stamp, Made(digest, digest)
                    continue
                if (said := known.get(stamp)) and said[0]:
                    left[name] = stamp, Made(*said)
                    continue
            remove(Path(entry.path))
        _prune(folder, folders, left)
        return cls(folder, left, known or {}, beside)

    def has(self, name: str, made_of: str) -> bool:
        """Whether the file that is made of this stands there; then it stays."""
        if (left := self.left.get(name)) is not None:
            if left[1].of == made_of:
                self.kept.add(name)
                return True
            (self.folder / name).unlink(missing_ok=True)
            del self.left[name]
            self.kept.discard(name)
        self.linked.pop(name, None)
        if self.beside and (stamp := _stamp(self.beside / name)):
            said = self.known.get(stamp)
            if said and said[0] == made_of:
                self.linked[name] = stamp, Made(*said)
                return True
        return False

    def put(self, name: str, data: str | bytes, made_of: str = "") -> str:
        """Write the file (text as UTF-8) if it does not stand there, made of the same or, if that
        is not said, with the same bytes. Returns the SHA-256 of its bytes."""
        new = data.encode() if isinstance(data, str) else data
        digest = sha256(new).hexdigest()
        if not self.has(name, made_of or digest):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(new)
            path.chmod(FILE_MODE)
            self.made[name] = _stamp(path), Made(made_of or digest, digest)
        return digest

    def expect(self, name: str, made_of: str) -> None:
        """Note of what a file is made that somebody else writes."""
        self.made[name] = "", Made(made_of, "")

    def take(self, other: "Tree") -> None:
        """Note what was done on a copy of this tree, elsewhere in the same folder."""
        self.kept |= other.kept
        self.linked |= other.linked
        self.made |= other.made
        for name in self.left.keys() - other.left.keys():
            del self.left[name]

    def settle(self) -> dict[str, str]:
        """Delete what was left and nobody asked for, and open the rest to all, as a host needs it,
        whatever the builder's umask. Returns the SHA-256 of each file.

        Raises Changed if a file that was to stay is not there or not as it was.
        """
        for name in self.left.keys() - self.kept:
            (self.folder / name).unlink(missing_ok=True)
        # Not sooner: till now others wrote into the folder, and would have into the one beside.
        for name, (stamp, _) in self.linked.items():
            self._link(name, stamp)
        digests: dict[str, str] = {}
        folders: list[str] = []
        for name, entry in entries(self.folder, folders):
            if name in self.kept:
                before, made = self.left[name]
                now = stamp_of(entry.stat(follow_symlinks=False))
                if now != before:
                    self._assert_same(name, before, now)
            elif name in self.linked:
                now, made = _stamp(entry.path), self.linked[name][1]
            else:
                now, made = self._written(name, Path(entry.path))
            self.record[now], self.found[name] = made, now
            digests[name] = made.digest
        written = {name for name, (stamp, _) in self.made.items() if stamp}
        for name in (self.kept | self.linked.keys() | written) - digests.keys():
            raise self._altered(name)
        for path in (str(self.folder), *_prune(self.folder, folders, digests)):
            if os.lstat(path).st_mode & 0o777 != FOLDER_MODE:
                os.chmod(path, FOLDER_MODE)
        self.beside = None
        self.made.clear()
        return dict(sorted(digests.items()))

    @property
    def told(self) -> dict[str, tuple[int, int]]:
        """The size in bytes and the time of change in nanoseconds of every file, once all of them
        are there: what was put since `settle` counts, too."""
        since = {name: stamp for name, (stamp, _) in self.made.items()}
        parts = ((name, it.split()) for name, it in (self.found | since).items())
        return {name: (int(size), int(time)) for name, (_, size, time, _) in parts}

    def _link(self, name: str, stamp: str) -> None:
        """A hard link, or a copy where the file system has none."""
        assert self.beside
        other, place = self.beside / name, self.folder / name
        self._assert_same(name, stamp, _stamp(other))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        try:
            os.link(other, place)
        except OSError:
            shutil.copyfile(other, place)
            place.chmod(FILE_MODE)

    def _assert_same(self, name: str, before: str, now: str) -> None:
        # The last part of a stamp is another one as soon as the file has another link.
        if before.split()[:3] != now.split()[:3]:
            raise self._altered(name)

    def _altered(self, name: str) -> Changed:
        file = printable(f"{self.folder.name}/{name}")
        message = f"{file} was altered while the site was made"
        return Changed(f"{message}; nothing was written, run it again")

    def _written(self, name: str, path: Path) -> tuple[str, Made]:
        """The stamp of a file that this time brought, and what is known of it: if others wrote to
        it after us, only its bytes are."""
        stamp, made = self.made.get(name, ("", Made("", "")))
        if stamp and stamp == _stamp(path):
            return stamp, made
        if path.stat().st_mode & 0o777 != FILE_MODE:
            path.chmod(FILE_MODE)
        digest = sha256(path.read_bytes()).hexdigest()
        return _stamp(path), Made("" if stamp else made.of, digest)


def _stamp(path: str | Path) -> str:
    """That of what stands there itself, and not of what it leads to; "" for nothing."""
    try:
        return stamp_of(os.lstat(path))
    except OSError:
        return ""


def _prune(folder: Path, folders: Iterable[str], files: Iterable[str]) -> list[str]:
    """Delete the folders in which none of some files is, if they are empty. Returns the paths of
    all others. (To try it with each folder would take longer than to look into it.)"""
    needed = {""}
    for name in files:
        while (name := name.rpartition("/")[0]) not in needed:
            needed.add(name)
    left = []
    for name in reversed([*folders]):
        path = f"{folder}/{name}"
        if name not in needed:
            with suppress(OSError):  # it is not empty
                os.rmdir(path)
                continue
        left.append(path)
    return left
