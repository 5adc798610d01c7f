"""What a brief has to do with others, told of it alone.

The rules that ask of all content ask for no words of ours: for ids, references, quotations, dates.
Where only our words were edited, what they found before still stands.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from research_brief.evidence.lexicon import lexicon, words_of
from research_brief.library import BriefRecord
from research_brief.values import Model, Name, Text


class Dealings(NamedTuple):
    """Of one brief, as JSON keeps it."""

    bare: str
    """The SHA-256 of all that it says but for our words."""
    quoted: list[list[str]]
    """Sources and words that it shows of them, where these are so long that our words may be taken
    for copied from them."""

    @classmethod
    def of(cls, record: BriefRecord) -> "Dealings":
        """Those of a brief."""
        said = [_bare(record.brief), *([part.id, _bare(part.section)] for part in record.sections)]
        bare = sha256(json.dumps(said, ensure_ascii=False).encode(errors="surrogatepass"))
        quoted = [[*it] for it in quotations([record]) if len(it[1]) >= _least()]
        return cls(bare.hexdigest(), quoted)


def quotations(briefs: Iterable[BriefRecord]) -> Iterator[tuple[str, str]]:
    """The words that briefs show of sources, each with the id of its source."""
    for record in briefs:
        for claim in record.claims.values():
            for item in claim.claim.evidence:
                source = item.source or record.brief.sources[0]
                yield source, item.quote
                if item.attribution and (item.attribution_paragraph or item.paragraph):
                    yield source, item.attribution


def _bare(value: Any) -> Any:
    """A value without words of ours, of which only is told that they are there."""
    if isinstance(value, str):
        return value
    kind = type(value)
    if kind is dict:
        return {key: _bare(item) for key, item in value.items()}
    if kind is list:
        return [_bare(item) for item in value]
    if issubclass(kind, (Text, Name)):
        return True
    return _bare(vars(value)) if issubclass(kind, Model) else value


@cache
def _least() -> int:
    """The fewest characters that are copied, in any language."""
    return min(words_of(language).longest_copy for language in [*lexicon(), "zh", ""])
