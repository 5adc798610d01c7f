"""A plain text in pieces: whether a line is a paragraph, or a block of lines is.

Lines of much the same width in blocks are wrapped, as typewriters and Project Gutenberg have it;
long or indented lines are paragraphs of their own.
"""

import re
from collections.abc import Iterator

from research_brief.sources.pieces import Piece
from research_brief.sources.widths import SENTENCE_END, joined, vocabulary, width

WRAPPED = 100
"""The widest column, in Latin characters, to which texts are wrapped by hand or by machine."""


def pieces(text: str) -> list[Piece]:
    """The pieces of a text, in its order; what they are is for their words to tell."""
    groups = list(_groups(text))
    if not _are_wrapped(groups):
        return [Piece(line) for group in groups for line in group]
    known = vocabulary(text)
    return [Piece(_one(lines, known)) for group in groups for lines in _paragraphs(group)]


def _groups(text: str) -> Iterator[list[str]]:
    """The lines that stand together, between blank ones."""
    for block in re.split(r"\n[^\S\n]*(?:\n[^\S\n]*)+", text):
        if block.strip():
            yield [line.rstrip() for line in block.split("\n") if line.strip()]


def _are_wrapped(groups: list[list[str]]) -> bool:
    """Whether most lines that go on are about as long as the longest, and these not very long."""
    sizes = [[width(line) for line in group] for group in groups]
    every = sorted(size for group in sizes for size in group)
    before = [size for group in sizes for size in group[:-1]]
    if not before:
        return False
    # A few lines may stick out: addresses, tables.
    column = every[int(0.95 * (len(every) - 1))]
    full = sum(size >= 0.7 * column for size in before)
    return column <= WRAPPED and full >= 0.6 * len(before)


def _paragraphs(group: list[str]) -> Iterator[list[str]]:
    """The paragraphs of lines that stand together: an indent after a full stop begins one, and so
    does a full-width space."""
    lines = group[:1]
    for before, line in zip(group, group[1:], strict=False):
        indented = _indent(line) > _indent(before) and SENTENCE_END.search(before)
        if indented or line.startswith("\u3000"):
            yield lines
            lines = []
        lines.append(line)
    yield lines


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _one(lines: list[str], known: frozenset[str]) -> str:
    return joined([line.strip() for line in lines], known)
