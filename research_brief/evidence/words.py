"""The model of a language's word lists, and the patterns that they make.

What each list is for is said in `lexicon.yaml`, where an editor of the lists reads it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from research_brief.values import Model

NEVER = re.compile(r"(?!)")
"""The pattern of an empty list: it is found nowhere."""

_GROUP = re.compile(r"\([^()]*\)")


class Marker:
    """The pattern of some entries, in any case where words stand apart. Then they are looked for in
    small letters first: that takes a seventh of the time, and mostly finds none."""

    def __init__(self, pattern: str, *, any_case: bool = False) -> None:
        self.exact = re.compile(pattern, re.IGNORECASE if any_case else 0)
        # Of what has capitals itself, small letters would say nothing.
        self._small = re.compile(pattern) if any_case and pattern == pattern.lower() else None

    def search(self, text: str) -> re.Match[str] | None:
        """Where it is found first."""
        if not self._small or _is_odd(text):
            return self.exact.search(text)
        found = self._small.search(text.lower())
        if not found or found[0] == text[slice(*found.span())]:
            return found
        return self.exact.search(text)  # there are capitals in it

    def likely(self, text: str) -> Iterator[re.Match[str]]:
        """Everywhere it is found; in small letters, a few times too often."""
        if not self._small or _is_odd(text):
            return self.exact.finditer(text)
        return self._small.finditer(text.lower())


def _is_odd(text: str) -> bool:
    """Whether a text has letters that are taken for s or i in any case, not in small letters."""
    return "ſ" in text or "ı" in text or "İ" in text


class Hedge(Model):
    """A class of hedges in one language."""

    markers: tuple[str, ...]
    """What asks for a word of the class in our texts when it stands in a quotation."""

    others: tuple[str, ...] = ()
    """What will do in our texts as well."""


class Words(Model):
    """The lists of one language; `lexicon.yaml` says what each of them is."""

    longest_quotation: int
    longest_copy: int
    words_apart: bool = False
    numbers: dict[str, int] = {}
    magnitudes: dict[str, int] = {}
    articles: frozenset[str] = frozenset()
    carriers: dict[str, int] = {}
    ordinals: dict[str, int] = {}
    ordinal_before: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    inexact: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    months: dict[str, int] = {}
    month_words: frozenset[str] = frozenset()
    month_signs: tuple[str, ...] = ()
    day_signs: tuple[str, ...] = ()
    per_cent: tuple[str, ...] = ("[%％]",)
    per_cent_before: tuple[str, ...] = ()
    tenths: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    hedges: dict[str, Hedge] = {}
    negations: tuple[str, ...] = ()
    rumours: tuple[str, ...] = ()
    consensus: tuple[str, ...] = ()

    @cached_property
    def hedge(self) -> Marker:
        """Any marker of any class."""
        return self.pattern(*(word for hedge in self.hedges.values() for word in hedge.markers))

    @cached_property
    def any_hedge(self) -> Marker:
        """Any marker of any class, and what else will do."""
        hedges = self.hedges.values()
        return self.pattern(*(word for it in hedges for word in (*it.markers, *it.others)))

    @cached_property
    def hedge_markers(self) -> dict[str, Marker]:
        """The markers by class."""
        return {key: self.pattern(*hedge.markers) for key, hedge in self.hedges.items()}

    @cached_property
    def hedge_words(self) -> dict[str, Marker]:
        """What will do in our texts, by class."""
        return {
            key: self.pattern(*hedge.markers, *hedge.others) for key, hedge in self.hedges.items()
        }

    @cached_property
    def negation(self) -> Marker:
        """What turns a statement into its opposite."""
        return self.pattern(*self.negations)

    @cached_property
    def rumour(self) -> Marker:
        """How a source says that a report is not confirmed."""
        return self.pattern(*self.rumours)

    @cached_property
    def agreement(self) -> Marker:
        """How a source says that a field agrees."""
        return self.pattern(*self.consensus)

    def pattern(self, *entries: str) -> Marker:
        """Any of the entries, as a word of its own where words stand apart."""
        if not entries:
            return Marker(NEVER.pattern)
        try:
            if self.words_apart:
                return Marker(rf"\b(?:{'|'.join(_by_initial(entries))})(?!\w)", any_case=True)
            return Marker("|".join(entries))
        except re.error as error:
            raise ValueError(f"{error} in {_faulty(entries)}") from None


def examples(entries: Iterable[str]) -> str:
    """Four entries at most that are plain words but for what stands around them, for a message."""
    words = (re.match(r"(?:\(\?-i:)?([\w ]+)\)?(?:$|\(\?<?[!=])", entry) for entry in entries)
    return ", ".join([word[1] for word in words if word][:4])


def _by_initial(entries: Iterable[str]) -> Iterator[str]:
    """The same alternatives, those in a row that are found alike grouped by their initials: of a
    hundred words the search tries five or six, not all of them."""
    rests: dict[str, list[str]] = {}
    for entry in (*entries, ""):
        if _begins_plainly(entry):
            rests.setdefault(entry[0], []).append(entry[1:])
            continue
        # Of two that begin alike the first is taken, so that none moves past this one.
        yield from (f"{initial}(?:{'|'.join(rest)})" for initial, rest in rests.items())
        rests = {}
        if entry:
            yield entry


def _begins_plainly(entry: str) -> bool:
    """Whether an entry begins with a small letter as it stands, and is not one of several."""
    is_whole = "|" not in _GROUP.sub("", entry)
    return is_whole and "a" <= entry[:1] <= "z" and not entry[1:].startswith(("?", "*", "+", "{"))


def _faulty(entries: Iterable[str]) -> str:
    """The entries that are no regular expressions."""
    found = []
    for entry in entries:
        try:
            re.compile(entry)
        except re.error:
            found.append(f"'{entry}'")
    return ", ".join(found)
