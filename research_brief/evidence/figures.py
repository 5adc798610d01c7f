"""The figures of a text: plain numbers, percentages, months and days, however they are written.

`8.08%`, `8.08 per cent` and `百分之八点零八` are one figure; so are `20万` and `200,000`. A date
(`2025年9月12日`, `12 September 2025`) is a number, a month and a day. A range gives both ends.

Ordinals in words (`first`, `第三`) are no figures, nor are numerals that are part of a word: in
Chinese they count before a measure word, or as a magnitude of their own (`千亿`). The digits of
names are none either: names are taken out first (`names.py`), and digits behind a Latin letter
(`P800`) are left out, but not those behind a currency (`RMB99`).
"""

import re
import string
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from research_brief.evidence.names import BREAK, GAP
from research_brief.evidence.numerals import DASHES, Numerals
from research_brief.evidence.words import Words

Kind = Literal["number", "percentage", "month", "day"]
Force = Literal["digits", "words", "carried"]
"""How a figure is written; what is only carried (`one`, `一款`, `dozen`) is never asked for."""


class Figure(NamedTuple):
    """A figure with its type: 8 per cent is not 8."""

    kind: Kind
    value: Decimal


class Mention(NamedTuple):
    """A figure where a text has it, as it is written there."""

    figure: Figure
    written: str
    force: Force


def supports(known: Collection[Figure], figure: Figure) -> bool:
    """Whether one of the known figures is this one. `10日` is a day, and also ten days."""
    if figure in known:
        return True
    if figure.kind == "day":
        return Figure("number", figure.value) in known
    return figure.kind == "number" and Figure("day", figure.value) in known


_LINK_TARGET = re.compile(r"\[\[[a-z0-9-]*\|?|\]\([^)]*\)|https?://[^\s\u3000-\uffef]+")
_DIGITS = re.compile(r"\d+")
# The codes of ISO 4217 that stand before figures most, and what stands for them in newspapers.
# What must not stand before them is asked behind them: so the search begins at their letters.
_CURRENCY = re.compile(
    r"(?:RMB|CNY|USD|EUR|GBP|JPY|HKD|TWD|KRW|INR|SGD|CHF)(?=\d)(?<![A-Za-z][A-Z]{3})"
)
_ASCII = bytes(range(0x80))


def _only(signs: str, **others: str) -> bytes:
    """The table by which all signs become blanks but some, and others what they are given as."""
    kept = {sign: sign for sign in signs} | others
    return bytes(ord(kept.get(chr(code), " ")) for code in range(0x100))


_ONLY_LETTERS = _only(string.ascii_letters)
_NO_DIGITS = _only(string.ascii_letters + BREAK, **dict.fromkeys(string.digits, "0"))
"""Besides letters, digits become noughts, and breaks stay."""
_OF = re.compile("(?:st|nd|rd|th)? ?(?:of)?")  # 12 September, the 12th of September
_DAYS, _MONTHS = 31, 12


def _latin(text: str) -> bytes:
    """The Latin letters of a text at their places, and blanks for all else: in bytes words are
    found in a third of the time."""
    return text.encode("latin-1", "replace").translate(_ONLY_LETTERS)


def _row(text: str) -> bytes:
    """The same with a nought for every digit, and with the breaks between texts."""
    return text.encode("latin-1", "replace").translate(_NO_DIGITS)


def _other_digits(text: str) -> list[str]:
    """The digits of a text that are not of ASCII."""
    return list(filter(str.isdecimal, set(text.encode().translate(None, _ASCII).decode())))


def _places(row: bytes, wanted: Callable[[bytes], bool]) -> Iterator[int]:
    """Where the words begin that are wanted."""
    at, between = 0, b" %b " % row
    for word in filter(wanted, row.split()):
        at = between.index(b" %b " % word, at)
        yield at
        at += len(word)


def _noughts(row: bytes) -> Iterator[int]:
    """Where noughts begin: single bytes are found soonest."""
    at = row.find(b"0")
    while at >= 0:
        yield at
        while row[at : at + 1] == b"0":
            at += 1
        at = row.find(b"0", at)


def _unlinked(text: str) -> str:
    return _LINK_TARGET.sub(" ", text) if "[" in text or "://" in text else text


@dataclass(slots=True)
class _Found:
    """A figure that is being read: what stands behind it or beside it may change it."""

    start: int
    end: int
    value: Decimal
    force: Force
    kind: Kind = "number"
    magnitude: int = 1
    name: bool = False  # of a month
    counts: bool = True

    def may_be(self, most: int) -> bool:
        """Whether it is a plain number that could be a day, or a month."""
        whole = self.kind == "number" and self.magnitude == 1 and self.value == int(self.value)
        return whole and 1 <= self.value <= most


