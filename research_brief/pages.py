"""What rendering hands on: pages as fragments of HTML, before any engine has seen them.

Fragments are well-formed HTML of the elements that `fragment.py` allows, begin at H3, and
link by symbolic addresses only: `brief:ID`, `brief:ID#claim`, `entity:ID`, `source:ID`,
`page:PATH` (a page of the site), `file:PATH` (a file beside the pages, below the
language's root), `edit:BRIEF#CLAIM` and `report:BRIEF#CLAIM` (where a claim can be changed and
a problem with it reported), `#anchor` (this page), http(s) and mailto.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from hashlib import sha256
from html import unescape
from typing import Any, NamedTuple

CARD = "card.png"
"""The path of the picture that stands for pages that have none of their own."""

WHOLE = ("above", "intro", "parts", "entries", "linked_data", "paper", "definitions")
"""What of a page an outline leaves empty."""

_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Entry:
    """What the search index holds of a page, a section or a claim.

    `anchor` is empty for the page itself; `aliases` are searched but never shown, and so are those
    of the entities that it is `about` (their ids).
    """

    anchor: str
    title: str
    text: str = ""
    aliases: tuple[str, ...] = ()
    about: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Entry":
        """That of which `vars` told, in JSON."""
        return cls(**{**data, "aliases": tuple(data["aliases"]), "about": tuple(data["about"])})


class Told(NamedTuple):
    """What an outline knows of its whole page besides, as JSON: of all pages it takes a third of
    the memory so."""

    links: bytes
    entries: bytes


@dataclass(frozen=True)
class Part:
    """A part of a page under an H2: its anchor, its heading as plain text, its fragment."""

    id: str
    heading: str
    html: str
    template: str = ""  # the template that made the fragment, for messages


@dataclass(frozen=True)
class Page:
    """One page in one language. `path` is its address below the language's root, without
    slashes at its ends: `briefs/ai-chip-race`; the home page's is empty.

    A page may be an outline, whose fragments and linked data only the `whole` page has."""

    path: str
    kind: str
    language: str
    title: str
    description: str
    above: str = ""  # fragment above the H1: kicker, breadcrumb
    intro: str = ""  # fragment between the H1 and the first H2
    parts: tuple[Part, ...] = ()
    entries: tuple[Entry, ...] = ()
    file: str = ""  # of the content or the interface words that says most of the page
    line: int = 1
    tags: tuple[tuple[str, str], ...] = ()  # of its head: names and contents of `meta` elements
    linked_data: str = ""  # JSON-LD, safe within a `script`
    paper: tuple[Part, ...] = ()  # what only its PDF has; of the list of briefs, the collection's
    definitions: str = ""  # fragment of the terms that it uses; only the site has it
    indexed: bool = True  # whether search engines are to list it
    canonical: str | None = None  # the path of the page that it is an earlier state of
    load: Callable[[], "Page"] | None = field(default=None, repr=False, compare=False)
    told: Told | None = field(default=None, repr=False, compare=False)  # of an outline

    def outline(self, text: str, load: Callable[[], "Page"]) -> "Page":
        """The page, of which `as_text` told, without its fragments, which `load` brings: all of
        them at one time would not fit into memory."""
        told = Told(json.dumps(self.links).encode(), self.searched)
        empty = {name: type(getattr(self, name))() for name in WHOLE}
        found = replace(self, **empty, load=load, told=told)
        vars(found)["digest"] = _digest(text)
        return found

    @property
    def whole(self) -> "Page":
        """The page with its fragments."""
        return self.load() if self.load else self

    @property
    def card(self) -> str:
        """The path of the picture that stands for it where its address is shared: a brief's own,
        or that of the language."""
        return f"{self.path}/{self.path.rpartition('/')[2]}.png" if self.kind == "brief" else CARD

    @property
    def frozen(self) -> bool:
        """Whether it is a state of another page as it was: what it links to may be gone."""
        return self.canonical is not None

    @classmethod
    def from_data(cls, data: dict[str, Any], load: Callable[[], "Page"] | None = None) -> "Page":
        """The page of which `as_data` told; if it is an outline, `load` brings the whole one."""
        data = {**data, "tags": tuple((name, said) for name, said in data["tags"])}
        if load:
            digest, told = data.pop("digest"), Told(*(it.encode() for it in data.pop("told")))
            found = cls(**data, load=load, told=told)
            vars(found)["digest"] = digest
            return found
        for name in ("parts", "paper"):
            data[name] = tuple(Part(**part) for part in data[name])
        return cls(**data | {"entries": tuple(Entry.from_data(it) for it in data["entries"])})

    def as_data(self) -> dict[str, Any]:
        """All that it is, for JSON."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.repr}
        if self.told:
            said = {name: it for name, it in said.items() if name not in WHOLE}
            return said | {"digest": self.digest, "told": [it.decode() for it in self.told]}
        return said | {
            name: [vars(one) for one in said[name]] for name in ("parts", "paper", "entries")
        }

    def as_text(self) -> str:
        """The same as JSON."""
        return json.dumps(self.as_data(), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it is."""
        return _digest(self.as_text())

    @property
    def links(self) -> list[str]:
        """Where its fragments lead, each address once."""
        if self.told:
            found: list[str] = json.loads(self.told.links)
            return found
        return sorted(links_in("\n".join((*self.fragments, self.definitions))))

    @property
    def searched(self) -> bytes:
        """Its entries, or those of the whole page, as JSON."""
        if self.told:
            return self.told.entries
        return json.dumps([vars(entry) for entry in self.entries], ensure_ascii=False).encode()

    @property
    def fragments(self) -> tuple[str, ...]:
        """The HTML of the page, in order."""
        return (self.above, self.intro, *(part.html for part in self.parts))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def links_in(html: str) -> set[str]:
    """Where a fragment leads."""
    return {unescape(one or other) for one, other in _HREF.findall(html)}
