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
from typing import Any

from research_brief.checks import models
from research_brief.library import Library
from research_brief.pdf.typesetter import unseen
from research_brief.problems import Problem
from research_brief.values import Steps


def check(library: Library) -> Iterator[Problem]:
    texts = [
        (where.below(steps), words)
        for _, where, model in models(library)
        for steps, words in _texts(model.model_dump())
    ]
    missing = unseen({sign for _, words in texts for sign in words if not sign.isascii()})
    for where, words in texts:
        for sign in dict.fromkeys(sign for sign in words if sign in missing):
            message = f"no font of the PDF can show '{sign}' (U+{ord(sign):04X}); write it in other"
            message += " words, or put a font that has it into templates/pdf/fonts/"
            yield where.problem(message, "missing-glyph")


def _texts(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Every text in plain data, with its path."""
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*steps, step))
