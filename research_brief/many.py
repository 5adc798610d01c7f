"""Many texts, looked through at once: most of them hold nothing of what a check looks for.

A sign is looked for in all of them in a row, and only then in each; that takes a tenth of the time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain

from research_brief.library import Library
from research_brief.richtext import GAP, MARKUP, ODD, entity_links, seen, unmarked
from research_brief.values import UNSAFE, Text

COMMON = "gbk"
"""An encoding of what texts mostly are made of. No sign of `ODD` is in it, and of `UNSAFE` only the
control characters."""
CONTROLS = bytes([*range(0x20), 0x7F])


class Many:
    """Texts in any languages."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._joined = GAP.join(words)
        self._seen: dict[str, str] = {}

    def holding(self, signs: Iterable[str]) -> list[str]:
        """The texts that hold one of some signs, each once."""
        there = [sign for sign in signs if sign in self._joined]
        return list(dict.fromkeys(words for sign in there for words in self.words if sign in words))

    @cached_property
    def _common(self) -> bytes | None:
        try:
            return "".join(self.words).encode(COMMON)
        except UnicodeEncodeError:
            return None

    @property
    def is_common(self) -> bool:
        """Whether all signs of the texts are in the encoding `COMMON`."""
        return self._common is not None

    @cached_property
    def unsafe(self) -> list[str]:
        """The texts that hold an `UNSAFE` sign."""
        common = self._common
        if common is not None and len(common.translate(None, CONTROLS)) == len(common):
            return []
        return [words for words in self.words if UNSAFE.search(words)]

    @cached_property
    def links(self) -> list[str]:
        """The ids that the texts link to by `[[id]]`."""
        return [id for words in self.holding("[") for id in entity_links(words)]

    @cached_property
    def _marked(self) -> set[str]:
        """The texts that may be seen otherwise than they stand."""
        odd = filter(ODD.search, self.words) if self._common is None else ()
        return {*self.holding(MARKUP), *odd}

    def seen(self, words: str) -> str:
        """One of the texts as readers see it: most have no markup."""
        if words not in self._marked:
            return words
        if words not in self._seen:
            self._seen[words] = seen(words) if self._common is None else unmarked(words)
        return self._seen[words]

    def all_seen(self, words: Iterable[str]) -> dict[str, str]:
        """Some of the texts, each with how readers see it."""
        found = {text: text for text in words}
        found.update({text: self.seen(text) for text in self._marked & found.keys()})
        return found


class Ours(Many):
    """All our own texts."""

    def __init__(self, library: Library) -> None:
        self.of_briefs: defaultdict[str, list[str]] = defaultdict(list)
        """The texts of briefs, by language."""
        self.of_others: defaultdict[str, list[str]] = defaultdict(list)
        """Those of entities, sources and tombstones."""
        for brief, texts in library.values(Text):
            found = self.of_briefs if brief else self.of_others
            for text in texts:
                for language, words in text.root.items():
                    found[language].append(words)
        super().__init__(list(chain(*self.of_briefs.values(), *self.of_others.values())))

    @classmethod
    def of(cls, library: Library) -> "Ours":
        """Those of the library, put together once."""
        return library.once(cls, lambda: cls(library))

    def within(self, language: str) -> list[str]:
        """The texts in a language."""
        return [*self.of_briefs.get(language, ()), *self.of_others.get(language, ())]