class Reader:
    """Reads the figures of texts in the language of the words it is given."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.numerals = Numerals(words)
        self._beginnings = frozenset(map(str.encode, self.numerals.beginnings))

    def _legible(self, texts: Sequence[str]) -> list[int]:
        """The numbers of the texts that have what figures begin with: most have not, and this is
        fast."""
        if not self.words.words_apart:
            return [number for number, text in enumerate(texts) if self.numerals.sign.search(text)]
        row = BREAK.join(texts)
        if _other_digits(row):
            return [number for number, text in enumerate(texts) if self._starts(text)]
        is_other = self._beginnings.isdisjoint
        return [
            number
            for number, part in enumerate(_row(row).split(BREAK.encode()))
            if b"0" in part or not is_other(part.split())
        ]

    def beginnings(self, text: str) -> frozenset[str]:
        """What of a text may begin a figure."""
        if self.words.words_apart:
            words = self._beginnings.intersection(_latin(text).split())
            digits = [sign for sign in string.digits if sign in text]
            return frozenset(map(bytes.decode, words)).union(digits, _other_digits(text))
        return frozenset(self.numerals.sign.findall(text))

    def mentions(
        self, texts: Sequence[str], names: re.Pattern[str] | None
    ) -> dict[int, list[Mention]]:
        """Every figure of each text that has some, but for those in `names`, by the number of the
        text among them: texts in a row are read in half of the time."""
        # A name or link that is taken out makes no figure where there was none.
        legible = self._legible(texts)
        text = BREAK.join([_unlinked(texts[number]) for number in legible])
        if names:
            text = names.sub(GAP, text)
        text = _CURRENCY.sub(GAP, text)
        found = self._read(text)
        if len(found) > 1:
            self._join(found, text)
        mentions: dict[int, list[Mention]] = {}
        new = tuple.__new__  # what Mention() does, at half the cost of calling it
        number, end = 0, text.find(BREAK)
        for it in found:
            while 0 <= end < it.start:
                number, end = number + 1, text.find(BREAK, end + 1)
            if it.counts:
                figure = new(Figure, (it.kind, it.value))
                mention = new(Mention, (figure, text[it.start : it.end], it.force))
                mentions.setdefault(legible[number], []).append(mention)
        return mentions

    def _read(self, text: str) -> list[_Found]:
        """The figures in their order, each with what stands right behind it."""
        found: list[_Found] = []
        at = 0
        for start in self._starts(text):
            if start >= at and (match := self.numerals.figure.match(text, start)):
                at = match.end()
                if new := self._one(match, text):
                    at = max(at, new[-1].end)
                    found += new
        return found

    def _starts(self, text: str) -> list[int]:
        """Where figures may begin."""
        if not self.words.words_apart:
            return [sign.start() for sign in self.numerals.sign.finditer(text)]
        row = _row(text).replace(BREAK.encode(), b" ")
        words = _places(row, self._beginnings.__contains__)
        if _other_digits(text):
            return sorted([*words, *(digits.start() for digits in _DIGITS.finditer(text))])
        return sorted([*words, *_noughts(row)])

    def _one(self, match: re.Match[str], text: str) -> list[_Found]:
        group, written = match.lastgroup, match[0]
        start, end = match.span()
        if group == "digits":
            value = Decimal(written.replace(",", "").replace("．", "."))
            return [self._with_suffix(_Found(start, end, value, "digits"), text)]
        if group == "iso":
            return list(_parts(start, end, written))
        if group == "month":
            value = Decimal(self.words.months[written])
            sure = written not in self.words.month_words
            return [_Found(start, end, value, "digits", "month", name=True, counts=sure)]
        if group == "ordinal":
            return [_Found(start, end, value, "carried") for value in self.numerals.worth(written)]
        if group == "carrier":
            value = Decimal(self.numerals.carriers[written.casefold()])
            return [_Found(start, end, value, "carried")]
        return self._run(start, written, text) if group == "run" else []

    def _run(self, start: int, written: str, text: str) -> list[_Found]:
        """The figures of a written numeral: mostly one."""
        end = start + len(written)
        numbers = self.numerals.worth(written)
        found = [self._with_suffix(_Found(start, end, value, "words"), text) for value in numbers]
        if written.casefold() in self.words.articles and found[0].kind == "number":
            found[0].force = "carried"
        return found

    def _with_suffix(self, found: _Found, text: str) -> _Found:
        if behind := self.numerals.magnitude.match(text, found.end):
            found.magnitude = self.numerals.factor(behind[0])
            found.value *= found.magnitude
            found.end = behind.end()
        sign = self.numerals.suffix.match(text, found.end)
        match sign and sign.lastgroup:
            case "percentage":
                found.kind = "percentage"
            case "tenths":
                found.kind, found.value = "percentage", found.value * 10
            case "month" if found.may_be(_MONTHS):
                found.kind = "month"
            case "day" if found.may_be(_DAYS):
                found.kind = "day"
            case _:
                if self.numerals.share.match(text, found.start):
                    found.kind = "percentage"
                return found
        found.end = sign.end() if sign else found.end
        return found

    def _join(self, found: list[_Found], text: str) -> None:
        """Let figures that stand side by side complete each other: dates, and ranges."""
        pairs = list(zip(found, found[1:], strict=False))
        between = [text[one.end : other.start].strip(" .,") for one, other in pairs]
        for (one, other), words in zip(pairs, between, strict=True):
            if other.name and _OF.fullmatch(words) and one.may_be(_DAYS):
                one.kind, other.counts = "day", True
            elif one.name and words in ("", "the") and other.kind == "number":
                one.counts = True
                if other.may_be(_DAYS):
                    other.kind = "day"
        for (one, other), words in zip(pairs, between, strict=True):
            if words not in DASHES and words not in self.words.to:
                continue
            if one.kind == "day" and other.may_be(_DAYS):
                other.kind = "day"
            elif one.kind == "number" and one.magnitude == 1 and _can_lend(other, one):
                one.kind = other.kind
                one.value *= other.magnitude


def _can_lend(other: _Found, one: _Found) -> bool:
    """Whether the first end of a range is of the kind that is written at the second one only."""
    if other.kind == "month":
        return one.may_be(_MONTHS)
    if other.kind == "day":
        return one.may_be(_DAYS)
    return other.kind == "percentage" or other.magnitude > 1


def _parts(start: int, end: int, written: str) -> Iterator[_Found]:
    """The year, the month and the day of an ISO date, or of one with strokes."""
    kinds: tuple[Kind, ...] = ("number", "month", "day")
    for kind, part in zip(kinds, re.split("[-/]", written), strict=False):
        yield _Found(start, end, Decimal(part), "digits", kind)
