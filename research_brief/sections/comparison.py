"""Comparison: subjects against criteria, as a table; on a phone a block for each subject."""

from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from research_brief.models import SectionBase
from research_brief.values import ClaimRef, EntityRef, Id, Model, Plain, Text


class Cell(Model):
    """What is reported of a subject: short text with its claims, or `not-reported`."""

    text: Text | None = None
    """What is reported, in a few words."""

    claims: list[ClaimRef] = []
    """The ids of the claims that report it."""

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

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        cell = handler.resolve_ref_schema(handler(schema)) | {"required": ["text"]}
        nothing = {"const": "not-reported", "description": "The sources report nothing here."}
        return {"description": cell["description"], "anyOf": [nothing, cell]}


class Comparison(SectionBase):
    """A matrix of `subjects` (rows) and `criteria` (columns); every cell is filled."""

    kind: Literal["comparison"]
    subjects: list[EntityRef] = Field(min_length=1)
    """The ids of the entities that are compared: the rows, in their order."""

    criteria: dict[Id, Plain] = Field(min_length=1)
    """What is compared: the columns in their order, each heading under an id of its own."""

    cells: dict[EntityRef, dict[Id, Cell]]
    """A cell for every criterion of every subject: {alibaba: {builds: not-reported}}"""
