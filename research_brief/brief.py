"""A brief: the summary of one or more sources, section by section."""

from typing import Literal

from pydantic import Field

from research_brief.values import (
    ClaimRef,
    FullDate,
    Language,
    Model,
    Name,
    Plain,
    SectionRef,
    SourceRef,
    Text,
    TopicRef,
)


class Takeaway(Model):
    """One of the few things to remember, with the claims that say it."""

    text: Text
    claims: list[ClaimRef] = Field(min_length=1)


class KeyFigure(Model):
    """A figure that stands out, with the claim that gives it."""

    value: Name
    label: Text
    claim: ClaimRef


class Revision(Model):
    """What was changed after publication, when and why."""

    date: FullDate
    kind: Literal["publication", "correction", "clarification", "update", "retraction", "removal"]
    text: Text


class Brief(Model):
    """`brief.yaml`: what a brief says of itself; `sections` names its files in reading order."""

    language: Language
    title: Plain
    summary: Text
    status: Literal["published", "draft"] = "published"
    sources: list[SourceRef] = Field(min_length=1)
    topics: list[TopicRef] = []
    editors: list[Name] = Field(min_length=1)
    published: FullDate
    revisions: list[Revision] = []
    takeaways: list[Takeaway] = []
    key_figures: list[KeyFigure] = []
    sections: list[SectionRef] = Field(min_length=1)
