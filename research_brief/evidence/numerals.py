"""Written numerals: what they look like in a language, and what they are worth.

Where words stand apart, numerals are words (`twenty-five`, `two million`); elsewhere they are runs
of characters (`三千万`), which count only before a measure word, or as a magnitude of their own.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from research_brief.evidence.words import NEVER, Words

DASHES = frozenset("-–—―~～")
_ISO = r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?(?![\d-])|\d{4}/\d{1,2}/\d{1,2}(?!\d)"
_GROUPS = r"(?<=\d)\d{0,2}(?:,\d{3})+(?!\d)"
# What must not stand before the first digit is asked behind it: so the search begins at digits.
_DIGITS = rf"\d(?<![A-Za-z\d]\d)(?<![A-Za-z]-\d)(?<!\d\.\d)(?:{_GROUPS}|\d*)(?:[.．]\d+)?"


class Numerals:
    """The patterns of one language's figures, and the values of its number words."""

    def __init__(self, words: Words) -> None:
        self.apart = words.words_apart
        numerals = {**words.numbers, **words.magnitudes}
        self.values = {word.casefold(): value for word, value in numerals.items()}
        self.carriers = {**words.carriers, **(words.ordinals if self.apart else {})}
        self.sign = NEVER if self.apart else _sign(words, self.carriers)
        self.beginnings = frozenset(
            form
            for word in (*numerals, *self.carriers, *words.months)
            for form in (word, word.capitalize())
        )
        self.figure = re.compile("|".join(_branches(words, self.carriers)))
        self.magnitude = _magnitude(words)
        self.suffix = _suffix(words)
        shares = "|".join(f"(?<={word})" for word in words.per_cent_before)
        self.share = re.compile(shares) if shares else NEVER
        self._word = re.compile(either(self.values), re.IGNORECASE) if numerals else NEVER

    def factor(self, written: str) -> int:
        """What magnitude words multiply by: 10 ** 12 for 万亿."""
        factor = 1
        for word in self._word.findall(written):
            factor *= self.values[word.casefold()]
        return factor

    def worth(self, written: str) -> list[Decimal]:
        """The numbers that a run of number words names: mostly one, two in 三五年."""
        if (value := self.values.get(written.casefold())) is not None:
            return [Decimal(value)]
        whole, _, fraction = written.partition("点")
        parts = [self.values[word.casefold()] for word in self._word.findall(whole)]
        if not self.apart and len(parts) > 1 and max(parts) < 10:
            if len(parts) == 2 and 0 not in parts:
                return [Decimal(part) for part in parts]
            return [Decimal("".join(map(str, parts)))]  # 二〇二五
        numbers = [Decimal(sum(number)) for number in self._sums(parts)]
        if fraction:
            decimals = "".join(str(self.values[sign]) for sign in fraction)
            numbers[-1] += Decimal(f"0.{decimals}")
        return numbers

    def _sums(self, parts: list[int]) -> list[list[int]]:
        """What is to be added up for each number: a magnitude multiplies the smaller ones before
        it, and what cannot be added begins another number (`three five-year plans`)."""
        numbers: list[list[int]] = [[]]
        for part in parts:
            number = numbers[-1]
            if part >= 100 or (part == 10 and not self.apart):
                factor = 0
                while number and number[-1] < part:
                    factor += number.pop()
                number.append((factor or 1) * part)
            elif number and (part >= number[-1] or (self.apart and number[-1] < 20)):
                numbers.append([part])
            else:
                number.append(part)
        return numbers


def either(entries: Iterable[str]) -> str:
    """A pattern of any of the entries, the longest first."""
    return "|".join(sorted(entries, key=len, reverse=True))


def whole_word(entries: Iterable[str]) -> str:
    """A pattern of any of the words, with a small or a large initial.

    They are grouped by initial: of sixty words the search tries two or three, not all of them.
    """
    rests: dict[str, list[str]] = {}
    for entry in entries:
        rests.setdefault(entry[0].lower(), []).append(entry[1:])
    groups = (f"[{a}{a.upper()}](?:{either(rest)})" for a, rest in sorted(rests.items()))
    return rf"\b(?:{'|'.join(groups)})\b"


def _sign(words: Words, carriers: Iterable[str]) -> re.Pattern[str]:
    """The characters with which figures begin: looked for first, because most texts have none."""
    entries = (*words.numbers, *words.magnitudes, *carriers, *words.idioms, *words.ordinal_before)
    return re.compile(rf"[\d{''.join(sorted({entry[0] for entry in entries}))}]")


def _magnitude(words: Words) -> re.Pattern[str]:
    """The magnitudes behind digits: `20 million`, `20多万`, but no part of a unit (`5千克`)."""
    magnitudes = either(words.magnitudes)
    if not magnitudes:
        return NEVER
    if words.words_apart:
        return re.compile(rf"(?:[ -]?(?:{magnitudes})\b)+", re.IGNORECASE)
    units = either([*words.units, *words.per_cent])
    return re.compile(rf"(?:{either(words.approximate)})?(?:(?!{units})(?:{magnitudes}))+")


def _suffix(words: Words) -> re.Pattern[str]:
    """What tells the kind of the number before it, each a named group."""
    signs = {
        "percentage": words.per_cent,
        "month": words.month_signs,
        "day": words.day_signs,
        "tenths": words.tenths,
    }
    groups = "|".join(f"(?P<{kind}>{either(sign)})" for kind, sign in signs.items() if sign)
    return re.compile(rf"\s?(?:{groups})", re.IGNORECASE)


def _branches(words: Words, carriers: Iterable[str]) -> Iterator[str]:
    """What a figure can be, each a named group; the first that fits is taken."""
    if words.idioms:
        yield f"(?P<idiom>{either(words.idioms)})"
    yield f"(?P<iso>{_ISO})"
    yield f"(?P<digits>{_DIGITS})"
    if words.words_apart:
        yield from _words(words)
    elif words.numbers:
        yield from _characters(words)
    if carriers:
        each = whole_word(carriers) if words.words_apart else either(carriers)
        yield f"(?P<carrier>{each})"


def _words(words: Words) -> Iterator[str]:
    """Numerals as words."""
    numeral = whole_word([*words.numbers, *words.magnitudes])
    more = rf"(?:[ -]{numeral}|(?<=hundred) and {numeral})*"
    yield rf"\b(?P<month>{either(words.months)})\b"
    yield f"(?P<run>{numeral}{more})(?!-(?:{either(words.ordinals)}))"


def _characters(words: Words) -> Iterator[str]:
    """Numerals as runs of characters: before a unit, from 万 up without one, and behind 百分之."""
    signs = "".join([*words.numbers, *words.magnitudes])
    large = "".join(word for word, value in words.magnitudes.items() if value >= 10_000)
    fraction = f"(?:点[{''.join(words.numbers)}]+)?"
    inexact = "".join(f"(?<!{word}[{signs}])" for word in words.inexact)
    run = rf"[{signs}](?<![\d{signs}][{signs}]){inexact}[{signs}]*"
    units = [*words.units, *words.month_signs, *words.day_signs, *words.per_cent, *words.tenths]
    measured = f"(?:{either(words.approximate)})?(?:{either(units)})"
    behind = rf"(?={measured}|(?:{either([*words.to, *DASHES])})[\d{signs}]+{measured})"
    share = "".join(f"|(?<={word})[{signs}]+{fraction}" for word in words.per_cent_before)
    if words.ordinal_before:
        yield f"(?P<ordinal>(?:{either(words.ordinal_before)})[{signs}]+)"
    yield f"(?P<run>{run}{fraction}{behind}|{run}(?<=[{signs}][{large}]){share})"
