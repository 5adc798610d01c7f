"""Words: which of them changed, how alike two texts are, and the figures in them.

A word is a run of letters and digits with what joins them (`8.08%`, `T-Head`, `2025-09-15`); of
Chinese, which has no spaces, a word is one character. Figures written as words are not found.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

Piece = tuple[Literal["=", "-", "+"], str]
"""A part of a text: kept, taken out or put in."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"[{_HAN}]|(?:(?![{_HAN}])\w)+(?:[-'’.,:](?:(?![{_HAN}])\w)+)*[%‰％]?|\s+|.", re.DOTALL
)
_FIGURE = re.compile(r"(?<![A-Za-z\d])(?<!\d[.,])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?:\s?[%‰])?")
_LINK_TARGET = re.compile(r"\[\[[a-z0-9-]*\|?|\]\([^)]*\)")
_SIGN = r"[\s,.;:!?，。；：！？、'\"“”‘’()（）]"
_PUNCTUATION = re.compile(rf"(?<!\d){_SIGN}|{_SIGN}(?!\d)")


def difference(old: str, new: str) -> list[Piece]:
    """The way from the old text to the new one, word by word."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    pieces: list[tuple[str, str, str]] = []  # kept; or taken out, put in
    for number, (action, i, j, k, m) in enumerate(opcodes):
        kept = "".join(before[i:j]) if action == "equal" else ""
        inside = 0 < number < len(opcodes) - 1
        if kept and not (inside and _is_slight(before[i:j])):
            pieces.append((kept, "", ""))
        elif pieces and not pieces[-1][0]:
            _, out, put = pieces[-1]
            pieces[-1] = ("", out + "".join(before[i:j]), put + "".join(after[k:m]))
        else:
            pieces.append(("", "".join(before[i:j]), "".join(after[k:m])))
    signs: list[Piece] = []
    for kept, out, put in pieces:
        signs += [("=", kept), ("-", out), ("+", put)]
    return [piece for piece in signs if piece[1]]


def _is_slight(words: list[str]) -> bool:
    """Whether what was kept between two changes is too little to read: a space, a sign, one Han
    character."""
    kept = [word for word in words if re.match(r"\w", word)]
    return not kept or (len(kept) == 1 and bool(re.match(f"[{_HAN}]", kept[0])))


def same_words(old: str, new: str) -> bool:
    """Whether two texts differ in nothing, or in punctuation, spaces and capitals only."""
    return _PUNCTUATION.sub("", old).casefold() == _PUNCTUATION.sub("", new).casefold()


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """How alike two bags of words are, from 0 to 1 (the Dice coefficient)."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def bag(texts: Iterable[str]) -> Counter[str]:
    """The words of texts, each with how often it occurs."""
    return Counter(word for text in texts for word in _WORD.findall(text) if not word.isspace())


@lru_cache(maxsize=10_000)
def figures(text: str) -> tuple[str, ...]:
    """The numbers in a text, each once, written one way: `1200`, `8.08%`; not those of names."""
    plain = unicodedata.normalize("NFKC", _LINK_TARGET.sub(" ", text))
    found = (re.sub(r"[,\s]", "", figure) for figure in _FIGURE.findall(plain))
    return tuple(dict.fromkeys(found))
