"""A brief: the summary of one or more sources, section by section."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from research_brief.addresses import FormerId
from research_brief.values import (
    BriefRef,
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
    """What to remember, in a sentence or two."""

    claims: list[ClaimRef] = Field(min_length=1)
    """The ids of the claims that say it."""


class KeyFigure(Model):
    """A figure that stands out, with the claim that gives it."""

    value: Name
    """The figure, for all languages or for each: {en: 1 billion, zh: 10亿}"""

    label: Text
    """What the figure is."""

    claim: ClaimRef
    """The id of the claim that gives it."""


class Revision(Model):
    """What was changed after publication, when and why."""

    date: FullDate
    """The day of the change: 2018-09-12."""

    kind: Literal["publication", "correction", "clarification", "update", "retraction", "removal"]
    """What kind of change it was."""

    text: Text
    """What was changed, and why."""


class Brief(Model):
    """`brief.yaml`: what a brief says of itself; `sections` names its files in reading order."""

    language: Language
    """The language of texts that are written without a code: en."""

    title: Plain
    """The title, without markup: {en: The chip race, zh: 芯片竞赛}"""

    summary: Text
    """What the brief says, in two or three sentences."""

    status: Literal["published", "draft"] = "published"
    """A draft is shown in the preview only."""

    sources: list[SourceRef] = Field(min_length=1)
    """The ids of the texts it summarises: their files under content/sources/."""

    topics: list[TopicRef] = []
    """The ids of the topics it is listed under, from content/entities/topics.yaml."""

    editors: list[Name] = Field(min_length=1)
    """Who wrote the brief."""

    translators: list[Name] = []
    """Who translated its quotations."""

    reviewers: list[Name] = []
    """Who compared the translations with the original words; empty: nobody yet."""

    published: FullDate
    """The day of publication: 2018-09-12."""

    revisions: list[Revision] = []
    """What was changed since, oldest first."""

    review_by: FullDate | None = None
    """The day by which somebody is to look whether it still holds: 2019-09-12."""

    superseded_by: BriefRef | None = None
    """The id of the brief that readers should turn to instead of this one."""

    takeaways: list[Takeaway] = []
    """The few things to remember."""

    key_figures: list[KeyFigure] = []
    """The figures that stand out."""

    sections: list[SectionRef] = Field(max_length=100)
    """The sections in reading order: their files beside this one, without .yaml. Of a brief that
    was removed they may be gone: []"""

    formerly: list[FormerId] = []
    """Ids that this brief had before, so that links to them still lead here: [old-brief]"""

    @field_validator("sections")
    @classmethod
    def _are_there(cls, sections: list[SectionRef], info: ValidationInfo) -> list[SectionRef]:
        revisions = info.data.get("revisions")  # none if they are at fault
        if not sections and not (revisions and revisions[-1].kind == "removal"):
            said = {"field_type": "List", "min_length": 1, "actual_length": 0}
            raise PydanticKnownError("too_short", said)
        return sections
