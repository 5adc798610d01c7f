"""Timeline: dated events, each date as precise as the source gives it."""

from typing import Literal

from pydantic import Field

from research_brief.models import SectionBase
from research_brief.values import ClaimRef, Model, PartialDate, Text


class Event(Model):
    """What happened, and when."""

    date: PartialDate
    """As precise as the source gives it: 2018, 2018-09 or 2018-09-12."""

    text: Text
    """What happened, in a sentence."""

    claims: list[ClaimRef] = []
    """The ids of the claims that report it."""

    derived: Text | None = None
    """How a date was found that the source does not print."""


class Timeline(SectionBase):
    """Events, earliest first."""

    kind: Literal["timeline"]
    events: list[Event] = Field(min_length=1)
    """The events, earliest first."""
