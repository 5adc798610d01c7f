"""Our own texts and dates beside the claims, with the claims that they say they rest on.

They are found by what models have, a field of claims beside a field of text, so that a new kind of
section is held to its claims without being told.
"""

from collections.abc import Iterator
from typing import NamedTuple

from research_brief.brief import Revision
from research_brief.library import BriefRecord, Where
from research_brief.models import Claim
from research_brief.values import ClaimRef, Model, Name, PartialDate, Text

NOTES = "derived"
"""The field that says how something was found: it is no statement of its own."""


class Statement(NamedTuple):
    """The texts of one model by their fields, and the claims it names.

    It has dates if it could name claims: other dates tell of ourselves, like that of publication.
    """

    where: Where
    texts: dict[str, Text | Name]
    dates: dict[str, PartialDate]
    claims: list[ClaimRef]
    derived: Text | None


def statements(brief: BriefRecord) -> Iterator[Statement]:
    """All of a brief, but for its claims and for what it says of its own revisions."""
    yield from _below(brief.brief, brief.where)
    for record in brief.sections:
        yield from _below(record.section, record.where)


def _below(model: Model, where: Where) -> Iterator[Statement]:
    texts: dict[str, Text | Name] = {}
    dates: dict[str, PartialDate] = {}
    claims: list[ClaimRef] = []
    fields = type(model).model_fields
    for name in fields:
        value = getattr(model, name)
        if isinstance(value, (Text, Name)):
            texts[name] = value
        elif isinstance(value, PartialDate):
            dates[name] = value
        elif isinstance(value, ClaimRef):
            claims.append(value)
        elif isinstance(value, list) and value and isinstance(value[0], ClaimRef):
            claims += value
        elif isinstance(value, (Model, list, dict)):
            yield from _inside(value, where / name)
    derived = texts.pop(NOTES, None)
    may_rest = "claims" in fields or "claim" in fields
    yield Statement(
        where,
        texts,
        dates if may_rest else {},
        claims,
        derived if isinstance(derived, Text) else None,
    )


def _inside(value: object, where: Where) -> Iterator[Statement]:
    if isinstance(value, Model):
        if not isinstance(value, (Claim, Revision)):
            yield from _below(value, where)
    elif isinstance(value, (list, dict)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            # The titles of a comparison's columns belong to no model of their own.
            if isinstance(item, Text):
                yield Statement(where, {str(step): item}, {}, [], None)
            else:
                yield from _inside(item, where / step)
