"""A text holds markup that is not allowed, or that would not come out as meant.

In texts there are **bold**, *emphasis*, `code`, [links](https://example.org) and [[entity]]
links. Raw HTML, images and links of other kinds are refused, because anyone can send an edit.

Bad:

    text: See <a href="https://example.org">the report</a>.

Good:

    text: See [the report](https://example.org).
"""

from collections.abc import Iterator

from research_brief.checks import everything
from research_brief.library import Library
from research_brief.models import Plain, Text
from research_brief.problems import Problem
from research_brief.richtext import faults


def check(library: Library) -> Iterator[Problem]:
    for _, where, _, value in everything(library):
        if isinstance(value, Text) and not isinstance(value, Plain):
            for language, words in value.root.items():
                for fault in faults(words):
                    yield (where / language).problem(fault, "rich-text")
