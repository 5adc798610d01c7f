"""The references of a brief as pages show them: of itself, and of each of its claims."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from research_brief.citing.forms import FORMS
from research_brief.citing.records import Item, citable, of_brief, of_claim
from research_brief.citing.styles import formatted
from research_brief.library import BriefRecord
from research_brief.wording import Wording


@dataclass(frozen=True)
class Reference:
    """One thing to cite: its item, and its citation in every style by the style's name."""

    item: Item
    styles: Mapping[str, Markup]

    @property
    def forms(self) -> dict[str, str]:
        """The item for reference managers, by the endings of their files."""
        return {ending: write([self.item]).strip() for ending, write in FORMS.items()}


@dataclass(frozen=True)
class References:
    """The reference of a brief, and those of its claims by their ids."""

    brief: Reference
    claims: Mapping[str, Reference]


def references(record: BriefRecord, wording: Wording) -> References | None:
    """How a brief and its claims are cited in a language; nothing if it is not to be cited."""
    if not citable(record):
        return None
    items = [
        of_brief(record, wording),
        *(of_claim(record, claim, wording) for claim in record.claims.values()),
    ]
    brief, *claims = (
        Reference(item, {name: Markup(html) for name, html in styles.items()})
        for item, styles in zip(items, formatted(items, wording.language), strict=True)
    )
    return References(brief, dict(zip(record.claims, claims, strict=True)))
