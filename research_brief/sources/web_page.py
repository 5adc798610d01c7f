"""A web page in pieces: its main text, without menus and footers.

The only user of trafilatura, which is given the page and fetches nothing.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import use_config

from research_brief.refusals import Refused
from research_brief.sources.pieces import Piece
from research_brief.sources.reading import Reading, decode
from research_brief.sources.widths import joined

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_END = re.compile(r"[.!?。！？…][\"'”’」』）)]*$")

_BREAK = "\u2028"  # no text has one any more: see `reading.py`


@dataclass(frozen=True)
class Page:
    """What was found in a page: its text in pieces, and what it says of itself, unchecked."""

    reading: Reading
    pieces: list[Piece]
    said: dict[str, str]


def read(raw: bytes, encoding: str | None = None) -> Page:
    """The main text of a page. Raises Refused if there is none, or its encoding is not known."""
    reading = _decoded(raw, encoding)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what failed is said below
    config = use_config()
    # Below this size it would take all words of the page as one paragraph; Chinese texts are short.
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"
    # The encoding is known; what the page says of it would be in the way of the parser.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", reading.text)
    found: Any = bare_extraction(
        text, fast=True, include_comments=False, with_metadata=True, config=config
    )
    pieces = [piece for piece in _pieces(found.body) if piece.words.strip()] if found else []
    if not pieces:
        raise Refused("there is no main text in the page; copy it into a .txt file")
    names = {"title": "title", "author": "author", "date": "date", "sitename": "site", "url": "url"}
    said = {shown: " ".join(str(value).split()) for name, shown in names.items()
            if (value := getattr(found, name, None))}  # fmt: skip
    if "title" in said and not any(piece.kind == "title" for piece in pieces):
        pieces.insert(0, Piece(said["title"], "title"))
    return Page(reading, pieces, said)


def _decoded(raw: bytes, encoding: str | None) -> Reading:
    """The page as text: in the encoding that was given, that can be told, or that the page names.

    A page that was saved anew often still names the encoding of the server.
    """
    if encoding is None:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            named = _CHARSET.search(raw[:4096])
            encoding = named[1].decode("ascii", "ignore") if named else None
            if encoding and encoding.casefold().replace("-", "") == "utf8":
                encoding = None
    return decode(raw, encoding)


def _pieces(body: Any) -> Iterator[Piece]:
    """The pieces below an element of trafilatura's tree, whose elements are those of TEI."""
    titled = False
    for element in body:
        if element.tag == "head":
            first, titled = not titled and element.get("rend") == "h1", True
            yield Piece(_words(element), "title" if first else "heading")
        elif element.tag == "p":
            yield from _split(element)
        elif element.tag == "row":
            yield Piece(" ".join(_words(cell) for cell in element), "paragraph")
        elif element.tag in ("list", "quote", "table", "div"):
            yield Piece(element.text or "", "paragraph")
            yield from _pieces(element)
        else:
            yield Piece(_words(element), "paragraph")
        yield Piece(element.tail or "", "paragraph")


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _split(element: Any) -> Iterator[Piece]:
    """The paragraphs of an element; old pages have line breaks between them, and within."""
    for line in element.iter("lb"):
        line.tail = f"{_BREAK}{line.tail or ''}"
    found: list[str] = []
    for line in "".join(element.itertext()).split(_BREAK):
        words = " ".join(line.split())
        if found and (line.startswith("\u3000") or not words or _END.search(found[-1])):
            yield Piece(joined(found, frozenset()))
            found = []
        if words:
            found.append(words)
    yield Piece(joined(found, frozenset()))
