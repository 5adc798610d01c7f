"""Saying things in one language: texts, names, dates, counts and who says what.

What returns `Markup` is HTML and safe; what returns `str` is plain text. A text that the
language lacks is shown in another one, with its `lang` and a mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import Any, TypeVar

from markupsafe import Markup, escape

from research_brief.library import ClaimRecord, EntityRecord, Library
from research_brief.problems import Place, Problem, ProblemsFound
from research_brief.richtext import to_html, to_plain
from research_brief.settings import Wordbook
from research_brief.values import Name, PartialDate, Text

S = TypeVar("S", bound=str)

_LINK = Markup('<a href="entity:{id}">{name}</a>')


@dataclass(frozen=True)
class Voice:
    """Who says a claim; `speaker` is the entity that the claim names, if it names one.

    `html` stands alone, `phrase` follows the status: "Unconfirmed report" "in The Times".
    """

    key: str
    speaker: str | None
    label: str
    html: Markup
    phrase: Markup


@lru_cache(maxsize=10_000, typed=True)
def _plain(pattern: str) -> tuple[Markup, frozenset[str] | None]:
    """An interface word as HTML and its {places}, if these are names and nothing else: to fill any
    others, every value has to be looked at by Python's own formatter, which takes ten times as
    long."""
    try:
        places = [part[1:] for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return escape(pattern), None
    are_names = all(str(name).isidentifier() and not (form or turn) for name, form, turn in places)
    return escape(pattern), frozenset(str(name) for name, *_ in places) if are_names else None


def _html(value: Any) -> Markup:
    return value if type(value) is Markup else escape(value)


class Wording:
    """One language's way of saying what the library holds."""

    def __init__(self, library: Library, language: str, books: Mapping[str, Wordbook]) -> None:
        self.library = library
        self.language = language
        self.books = books
        self.words: Any = books[language]
        self._links: dict[str, Markup] = {}
        self._voices: dict[str | tuple[str, str], Voice] = {}

    def html_language(self, code: str) -> str:
        """The `lang` of HTML for a language: `zh-Hans` for `zh`, or the code itself."""
        book = self.books.get(code)
        return str(book["language"]["html"]) if book else code

    def rich(self, text: Text | Name) -> Markup:
        """The text as HTML: Markdown of a Text, a Plain or Name as it stands."""
        code, words = text.best(self.language)
        html = Markup(to_html(words, self.name)) if text.has_markup else escape(words)
        return self._marked(code, html)

    def bare(self, text: Text | Name) -> str:
        """The text without markup or marks, for titles, attributes and search."""
        words = text.best(self.language)[1]
        return to_plain(words, self.name) if text.has_markup else words

    def order(self, text: Text | Name) -> bytes:
        """What a list is sorted by: letters in any case, and Chinese by its sound.

        The common characters of GB 2312-80 (its level 1, 3,755 of them) are in the order of pinyin.
        """
        words = self.bare(text).casefold()
        return words.encode("gb18030" if self.language.startswith("zh") else "utf-8")

    def only_in(self, text: Text | Name) -> Markup:
        """The mark of a text that the language lacks, or nothing."""
        return self._mark(text.best(self.language)[0])

    def name(self, id: str) -> str:
        """The display name of an entity or source; the id itself if there is none."""
        if id in self.library.entities:
            return self.bare(self.library.entities[id].entity.name)
        if id in self.library.sources:
            return self.bare(self.library.sources[id].source.title)
        return id

    def link(self, id: str) -> Markup:
        """A link to an entity's page, under its name."""
        if id not in self._links:  # every claim has several
            name = self.rich(self.library.entities[id].entity.name)
            self._links[id] = self.fill(_LINK, id=id, name=name)
        return self._links[id]

    def original(self, record: EntityRecord) -> Markup:
        """The name in its own language, where the language has only a transliteration."""
        entity = record.entity
        code = entity.original
        if not code or code == self.language or code not in entity.name.root:
            return Markup()
        words = entity.name.root[code]
        if words in entity.name.best(self.language)[1]:
            return Markup()
        html = '<span class="rb-original" lang="{}">{}</span>'
        return Markup(html).format(self.html_language(code), words)

    def date(self, date: PartialDate) -> str:
        """A date as precisely as it is known: 2018, September 2018, 12 September 2018."""
        year, *rest = date.numbers
        month = self.words["months"][str(rest[0])] if rest else ""
        pattern: str = self.words["date"][("year", "month", "day")[len(rest)]]
        day = rest[1] if len(rest) > 1 else ""
        return self.filled(pattern, year=year, month=month, day=day)

    def filled(self, pattern: S, **values: Any) -> S:
        """An interface word with its {places} filled. Raises ProblemsFound."""
        try:
            return type(pattern)(pattern.format(**values))
        except (LookupError, ValueError, AttributeError):
            place = Place(f"templates/words/{self.language}.yaml")
            places = " ".join(f"{{{name}}}" for name in values)
            message = f"'{pattern}' cannot be filled; the places that it may have: {places}"
            raise ProblemsFound([Problem(place, message, "words")]) from None

    def fill(self, pattern: str, **values: Any) -> Markup:
        """The same as HTML; plain values are escaped."""
        html, places = _plain(pattern)
        if places is None or not values.keys() >= places:
            return self.filled(html, **values)
        return Markup(str.format(html, **{name: _html(values[name]) for name in places}))

    def count(self, forms: Mapping[str, str], number: int, **values: Any) -> str:
        """A number with its noun in the right form: `1 claim`, `2 claims`."""
        return self.filled(forms["one" if number == 1 else "other"], number=number, **values)

    def publisher(self, record: ClaimRecord) -> str:
        """The id of the publisher in whose text a claim is found."""
        source = (
            self.library.source_of(record, 0)
            if record.claim.evidence
            else self.library.briefs[record.brief].brief.sources[0]
        )
        return self.library.sources[source].source.publisher

    def voice(self, record: ClaimRecord) -> Voice:
        """Who says a claim: its speaker, or whom its status implies (the publisher, the field)."""
        claim = record.claim
        key = claim.speaker or (claim.status, self.publisher(record))
        if key not in self._voices:  # there are few of them
            self._voices[key] = self._speaker(key) if isinstance(key, str) else self._implied(*key)
        return self._voices[key]

    def _speaker(self, id: str) -> Voice:
        link = self.link(id)
        return Voice(id, id, self.name(id), link, link)

    def _implied(self, status: str, publisher: str) -> Voice:
        said = self.words["statuses"][status]
        who = str(said["who"])
        by_publisher = "{publisher}" in who
        link = self.link(publisher)
        return Voice(
            publisher if by_publisher else f"{status}:{publisher}",
            None,
            self.filled(who, publisher=self.name(publisher)),
            self.fill(who, publisher=link),
            self.fill(said["voice"], publisher=link),
        )

    def _marked(self, code: str, html: Markup) -> Markup:
        if code == self.language:
            return html
        marked = Markup('<span lang="{}">{}</span>{}')
        return marked.format(self.html_language(code), html, self._mark(code))

    def _mark(self, code: str) -> Markup:
        if code == self.language:
            return Markup()
        book = self.books.get(code)  # a source may be in a language that the site has not
        label = book["language"]["label"] if book else code
        said = self.fill(self.words["only_in"], language=label)
        return Markup(' <span class="rb-only">{}</span>').format(said)
