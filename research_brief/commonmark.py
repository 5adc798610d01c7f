"""Fragments of HTML as CommonMark: the words of a page for programs and plain-text readers.

What is said by position or colour on a page is said in words here: a table is a list in which
every value has its heading, the words of a source are block quotations. All text comes out as
text: what CommonMark (spec.commonmark.org/0.31.2) and its usual extensions would read as markup or
HTML is escaped, so that nothing but our own elements becomes one.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import category
from xml.etree.ElementTree import Element

Link = Callable[[str], str | None]
"""Where a symbolic link leads; None if it leads nowhere: its text stays."""

OMITTED = frozenset(["rb-actions", "rb-download", "rb-filters", "rb-find", "rb-bars"])
"""The classes of what one can do on a page only, and of bars whose figures follow as a table."""
QUOTED = {"rb-quote", "rb-translation"}
"""The classes of the words of a source and of their translation."""
PHRASES = {
    "a", "abbr", "b", "br", "cite", "code", "dfn", "em", "i", "q", "small", "span", "strong", "sub",
    "sup", "time", "wbr",
}  # fmt: skip
EMPHASIS = {"em": 1, "i": 1, "strong": 2, "b": 2}
"""How many stars stand around what is emphasised."""

# `<` and `&` become references, because older dialects know no backslash before them.
_SPECIAL = re.compile(r"[\\`*_{}\[\]~|$]")
_ANY = re.compile(r"[\\`*_{}\[\]~|$&<]|!\Z")
_BEGINS = re.compile(r"[#>!]|[-+:]([ \t]|$)|[-=][-= \t]*$")
_NUMBER = re.compile(r"(\d{1,9})([.)](?:[ \t]|$))")
_CLOSING = re.compile(r"(?<![^ ])#+$")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$+,;=%]")
_TICKS = re.compile("`+")
_OWN_BLOCK = re.compile(r"> |- |1\. |#|```")
_ITEM = re.compile(r"- |\d+\. ")
BREAK = "\\\n"

Loose = list[Element | str]
"""Phrases that stand side by side: elements, and the text between them."""


def blocks(
    root: Element, target: Link, colon: str = ": ", without: frozenset[str] = frozenset()
) -> str:
    """The CommonMark of a fragment, without a line break at its end; empty if it says nothing.

    `colon` stands between a label and what it labels; what has a class of `without` is left out.
    """
    return "\n\n".join(_Writer(target, colon, OMITTED | without).blocks(root))


def heading(level: int, words: str) -> str:
    """A heading of which the words are plain text."""
    return _headed(level, escaped(_even(words)).strip(" "))


def link(label: str, address: str) -> str:
    """A link; its label is escaped already."""
    return f"[{label}]({_safe(address)})"


def escaped(words: str) -> str:
    """Plain text, not at the beginning of a line, with all that could be markup as text."""
    if not _ANY.search(words):
        return words
    words = _SPECIAL.sub(r"\\\g<0>", words).replace("&", "&amp;").replace("<", "&lt;")
    # A link behind it would become an image.
    return f"{words[:-1]}\\!" if words.endswith("!") else words


def line(words: str) -> str:
    """Plain text as a line of its own."""
    return _begun(escaped(_even(words).strip(" ")))


def _even(words: str) -> str:
    """The words with single spaces between them, which most have."""
    return words if words.isprintable() and "  " not in words else _SPACE.sub(" ", words)


@cache
def _names(classes: str) -> frozenset[str]:
    """The classes of an element: of all their combinations there are a few hundred."""
    return frozenset(classes.split())


@lru_cache(10_000)
def _safe(address: str) -> str:
    """The address as it may stand in a link: most are asked for again."""
    return _UNSAFE.sub(_percent, address)


def _percent(sign: re.Match[str]) -> str:
    if sign[0] == "&":
        return "&amp;"  # references count in addresses too
    return "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8"))


def _begun(words: str) -> str:
    """A line, at whose beginning no text of ours is a heading, a list or a quotation."""
    if words[:1].isdigit():
        return _NUMBER.sub(r"\1\\\2", words, count=1) if _NUMBER.match(words) else words
    return f"\\{words}" if _BEGINS.match(words) else words


def _headed(level: int, said: str) -> str:
    # Such signs at its end would close the heading, and be lost.
    said = _CLOSING.sub(r"\\\g<0>", said)
    return f"{'#' * level} {said}"


def _is_edge(sign: str) -> bool:
    """Whether stars beside it open and close whatever stands on their other side."""
    return not sign or sign.isspace() or category(sign)[0] in "PS"


class _Line:
    """Phrases on their way to a line, with spaces evened out.

    A piece is text and the number of stars around it, or finished CommonMark (None).
    """

    __slots__ = ("pieces", "spaced")

    def __init__(self) -> None:
        self.pieces: list[tuple[str, int | None]] = []
        self.spaced = True  # at the beginning, or behind a space

    def text(self, words: str, stars: int) -> None:
        words = _even(words)
        if self.spaced and words[:1] == " ":
            words = words[1:]
        if words:
            self.spaced = words[-1] == " "
            self.pieces.append((words, stars))

    def finish(self, text: str) -> None:
        self.pieces.append((text, None))
        self.spaced = text == BREAK

    def code(self, words: str) -> None:
        ticks = "`" * (1 + max(map(len, _TICKS.findall(words)), default=0))
        if words := _even(words).strip(" "):
            pad = " " if "`" in (words[0], words[-1]) else ""
            if self.pieces and self.pieces[-1][0].endswith("`"):
                self.finish(" ")  # two side by side would be one
            self.finish(f"{ticks}{pad}{words}{pad}{ticks}")

    def inner(self) -> str:
        """The phrases within other ones."""
        if len(self.pieces) == 1 and not self.pieces[0][1]:  # most of them
            [(words, stars)] = self.pieces
            return (words if stars is None else escaped(words)).strip(" ")
        text = ""
        for number, (words, stars) in enumerate(self.pieces):
            if stars is None:
                text += words
            elif not stars or text.endswith("*"):
                text += escaped(words)
            else:
                after = self.pieces[number + 1][0] if number + 1 < len(self.pieces) else ""
                text += _starred(words, "*" * stars, text[-1:], after[:1])
        return text.strip(" ")

    def finished(self) -> str:
        """The phrases as one line, or several with hard breaks."""
        text = self.inner()
        if BREAK not in text:
            return _begun(text)
        lines = (said.strip(" ") for said in text.split(BREAK))
        return BREAK.join(_begun(said) for said in lines if said)


def _starred(words: str, stars: str, before: str, after: str) -> str:
    """Words between stars that stand where they open and close (spec, 6.2 Emphasis)."""
    first, last = 0, len(words)
    while first < last and (
        words[first].isspace() or (not _is_edge(before) and _is_edge(words[first]))
    ):
        first += 1
    while last > first and (
        words[last - 1].isspace() or (not _is_edge(after) and _is_edge(words[last - 1]))
    ):
        last -= 1
    if first == last:
        return escaped(words)
    core = escaped(words[first:last])
    return f"{escaped(words[:first])}{stars}{core}{stars}{escaped(words[last:])}"


@dataclass(frozen=True)
class _Writer:
    """Writes the blocks of a fragment."""

    target: Link
    colon: str
    omitted: frozenset[str]

    # --- Phrases ------------------------------------------------------------------------------

    def line(self, loose: Loose, stars: int = 0) -> str:
        into = _Line()
        for item in loose:
            if isinstance(item, str):
                into.text(item, stars)
            else:
                self._phrase(item, into, stars)
        return into.finished()

    def within(self, element: Element, stars: int = 0) -> str:
        """All that is in an element, as one line."""
        into = _Line()
        self._phrases(element, into, stars)
        return into.finished()

    def _phrases(self, element: Element, into: _Line, stars: int) -> None:
        if element.text:
            into.text(element.text, stars)
        for child in element:
            self._phrase(child, into, stars)
            if child.tail:
                into.text(child.tail, stars)

    def _phrase(self, element: Element, into: _Line, stars: int) -> None:
        tag = element.tag
        if self._is_left_out(element):
            return
        if tag == "a":
            if said := self._label(element, stars):
                address = self.target(element.get("href", ""))
                into.finish(said if address is None else link(said, address))
        elif tag == "br":
            into.finish(BREAK)
        elif tag == "code":
            into.code("".join(element.itertext()))
        elif element.get("class") == "rb-marks":
            into.text(" (", stars)
            self._phrases(element, into, stars)
            into.text(")", stars)
        else:
            self._phrases(element, into, stars | EMPHASIS.get(tag, 0))

    def _label(self, element: Element, stars: int) -> str:
        """What a link says. Most are words and nothing else."""
        if not (stars or len(element)):
            return escaped(_even(element.text or "").removeprefix(" ")).strip(" ")
        label = _Line()
        self._phrases(element, label, stars)
        return label.inner().replace(BREAK, " ")

    # --- Blocks -------------------------------------------------------------------------------

    def blocks(self, element: Element) -> list[str]:
        """What is in an element, its loose phrases put into paragraphs."""
        found: list[str] = []
        loose: Loose = [element.text] if element.text and not element.text.isspace() else []
        for child in element:
            if child.tag in PHRASES:
                loose.append(child)
                if child.tail:
                    loose.append(child.tail)
                continue
            if loose and (said := self.line(loose)):
                found.append(said)
            found += self._block(child)
            loose = [child.tail] if child.tail and not child.tail.isspace() else []
        if loose and (said := self.line(loose)):
            found.append(said)
        return _joined(found)

    def _block(self, element: Element) -> list[str]:
        if self._is_left_out(element):
            return []
        if classes := element.get("class"):
            names = _names(classes)
            if "rb-meta" in names:
                parts = (self._phrase_alone(child) for child in element)
                return [" · ".join(part for part in parts if part)]
            if "rb-claim" in names:
                return self._claim(element)
            if not QUOTED.isdisjoint(names):
                return [_prefixed("> ", text) for text in self.blocks(element)]
        build = _BUILDERS.get(element.tag)
        return build(self, element) if build else self.blocks(element)

    def _is_left_out(self, element: Element) -> bool:
        classes = element.get("class")
        if classes is not None and not self.omitted.isdisjoint(_names(classes)):
            return True
        return element.tag in ("svg", "wbr") or element.get("aria-hidden") == "true"

    def _phrase_alone(self, element: Element) -> str:
        # A claim's number stands ahead of its sentence.
        return "" if element.get("class") == "rb-number" else self.line([element])

    def _claim(self, element: Element) -> list[str]:
        found = self.blocks(element)
        for number in element.iter("a"):
            if found and number.get("class") == "rb-number":
                return [f"{self.line([number], EMPHASIS['strong'])} {found[0]}", *found[1:]]
        return found

    def _heading(self, element: Element) -> list[str]:
        said = self.within(element).replace(BREAK, " ")
        return [_headed(int(element.tag[1]), said)] if said else []

    def _summary(self, element: Element) -> list[str]:
        return [self.within(element, EMPHASIS["em"])]

    def _code(self, element: Element) -> list[str]:
        words = "".join(element.itertext()).strip("\n")
        longest = max(map(len, _TICKS.findall(words)), default=0) if "`" in words else 0
        ticks = "`" * max(3, 1 + longest)
        return [f"{ticks}\n{words}\n{ticks}"]

    def _list(self, element: Element) -> list[str]:
        items = (self.blocks(item) for item in element if item.tag == "li")
        return _listed(filter(None, items), numbered=element.tag == "ol")

    def _terms(self, element: Element) -> list[str]:
        """Terms, each with what is said of it."""
        items: list[list[str]] = []
        for child in element:
            for item in child if child.tag == "div" else [child]:
                if item.tag == "dt":
                    items.append([self.within(item, EMPHASIS["strong"])])
                elif items:
                    items[-1] = self._labelled(items[-1], self.blocks(item))
        return _listed(items)

    def _table(self, element: Element) -> list[str]:
        """The rows, each with its values under the headings of their columns."""
        heads = [self.within(cell) for cell in element.findall("thead/tr/*")]
        caption = element.find("caption")
        found = [] if caption is None else self.blocks(caption)
        rows: list[list[str]] = []
        for row in element.findall("tbody/tr"):
            first, *others = row
            name = self.within(first, EMPHASIS["strong"])
            if row.get("class") == "rb-group":
                found += [*_listed(rows), name]
                rows = []
            else:
                values = zip(heads[1:], map(self.blocks, others), strict=False)
                inner = _listed(self._labelled([head], said) for head, said in values if said)
                rows.append([name, *inner])
        return found + _listed(rows)

    def _labelled(self, label: list[str], said: list[str]) -> list[str]:
        """A label and what it labels, on its line unless that is a list or a quotation."""
        if not said:
            return label
        [*before, last] = label
        if _OWN_BLOCK.match(said[0]):
            return [*before, f"{last}{self.colon}".rstrip(), *said]
        return [*before, f"{last}{self.colon}{said[0]}", *said[1:]]


_BUILDERS: dict[str, Callable[[_Writer, Element], list[str]]] = {
    "h3": _Writer._heading, "h4": _Writer._heading, "h5": _Writer._heading,
    "ul": _Writer._list, "ol": _Writer._list, "dl": _Writer._terms, "table": _Writer._table,
    "pre": _Writer._code, "summary": _Writer._summary, "hr": lambda writer, element: ["***"],
}  # fmt: skip


def _listed(items: Iterable[list[str]], numbered: bool = False) -> list[str]:
    """A list of items, each made of blocks; nothing if there is no item."""
    made = []
    for number, (first, *more) in enumerate(items, 1):
        mark = f"{number}. " if numbered else "- "
        is_tight = all(_ITEM.match(text) for text in more)
        text = ("\n" if is_tight else "\n\n").join([first, *more]) if more else first
        made.append(mark + _prefixed(" " * len(mark), text)[len(mark) :])
    return ["\n".join(made)] if made else []


def _joined(found: list[str]) -> list[str]:
    """The blocks, with neighbouring quotations as one."""
    if len(found) < 2:
        return found
    made: list[str] = []
    for text in found:
        if text.startswith("> ") and made and made[-1].startswith("> "):
            made[-1] += f"\n>\n{text}"
        else:
            made.append(text)
    return made


def _prefixed(prefix: str, text: str) -> str:
    if "\n" not in text:
        return prefix + text
    bare = prefix.rstrip()
    return "\n".join(prefix + said if said else bare for said in text.split("\n"))
