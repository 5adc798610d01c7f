"""Briefs that are as they were when they were last read without fault, known by the hashes of the
files in their folders: they need not be read again.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from research_brief import inputs, kept_data
from research_brief.kept_data import KeptData
from research_brief.library import BriefRecord
from research_brief.refusals import Refused
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
        if seen and known and known[0] == made:
            late = partial(self._late, folder, seen, later)
            if given := self._given(folder.name, known[1], late):
                self._kept.spare(folder)
                self._now[folder.name] = known
                return given
        record, is_good = read()
        if record and made and is_good and self._seen(folder) == seen:
            self._keep(record, made)
        return record

    def settle(self) -> None:
        """Let go of what was not asked for, now that all content was read."""
        self._before, self._now = self._now, {}

    def _given(self, id: str, known: Any, read: Callable[[], BriefRecord]) -> BriefRecord | None:
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
        self._lazily = lazily
        self._place = kept.root / "folders"
        if before := kept.get(self._place, ""):
            self._before = {id: (Made(*made), known) for id, (made, known) in before.data.items()}
        self._read = dict(self._before)

    def settle(self) -> None:
        super().settle()
        if self._before != self._read:
            self._kept.put(self._place, kept_data.Kept("", "", self._before))

    def _given(self, id: str, known: Any, read: Callable[[], BriefRecord]) -> BriefRecord | None:
        return Unread.of(id, known, read) if self._lazily else None

    def _keep(self, record: BriefRecord, made: Made) -> None:
        if not (record.withdrawn or record.formerly):
            self._now[record.id] = made, {"digest": record.digest, "size": record.size}


class Unread(BriefRecord):
    """A brief that is read when somebody asks for what it says."""

    @classmethod
    def of(cls, id: str, known: Mapping[str, Any], read: Callable[[], BriefRecord]) -> "Unread":
        """The brief of which this is known. It is not withdrawn, and had no other id."""
        record = object.__new__(cls)
        vars(record).update(known, id=id, withdrawn=None, formerly=(), _read=read)
        return record

    def __getattr__(self, name: str) -> Any:
        """What is not there yet."""
        if name not in {"brief", "where", "sections"}:
            raise AttributeError(name)
        vars(self).update(vars(self._read()))
        return vars(self)[name]
