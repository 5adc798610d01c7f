"""From the pieces of a document to the blocks of a source's text: title, headings, paragraphs.

What a web page or a PDF says of a piece is believed; of the others a short one without the end of a
sentence is a heading, if prose follows. A proposal: the editor looks at it with `source show`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from research_brief.evidence.texts import Block, Kind
from research_brief.sources.furniture import is_furniture, marked
from research_brief.sources.widths import width

HEADING = 80
"""The widest heading, in columns: 40 Han characters, or 80 Latin ones."""
HEADING_LINES = 3
"""More short lines than that one after the other are a list or verse, no heading."""
TITLE = 300
_BULLETS = ("-", "–", "—", "•", "·", "●", "▪", "*", "◦")
_OPENING, _CLOSING = "“‘\"'「『«（(", "”’\"'」』»）)]】"
_ENDS = ("。", ".", "!", "！", ";", "；", ":", "：", ",", "，", "、", "…", "—")


@dataclass(frozen=True)
class Piece:
    """Words that stand together in a document, and what they are if the document says it."""

    words: str
    kind: Kind | None = None


def blocks(pieces: Iterable[Piece]) -> list[Block]:
    """The blocks of a text, in its order."""
    found = [replace(piece, words=" ".join(piece.words.split())) for piece in pieces]
    return [
        Block(piece.kind or "paragraph", _kept(piece))
        for piece in _with_headings(_with_title([_told(p) for p in found if p.words]))
    ]


def _kept(piece: Piece) -> str:
    return piece.words if piece.kind == "furniture" else marked(piece.words)


def _told(piece: Piece) -> Piece:
    return replace(piece, kind="furniture") if is_furniture(piece.words) else piece


def _with_title(pieces: list[Piece]) -> list[Piece]:
    """The first piece is the title, unless another one is or it is prose."""
    if any(piece.kind == "title" for piece in pieces):
        return pieces
    for number, piece in enumerate(pieces):
        if piece.kind != "furniture":
            said = piece.kind == "heading" or piece.kind is None
            if said and width(piece.words) <= TITLE and not _ends(piece.words, (".", "。")):
                return [*pieces[:number], replace(piece, kind="title"), *pieces[number + 1 :]]
            break
    return pieces


def _with_headings(pieces: list[Piece]) -> Iterator[Piece]:
    """Short lines before prose are headings; those that follow each other are lines of one."""
    last = max((number for number, piece in enumerate(pieces) if _is_prose(piece)), default=-1)
    for short, run in groupby(enumerate(pieces), lambda item: _is_short(item[1])):
        numbers, found = zip(*run, strict=True)
        if short and numbers[0] < last and len(found) <= HEADING_LINES:
            yield Piece(" ".join(piece.words for piece in found), "heading")
        else:
            yield from found


def _is_prose(piece: Piece) -> bool:
    return piece.kind == "paragraph" or (piece.kind is None and not _is_short(piece))


def _is_short(piece: Piece) -> bool:
    """Whether the piece, of which the document says nothing, looks like a line of a heading."""
    words = piece.words
    return (
        piece.kind is None
        and width(words) <= HEADING
        and not words.startswith(_BULLETS)
        and not (words[0] in _OPENING and words[-1] in _CLOSING)
        and not _ends(words, _ENDS)
    )


def _ends(words: str, signs: tuple[str, ...]) -> bool:
    return words.rstrip(_CLOSING).endswith(signs)
