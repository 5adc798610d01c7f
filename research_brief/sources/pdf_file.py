"""A PDF as lines of words with their places on the pages.

The only user of pdfium: ten times as fast as readers written in Python, and it brings no others.
"""

import re
from collections.abc import Iterator
from ctypes import c_int, create_string_buffer
from dataclasses import dataclass
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from research_brief.refusals import Refused
from research_brief.values import UNSAFE

HYPHEN = "-"
_BROKEN = "\ufffe"  # pdfium's sign for a hyphen at the end of a line, with which it goes on
_ENDS = re.compile(f"\r\n|\r|\n|{_BROKEN}")
_BOLD = re.compile(r"bold|black|heavy|hei\b|heiti|simhei", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of a page; points from the page's lower left corner."""

    words: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool

    @property
    def height(self) -> float:
        return self.top - self.bottom


def read(raw: bytes) -> list[list[Line]]:
    """The lines of each page, in the order of the file. Raises Refused if there are none."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise Refused("it is encrypted; save it without a password first") from None
        raise Refused("it cannot be read as a PDF; is the file whole?") from None
    with document:
        pages = [list(_lines(page)) for page in document]
    if not any(pages):
        raise Refused("there is no text in it: it may be scanned; recognise its text first (OCR)")
    return pages


def _lines(page: Any) -> Iterator[Line]:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    start = position = 0  # the latter in pdfium's units, which are those of UTF-16
    for end in [*_ENDS.finditer(text), None]:
        words = text[start : end.start() if end else None]
        length = _units(words)
        if words.strip():
            yield _line(text_page, words, position, end is not None and end[0] == _BROKEN)
        position += length + (_units(end[0]) if end else 0)
        start = end.end() if end else start


def _line(text_page: Any, words: str, position: int, broken: bool) -> Line:
    before, after = len(words) - len(words.lstrip()), len(words.rstrip())
    first = position + _units(words[:before])
    last = position + _units(words[:after]) - 1
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, low, right, high = text_page.get_charbox(last, loose=True)
    # The taller of both: a line may begin with a small figure that leads to a note.
    if high - low > top - bottom:
        bottom, top = low, high
    clean = UNSAFE.sub("", words.strip()) + (HYPHEN if broken else "")
    return Line(clean, left, right, bottom, top, _is_bold(text_page, first))


def _units(words: str) -> int:
    return len(words) + sum(sign > "\uffff" for sign in words)


def _is_bold(text_page: Any, position: int) -> bool:
    name, flags = create_string_buffer(200), c_int()
    pdfium.FPDFText_GetFontInfo(text_page, position, name, len(name), flags)
    return _BOLD.search(name.value.decode("utf-8", "replace")) is not None
