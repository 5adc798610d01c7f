"""Reading YAML 1.1 strictly: plain data with the place of every value, or faults.

The only user of PyYAML. The stream of events is read once and built into strings, lists
and dicts; nothing is resolved, so `no` stays "no" and `1.10` stays "1.10", and what YAML can
do beyond data (anchors, aliases, merge keys, tags, several documents) is refused with its
place. Composing nodes first would crash the C library on a small file of brackets.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from research_brief import slips
from research_brief.kept_data import Kept, KeptData
from research_brief.plainfile import Unreadable, read_plain
from research_brief.problems import Place, Problem
from research_brief.values import UNSAFE, Steps

MAX_BYTES = 2_000_000
MAX_DEPTH = 50
SHALLOW = 2
"""How deep places are always known: an entity is one step deep in its file, a claim two. (Of keys
those at the top.)"""
MOST = 1000
"""Faults of a file after which no more are looked for."""
KEY = "[key]"
"""The step that names the key of an entry instead of its value, as in pydantic's locations."""

WIDE = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—\U00020000-\U0003ffff]"
)
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
SIGNS = frozenset("、。〈〉《》「」『』【】（），：；！？")
"""Full-width signs: they carry their space in themselves, whatever stands beside them."""
_LINE_END = re.compile("\r\n|\r|\n")
_REMARK = re.compile("#[^ #]")
_BREAK = re.compile(r"(?<![ \t])[ \t]*(?:\r\n|\r|\n)\s*")

_HINTS = {
    "mapping values are not allowed": "a text that contains ': ' needs quotation marks around it",
    "cannot start any token": "a text that begins with @, ` or % needs quotation marks",
    "could not find expected ':'": "a key needs ': ' behind it, and its text one more indent",
    "did not find expected key": "look at the indent of this line, and for an unclosed quotation "
    "mark above it",
    "did not find expected ',' or ']'": "a list that opens with [ ends with ]",
    "did not find expected ',' or '}'": "a mapping that opens with { ends with }; a text "
    "with ': ' or ', ' in it needs quotation marks",
    "did not find expected '-' indicator": "this line belongs to the entry above; indent "
    "it as far as the word behind '- '",
    "did not find expected node content": "a value is missing, or a closing ] or }",
    "found unexpected end of stream": "a quotation mark is opened and not closed",
    "block sequence entries are not allowed": "look at the indent of the '- '",
}


Mark = tuple[int, int]
"""A line and a column, from 1."""


class Marks(Mapping[Steps, Mark]):
    """The place of every value and key in a text. Those deep in it are looked for where somebody
    asks, and so where there is something to tell: of a thousand briefs these would be a million."""

    def __init__(self, raw: bytes, kept: str) -> None:
        """`raw` is the text in UTF-8; `kept` tells the places that are not deep, as `told`."""
        self.raw, self.kept = raw, kept

    @classmethod
    def told(cls, marks: Mapping[Steps, Mark]) -> str:
        """Places as one text, which takes a fifth of their memory."""
        return json.dumps([*marks.items()], ensure_ascii=False)

    @property
    def shallow(self) -> Mapping[Steps, Mark]:
        """The places that are not deep."""
        return _shallow(self.kept)

    @cached_property
    def _found(self) -> dict[Steps, Mark]:
        builder = _Builder(self.raw.decode("utf-8-sig"), Document(""), MAX_DEPTH + 1)
        with suppress(_Stop, yaml.YAMLError):
            builder.build()
        return builder.marks

    def __getitem__(self, steps: Steps) -> Mark:
        return shallow[steps] if steps in (shallow := self.shallow) else self._found[steps]

    def __iter__(self) -> Iterator[Steps]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Marks) else super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]


@lru_cache(maxsize=64)  # of the files that are just asked for; all take as much as the content
def _shallow(kept: str) -> dict[Steps, Mark]:
    return {tuple(steps): (line, column) for steps, (line, column) in json.loads(kept)}


