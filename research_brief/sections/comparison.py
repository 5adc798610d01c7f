"""Comparison: subjects against criteria, as a table; on a phone a block for each subject."""

from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from research_brief.models import SectionBase
from research_brief.values import ClaimRef, EntityRef, Id, Model, Plain, Text


class Cell(Model):
    """What is reported of a subject: short text with its claims, or `not-reported`."""

    text: Text | None = None
    claims: list[ClaimRef] = []

    @model_validator(mode="before")
    @classmethod
    def _not_reported(cls, value: Any) -> Any:
        if value == "not-reported":
            return {}
        if isinstance(value, dict) and "text" not in value:
            raise PydanticCustomError(
                "missing_text", "a cell needs a text, or is 'not-reported'", {}
            )
        return value


class Comparison(SectionBase):
    """A matrix of `subjects` (rows) and `criteria` (columns); every cell is filled."""

    kind: Literal["comparison"]
    subjects: list[EntityRef] = Field(min_length=1)
    criteria: dict[Id, Plain] = Field(min_length=1)
    cells: dict[EntityRef, dict[Id, Cell]]
