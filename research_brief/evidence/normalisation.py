"""Words as they are compared: what typing, fonts and web pages change without changing the words.

A text and a quotation are put into the same form and then compared sign by sign; near is never
a pass. The form has a number, which every receipt bears:

1. Unicode's compatibility form NFKC (unicode.org/reports/tr15): full-width and half-width signs,
   ligatures, circled digits are the plain signs.
2. Quotation marks of every kind, apostrophes among them, are one sign; so are hyphens, dashes,
   minus signs and tildes, and a run of them; so are `。` and `.`; three points or more are an
   ellipsis.
3. White space is dropped, and what has no width: soft hyphens, zero-width signs.

Case, all other punctuation, and simplified and traditional characters stay apart.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

NORMALISATION = 1
"""The number of the form; a change in it is another number, and asks for new receipts."""

QUOTATION_MARKS = "'\"`´‘’‚‛“”„‟‹›«»「」『』〝〞〟❛❜❝❞"
_MARKS = re.compile(f"[{re.escape(QUOTATION_MARKS)}]")
_DASHES = re.compile("[-‐‑‒–—―−~∼〜⸺⸻]+")
_NOTHING = re.compile("[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+")
_POINTS = re.compile(r"\.{3,}")
ELLIPSIS = re.compile(r"[\[［〔]\s*(?:[…⋯]+|\.{3,})\s*[\]］〕]|[…⋯]+|\.{3,}")
"""What stands for words that a quotation leaves out: `……`, `…`, `...`, or one in brackets."""

# A word or a number, in which no quotation may begin or end: `8%` stands in `8.08%`, and `art` in
# `chart`, but neither is what the source says. Scripts without spaces have no such words.
_LETTER = r"(?:(?![\u2e80-\U0003ffff])[^\W\d_])"
_NUMERAL = "[零〇一二三四五六七八九十百千万萬亿億两兩]"
_WHOLE = re.compile(rf"(?:{_LETTER}+|\d+(?:[.,:/-]\d+)*)+%?{_NUMERAL}*|{_NUMERAL}+")


@dataclass(frozen=True)
class Normal:
    """Words in the form in which they are compared; positions count the signs of `text`."""

    spaced: str  # in the form, but for its spaces, each run of them being one

    @cached_property
    def text(self) -> str:
        return self.spaced.replace(" ", "")

    @cached_property
    def _within(self) -> frozenset[int]:
        """The positions that are in the middle of a word or number."""
        found: list[int] = []
        spaces = done = 0
        for whole in _WHOLE.finditer(self.spaced):
            spaces += self.spaced.count(" ", done, whole.start())
            done = whole.start()
            found += range(whole.start() + 1 - spaces, whole.end() - spaces)
        return frozenset(found)

    def cuts(self, position: int) -> bool:
        """Whether words that begin or end here would cut a word or a number in two."""
        return position in self._within

    def excerpt(self, start: int, length: int) -> str:
        """About `length` signs from `start`, with their spaces, for a message."""
        passed, found = 0, ""
        for sign in self.spaced:
            if passed >= start and (sign != " " or found):
                found += sign
            passed += sign != " "
            if passed >= start + length:
                break
        return found


def normalise(words: str) -> Normal:
    """The words in the form in which they are compared."""
    # Marks are unified before, too: NFKC takes an acute accent alone for a space with an accent.
    plain = _MARKS.sub("'", _NOTHING.sub("", words))
    if not unicodedata.is_normalized("NFKC", plain):
        plain = _MARKS.sub("'", unicodedata.normalize("NFKC", plain))
    plain = _POINTS.sub("…", _DASHES.sub("-", plain).replace("。", "."))
    return Normal(" ".join(plain.split()))


def pieces(quotation: str) -> list[Normal]:
    """The pieces of a quotation, between ellipses; at least one for a quotation with words."""
    found = [normalise(piece) for piece in ELLIPSIS.split(quotation)]
    return [piece for piece in found if piece.text]


@lru_cache(maxsize=100_000)
def digest(quotation: str) -> str:
    """What identifies the words of a quotation: the SHA-256 of its pieces, in hexadecimal."""
    return sha256("…".join(piece.text for piece in pieces(quotation)).encode()).hexdigest()
