"""Lines on pages to pieces of text: paragraphs, headings by their letters, no running titles."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from research_brief.sources.pdf_file import HYPHEN, Line
from research_brief.sources.pieces import HEADING, Piece
from research_brief.sources.widths import SENTENCE_END, joined, vocabulary, width

LARGER = 1.12
"""How much larger than those of the text the letters of a heading are, at least."""
_NUMBER = re.compile(r"[\W_]*#[\W_]*$")
"""A page number alone, in the form in which lines of several pages are compared."""


@dataclass
class _Paragraph:
    lines: list[Line]
    right: float  # the right edge of its column

    @property
    def is_full(self) -> bool:
        """Whether its last line goes to the edge, so that the paragraph may go on."""
        last = self.lines[-1]
        return last.right > self.right - 2 * last.height

    @property
    def ends(self) -> bool:
        return SENTENCE_END.search(self.lines[-1].words) is not None


def pieces(pages: list[list[Line]]) -> tuple[list[Piece], list[str]]:
    """The pieces of the text, and the running titles and page numbers that were left out."""
    running = _running(pages)
    body = [[line for line in page if (id(line) not in running)] for page in pages]
    lines = [line for page in body for line in page]
    letters = Counter[float]()
    for line in lines:
        letters[round(line.height, 1)] += len(line.words)
    usual = letters.most_common(1)[0][0] if letters else 0
    paragraphs = list(_across_pages(body, _leading(body, usual)))
    known = vocabulary("\n".join(line.words.removesuffix(HYPHEN) for line in lines))
    largest = max((_height(p) for p in paragraphs if p.lines[0] in body[0]), default=0)
    found: list[Piece] = []
    titled = False
    for paragraph in paragraphs:
        words = joined([line.words for line in paragraph.lines], known)
        height = _height(paragraph)
        large = height >= LARGER * usual and width(words) <= 2 * HEADING
        large = large and not words.endswith((".", "。"))
        if large and height == largest and not titled:
            titled = True
            found.append(Piece(words, "title"))
        elif large:
            found.append(Piece(words, "heading"))
        else:
            bold = all(line.bold for line in paragraph.lines)
            found.append(Piece(words, None if bold else "paragraph"))
    return found, [line.words for page in pages for line in page if id(line) in running]


def _height(paragraph: _Paragraph) -> float:
    return paragraph.lines[0].height


def _running(pages: list[list[Line]]) -> set[int]:
    """The lines at the top or bottom that return on other pages, but for their numbers."""
    edges: dict[int, tuple[str, int]] = {}
    for page in pages:
        inner = sorted(page, key=lambda line: -line.top)
        for line in inner[:2] + inner[-2:]:
            edges[id(line)] = re.sub(r"[0-9]+", "#", line.words), round(line.top / 4)
    often = Counter(edges.values())
    needed = max(2, min(3, len(pages) / 2))
    return {line for line, key in edges.items() if often[key] >= needed or _NUMBER.match(key[0])}


def _leading(pages: list[list[Line]], usual: float) -> float:
    """The distance from line to line within paragraphs, in heights of a line."""
    steps = [
        (before.top - line.top) / line.height
        for page in pages
        for before, line in zip(page, page[1:], strict=False)
        if abs(line.height - usual) < 0.1 * usual and 0 < before.top - line.top < 3 * usual
    ]
    return median(steps) if steps else 1.5


def _across_pages(pages: list[list[Line]], leading: float) -> Iterator[_Paragraph]:
    last: _Paragraph | None = None
    for page in pages:
        for number, paragraph in enumerate(_on_page(page, leading)):
            if last and number == 0 and _goes_on(last, paragraph):
                last.lines += paragraph.lines
                last.right = paragraph.right
                continue
            if last:
                yield last
            last = paragraph
    if last:
        yield last


def _goes_on(last: _Paragraph, paragraph: _Paragraph) -> bool:
    """Whether a paragraph surely continues the last one of the page, or column, before."""
    same = abs(_height(last) - _height(paragraph)) < 0.1 * _height(last)
    return same and last.is_full and not last.ends


def _on_page(page: list[Line], leading: float) -> Iterator[_Paragraph]:
    paragraph: _Paragraph | None = None
    for line in page:
        if paragraph and not _begins(paragraph, line, leading):
            paragraph.lines.append(line)
            continue
        if paragraph:
            yield paragraph
        beside = [one.right for one in page if abs(one.left - line.left) < 4 * line.height]
        paragraph = _Paragraph([line], max(beside))
    if paragraph:
        yield paragraph


def _begins(paragraph: _Paragraph, line: Line, leading: float) -> bool:
    """Whether the line begins another paragraph."""
    last = paragraph.lines[-1]
    step = last.top - line.top
    if step < 0:  # upwards: the next column
        return not (paragraph.is_full and not paragraph.ends)
    if abs(last.height - line.height) > 0.1 * last.height:
        return True
    if step > 1.25 * max(leading, 1) * line.height or line.left > last.left + 0.8 * line.height:
        return True
    return paragraph.ends and not paragraph.is_full
