"""Spaces between phrases as HTML shows them, and as Chinese wants them; widths of words."""

import re
from collections.abc import Iterator
from typing import Any

from research_brief.pdf import Node

_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_UNBROKEN = re.compile(f"{_WIDE.pattern}{{1,6}}|(?:(?!{_WIDE.pattern})[^\\s\u200b\u2013\u2014/-])+")
_ENDLESS = re.compile(f"(?:(?!{_WIDE.pattern})[^\\s\u200b/-]){{40}}(?=\\S)")
_OBJECT, _GONE = "\ufffc", "\ue000"  # no content holds these


def trimmed(phrases: list[Node]) -> list[Node]:
    """The phrases of a paragraph without spaces that HTML would not show: at its ends, after
    another space; and between Chinese characters, where templates put them between elements."""
    leaves = list(_leaves(phrases))
    whole = "".join(holder[index] if holder else _OBJECT for holder, index in leaves)
    edges, position = set(), 0
    for holder, index in leaves:
        edges.add(position)
        position += len(holder[index]) if holder else 1
        edges.add(position - 1)
    last = len(whole.rstrip(" "))
    kept = "".join(
        _GONE
        if sign == " "
        and (
            at in {0, *range(last, len(whole))}
            or whole[at - 1] == " "
            or (at in edges and _WIDE.match(whole[at - 1]) and _WIDE.match(whole[at + 1]))
        )
        else sign
        for at, sign in enumerate(whole)
    )
    position = 0
    for holder, index in leaves:
        length = len(holder[index]) if holder else 1
        if holder:
            holder[index] = kept[position : position + length].replace(_GONE, "")
        position += length
    return [phrase for phrase in phrases if phrase != ""]


def _leaves(phrases: list[Node]) -> Iterator[tuple[list[Any], int]]:
    """Where each text of the phrases stands; what is no text has no place."""
    for index, phrase in enumerate(phrases):
        if isinstance(phrase, str):
            yield phrases, index
        elif "text" in phrase or "c" not in phrase:
            yield [], 0
        else:
            yield from _leaves(phrase["c"])


def breakable(words: str) -> str:
    """The words with chances to break in those that are longer than a line may be."""
    return _ENDLESS.sub("\\g<0>\u200b", words)


def longest(words: str) -> str:
    """The widest of the pieces that a column should not break; of Chinese, six characters."""
    return max(_UNBROKEN.findall(words), key=_width, default="")


def _width(words: str) -> int:
    """The width of words in half-width characters."""
    return sum(2 if _WIDE.match(sign) else 1 for sign in words)
