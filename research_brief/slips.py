"""Slips of the pen in YAML: what an editor probably did where a file cannot be read.

YAML's own complaint names the place where reading became impossible, often a line too late,
and in words of its grammar. What people write by mistake is a short list, much of it made by
Chinese input methods, and is looked for from that place upwards.
"""

import re
from collections.abc import Sequence

Mark = tuple[int, int]
Slip = tuple[Mark, str]

_CONFLICT = re.compile("<{7}|={7}$|>{7}|\\|{7}")
_ITEM = r"\s*(?:- +)?"
_KEY = "[A-Za-z][A-Za-z0-9_#-]*"
_REACH = 6
"""Lines above YAML's own place in which the slip is looked for."""

_LONGEST = 2000  # characters of a line that are looked at

_INDENT = "a full-width or fixed space is no indent; write plain spaces"
_TAB = "a tab cannot indent; write spaces"
_WIDE_COLON = "the colon is full-width; write ': ' with a space behind it"
_BARE_COLON = "a plain space is missing behind the colon; write ': '"
_BARE_DASH = "a space is missing behind the dash; write '- '"
_LONG_DASH = "the dash of a list is '- ', a plain hyphen and a space"
_QUOTE = "a text that begins with '{found}' needs quotation marks around it"
_FOLDED = "the text behind '{found}' begins on the next line"
_BEHIND = (
    "the text goes on behind its quotation mark; put '…' around all of it, or write “ ” inside"
)
_COMMA = "'{found}' divides no list; write ', ', or put the text in quotation marks"
_CURLY = "“ ” are no quotation marks to YAML; put '…' around the text"

# In the order of how surely they are slips; the group is what is marked, and {found} holds it.
_SLIPS = (
    ("^ *(\t)", _TAB),
    ("^[ \t]*([\u3000\u00a0]+)", _INDENT),
    (f"(?:^{_ITEM}|[{{,] *){_KEY}(：)", _WIDE_COLON),
    (f"(?:^{_ITEM}|[{{,] *){_KEY}(:)[^ \t\n:/]", _BARE_COLON),
    (r"^\s*(-)[A-Za-z]", _BARE_DASH),
    (r"^\s*([—–－]) ", _LONG_DASH),
    (r"[:,\[] *(\[\[)", _QUOTE),
    (f"^{_ITEM}{_KEY}: *([>|][+-]?) +[^#\\s]", _FOLDED),
    (f"^{_ITEM}{_KEY}: *([*&!%@`>])[^\\s]", _QUOTE),
    ("[:,\\[] *(?:\"[^\"]*\"|'[^']*') *([^\\s,\\]}#:'\"])", _BEHIND),
    (r": *[\[{][^\"']*?([，、])", _COMMA),
    (f"^{_ITEM}{_KEY}: *“[^”]*(: )", _CURLY),
)
_REACHING = {_TAB, _INDENT, _WIDE_COLON, _BARE_COLON, _BARE_DASH, _LONG_DASH, _FOLDED, _CURLY}
"""What makes YAML stop further down, or of a word more than a key."""
_BLOCK = re.compile(r"[:-] +[>|][+-]?[0-9]?[+-]?\s*(#.*)?$")
SLIPS = tuple((re.compile(pattern), message) for pattern, message in _SLIPS)


def conflict(lines: Sequence[str]) -> Slip | None:
    """Where a merge conflict was left in a file."""
    for number, line in enumerate(lines, 1):
        if _CONFLICT.match(line):
            message = "a merge conflict was left here: keep one of the two versions, and delete"
            return (number, 1), f"{message} the lines that begin with <<<<<<<, ======= and >>>>>>>"
    return None


def lone(key: str) -> str | None:
    """What is wrong with a key that stands without a value, if it is its colon."""
    colon = re.match(f"{_KEY}([:：])", key)
    return {":": _BARE_COLON, "：": _WIDE_COLON}[colon[1]] if colon else None


def slip(lines: Sequence[str], line: int, complaint: str) -> Slip | None:
    """The slip on the line (from 1) that could not be read, or one above that made it so."""
    inside = _inside_blocks(lines)
    for number in range(min(line, len(lines)), max(0, line - _REACH), -1):
        above = number < line or "mapping values" in complaint
        for pattern, message in SLIPS:
            if above and message not in _REACHING:
                continue
            found = pattern.search(lines[number - 1][:_LONGEST])
            if found and number not in inside:
                return (number, found.start(1) + 1), message.format(found=found[1])
    return None


def _inside_blocks(lines: Sequence[str]) -> set[int]:
    """The lines (from 1) of texts that begin with > or |, where anything may stand."""
    inside: set[int] = set()
    indent = None
    for number, line in enumerate(lines, 1):
        depth = len(line) - len(line.lstrip(" "))
        if indent is not None and (not line.strip() or depth > indent):
            inside.add(number)
            continue
        indent = depth if _BLOCK.search(line) else None
    return inside
