"""Figures that changed in our words and not in the quotations that carry them, or the reverse."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from research_brief.library import Library
from research_brief.meaning import words
from research_brief.models import Claim
from research_brief.values import Model, Name, Text

TEXTS = ("text", "value", "label", "title")
"""The fields of a model that say what its claims or its evidence say."""


@dataclass(frozen=True)
class Quotations:
    """The quotations of a state of the content by the claims' addresses in the new state."""

    by_claim: Mapping[str, list[str]]
    brief: str = ""  # the new id of the brief that models are of

    @classmethod
    def of(cls, library: Library, names: Mapping[str, str]) -> "Quotations":
        """Those of a library, whose claims may have new `names`."""
        return cls(
            {
                names.get(address, address): [item.quote for item in record.claim.evidence]
                for address, record in library.claims.items()
            }
        )

    def carrying(self, model: Model) -> list[str]:
        """The quotations of a claim or of what it rests on, or of the claims that a model names."""
        own = [item.quote for item in model.evidence] if isinstance(model, Claim) else []
        named = getattr(model, "rests_on" if isinstance(model, Claim) else "claims", None)
        claims = [*named] if isinstance(named, list) else []
        claims += [model.claim] if hasattr(model, "claim") else []
        addresses = (name if "#" in name else f"{self.brief}#{name}" for name in claims)
        return own + [quote for address in addresses for quote in self.by_claim.get(address, [])]


def doubts(old: Model, new: Model, then: Quotations, now: Quotations) -> Iterator[str]:
    """What is to be looked at in the figures of a model's own texts, a sentence each."""
    carrying = now.carrying(new)
    if not carrying:
        return
    quoted, quotes = _all(then.carrying(old)), _all(carrying)
    derived = getattr(new, "derived", None)
    known = [*quotes, *_all(derived.root.values() if derived else ())]
    found: dict[tuple[str, str], list[str]] = {}
    for field in TEXTS:
        before, after = getattr(old, field, None), getattr(new, field, None)
        if isinstance(before, Text | Name) and isinstance(after, Text | Name):
            for language, text in after.root.items():
                said, says = words.figures(before.root.get(language, "")), words.figures(text)
                if doubt := _doubt(said, says, quoted, quotes, known):
                    found.setdefault((field, doubt), []).append(language)
    for (field, doubt), languages in found.items():
        yield f"{field} ({', '.join(languages)}): {doubt}"


def _doubt(
    said: Sequence[str], says: Sequence[str], quoted: list[str], quotes: list[str], known: list[str]
) -> str:
    """What is wrong with the figures of a text beside those of its quotations, if anything."""
    gone = [figure for figure in said if figure not in says]
    came = [figure for figure in says if figure not in said and figure not in known]
    if came:
        still = [figure for figure in gone if figure in quotes]
        step = f"{', '.join(gone)} -> {', '.join(came)}" if gone else ", ".join(came)
        where = f"the quotation still says {', '.join(still)}" if still else "no quotation says it"
        return f"{step}; {where}"
    left = [figure for figure in says if figure in quoted and figure not in quotes]
    return f"still {', '.join(left)}; the quotation no longer says it" if left else ""


def _all(texts: Iterable[str]) -> list[str]:
    return [figure for text in texts for figure in words.figures(text)]
