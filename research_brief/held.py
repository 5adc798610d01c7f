"""What was made of content, held by a program that reads all of it again after every edit.

What is made of the same is the same object again, with all that was worked out of it since.
"""

from typing import Any, NamedTuple, TypeVar

from research_brief.library import BriefRecord, EntityRecord, SectionRecord, SourceRecord
from research_brief.values import Steps

Record = TypeVar("Record", BriefRecord, EntityRecord, SectionRecord, SourceRecord)


class _Model(NamedTuple):
    data: Any  # held as well, so that nothing else has its address meanwhile
    made_by: object
    model: Any


class Held:
    """Models by the file and place of their data, and records by theirs."""

    def __init__(self) -> None:
        self._models: dict[tuple[str, Steps], _Model] = {}
        self._records: dict[tuple[type, str, Steps], Any] = {}

    def model(self, file: str, steps: Steps, data: object, made_by: object) -> Any:
        """The model that `keep` was given last, if it was made of this very object in the same
        way."""
        before = self._models.get((file, steps))
        is_same = before and before.data is data and before.made_by == made_by
        return before.model if before and is_same else None

    def keep(self, file: str, steps: Steps, data: object, made_by: object, model: object) -> None:
        """Hold a model that was made of some data."""
        self._models[file, steps] = _Model(data, made_by, model)

    def record(self, record: Record) -> Record:
        """The record, or the one that says the same and was held before."""
        key = type(record), record.where.file, record.where.steps
        before: Record | None = self._records.get(key)
        if before is not None and before == record:
            return before
        self._records[key] = record
        return record
