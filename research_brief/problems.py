"""Faults of the content: where they are, how they are shown, how they are raised.

The form of a fault is one line, `path:line:column: level: message [rule]`
(the form that compilers and yamllint print, so that editors can jump to it).
"""

import json
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from unicodedata import category

Level = Literal["error", "warning"]
LONGEST = 1000
"""Characters of a message that are shown."""
COMPARED = 300
"""Words that a wrong one is compared with: each takes ten microseconds."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a file; `line` and `column` count from 1, in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: what was found, what was expected, how to mend it; in one line, whatever it
    quotes."""

    place: Place
    message: str
    rule: str
    level: Level = "error"

    def __post_init__(self) -> None:
        # Whatever it quotes, it stands in one line, and in one that can be read.
        if not self.message.isprintable() or len(self.message) > LONGEST:
            object.__setattr__(self, "message", _line(self.message))

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message} [{self.rule}]"


def printable(words: str) -> str:
    """The words in one line, with what cannot be seen as an escape."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in words)


def _line(message: str) -> str:
    half = LONGEST // 2
    if len(message) > LONGEST:  # its end says how to mend it
        message = f"{message[:half]} … {message[-half:]}"
    return printable(message)


class ProblemsFound(Exception):
    """Raised once, with all faults of a run."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["ProblemsFound"], tuple[list[Problem]]]:
        """As they come out of another process."""
        return type(self), (self.problems,)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the known word closest to `word`, or nothing."""
    among = list(known)
    if len(among) > COMPARED:  # those that begin most like it
        among = sorted(among)
        at = bisect(among, word)
        among = among[max(0, at - COMPARED // 2) : at + COMPARED // 2]
    close = get_close_matches(word, among, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def listed(words: Iterable[str]) -> str:
    """The words as a list for a message: `a, b or c`."""
    *front, last = list(words)
    return f"{', '.join(front)} or {last}" if front else last


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun: `1 brief`, `2 briefs`, `3 entities`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def as_text(problems: Sequence[Problem], root: Path | None = None) -> str:
    """The faults, a line each; with `root`, each with its source line and a caret under it."""
    lines = []
    files: dict[str, list[str]] = {}
    for problem in problems:
        lines.append(str(problem))
        if root is not None:
            file = problem.place.file
            if file not in files:
                files[file] = _lines(root / file)
            lines += _excerpt(problem.place, files[file])
    return "\n".join(lines)


def as_json(problems: Sequence[Problem]) -> str:
    """The faults as a JSON list of objects with file, line, column, level, rule and message."""
    return json.dumps(
        [
            {
                "file": problem.place.file,
                "line": problem.place.line,
                "column": problem.place.column,
                "level": problem.level,
                "rule": problem.rule,
                "message": problem.message,
            }
            for problem in problems
        ],
        ensure_ascii=False,
        indent=2,
    )


def as_github(problems: Sequence[Problem]) -> str:
    """The faults as GitHub's workflow commands, which become notes on the changed files.

    The form is `::error file=…,line=…,col=…,title=…::message`
    (docs.github.com, "Workflow commands for GitHub Actions").
    """
    return "\n".join(
        f"::{problem.level} file={_property(problem.place.file)},line={problem.place.line},"
        f"col={problem.place.column},title={_property(problem.rule)}::{_data(str(problem))}"
        for problem in problems
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _lines(path: Path) -> list[str]:
    """The lines of a file; none if it is no plain file (a pipe would wait for ever) or no text."""
    try:
        plain = path.is_file() and not path.is_symlink()
        return path.read_text(encoding="utf-8").split("\n") if plain else []
    except (OSError, UnicodeDecodeError):
        return []


def _excerpt(place: Place, lines: list[str]) -> list[str]:
    if place.line > len(lines):
        return []
    source = lines[place.line - 1]
    start = max(0, place.column - 61)
    # What a terminal would obey is shown as a sign of its own: colours, titles, directions.
    shown = "".join(map(_visible, source[start : start + 100].rstrip()))
    # A Han character is two columns wide on a terminal: repeat it as a wide space.
    before = source[start : place.column - 1]
    margin = "".join("\t" if c == "\t" else "\u3000" if ord(c) > 0x2E7F else " " for c in before)
    return [f"    {shown}", f"    {margin}^"] if shown else []


def _visible(sign: str) -> str:
    obeyed = sign != "\t" and category(sign) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    return "\ufffd" if obeyed else sign
