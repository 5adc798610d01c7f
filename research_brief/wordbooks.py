"""The interface words of each language, from `templates/words/`, or their faults."""

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from research_brief.library import Where
from research_brief.problems import Place, Problem, ProblemsFound
from research_brief.settings import Wordbook
from research_brief.validation import shown
from research_brief.yamlfile import Document, read


def load_words(root: Path, languages: tuple[str, ...]) -> dict[str, Wordbook]:
    """The interface words of each language, each with the same keys. Raises ProblemsFound."""
    problems: list[Problem] = []
    books: dict[str, Wordbook] = {}
    expected: dict[tuple[str, ...], Any] = {}
    for language in languages:
        name = f"templates/words/{language}.yaml"
        if not (root / name).is_file():
            place = Place("mkdocs.yml")
            message = f"language '{language}' has no interface words; translate them in {name}"
            problems.append(Problem(place, message, "words"))
            continue
        document = read(root / name, name)
        if document.problems or not is_mapping(document):
            problems += document.problems
            continue
        where = Where(name, document.marks)
        books[language] = _Words(document.data, where)
        leaves = dict(_leaves(document.data))
        expected = expected or leaves
        for missing in sorted(expected.keys() - leaves):
            message = f"the words '{'.'.join(missing)}' are missing here"
            problems.append(where.below(missing).problem(message, "words"))
        for extra in sorted(leaves.keys() - expected):
            message = f"the words '{'.'.join(extra)}' stand in no other language"
            problems.append(where.below(extra).problem(message, "words"))
        for path, words in leaves.items():
            if fault := _word_fault(words, expected.get(path, words)):
                message = f"the words '{'.'.join(path)}' {fault}"
                problems.append(where.below(path).problem(message, "words"))
    if problems:
        raise ProblemsFound(problems)
    return books


class _Words(dict[str, Any]):
    """Interface words; one that is missing in every language is a fault of the file, no crash."""

    def __init__(self, words: dict[str, Any], where: Where) -> None:
        deeper = {
            key: _Words(value, where / key) if isinstance(value, dict) else value
            for key, value in words.items()
        }
        super().__init__(deeper)
        self.where = where

    def __missing__(self, key: str) -> Any:
        path = ".".join(map(str, (*self.where.steps, key)))
        message = f"the words '{path}' are missing here, and in every other language"
        raise ProblemsFound([self.where.problem(message, "words")])


def is_mapping(document: Document) -> bool:
    """Whether a file holds keys with values; else that is added to its problems."""
    if isinstance(document.data, dict):
        return True
    found = "nothing" if document.data is None else shown(document.data)
    document.fault((1, 1), f"the file holds {found}; expected keys with values", "schema")
    return False


def _leaves(book: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every word in a word book with its path; a list counts as one word."""
    if isinstance(book, dict):
        for key, value in book.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path, book


def _word_fault(words: Any, first: Any) -> str:
    """What is wrong with words that stand for those of the first language, or nothing."""
    fields = _fields(words)
    if fields is None or (isinstance(words, list) and not isinstance(first, list)):
        return f"are {shown(words)}; expected a text, in which {{name}} stands for a value"
    expected = _fields(first)
    if expected is None or fields == expected:
        return ""
    found, wanted = (
        " ".join(f"{{{name}}}" for name in sorted(names)) or "no {…}"
        for names in (fields, expected)
    )
    return f"hold {found}; expected {wanted} as in the first language"


def _fields(words: Any) -> set[str] | None:
    """The {fields} in a text or a list of texts; None if it is neither, or its braces are wrong."""
    texts = words if isinstance(words, list) else [words]
    if not all(isinstance(text, str) for text in texts):
        return None
    try:
        found = [part[1] for text in texts for part in string.Formatter().parse(text)]
    except ValueError:
        return None
    return {name for name in found if name is not None}
