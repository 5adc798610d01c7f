"""No font of the PDF can show a character.

The PDF carries its own fonts: all of Latin, Greek and Cyrillic, Simplified Chinese, and the
usual signs; no emoji. Write it in other words. For a source in another script, put a font that
has it (.otf or .ttf) into `templates/pdf/fonts/`.

Bad:

    text: Sales went up 🚀.

Good:

    text: Sales went up fast.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from research_brief.library import Library
from research_brief.many import COMMON, Ours
from research_brief.pdf.typesetter import unseen
from research_brief.problems import Problem
from research_brief.values import Name, Steps

KNOWN = (COMMON, "cp1252")
"""Encodings of which our fonts show every sign: of Simplified Chinese and of Western Europe."""


def check(library: Library) -> Iterator[Problem]:
    doubtful = _doubtful(_all_words(library))
    if not doubtful or not (missing := unseen(doubtful)):
        return
    for _, where, model in library.models():
        for steps, words in _texts(model.model_dump()):
            for sign in dict.fromkeys(sign for sign in words if sign in missing):
                message = f"no font of the PDF can show '{sign}' (U+{ord(sign):04X}); write it in"
                message += " other words, or put a font that has it into templates/pdf/fonts/"
                yield where.below(steps).problem(message, "missing-glyph")


def _all_words(library: Library) -> str:
    """All that is said, in a row, but for our own texts if all their signs are known."""
    ours = Ours.of(library)
    names = (
        words for _, all in library.values(Name) for name in all for words in name.root.values()
    )
    others = (words for _, all in library.values(str) for words in all)
    return "".join(chain(() if ours.is_common else ours.words, names, others))


def _doubtful(words: str) -> set[str]:
    """The signs that are not known to be shown: of them Typst is asked, which takes its time."""
    for known in KNOWN:
        try:
            words.encode(known)
        except UnicodeEncodeError:
            words = "".join(set(words) - set(words.encode(known, "ignore").decode(known)))
        else:
            return set()
    return set(words)


def _texts(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Every text in plain data, with its path."""
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*steps, step))
