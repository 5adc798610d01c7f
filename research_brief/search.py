"""The search index that Material's front end loads: one per language, written from the data.

A page's entry comes first, then those of its sections and claims, one per address (the front
end folds them under their page). Chinese is cut into words here, by rjieba with the names of
our entities, and the words are joined by U+200B, which the separator knows; the browser then
cuts a query into the words that the index has. Words inside longer words and the names in the
other languages go into fields that are searched and never shown.

What readers type is understood in the browser, by `templates/theme/assets/queries.js`: other forms
of a word, slips, and names by their sound. For the last it needs to know how our Chinese names are
read; this stands in the index once for each name.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from hashlib import sha256
from html import escape
from typing import Any

import rjieba

from research_brief.library import Library
from research_brief.page_store import Noted, PageStore
from research_brief.pages import Entry, Page
from research_brief.pinyin import characters_by_sound, readings

JOINT = "\u200b"
BETWEEN = "\n"  # two names
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
# The hyphen is among them because the browser cuts queries at hyphens, whatever we say.
_SIGNS = (
    r"\s\-\u200b\u3000-\u3003\u3008-\u3011\u2010-\u2027\uff00-\uff0f\uff1a-\uff20"
    r",;:!?()\[\]{}\"'/+“”‘’…—·"
)
# A single Han character between two joints is taken for part of the separator: a word of one
# character (的, 芯) would make the browser cut 芯粒 into 芯 and forget the rest.
_GAP = rf"(?:[{_SIGNS}]|\.(?=\s|$))+"
# Next to a sign no joint is needed, and a line might break there.
_IDLE = re.compile(f"(?<=[{_SIGNS}]){JOINT}|{JOINT}(?=[{_SIGNS}]|$)")
SEPARATOR = rf"(?:{_GAP}[{_HAN}](?={_GAP}|$))*{_GAP}"

CONFIG = {
    "lang": ["en"],  # no language pack: the words are cut already
    "separator": SEPARATOR,
    "pipeline": ["stopWordFilter"],  # a stemmer would spoil the prefixes that the front end adds
    "fields": {
        "title": {"boost": 8.0},
        "aliases": {"boost": 4.0},
        "parts": {"boost": 3.0},
        "text": {"boost": 2.0},
        "inner": {"boost": 1.0},
    },
}
_ENTITY_BOOST = 3.0
FOLDER = "search"
WHOLE = 1_000_000
"""Characters up to which an index is loaded as a whole, 250 KB as hosts pack it; of a larger one
readers first load the entries of pages, an eighth of it."""


def files(
    pages: Sequence[Page], library: Library, store: PageStore | None = None
) -> dict[str, str]:
    """What the search of one language loads, by its path: the index of its pages, and the sounds of
    characters, loaded only where a query has Chinese words that the index has not.

    The index is JSON in the form of Material's search worker, with what our own part of the worker
    knows: the readings of Chinese names (`config.names`), and of an entry that is about entities
    the numbers of their entries (`about`), whose names it is found by as well, so that these stand
    in the index once. Of a large one only the entries of pages are in it; `config.rest` tells the
    file that has the others.

    The words of pages of which the `store` knows them are not cut again.
    """
    runs = (run for name in library.names for run in _HAN_RUN.findall(name))
    names = [name for name in dict.fromkeys(runs) if len(name) > 1]
    numbers: dict[str, int] = {}
    heads: list[str] = []
    others: list[str] = []
    for page, (head, rest) in _docs(pages, names, store):
        if page.kind == "entity":
            numbers[page.path.rpartition("/")[2]] = len(heads)
        heads += [head] if head else []
        others += [rest] if rest else []

    @cache  # many claims are about the same
    def numbered(about: str) -> str:
        return f'"about":{_json([numbers[id] for id in json.loads(about)])}'

    def finished(docs: list[str]) -> str:
        for place, doc in enumerate(docs):  # one by one: copies of all briefs' take much memory
            pieces = _ABOUT.split(doc)  # every other one tells what an entry is about
            pieces[1::2] = map(numbered, pieces[1::2])
            docs[place] = "".join(pieces)
        said = ",".join(docs)
        docs.clear()
        return said

    docs = [finished(heads), finished(others)]
    found = {f"{FOLDER}/characters.json": characters_by_sound()}
    config: dict[str, Any] = {**CONFIG, "names": {name: readings(name) for name in names}}
    if sum(map(len, docs)) > WHOLE:
        rest = f"[{docs.pop()}]"
        # Another one has another name: the numbers in it are those of this index alone.
        config["rest"] = f"rest.{sha256(rest.encode()).hexdigest()[:8]}.json"
        found[f"{FOLDER}/{config['rest']}"] = rest
    said = ",".join(filter(None, docs))
    found[f"{FOLDER}/search_index.json"] = f'{{"config":{_json(config)},"docs":[{said}]}}'
    return found


_ABOUT = re.compile(r'"about":(\[[^\]]*\])')  # within a text there is a backslash before each "


def _docs(
    pages: Sequence[Page], names: Sequence[str], store: PageStore | None
) -> Iterator[tuple[Page, tuple[str, str]]]:
    """Each page with what the index holds of it, as JSON, but that entities are named by their ids:
    its own entry, and those of its parts. (Values would take more memory.)"""
    # The words depend on what is an entity in the whole library.
    named = sha256(repr(names).encode()).hexdigest()
    noted: Noted[tuple[str, str]] = Noted(store, f"search {pages[0].language} {named}")
    for page in pages:
        yield page, noted.get(page.digest, partial(_docs_of_page, page, names))
    noted.keep()


def _docs_of_page(page: Page, names: Sequence[str]) -> tuple[str, str]:
    address = f"{page.path}/" if page.path else ""
    head = ""
    docs = []
    for entry in map(Entry.from_data, json.loads(page.searched)):
        location = f"{address}#{entry.anchor}" if entry.anchor else address
        doc: dict[str, Any] = {"location": location, **_words(entry, _cutter(*names))}
        if entry.about:
            doc["about"] = entry.about
        if entry.anchor:
            docs.append(_json(doc))
            continue
        if page.kind == "entity":
            doc["boost"] = _ENTITY_BOOST
        head = _json(doc)
    return head, ",".join(docs)


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _words(entry: Entry, cutter: "_Cutter") -> dict[str, str]:
    """The words of an entry, by the fields of the index."""
    said = {
        "title": escape(cutter.cut(entry.title), quote=False),
        "text": escape(cutter.cut(entry.text), quote=False),
    }
    if aliases := BETWEEN.join(cutter.cut(alias) for alias in entry.aliases):
        said["aliases"] = escape(aliases, quote=False)
    if parts := cutter.inner(" ".join([entry.title, *entry.aliases])):
        said["parts"] = " ".join(parts)
    if inner := [word for word in cutter.inner(entry.text) if word not in parts]:
        said["inner"] = " ".join(inner)
    return said


@lru_cache(1)
def _cutter(*names: str) -> "_Cutter":
    """One for all languages, and for the next build: it loads a dictionary."""
    return _Cutter(names)


class _Cutter:
    """Cuts the Chinese in a text into words."""

    def __init__(self, names: Iterable[str]) -> None:
        self.jieba = rjieba.Jieba()
        for name in names:
            self.jieba.add_word(name, 100_000, "nz")

    def cut(self, text: str) -> str:
        """The text with U+200B at the ends of Chinese words, where no sign or space is."""
        cut = _HAN_RUN.sub(lambda run: f"{JOINT}{JOINT.join(self.jieba.cut(run[0]))}{JOINT}", text)
        return _IDLE.sub("", cut)

    def inner(self, text: str) -> list[str]:
        """The words of two and more characters that stand inside longer words of the text."""
        found: dict[str, None] = {}
        for run in _HAN_RUN.findall(text):
            whole = dict.fromkeys(self.jieba.cut(run))  # in their order, unlike a set
            words = self.jieba.cut_for_search(run)
            # A name of ours is one word to the dictionary, whatever words it is made of.
            words += [part for word in whole if len(word) > 3 for part in rjieba.cut(word)]
            found.update(dict.fromkeys(w for w in words if len(w) > 1 and w not in whole))
        return list(found)