@dataclass
class Document:
    """A file's data and the place of every value and key in it."""

    file: str
    data: Any = None
    marks: Mapping[Steps, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """The keys at the top, those without a value as well, in their order."""
        marks = self.marks.shallow if isinstance(self.marks, Marks) else self.marks
        return [str(steps[0]) for steps in marks if steps[1:] == (KEY,)]

    def fault(self, mark: Mark, message: str, rule: str = "yaml-syntax") -> None:
        """Add an error of the file."""
        self.problems.append(Problem(Place(self.file, *mark), message, rule))


class _Stop(Exception):
    """The rest of the file cannot be understood."""


def read(path: Path, name: str) -> Document:
    """The data of the file at `path`, called `name` in messages. Never raises for its contents."""
    document = Document(name)
    try:
        if path.is_symlink():
            raise Unreadable("is a link; content must be real files")
        raw = read_plain(path, MAX_BYTES)
    except Unreadable as reason:
        hint = ": split it" if "at most" in str(reason) else ""
        document.fault((1, 1), f"{reason}{hint}", "file")
        return document
    if _kept is None:
        return _understood(raw, document)
    digest = sha256(raw).hexdigest()
    if kept := _kept.get(path, digest):
        return Document(name, kept.data, Marks(raw, kept.marks))
    _understood(raw, document)
    if isinstance(marks := document.marks, Marks) and not document.problems:
        _kept.put(path, Kept(digest, marks.kept, document.data))
    return document


_kept: KeptData | None = None


@contextmanager
def keeping(kept: KeptData) -> Iterator[None]:
    """Meanwhile, take what is kept of files that are the same, and keep what is read of others."""
    global _kept
    before, _kept = _kept, kept
    try:
        yield
    finally:
        _kept = before


def _understood(raw: bytes, document: Document) -> Document:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mark = _end(raw[: error.start].decode("utf-8-sig"))
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        document.fault(mark, message, "encoding")
        return document
    return parse(text, document)


def written(data: Any) -> str:
    """Mappings, lists, texts and numbers as YAML that `read` gives back, keys in their order."""
    plain = json.loads(json.dumps(data))  # ids and dates are texts of their own types
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100))


def parse(text: str, document: Document) -> Document:
    """Fill `document` from a YAML text."""
    for unsafe in islice(UNSAFE.finditer(text), 20):
        message = f"character U+{ord(unsafe.group()):04X} is not allowed: it is invisible"
        document.fault(_end(text[: unsafe.start()]), f"{message}; delete it", "encoding")
    lines = text.splitlines()
    if conflict := slips.conflict(lines):
        document.fault(*conflict)
    if document.problems:
        return document
    builder = _Builder(text, document)
    try:
        document.data = builder.build()
    except _Stop:
        document.data = None
    except yaml.MarkedYAMLError as error:
        found = error.problem or error.context or "cannot be read"
        at = error.problem_mark or error.context_mark
        if "end of stream" in found:  # show where it begins, not the end of the file
            at = error.context_mark or at
        mark = (at.line + 1, at.column + 1) if at else (1, 1)
        mark = min(mark, _end(text))  # a file that is cut off ends on the next line to YAML
        if slip := slips.slip(lines, mark[0], found):
            document.fault(*slip)
            return document
        begun = error.context_mark.line + 1 if error.context_mark else mark[0]
        if begun < mark[0] and "flow" in (error.context or ""):
            found += f" in what opens on line {begun}"
        hint = next((hint for words, hint in _HINTS.items() if words in found), "")
        document.fault(mark, f"not valid YAML: {found}" + (f"; {hint}" if hint else ""))
    except yaml.YAMLError as error:
        document.fault((1, 1), f"not valid YAML: {' '.join(str(error).split())}")
    document.marks = Marks(text.encode(), Marks.told(builder.marks))
    return document


