"""Factors: causes, motives or advantages side by side, and where the voices disagree."""

from typing import Literal

from pydantic import Field

from research_brief.addresses import FormerAnchor
from research_brief.models import SectionBase
from research_brief.values import Anchor, ClaimRef, Model, Plain, Text


class Factor(Model):
    """One factor with the claims that speak of it."""

    title: Plain
    """The factor in a few words."""

    text: Text | None = None
    """More of it in our own words."""

    claims: list[ClaimRef] = []
    """The ids of the claims that speak of it."""

    formerly: list[FormerAnchor] = []
    """Ids that this factor had before, so that links to them still lead here: [old-factor]"""


class Position(Model):
    """One side of a disagreement: who holds it follows from its claims."""

    text: Text
    """The answer that this side gives."""

    claims: list[ClaimRef] = Field(min_length=1)
    """The ids of the claims that give it."""


class Disagreement(Model):
    """A question that the sources' voices answer differently."""

    question: Plain
    """The question: {en: Which motive leads?, zh: 何者居首？}"""

    positions: list[Position] = Field(min_length=2)
    """The answers, two or more."""


class Factors(SectionBase):
    """Factors in reading order; their ids are anchors on the page."""

    kind: Literal["factors"]
    factors: dict[Anchor, Factor] = Field(min_length=1)
    """The factors in reading order, each under its id."""

    disagreements: list[Disagreement] = []
    """Where the voices do not agree."""
