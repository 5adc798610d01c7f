"""The words of each language by which our texts are compared with quotations.

They are data, in `lexicon.yaml`, which explains each list, so that a language is added or a word
put right without reading code. What cannot be used in it is a ValueError that says why.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from research_brief.evidence.figures import Reader
from research_brief.evidence.words import Words
from research_brief.yamlfile import read

FILE = Path(__file__).with_name("lexicon.yaml")
DENSE = frozenset({"zh", "ja", "ko", "yue", "wuu", "lzh"})
"""Languages of Han, kana or hangul: a character says about as much as a short word."""


@lru_cache(maxsize=100)
def words_of(language: str) -> Words:
    """The lists of a language, by its code; without a block, those that say nothing."""
    found = lexicon()
    base = language.partition("-")[0]
    dense = base in DENSE
    nothing = Words(longest_quotation=60 if dense else 150, longest_copy=20 if dense else 60)
    return found.get(language) or found.get(base) or nothing


@lru_cache(maxsize=100)
def reader_of(language: str) -> Reader:
    """What reads the figures of texts in a language."""
    return Reader(words_of(language))


@lru_cache(maxsize=1)
def lexicon(file: Path = FILE) -> Mapping[str, Words]:
    """Every language's lists. Raises ValueError, with the place, for what cannot be used."""
    document = read(file, file.name)
    if document.problems:
        raise ValueError("\n".join(map(str, document.problems)))
    found = {}
    for language, block in document.data.items():
        try:
            found[language] = Words.model_validate(block)
        except ValueError as error:
            raise ValueError(f"{file.name}: {language}: {error}") from None
    return found
