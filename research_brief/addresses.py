"""Addresses as the ledger writes them, and the ids that things had before.

An address is a page or an anchor on it, below the root of a language: `briefs/ai-chip-race/`,
`briefs/ai-chip-race/#own-chips`, `./` for the front page. None can lead out of the site, because
its parts are made of small letters, digits and hyphens only.
"""

import re

from research_brief.values import ID_LENGTH, ID_PATTERN, FullDate, Id, Model, Text

_ID = ID_PATTERN.strip("^$")
_STEP = "[a-z0-9]+(-[a-z0-9]+)*"

LEDGER, TOMBSTONES = "content/addresses.txt", "content/tombstones.yaml"
HOME = "./"
FOLDERS = ("companies", "organisations", "people", "products", "terms", "topics")
"""Where pages of entities stand: files of `content/entities/`, folders of the site."""


class Address(Id):
    """The address of a page or of an anchor on it, as content/addresses.txt has it."""

    length = 6 * ID_LENGTH

    @classmethod
    def pattern(cls) -> str:
        return rf"^(\./|({_STEP}/)+(#{_ID})?)$"

    @classmethod
    def wanted(cls) -> str:
        return "one as in content/addresses.txt: briefs/ID/, briefs/ID/#CLAIM, companies/ID/"

    @classmethod
    def read(cls, words: str) -> "Address | None":
        """The words as an address, if they are one."""
        fits = len(words) <= cls.length and re.fullmatch(cls.pattern(), words)
        return cls(words) if fits else None

    @property
    def page(self) -> str:
        """The address of its page."""
        return self.partition("#")[0]

    @property
    def anchor(self) -> str:
        """Its anchor there; empty if it is that of a page."""
        return self.partition("#")[2]


class FormerId(Id):
    """An id that a brief or source had before."""


class FormerAnchor(Id):
    """An id that a claim, section or part of one had before: `claim` in this brief, or
    `brief#claim` where it stood in another one."""

    length = 2 * ID_LENGTH + 1

    @classmethod
    def pattern(cls) -> str:
        return f"^({_ID}#)?{_ID}$"

    @classmethod
    def wanted(cls) -> str:
        return "an id of before: claim, or brief#claim if it stood in another brief"


class FormerEntity(Id):
    """An id that an entity had before: `tencent`, or `companies/tencent` where it was of another
    kind."""

    length = 2 * ID_LENGTH

    @classmethod
    def pattern(cls) -> str:
        return f"^(({'|'.join(FOLDERS)})/)?{_ID}$"

    @classmethod
    def wanted(cls) -> str:
        return f"an id of before: tencent, or companies/tencent ({', '.join(FOLDERS)})"


class Tombstone(Model):
    """What is said at an address where nothing is any more."""

    on: FullDate
    """The day on which it was withdrawn: 2018-09-12."""

    text: Text
    """Why, and what readers should know: {en: …, zh: …}"""
