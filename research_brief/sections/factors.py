"""Factors: causes, motives or advantages side by side, and where the voices disagree."""

from typing import Literal

from pydantic import Field

from research_brief.models import SectionBase
from research_brief.values import Anchor, ClaimRef, Model, Plain, Text


class Factor(Model):
    """One factor with the claims that speak of it."""

    title: Plain
    text: Text | None = None
    claims: list[ClaimRef] = []


class Position(Model):
    """One side of a disagreement: who holds it follows from its claims."""

    text: Text
    claims: list[ClaimRef] = Field(min_length=1)


class Disagreement(Model):
    """A question that the sources' voices answer differently."""

    question: Plain
    positions: list[Position] = Field(min_length=2)


class Factors(SectionBase):
    """Factors in reading order; their ids are anchors on the page."""

    kind: Literal["factors"]
    factors: dict[Anchor, Factor] = Field(min_length=1)
    disagreements: list[Disagreement] = []
