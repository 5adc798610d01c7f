"""Files of the cache that hold together: one that was cut off or altered, that lay in the place of
another, or that something else made, is as none at all."""

import os
import stat
from hashlib import sha256
from pathlib import Path

from research_brief.output import remove

SEAL = 32  # bytes of SHA-256, before those that are kept


def write(path: Path, kept: bytes | bytearray, made_by: bytes = b"") -> None:
    """Put bytes there at once, whatever stood there. Raises OSError."""
    passing = path.with_name(f"{path.name}.{os.getpid()}")  # others may be at it, too
    with passing.open("wb") as file:
        file.write(_seal(path, kept, made_by))
        file.write(kept)
    if path.is_dir():
        remove(path)
    passing.replace(path)


def read(path: Path, made_by: bytes = b"") -> bytes | None:
    """The bytes that were put there by the same, if they are whole."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be read for ever
            return None
        with path.open("rb") as file:
            seal, kept = file.read(SEAL), file.read()
    except OSError:
        return None
    return kept if seal == _seal(path, kept, made_by) else None


def _seal(path: Path, kept: bytes | bytearray, made_by: bytes) -> bytes:
    found = sha256(made_by)
    found.update(f"\0{path.name}\0".encode())
    found.update(kept)
    return found.digest()
