"""Names that hold what a check looks for: they are taken out of a text before it is read.

`玄铁910` has no figure, and what a company called 传闻 says is no rumour.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence

GAP = "\ufffc"
"""Stands where a name was."""
BREAK = "\0"
"""Stands between texts that are read in a row: none has it."""
_EDGE = "(?!(?<=[A-Za-z0-9])[A-Za-z0-9])"
"""Behind `P80` a digit, and behind `Ali` a letter, would make it another name."""


def names_holding(names: Sequence[str], pieces: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of those names that have one of the pieces, if there are any."""
    row, found = f"{BREAK}{BREAK.join(names)}{BREAK}", set()
    for piece in pieces:
        at = row.find(piece)
        while at >= 0:
            end = row.index(BREAK, at)
            found.add(row[row.rindex(BREAK, 0, at + 1) + 1 : end])
            at = row.find(piece, end)
    return pattern_of(found)


def names_with(names: Sequence[str], find: Callable[[str], Iterable[re.Match[str]]]) -> set[str]:
    """The names in which something is found; they are looked through in a row."""
    found, number, at = set(), 0, 0
    for match in find(BREAK.join(names)):
        number += match.string.count(BREAK, at, match.start())
        at = match.start()
        found.add(names[number])
    return found


def pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    """A pattern of names, if there are any."""
    if not names:
        return None
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}){_EDGE}")


def is_named(names: Iterable[str], text: str) -> bool:
    """Whether a text has one of the names; a Latin one as a word of its own, in any case."""
    text = text.casefold()
    return any(_stands_in(name.casefold(), text) for name in names)


def _stands_in(name: str, text: str) -> bool:
    at = text.find(name)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (_goes_on(before, name[0]) or _goes_on(name[-1], behind)):
            return True
        at = text.find(name, at + 1)
    return False


def _goes_on(left: str, right: str) -> bool:
    """Whether a word goes on between two characters."""
    return (left + right).isascii() and left.isalnum() and right.isalnum()
