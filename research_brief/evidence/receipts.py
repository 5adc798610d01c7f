"""Receipts: which words were compared with a source's text, where they stand, and when.

`content/sources/ID.receipts.yaml` is written by `build.py source verify ID`. Its form, number 1:

    format: 1
    normalisation: 1         the form in which words are compared (`normalisation.py`)
    text: HEX                fingerprint of the text (`SourceText.fingerprint`)
    characters: N            how many characters of the text can be quoted
    receipts:                one a line, in the order of the text
      - {words: HEX, paragraph: N, spans: 0-4 9-12, on: DATE, seal: "HEX"}

`words` is the SHA-256 of the words in that form (`normalisation.digest`); `spans` tells where
each piece of them stands in the normalised paragraph. `seal` shows that nobody changed the line
by hand: the first 16 digits of the SHA-256 of all that it says, and of `text` and `characters`.
It is no signature: who can compute it can write receipts. That the words are in the source is
proved to whoever holds the text and runs `verify` again; to all others, that nothing was changed
since somebody who could commit here said so.
"""

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from research_brief.evidence.matching import Span
from research_brief.evidence.normalisation import NORMALISATION
from research_brief.models import NUMBERED, PARAGRAPH
from research_brief.values import Form, FullDate, Model

FORMAT = 1
HEADER = """\
# yaml-language-server: $schema=../../docs/schemas/receipts.json
# Written by `python build.py source verify {id}`, which compares all that is quoted with the text.
# Not to be edited: run it again, also after a merge conflict in this file.
"""

Digest = Annotated[str, Form("^[0-9a-f]{64}$", "64 hexadecimal digits")]


class Receipt(Model):
    """Words that were found in a passage of the source."""

    words: Digest
    """What identifies them: their SHA-256."""

    paragraph: Annotated[str, PARAGRAPH, NUMBERED]
    """The number of the passage."""

    spans: Annotated[
        str, Form("^[0-9]{1,7}-[0-9]{1,7}( [0-9]{1,7}-[0-9]{1,7})*$", "where they stand: 0-4 9-12")
    ]
    """Where each piece stands in the passage."""

    on: FullDate
    """The day of the comparison."""

    seal: Annotated[str, Form("^[0-9a-f]{16}$", "16 hexadecimal digits")]
    """Shows that nobody changed the receipt."""

    @cached_property
    def places(self) -> tuple[Span, ...]:
        """Where the pieces stand: start and end in the normalised words of the passage."""
        numbers = list(map(int, self.spans.replace("-", " ").split()))
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))

    def is_sealed(self, text: str, characters: int) -> bool:
        """Whether the receipt says what it said when it was made, of the text so fingerprinted."""
        return self.seal == seal(text, characters, self.words, self.paragraph, self.spans, self.on)


class Receipts(Model):
    """The receipts of one source."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    """The number of the form of this file."""

    normalisation: Annotated[int, Field(ge=NORMALISATION, le=NORMALISATION)]
    """The number of the form in which words are compared."""

    text: Digest
    """The fingerprint of the text that the words were compared with."""

    characters: Annotated[int, Field(ge=1)]
    """How many characters of the text can be quoted."""

    receipts: list[Receipt]
    """The words that were found, in the order of the text."""

    @cached_property
    def _by_words(self) -> dict[str, list[Receipt]]:
        found: dict[str, list[Receipt]] = {}
        for receipt in self.receipts:
            found.setdefault(receipt.words, []).append(receipt)
        return found

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Receipt]:
        return {(found.words, found.paragraph): found for found in reversed(self.receipts)}

    def of(self, words: str) -> list[Receipt]:
        """The receipts for words with this digest, in the order of the text."""
        return self._by_words.get(words, [])

    def find(self, words: str, paragraph: str) -> Receipt | None:
        """The receipt for words with this digest in this paragraph."""
        return self._by_place.get((words, paragraph))


def seal(text: str, characters: int, words: str, paragraph: str, spans: str, on: str) -> str:
    """The seal of a receipt."""
    form = FORMAT, NORMALISATION
    said = "\n".join(map(str, (*form, text, characters, words, paragraph, spans, on)))
    return sha256(said.encode()).hexdigest()[:16]


def receipt(
    text: str, characters: int, words: str, paragraph: str, places: Iterable[Span], on: str
) -> Receipt:
    """A new receipt, of the text so fingerprinted and of this length."""
    spans = " ".join(f"{start}-{end}" for start, end in places)
    date = FullDate(on)
    sealed = seal(text, characters, words, paragraph, spans, date)
    return Receipt(words=words, paragraph=paragraph, spans=spans, on=date, seal=sealed)


def written(id: str, text: str, characters: int, receipts: Iterable[Receipt]) -> str:
    """The receipts as a file."""
    lines = [
        f"format: {FORMAT}",
        f"normalisation: {NORMALISATION}",
        f"text: {text}",
        f"characters: {characters}",
    ]
    found = [
        f"  - {{words: {item.words}, paragraph: {item.paragraph}, spans: {item.spans}, "
        f'on: {item.on}, seal: "{item.seal}"}}'
        for item in sorted(receipts, key=_position)
    ]
    lines += ["receipts:", *found] if found else ["receipts: []"]
    return HEADER.format(id=id) + "\n".join(lines) + "\n"


def _position(receipt: Receipt) -> tuple[bool, int, tuple[Span, ...], str]:
    number = receipt.paragraph
    return not number.startswith("h"), int(number.lstrip("h")), receipt.places, receipt.words
