"""Words as they are compared: what typing, fonts and web pages change without changing the words.

A text and a quotation are put into the same form and then compared sign by sign; near is never
a pass. The form has a number, which every receipt bears:

1. Unicode's compatibility form NFKC (unicode.org/reports/tr15): full-width and half-width signs,
   ligatures, circled digits are the plain signs. Not so raised, circled and broken ones behind
   a digit: `10²` is not `102`.
2. Quotation marks of every kind, apostrophes among them, are one sign; so are hyphens, dashes,
   minus signs and tildes, and a run of them; so are `。` and `.`; three points or more are an
   ellipsis.
3. What has no width is dropped: soft hyphens, zero-width signs; and so is white space, but for
   one space between two letters or two digits of scripts with spaces: `not able` is not `notable`.

Case, all other punctuation, and simplified and traditional characters stay apart.
"""

import re
import unicodedata
from bisect import bisect
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
_PLAIN = re.compile("[\u4e00-\u9fffA-Za-z0-9,;:!?()/+%、]*")
"""Words that are in the form already: most quotations of a Chinese source."""
ELLIPSIS = re.compile(r"[\[［〔]\s*(?:[…⋯]+|\.{3,})\s*[\]］〕]|[…⋯]+|\.{3,}")
"""What stands for words that a quotation leaves out: `……`, `…`, `...`, or one in brackets."""

# A word or a number, in which no quotation may begin or end: `8%` stands in `8.08%`, and `art` in
# `chart`, but neither is what the source says. Scripts without spaces have no such words.
_LETTER = r"(?:(?![\u2e80-\U0003ffff])[^\W\d_])"
_NUMERAL = "[零〇一二三四五六七八九十百千万萬亿億两兩]"
_SPACE = re.compile(rf" (?!(?<={_LETTER} )(?={_LETTER})|(?<=\d )(?=\d))")
_RAISED = re.compile(
    "((?<=\\d)[\xb2\xb3\xb9\xbc-\xbe\u2070-\u209f\u2150-\u215f\u2189\u2460-\u24ff]+)"
)
_WHOLE = re.compile(rf"(?:{_LETTER}+|\d+(?:[.,:/-]\d+)*)+%?{_NUMERAL}*|{_NUMERAL}+")


@dataclass(frozen=True)
class Normal:
    """Words in the form in which they are compared; positions count the signs of `text`."""

    spaced: str  # in the form, but for its spaces, each run of them being one

    @cached_property
    def text(self) -> str:
        return _SPACE.sub("", self.spaced) if " " in self.spaced else self.spaced

    @cached_property
    def unspaced(self) -> str:
        """The text without any spaces, to count its signs."""
        return self.spaced.replace(" ", "")

    @cached_property
    def _dropped(self) -> list[int]:
        """The positions in `spaced` of what `text` lacks."""
        return [space.start() for space in _SPACE.finditer(self.spaced)]

    @cached_property
    def _within(self) -> frozenset[int]:
        """The positions that are in the middle of a word or number."""
        found: list[int] = []
        for whole in _WHOLE.finditer(self.spaced):
            spaces = bisect(self._dropped, whole.start())
            found += range(whole.start() + 1 - spaces, whole.end() - spaces)
        return frozenset(found)

    def cuts(self, position: int) -> bool:
        """Whether words that begin or end here would cut a word or a number in two."""
        return position in self._within

    def excerpt(self, start: int, length: int) -> str:
        """About `length` signs from `start`, with their spaces, for a message."""
        passed, found, dropped = 0, "", frozenset(self._dropped)
        for at, sign in enumerate(self.spaced):
            if passed >= start and (sign != " " or found):
                found += sign
            passed += at not in dropped
            if passed >= start + length:
                break
        return found.rstrip()


def normalise(words: str) -> Normal:
    """The words in the form in which they are compared."""
    if _PLAIN.fullmatch(words):
        return Normal(words)
    # Marks are unified before, too: NFKC takes an acute accent alone for a space with an accent.
    plain = _MARKS.sub("'", _NOTHING.sub("", words))
    if not unicodedata.is_normalized("NFKC", plain):
        parts = _RAISED.split(plain)
        parts[::2] = (unicodedata.normalize("NFKC", part) for part in parts[::2])
        plain = _MARKS.sub("'", "".join(parts))
    plain = _POINTS.sub("…", _DASHES.sub("-", plain).replace("。", "."))
    return Normal(" ".join(plain.split()))


def pieces(quotation: str) -> list[Normal]:
    """The pieces of a quotation, between ellipses; at least one for a quotation with words."""
    found = map(normalise, _parts(quotation))
    return [piece for piece in found if piece.text]


def _parts(quotation: str) -> list[str]:
    has_ellipsis = "…" in quotation or "⋯" in quotation or "..." in quotation
    return ELLIPSIS.split(quotation) if has_ellipsis else [quotation]


@lru_cache(maxsize=100_000)
def digest(quotation: str) -> str:
    """What identifies the words of a quotation: the SHA-256 of its pieces, in hexadecimal."""
    if _PLAIN.fullmatch(quotation.replace("…", "")):
        texts = [text for text in quotation.split("…") if text]
    else:
        texts = [piece.text for piece in pieces(quotation)]
    return sha256("\n".join(texts).encode()).hexdigest()
