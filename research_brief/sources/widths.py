"""How wide words are where a Han character takes two columns, and how lines are put together."""

import re
from collections.abc import Sequence

from research_brief.yamlfile import WIDE

SENTENCE_END = re.compile(r"[.!?:。！？：…][\"'”’」』）)\]]*$")

_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def width(words: str) -> int:
    """How many columns the words take."""
    return len(words) + len(WIDE.findall(words))


def vocabulary(text: str) -> frozenset[str]:
    """The words that a text has within its lines, by which broken words are mended."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


def joined(lines: Sequence[str], known: frozenset[str]) -> str:
    """The lines of a paragraph as one."""
    found: list[str] = []
    for line in lines:
        if found:  # of a long paragraph only the last line is looked at again
            both = _pair(found[-1], line, known)
            found[-1] = both[: len(both) - len(line)]
        found.append(line)
    return "".join(found)


def _pair(before: str, after: str, known: frozenset[str]) -> str:
    """Two lines as one.

    Between two full-width signs there is nothing, elsewhere a space. A hyphen at the end of a line
    goes only where the text has the word without it and not with it; else it may belong there.
    """
    start = _WORD.match(after)
    if (end := _HYPHEN.search(before)) and start:
        whole, hyphened = f"{end[1]}{start[0]}".casefold(), f"{end[1]}-{start[0]}".casefold()
        broken = whole in known and hyphened not in known
        return (before[:-1] if broken else before) + after
    if before and after and WIDE.match(before[-1]) and WIDE.match(after[0]):
        return before + after
    return f"{before} {after}"
