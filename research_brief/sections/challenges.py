"""Challenges: what stands in the way, each with the remedies that somebody proposes for it."""

from typing import Literal

from pydantic import Field

from research_brief.models import SectionBase
from research_brief.values import Anchor, ClaimRef, Model, Plain, Text


class Remedy(Model):
    """A remedy; who proposes it follows from its claims."""

    title: Plain
    claims: list[ClaimRef] = Field(min_length=1)


class Challenge(Model):
    """A challenge; one without remedies is shown as such, never left out."""

    title: Plain
    text: Text | None = None
    claims: list[ClaimRef] = Field(min_length=1)
    remedies: dict[Anchor, Remedy] = {}


class Challenges(SectionBase):
    """Challenges in reading order; ids of challenges and remedies are anchors on the page."""

    kind: Literal["challenges"]
    challenges: dict[Anchor, Challenge] = Field(min_length=1)
