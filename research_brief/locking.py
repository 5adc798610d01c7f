"""One build of a project at a time."""

from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from research_brief import output
from research_brief.refusals import Refused


class Busy(Refused):
    """Another build of this project is running."""


class Changed(Refused):
    """What the site is made from was changed while it was made."""


class only_one:  # noqa: N801 (reads as a verb)
    """Hold the lock of a work folder, or raise Busy at once; a killed holder lets go by itself.

    The folder is made if it is missing. Raises output.Unusable if something else is there.
    """

    def __init__(self, work: Path) -> None:
        self.file = work / "lock"
        self.lock = FileLock(self.file, timeout=0)
        self.identity = (0, 0)

    def __enter__(self) -> Self:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise output.Unusable(f"{self.file.parent} is not a folder; move it away") from None
        if self.file.is_dir() or self.file.is_symlink():
            output.remove(self.file)
        try:
            self.lock.acquire()
        except Timeout:
            raise Busy(f"another build of this project holds {self.lock.lock_file}") from None
        self.identity = self._identity()
        return self

    def assert_held(self) -> None:
        """Raises Changed if the work folder was deleted: what was made in it is not whole, and
        another build may have begun."""
        if self._identity() != self.identity:
            raise Changed(f"{self.file.parent} was deleted while the site was made; run it again")

    def _identity(self) -> tuple[int, int]:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_dev, found.st_ino

    def __exit__(self, *_: object) -> None:
        self.lock.release()
