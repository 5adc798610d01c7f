"""Challenges: what stands in the way, each with the remedies that somebody proposes for it."""

from typing import Literal

from pydantic import Field

from research_brief.addresses import FormerAnchor
from research_brief.models import SectionBase
from research_brief.values import Anchor, ClaimRef, Model, Plain, Text


class Remedy(Model):
    """A remedy; who proposes it follows from its claims."""

    title: Plain
    """The remedy in a few words."""

    claims: list[ClaimRef] = Field(min_length=1)
    """The ids of the claims that propose it."""

    formerly: list[FormerAnchor] = []
    """Ids that this remedy had before, so that links to them still lead here: [old-remedy]"""


class Challenge(Model):
    """A challenge; one without remedies is shown as such, never left out."""

    title: Plain
    """The challenge in a few words."""

    text: Text | None = None
    """More of it in our own words."""

    claims: list[ClaimRef] = Field(min_length=1)
    """The ids of the claims that speak of it."""

    remedies: dict[Anchor, Remedy] = {}
    """What is proposed against it, each remedy under its id."""

    formerly: list[FormerAnchor] = []
    """Ids that this challenge had before, so that links to them still lead here: [old-challenge]"""


class Challenges(SectionBase):
    """Challenges in reading order; ids of challenges and remedies are anchors on the page."""

    kind: Literal["challenges"]
    challenges: dict[Anchor, Challenge] = Field(min_length=1)
    """The challenges in reading order, each under its id."""
