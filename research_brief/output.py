"""Writing: only what changed, and a folder as a whole."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from research_brief.refusals import Refused

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""What a host may do with what is put into a site: read it."""


KEPT = ".gitignore"
"""What the repository keeps in the place of a site: no part of any build."""


class Unusable(Refused):
    """What stands in the place of the output is not ours to replace."""


def reason(error: OSError) -> str:
    """Which file, and why, in a line; of a full disk no file is named."""
    return ": ".join(str(said) for said in (error.filename, error.strerror or error) if said)


def write_if_changed(path: Path, data: str | bytes) -> bool:
    """Write the file if its bytes differ (text as UTF-8 with LF); True if it was written."""
    new = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if path.read_bytes() == new:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(new)
    return True


def entries(
    folder: Path, folders: list[str] | None = None
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """What stands below a folder and is no folder, by its path with slashes; adds the `folders`,
    the outer ones first. (Objects for so many paths would take longer.) Raises OSError."""
    waiting = [""]
    while waiting:
        within = waiting.pop()
        with os.scandir(f"{folder}/{within}") as found:
            here = [*found]
        for entry in here:
            name = f"{within}{entry.name}"
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry
                continue
            waiting.append(f"{name}/")
            if folders is not None:
                folders.append(name)


def keep_only(folder: Path, wanted: set[Path]) -> None:
    """Delete every file below `folder` that is not wanted, and empty folders; spares dotfiles."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def make_way(*folders: Path) -> None:
    """Make folders, the outer ones first; whatever else stands in their place goes."""
    for folder in folders:
        if folder.is_symlink() or not folder.is_dir():
            remove(folder)
            folder.mkdir(parents=True, exist_ok=True)  # another build may be as far


def remove(path: Path) -> None:
    """Delete a folder with all that is in it, or a file; a link itself, never what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def passing(path: Path) -> Iterator[Path]:
    """A place for a folder that is not to stay. What stands there, or beside it under a longer
    name, goes at the beginning (something that was killed left it there) and at the end."""
    _clear(path)
    try:
        yield path
    finally:
        with suppress(OSError):  # the next one tries again, and says why it cannot
            _clear(path)


def _clear(path: Path) -> None:
    for leftover in path.parent.glob(f"{path.name}*"):
        remove(leftover)


def open_to_all(folder: Path) -> None:
    """Let all read a folder and what is in it, as a host must, whatever the builder's umask."""
    for path in (folder, *folder.rglob("*")):
        mode = FOLDER_MODE if path.is_dir() else FILE_MODE
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)


def own_folder(root: Path, name: Path) -> Path:
    """The folder below `root` that the output is to take the place of. Raises Unusable."""
    folder = root / name
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Unusable(f"{name} is not a folder of its own; move it away")
    if folder.parent.exists() and not folder.parent.is_dir():
        raise Unusable(f"{name.parent} is not a folder; move it away")
    return folder


def put(new: Path, current: Path) -> None:
    """Put a finished folder in the place of `current`; what the repository keeps there stays.
    Raises Unusable."""
    if (current / KEPT).exists():
        shutil.copy2(current / KEPT, new / KEPT)
    current.parent.mkdir(parents=True, exist_ok=True)
    exchange(new, current)


def exchange(new: Path, current: Path) -> None:
    """Put the folder `new` in the place of `current`; the old one, if any, is then at `new`.

    One step where the system has it (renameat2 with RENAME_EXCHANGE, Linux 3.15), else two
    renames with a moment between them, which `repair` mends after a kill. Raises Unusable, with
    all as it was, where the system allows neither.
    """
    try:
        if not current.exists():
            new.rename(current)
        elif not _exchange_at_once(new, current):
            aside = _aside(current)
            current.rename(aside)
            try:
                new.rename(current)
            except OSError:
                aside.rename(current)
                raise
            aside.rename(new)
    except OSError as error:
        reason = f"{current.name}/ cannot be replaced: {error.strerror}"
        raise Unusable(f"{reason}; it must be a plain folder beside .cache/") from None


def repair(current: Path) -> None:
    """Put the old folder back if an exchange was cut off between its two renames."""
    aside = _aside(current)
    if aside.exists():
        if current.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(current)


def _aside(current: Path) -> Path:
    return current.with_name(f".{current.name}.old")


def _exchange_at_once(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    # It fails on an old kernel or file system; two renames then say what else may be wrong.
    return int(call(here, os.fsencode(one), here, os.fsencode(other), swap)) == 0
