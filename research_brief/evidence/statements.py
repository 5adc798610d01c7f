"""Our own texts and dates beside the claims, with the claims that they say they rest on.

They are found by what models have, a field of claims beside a field of text, so that a new kind of
section is held to its claims without being told.
"""

from collections.abc import Sequence
from typing import NamedTuple

from research_brief.brief import Revision
from research_brief.library import BriefRecord, Library, Where
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


def statements(library: Library, brief: BriefRecord) -> Sequence[Statement]:
    """All of a brief, but for its claims and for what it says of its own revisions."""
    return library.once((__name__, brief.id), lambda: _collected(brief))


def _collected(brief: BriefRecord) -> Sequence[Statement]:
    collected: list[Statement] = []
    _collect(brief.brief, brief.where, collected)
    for record in brief.sections:
        _collect(record.section, record.where, collected)
    return collected


def _collect(model: Model, where: Where, found: list[Statement]) -> None:
    texts: dict[str, Text | Name] = {}
    dates: dict[str, PartialDate] = {}
    claims: list[ClaimRef] = []
    fields = vars(model)
    for name, value in fields.items():
        if not value:
            continue
        if isinstance(value, (Text, Name)):
            texts[name] = value
        elif isinstance(value, ClaimRef):
            claims.append(value)
        elif isinstance(value, PartialDate):
            dates[name] = value
        elif isinstance(value, list) and isinstance(value[0], ClaimRef):
            claims += value
        elif isinstance(value, (Model, list, dict)):
            _collect_inside(value, where / name, found)
    derived = texts.pop(NOTES, None)
    found.append(
        Statement(
            where,
            texts,
            dates if "claims" in fields or "claim" in fields else {},
            claims,
            derived if isinstance(derived, Text) else None,
        )
    )


def _collect_inside(value: object, where: Where, found: list[Statement]) -> None:
    if isinstance(value, Model):
        _collect(value, where, found)
    elif isinstance(value, (list, dict)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            # The titles of a comparison's columns belong to no model of their own.
            if isinstance(item, Text):
                found.append(Statement(where, {str(step): item}, {}, [], None))
            elif isinstance(item, (Claim, Revision)):
                continue
            elif isinstance(item, (Model, list, dict)):
                _collect_inside(item, where / step, found)
