"""What a site is made from: the files of the project that a build reads, by their hashes.

The SHA-256 (FIPS 180-4) is that of the bytes with every CR LF written as LF, so that it is the same
in every checkout, or `exact`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from research_brief.hashes import Hashes, stamp_of

CONTENT, PROGRAM, TEMPLATES = "content", "research_brief", "templates"
FOLDERS = (CONTENT, PROGRAM, TEMPLATES)
FILES = ("hooks.py", "mkdocs.yml")


class Seen(NamedTuple):
    """The files of a project that a build reads, by their paths in order."""

    stamps: dict[str, str]
    """When each was last written, and where it lies on the disk: a file that was edited and put
    back meanwhile has its old hash, but another stamp."""
    exact: dict[str, str]
    """The hashes that tell line ends apart."""
    plain: dict[str, str]
    """The others. Files that cannot be read have no hash but `UNREADABLE`; it is for the loader to
    say why."""


def seen(root: Path) -> Seen:
    """What a build of the project at `root` reads, as it is."""
    return _seen(root, _all(root))


def within(root: Path, folder: str) -> Seen | None:
    """The files in one folder; nothing if anything else is in it: folders, links, pipes."""
    names = []
    with suppress(OSError), os.scandir(f"{root}/{folder}") as entries:
        for entry in entries:
            if entry.is_symlink() or not entry.is_file():
                return None
            names.append(f"{folder}/{entry.name}")
        return _seen(root, names)
    return None


def stamps(root: Path) -> dict[str, str]:
    """The stamps alone."""
    found = {}
    for name in _all(root):
        with suppress(OSError):
            found[name] = stamp_of(os.stat(f"{root}/{name}"))
    return found


def stamp(path: Path) -> str:
    """The stamp of a file; nothing if it is not there."""
    try:
        return stamp_of(path.stat())
    except OSError:
        return ""


def below(root: Path, *folders: str) -> dict[str, str]:
    """The exact hash of every file in some folders of the project, by its path, in order."""
    return _seen(root, _below(root, *folders)).exact


@cache
def program(root: Path) -> dict[str, str]:
    """That of the program, as it was when this process began: it stays what it is here."""
    return below(root, PROGRAM)


def _seen(root: Path, names: Iterable[str]) -> Seen:
    hashes = Hashes.of(root)
    found = Seen({}, {}, {})
    for name in sorted(names):
        with suppress(OSError):
            said = os.stat(f"{root}/{name}")
            found.stamps[name] = stamp = stamp_of(said)
            if hash := hashes.get(name, said, stamp):
                found.exact[name], found.plain[name] = hash
    return found


def shared(read: Mapping[str, str]) -> dict[str, str]:
    """Of what was read, that on which every page may depend besides the program: templates, words,
    theme and settings."""
    return {
        name: digest for name, digest in read.items() if not name.startswith((CONTENT, PROGRAM))
    }


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The files that are not the same, by their paths in order."""
    names = sorted(before.keys() | after.keys())
    return [name for name in names if before.get(name) != after.get(name)]


def _all(root: Path) -> Iterator[str]:
    yield from FILES
    yield from _below(root, *FOLDERS)


def _below(root: Path, *tops: str) -> Iterator[str]:
    """The files below some folders, by their paths, but for what editors, systems and Python leave
    there.

    In templates, which are code, hidden folders count (`.icons` is the theme's), and links are
    followed; in content links are refused.
    """
    for top in tops:
        code, seen = top.split("/")[0] == TEMPLATES, set()
        for path, folders, files in os.walk(root / top, followlinks=code):
            if code:
                here = os.path.realpath(path)
                if here in seen:  # a link that leads up
                    folders.clear()
                    continue
                seen.add(here)
            folders[:] = [
                name
                for name in folders
                if not (name in {"__pycache__", ".git"} if code else _is_left(name))
            ]
            # Objects for so many paths would take longer than to read the files.
            within = path[len(str(root)) + 1 :].replace(os.sep, "/")
            yield from (f"{within}/{name}" for name in files if not _is_left(name))


def _is_left(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~") or name == "__pycache__"
