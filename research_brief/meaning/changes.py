"""One difference between two states of the content, and what an editor should look at."""

from dataclasses import dataclass, field
from typing import Literal

Action = Literal["added", "removed", "changed", "moved", "renamed", "reordered"]
Rule = Literal["behind", "figure", "address", "unread", "unverified", "standing"]


@dataclass(frozen=True)
class Subject:
    """What changed: its kind (`claim`, `section`, `brief`, `company`, `source`, `settings`), its
    id (of claims and sections `brief#id`) and the `group` that it is shown in: `brief ID`,
    `entities`, `sources` or `settings`."""

    kind: str
    id: str
    group: str

    def __str__(self) -> str:
        if self.kind in {"claim", "section"}:
            return self.id
        return f"{self.kind} {self.id}".rstrip()


@dataclass(frozen=True)
class Change:
    """One difference. `field` is the way to it (`evidence 1 quote`), empty for the subject itself;
    `language` is empty where a value has none, or is the same in all."""

    subject: Subject
    action: Action
    field: str = ""
    language: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Notice:
    """Something to look at: a translation left `behind`, a `figure` that no quotation gives, an
    `address` that no longer works, what could not be read (`unread`), a quotation that is
    `unverified` and was not so before, or a brief of another `standing`: withdrawn, superseded."""

    subject: Subject
    rule: Rule
    message: str


@dataclass
class Differences:
    """All that was found, in the order in which it is shown."""

    changes: list[Change] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
