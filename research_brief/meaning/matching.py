"""What in the new state is the same thing as what in the old one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from research_brief.meaning import words
from research_brief.values import Model, Name, Text

K = TypeVar("K", str, int)

SAME_THING = 0.85
"""How alike things of different ids must be to be one thing under a new id."""


def matched(old: Mapping[K, Any], new: Mapping[K, Any]) -> dict[K, K]:
    """The key in `new` for each key of `old` whose thing is still there.

    Equal keys first, then the most alike of what is left, as far as it is `SAME_THING`.
    """
    found = {key: key for key in old if key in new}
    return found | alike(
        {key: old[key] for key in old if key not in found},
        {key: new[key] for key in new if key not in found},
        SAME_THING,
    )


def alike(old: Mapping[K, Any], new: Mapping[K, Any], least: float) -> dict[K, K]:
    """The key in `new` of the thing most like that of each key of `old`, each taken once."""
    before = {key: words.bag(leaves(value)) for key, value in old.items()}
    after = {key: words.bag(leaves(value)) for key, value in new.items()}
    ranks: list[tuple[float, int, int, K, K]] = [
        (-words.likeness(one, other), abs(i - j), i, key, candidate)
        for i, (key, one) in enumerate(before.items())
        for j, (candidate, other) in enumerate(after.items())
    ]
    found: dict[K, K] = {}
    taken: Counter[K] = Counter()
    for distance, _, _, key, candidate in sorted(ranks, key=lambda rank: rank[:3]):
        if -distance >= least and key not in found and not taken[candidate]:
            found[key] = candidate
            taken[candidate] += 1
    return found


def leaves(value: Any) -> Iterator[str]:
    """Every value in a model as words."""
    if isinstance(value, (Text, Name)):
        yield from value.root.values()
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif value is not None:
        yield str(value)
