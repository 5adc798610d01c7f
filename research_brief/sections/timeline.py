"""Timeline: dated events, each date as precise as the source gives it."""

from typing import Literal

from pydantic import Field

from research_brief.models import SectionBase
from research_brief.values import ClaimRef, Model, PartialDate, Text


class Event(Model):
    """What happened; `derived` says how a date that the source does not print was found."""

    date: PartialDate
    text: Text
    claims: list[ClaimRef] = []
    derived: Text | None = None


class Timeline(SectionBase):
    """Events, earliest first."""

    kind: Literal["timeline"]
    events: list[Event] = Field(min_length=1)
