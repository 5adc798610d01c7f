"""Runs of words that stand in a source as well: copied, where they should be our own."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from research_brief.evidence.normalisation import normalise

MARKED = '„[^“”]+[“”]|“[^“”]+”|‘[^‘’]+’|「[^「」]+」|『[^『』]+』|«[^«»]+»|(?<!=)"[^"]+"'
"""What a text marks as the words of another."""
QUOTED = re.compile(f"{MARKED}|《[^》]*》")
"""The same, and the titles of works."""
SIGN = re.compile(r"[\W_]+")
FEW = 50
"""Blocks that are looked for one by one more quickly than every run is looked up."""


class Copies:
    """Finds in other texts the runs of `limit` or more characters that passages have.

    A run of 2n - 1 characters covers one of the blocks of n into which a passage is cut, so that
    only those are kept.
    """

    def __init__(self, passages: Iterable[str], limit: int, names: Iterable[str] = ()) -> None:
        self.limit = limit
        self.names = names
        self.size = max(1, (limit + 1) // 2)
        self.passages = list(passages)
        self.blocks: dict[str, list[tuple[int, int]]] = {}
        for number, words in enumerate(self.passages):
            if len(words) < limit:
                continue
            for at in range(0, len(words) - self.size + 1, self.size):
                self.blocks.setdefault(words[at : at + self.size], []).append((number, at))

    @cached_property
    def _cores(self) -> list[str]:
        """The letters and digits of the blocks, if they are few: soon looked for in any form."""
        return [SIGN.sub("", block) for block in self.blocks] if len(self.blocks) <= FEW else []

    @cached_property
    def _called(self) -> list[str]:
        """The names, the longest first."""
        return sorted({normalise(name).unspaced for name in self.names}, key=len, reverse=True)

    def suspects(self, texts: Collection[str]) -> set[str]:
        """The texts that may have such runs: mostly none, and that is soon said of all together."""
        if not self._cores:
            return set(texts) if self.blocks else set()
        row = SIGN.sub("", "".join(texts))
        cores = [core for core in self._cores if core in row]
        return {text for text in texts for core in cores if _has(text, core)}

    def runs(self, text: str) -> Iterator[tuple[str, int]]:
        """The runs in a text, in the form in which words are compared, each with the number of the
        passage that has it.

        What stands between quotation marks is left out; names are not counted.
        """
        found: list[tuple[str, int]] = []
        if len(text) < self.limit or not self.suspects([text]):
            return
        for part in QUOTED.split(text):
            found += self._runs(normalise(part).unspaced)
        for run, number in found:
            left = run
            for name in self._called:
                left = left.replace(name, "")
            if len(left) >= self.limit:
                yield run, number

    def _runs(self, words: str) -> Iterator[tuple[str, int]]:
        position = 0
        for at in range(len(words) - self.size + 1):
            places = self.blocks.get(words[at : at + self.size])
            if not places or at < position:
                continue
            (start, end), number = max(
                ((self._widened(words, at, *place), place[0]) for place in places[:50]),
                key=lambda found: found[0][1] - found[0][0],
            )
            if end - start >= self.limit:
                yield words[start:end], number
                position = end

    def _widened(self, words: str, at: int, number: int, place: int) -> tuple[int, int]:
        """The run around a block that both have."""
        passage = self.passages[number]
        start, begin = at, place
        while start > 0 and begin > 0 and words[start - 1] == passage[begin - 1]:
            start, begin = start - 1, begin - 1
        end, stop = at + self.size, place + self.size
        while end < len(words) and stop < len(passage) and words[end] == passage[stop]:
            end, stop = end + 1, stop + 1
        return start, end


def _has(text: str, core: str) -> bool:
    """Whether a core stands in a text, whatever signs are between: all that it is made of does, and
    that is sooner said."""
    return all(map(text.__contains__, core)) and core in SIGN.sub("", text)