class _Builder:
    """Builds the data of one document from PyYAML's events, and notes the places of values and
    keys at most so deep in it."""

    def __init__(self, text: str, document: Document, deep: int = SHALLOW) -> None:
        self.lines = text.splitlines()
        self.document = document
        self.deep = deep
        self.marks: dict[Steps, Mark] = {}
        self.events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def build(self) -> Any:
        data = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "a second document ('---') is not read; make it a file")
                    raise _Stop
                data = self._value(next(self.events), (), 1)
        return data

    def _value(self, event: Any, steps: Steps, depth: int) -> Any:
        if depth <= self.deep + 1:
            self.marks.setdefault(steps, _mark(event))
        if depth > MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} levels deep")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            message = f"the alias '*{event.anchor}' is not allowed; write the value again"
            self._refuse(event, message)
            return None
        self._refuse_powers(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(steps, depth)
        return self._mapping(steps, depth)

    def _refuse_powers(self, event: yaml.NodeEvent) -> None:
        """A key or a value is a plain one."""
        if event.anchor:
            self._refuse(event, f"the anchor '&{event.anchor}' is not allowed; delete it")
        if tag := getattr(event, "tag", None):
            self._refuse(event, f"the tag '{tag}' is not allowed; delete it")

    def _list(self, steps: Steps, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*steps, len(items)), depth + 1))
        return items

    def _mapping(self, steps: Steps, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            mark = _mark(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, "a key must be a plain word")
                raise _Stop
            self._refuse_powers(event)
            key = self._text(event)
            value_event = next(self.events)
            if key == "<<" and event.implicit[0]:
                self._refuse(event, "the merge key '<<' is not allowed; write the entries again")
            if key in first:
                message = f"key '{key}' stands here again; it is first on line {first[key]}"
                self._refuse(event, f"{message}: delete one or rename it", "duplicate-key")
            first.setdefault(key, mark[0])
            here = (*steps, key)
            if depth < self.deep:
                self.marks.setdefault((*here, KEY), mark)
            if depth <= self.deep and not isinstance(value_event, yaml.ScalarEvent):
                self.marks.setdefault(here, mark)
            value = self._value(value_event, here, depth + 1)
            # `key:` with nothing behind it is the same as no key at all.
            empty = isinstance(value_event, yaml.ScalarEvent) and value_event.implicit[0]
            if not (empty and value == ""):
                entries.setdefault(key, value)
            elif not self._behind(event).startswith(":"):
                message = f"'{key}' stands alone, without ':' and a value; if it belongs to the"
                message += ' text before its comma, put that in "quotes"'
                self._refuse(event, slips.lone(key) or message)
        return entries

    def _behind(self, event: Any) -> str:
        """What stands behind an event on its line."""
        end = event.end_mark
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        return line[end.column :].lstrip() if end.column < len(line) else ""  # mostly nothing

    def _text(self, event: Any) -> str:
        """The scalar as one line: a line break between wide characters is nothing, else a space."""
        value: str = event.value
        # `rise #1 in Hong Kong`: YAML takes a remark, and the text would end without a word.
        if not event.style and _REMARK.match(self._behind(event)):
            message = f"what stands behind '{value[-20:]}' is a remark to YAML and would be lost"
            self._refuse(event, f"{message}; put the text in quotation marks, or write '# '")
        # Only here can it be written as an escape; all else was seen in the text.
        if event.style == '"' and (unsafe := UNSAFE.search(value)):
            message = f"character U+{ord(unsafe.group()):04X} is not allowed: it is invisible"
            self._refuse(event, f"{message}; delete it", "encoding")
        start, end = event.start_mark, event.end_mark
        # A text of more characters is too long for every model, and long to unfold.
        if end.line > start.line and event.style != "|" and len(value) <= 10_000:
            below = self.lines[start.line + 1 : end.line + 1]
            # The text begins behind its quotation mark, and that of a block on the next line.
            first = self.lines[start.line][start.column + len(event.style or "") :]
            value = self._unfold(value, below if event.style == ">" else [first, *below])
        value = value.strip()
        return value if value.isprintable() else _BREAK.sub(_fold, value)

    @staticmethod
    def _unfold(value: str, lines: list[str]) -> str:
        """Put line breaks back where YAML folded them to spaces and they join."""
        at = least = 0
        for above, below in zip(lines, lines[1:], strict=False):
            at += len(above.strip())
            before, after = above.rstrip()[-2:], below.strip()[:2]
            if joins(before, after):
                ends = f"{before[-1:]} {after[:1]}"
                # Escapes make the value shorter than its lines; then the first such place is taken.
                found = at if value[at - 1 : at + 2] == ends else value.find(ends, least) + 1
                if found:
                    value = f"{value[:found]}\n{value[found + 1 :]}"
                    least = found
            if below.strip() or not above.strip():  # the break before an empty line leaves nothing
                at += 1
        return value

    def _refuse(self, event: yaml.Event, message: str, rule: str = "yaml-syntax") -> None:
        self.document.fault(_mark(event), message, rule)
        if len(self.document.problems) >= MOST:
            raise _Stop


def _end(text: str) -> tuple[int, int]:
    """The line and column where a text ends, its lines counted as editors and YAML do."""
    lines = _LINE_END.split(text)
    return len(lines), len(lines[-1]) + 1


def joins(before: str, after: str) -> bool:
    """Whether a line break between the two is nothing, as in Chinese, and not a space.

    It is between two wide characters, beside a full-width sign, and between a Han character
    and a link `[[id]]`, whose label is as Chinese as the text around it.
    """
    left, right = before[-1:], after[:1]
    if left in SIGNS or right in SIGNS or (WIDE.match(left) and WIDE.match(right)):
        return bool(left and right)
    return bool(HAN.match(left) and after[:2] == "[[") or bool(
        before[-2:] == "]]" and HAN.match(right)
    )


def _fold(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    return "" if joins(text[max(0, start - 2) : start], text[end : end + 2]) else " "


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
