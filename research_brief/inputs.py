"""What a site is made from: the files of the project that a build reads, by their hashes.

The SHA-256 (FIPS 180-4) is that of the bytes with every CR LF written as LF, so that it is the same
in every checkout.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

CONTENT = "content"
FOLDERS = (CONTENT, "research_brief", "templates")
FILES = ("hooks.py", "mkdocs.yml")
UNREADABLE = "unreadable"


def read(root: Path) -> dict[str, str]:
    """The hash of every file that a build of the project at `root` reads, by its path, in order.

    Files that cannot be read have no hash but `UNREADABLE`; it is for the loader to say why.
    """
    return _hashes(root, [*(root / name for name in FILES), *_below(root, *FOLDERS)])


def below(root: Path, *folders: str) -> dict[str, str]:
    """The hash of every file in some folders of the project, by its path, in order."""
    return _hashes(root, _below(root, *folders))


def _hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    named = {path.relative_to(root).as_posix(): path for path in paths}
    return {name: hash for name in sorted(named) if (hash := _hash(named[name]))}


def of_every_page(read: Mapping[str, str]) -> dict[str, str]:
    """Of what was read, that on which every page may depend: all but the content."""
    return {name: digest for name, digest in read.items() if not name.startswith(f"{CONTENT}/")}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The files that are not the same, by their paths in order."""
    names = sorted(before.keys() | after.keys())
    return [name for name in names if before.get(name) != after.get(name)]


def _below(root: Path, *tops: str) -> Iterator[Path]:
    """The files below some folders, but for what editors, systems and Python leave there."""
    for top in tops:
        for path, folders, files in os.walk(root / top):
            folders[:] = [name for name in folders if not _is_left(name)]
            yield from (Path(path, name) for name in files if not _is_left(name))


def _is_left(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~") or name == "__pycache__"


def _hash(path: Path) -> str:
    """Nothing for what is no file, or not any more: a pipe would be read for ever."""
    try:
        if not path.is_file():
            return ""
        return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError:
        return UNREADABLE
