"""Briefs that are as they were when they were last read without fault, known by the hashes of the
files in their folders: they need not be read again.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from research_brief import inputs, kept_data
from research_brief.brief import Revision
from research_brief.kept_data import KeptData
from research_brief.library import BriefRecord
from research_brief.refusals import Refused
from research_brief.values import Id
from research_brief.yamlfile import keeping

Read = Callable[[], tuple[BriefRecord | None, bool]]
"""Reads a brief, as far as that can be done, and says whether it is without fault."""


class Made(NamedTuple):
    """Of what a brief was made: the hashes of its files, by their paths, and the languages that
    they may be in."""

    files: dict[str, str]
    languages: list[str]


class Folders:
    """The briefs that a program held when it read content the last time; `kept` is what is known of
    their files."""

    def __init__(self, kept: KeptData) -> None:
        self._kept = kept
        self._gives = True
        self._before: dict[str, tuple[Made, Any]] = {}
        self._now: dict[str, tuple[Made, Any]] = {}

    def brief(
        self, folder: Path, languages: Sequence[str], read: Read, later: Read
    ) -> BriefRecord | None:
        """The brief in a folder: what is known of it, if all there is as it was, or what is `read`
        now. What is not held is read `later`."""
        seen = self._seen(folder)
        made = seen and Made(seen.exact, [*languages])
        known = self._before.get(folder.name)
        if self._gives and seen and known and known[0] == made:
            self._kept.spare(folder)
            self._now[folder.name] = known
            return self._given(folder, known[1], partial(self._late, folder, seen, later))
        record, is_good = read()
        if record and made and is_good and self._seen(folder) == seen:
            self._keep(record, made)
        return record

    def settle(self) -> None:
        """Let go of what was not asked for, now that all content was read."""
        self._before, self._now = self._now, {}

    def _given(self, folder: Path, known: Any, later: Callable[[], BriefRecord]) -> BriefRecord:
        held: BriefRecord = known
        return held

    def _keep(self, record: BriefRecord, made: Made) -> None:
        self._now[record.id] = made, record

    def _seen(self, folder: Path) -> inputs.Seen | None:
        root = self._kept.root
        return inputs.within(root, folder.relative_to(root).as_posix())

    def _late(self, folder: Path, seen: inputs.Seen, later: Read) -> BriefRecord:
        """What is read later, if it is what it would have been."""
        with keeping(self._kept):
            record, is_good = later()
        if not record or not is_good or self._seen(folder) != seen:
            raise Refused(f"brief '{folder.name}' was changed while it was read; run it again")
        return record


class Kept(Folders):
    """What the process before kept of briefs: enough for who does not ask what they say, and so
    asks for them `lazily`."""

    def __init__(self, kept: KeptData, *, lazily: bool) -> None:
        super().__init__(kept)
        self._gives = lazily
        self._place = kept.root / "folders"
        if before := kept.get(self._place, ""):
            self._before = {id: (Made(*made), known) for id, (made, known) in before.data.items()}
        self._read = dict(self._before)

    def settle(self) -> None:
        super().settle()
        if self._before != self._read:
            self._kept.put(self._place, kept_data.Kept("", "", self._before))

    def _given(self, folder: Path, known: Any, later: Callable[[], BriefRecord]) -> BriefRecord:
        digest, size = known
        return Unread.one(folder.name, digest, size, later)

    def _keep(self, record: BriefRecord, made: Made) -> None:
        if not (record.withdrawn or record.brief.formerly):
            self._now[record.id] = made, [record.digest, len(record.claims)]


class Unread(BriefRecord):
    """A brief that is read when somebody asks for what it says. It is not withdrawn, and had no
    other id."""

    size: int

    @classmethod
    def one(cls, id: str, digest: str, size: int, read: Callable[[], BriefRecord]) -> "Unread":
        """The brief with this digest and so many claims."""
        record = object.__new__(cls)
        vars(record).update(id=id, digest=digest, size=size, _read=read)
        return record

    def __getattr__(self, name: str) -> Any:
        """What is not there yet."""
        if name not in {"brief", "where", "sections"}:
            raise AttributeError(name)
        vars(self).update(vars(self._read()))
        return vars(self)[name]

    @property
    def withdrawn(self) -> Revision | None:
        return super().withdrawn if "brief" in vars(self) else None


def size(record: BriefRecord) -> int:
    """How many claims a brief has, which need not be read for that."""
    return record.size if isinstance(record, Unread) else len(record.claims)


def formerly(record: BriefRecord) -> Sequence[Id]:
    """The ids that a brief had before, which need not be read for that."""
    return () if isinstance(record, Unread) else record.brief.formerly
