"""Narrative: paragraphs of our own, each with the claims that it rests on.

The simplest kind, and the one to copy for a new one.
"""

from typing import Literal

from research_brief.models import SectionBase
from research_brief.values import ClaimRef, Model, Text


class Paragraph(Model):
    """A paragraph; the claims it names are shown under it, or as marks if shown elsewhere."""

    text: Text
    """The paragraph, in our own words."""

    claims: list[ClaimRef] = []
    """The ids of the claims that it rests on."""


class Narrative(SectionBase):
    """Paragraphs in reading order."""

    kind: Literal["narrative"]
    paragraphs: list[Paragraph] = []
    """The paragraphs in reading order."""
