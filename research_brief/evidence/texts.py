"""The text of a source, as it is kept: one line for a paragraph, numbered by a stated rule.

    # the title: h0
    ## a heading: h1, h2 ... in their order
    a paragraph of prose: 1, 2 ... in their order, through all headings
    ~~furniture of the page: menus, share prices, notices~~

Blank lines mean nothing. Furniture may also stand inside a paragraph: `Intel ~~(+2.1%)~~ and`; it
has no number and is never quotable, and what stands around it is quoted as if it were not there.
A paragraph that itself begins with `#`, and a `~~` that the source has, get a `\\` before them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from research_brief.evidence.normalisation import Normal, normalise

Kind = Literal["title", "heading", "paragraph", "furniture"]

FURNITURE = re.compile(r"(?<!\\)~~(.*?)(?<!\\)~~")
_MARKS: dict[Kind, str] = {"title": "# ", "heading": "## ", "paragraph": "", "furniture": "~~"}


@dataclass(frozen=True)
class Block:
    """A line of a source's text: what it is, and its words with `~~furniture~~` in them."""

    kind: Kind
    words: str


@dataclass(frozen=True)
class Passage:
    """Words that can be quoted, with the number under which they are cited."""

    number: str
    words: str

    @cached_property
    def normal(self) -> Normal:
        return normalise(self.words)


@dataclass(frozen=True)
class SourceText:
    """The text of a source. `file` is where it is kept, for messages."""

    file: str
    raw: str

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_block(line.strip()) for line in self.raw.splitlines() if line.strip())

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """What can be quoted, by number, in the order of the text."""
        return {passage.number: passage for passage in _passages(self.blocks)}

    @cached_property
    def furniture(self) -> tuple[str, ...]:
        """What cannot be quoted."""
        whole = [block.words for block in self.blocks if block.kind == "furniture"]
        return (
            *whole,
            *(words for block in self.blocks for words in FURNITURE.findall(block.words)),
        )

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the lines `NUMBER<tab>NORMALISED WORDS`, in hexadecimal.

        The same text in another form, as `normalisation.py` has it, has the same one; another
        division into paragraphs has another, because receipts name paragraphs.
        """
        found = sha256()
        for number, passage in self.passages.items():
            found.update(f"{number}\t{passage.normal.text}\n".encode())
        return found.hexdigest()

    @cached_property
    def length(self) -> int:
        """How many characters can be quoted, in the form in which they are compared."""
        return sum(len(passage.normal.text) for passage in self.passages.values())


def written(blocks: Iterable[Block]) -> str:
    """The blocks as a file."""
    return "\n\n".join(_line(block) for block in blocks) + "\n"


def _line(block: Block) -> str:
    if block.kind == "furniture":
        return f"~~{block.words.replace('~~', '')}~~"
    escape = "\\" if block.kind == "paragraph" and block.words.startswith(("#", "\\#")) else ""
    return f"{_MARKS[block.kind]}{escape}{block.words}"


def _block(line: str) -> Block:
    if (
        line.startswith("~~")
        and len(line) > 4
        and FURNITURE.fullmatch(line)
        and "~~" not in line[2:-2]
    ):
        return Block("furniture", line[2:-2])
    if line.startswith("## "):
        return Block("heading", line[3:].strip())
    if line.startswith("# "):
        return Block("title", line[2:].strip())
    return Block(
        "paragraph", line.removeprefix("\\") if line.startswith(("\\#", "\\\\#")) else line
    )


def _passages(blocks: Iterable[Block]) -> Iterator[Passage]:
    headings = paragraphs = 0
    titled = False
    for block in blocks:
        words = block.words
        if "~~" in words:
            words = FURNITURE.sub("", words).replace("\\~~", "~~").strip()
        if not words or block.kind == "furniture":
            continue
        if block.kind == "title" and not titled:
            titled = True
            yield Passage("h0", words)
        elif block.kind == "paragraph":
            paragraphs += 1
            yield Passage(str(paragraphs), words)
        else:
            headings += 1
            yield Passage(f"h{headings}", words)
