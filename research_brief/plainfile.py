"""Reading files that anybody may have written: plain ones only, and no more than is wanted.

A pipe would wait for ever, a device never end, and a folder is none: each is a reason, at once.
"""

import os
import stat
from pathlib import Path


class Unreadable(Exception):
    """Why a file is not read: a plain clause about it."""


def is_link(path: Path) -> bool:
    """Whether a link is there. Raises OSError where a folder may not be looked into: of that
    `Path.is_symlink` and its like say no, from Python 3.14 on."""
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a file, or of what a link leads to; raises Unreadable, also above `most`."""
    # Without O_NONBLOCK, opening a pipe waits for somebody to write to it. Windows has neither.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "a pipe or a device"
            raise Unreadable(f"is {kind}; expected a file")
        with os.fdopen(os.open(path, flags), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(most + 1) if size <= most else b""
    except FileNotFoundError:
        raise Unreadable("the file is missing") from None
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from None
    if max(size, len(data)) > most:
        raise Unreadable(f"the file has {max(size, len(data)):,} bytes; at most {most:,} are read")
    return data
