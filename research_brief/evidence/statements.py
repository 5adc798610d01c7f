"""Our own texts and dates beside the claims, with the claims that they say they rest on.

They are found by what models have, a field of claims beside a field of text, so that a new kind of
section is held to its claims without being told.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from research_brief.brief import Revision
from research_brief.library import BriefRecord, Library, Where
from research_brief.models import Claim
from research_brief.values import ClaimRef, Model, Name, PartialDate, Steps, Text

NOTES = "derived"
"""The field that says how something was found: it is no statement of its own."""


class Statement(NamedTuple):
    """The texts of one model by their fields, and the claims it names.

    It has dates if it could name claims: other dates tell of ourselves, like that of publication.
    """

    owner: Where  # of the brief or section
    steps: Steps  # from there to the model
    texts: Mapping[str, Text | Name]
    dates: Mapping[str, PartialDate]
    claims: Sequence[ClaimRef]
    derived: Text | None

    @property
    def where(self) -> Where:
        """Where the model stands; of most nobody asks."""
        return self.owner.below(self.steps)


def statements(library: Library, brief: BriefRecord) -> Sequence[Statement]:
    """All of a brief, but for its claims and for what it says of its own revisions."""
    return library.once((__name__, brief.id), lambda: _collected(brief))


def _collected(brief: BriefRecord) -> Sequence[Statement]:
    collected: list[Statement] = []
    _collect(brief.brief, brief.where, (), collected)
    for record in brief.sections:
        _collect(record.section, record.where, (), collected)
    return collected


def _collect(model: Model, owner: Where, steps: Steps, found: list[Statement]) -> None:
    texts: dict[str, Text | Name] = {}
    dates: dict[str, PartialDate] = {}
    claims: list[ClaimRef] = []
    fields = vars(model)
    for name, value in fields.items():
        role = _ROLE[type(value)] if value else None
        if role == "text":
            texts[name] = value
        elif role == "claim":
            claims.append(value)
        elif role == "date":
            dates[name] = value
        elif role == "list" and isinstance(value[0], ClaimRef):
            claims += value
        elif role:
            _collect_inside(value, role, owner, (*steps, name), found)
    derived = texts.pop(NOTES, None)
    if "claims" not in fields and "claim" not in fields:
        dates = {}
    own = derived if isinstance(derived, Text) else None
    found.append(Statement(owner, steps, texts, dates, claims, own))


def _collect_inside(
    value: Any, role: str, owner: Where, steps: Steps, found: list[Statement]
) -> None:
    if role == "model":
        _collect(value, owner, steps, found)
        return
    for step, item in value.items() if role == "dict" else enumerate(value):
        inner = _ROLE[type(item)]
        # The titles of a comparison's columns belong to no model of their own.
        if inner == "text" and isinstance(item, Text):
            found.append(Statement(owner, steps, {str(step): item}, {}, [], None))
        elif inner in ("model", "list", "dict"):
            _collect_inside(item, inner, owner, (*steps, step), found)


_ROLES: dict[type, str] = {
    Text: "text",
    Name: "text",
    ClaimRef: "claim",
    PartialDate: "date",
    Model: "model",
    list: "list",
    dict: "dict",
}
"""What values of a type are here; what has statements of its own is nothing."""


class _Roles(dict[type, str | None]):
    """The same by type, worked out once for each."""

    def __missing__(self, kind: type) -> str | None:
        is_own = issubclass(kind, (Claim, Revision))
        roles = (role for of, role in _ROLES.items() if issubclass(kind, of) and not is_own)
        self[kind] = next(roles, None)
        return self[kind]


_ROLE = _Roles()
