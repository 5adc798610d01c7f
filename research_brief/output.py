"""Writing: only what changed, and a folder as a whole."""

import ctypes
import os
import shutil
import sys
from pathlib import Path


class Unusable(Exception):
    """What stands in the place of the output is not ours to replace."""


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


def remove(path: Path) -> None:
    """Delete a folder with all that is in it, or a file; a link itself, never what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def exchange(new: Path, current: Path) -> None:
    """Put the folder `new` in the place of `current`; the old one, if any, is then at `new`.

    One step where the system has it (renameat2 with RENAME_EXCHANGE, Linux 3.15), else two
    renames with a moment between them, which `repair` mends after a kill.
    """
    if not current.exists():
        new.rename(current)
        return
    if not _exchange_at_once(new, current):
        aside = _aside(current)
        current.rename(aside)
        new.rename(current)
        aside.rename(new)


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
