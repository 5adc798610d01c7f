"""The content model: what an editor can say, with the types that hold it to form.

Names are the same in YAML, Python and the templates. Models are frozen, forbid unknown keys
and do no I/O.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import StringConstraints

from research_brief.values import (
    ActorRef,
    Anchor,
    ClaimRef,
    EntityRef,
    FullDate,
    GroupRef,
    Language,
    Line,
    Model,
    Name,
    PartialDate,
    PersonRef,
    Plain,
    SourceRef,
    Text,
    Url,
    Words,
)

# --- Claims ---------------------------------------------------------------------------------


class Status(StrEnum):
    """What kind of statement a claim is, and so how surely it is known."""

    ACCOUNT = "account"  # the source reports it as fact, in its own voice
    JUDGEMENT = "judgement"  # the source's own assessment
    CONSENSUS = "consensus"  # attributed to the field at large
    RUMOURED = "rumoured"  # unnamed reports: an unconfirmed report
    STATED = "stated"  # a named or unnamed person or organisation says it
    FORECAST = "forecast"
    RECOMMENDED = "recommended"
    INFERRED = "inferred"  # ours


class Evidence(Model):
    """The words of a source that carry a claim.

    `paragraph` is the number of the prose paragraph, or `h0` for the source's title and
    `h1`, `h2` ... for its headings. `attribution` is the verbatim words in which the source
    names the speaker, where the quotation itself does not.
    """

    source: SourceRef | None = None  # the brief's first source if not given
    paragraph: Annotated[str, StringConstraints(pattern=r"^(h?0|h?[1-9][0-9]{0,3})$")]
    quote: Words
    translation: Text | None = None
    attribution: Words | None = None
    stance: Literal["supports", "contradicts", "context"] = "supports"


class Claim(Model):
    """One statement: what is said, how surely, by whom, about what, on which words of a source."""

    text: Text
    status: Status
    speaker: ActorRef | None = None
    about: list[EntityRef] = []
    as_of: PartialDate | None = None
    evidence: list[Evidence] = []
    rests_on: list[ClaimRef] = []
    derived: Text | None = None  # why a figure or date of the text is not in the quotation
    formerly: list[Anchor] = []


class SectionBase(Model):
    """What every section has; a kind adds its own fields (see `research_brief/sections/`)."""

    kind: str
    title: Plain
    intro: Text | None = None
    claims: dict[Anchor, Claim] = {}


# --- Sources --------------------------------------------------------------------------------


class Republication(Model):
    """Who published the source's text again, and when."""

    by: GroupRef
    on: FullDate | None = None


class Source(Model):
    """A text that briefs summarise. What is unknown is left out, never guessed."""

    kind: Literal["news", "report", "paper", "book", "speech", "dataset", "web"]
    title: Plain
    language: Annotated[str, StringConstraints(min_length=2, max_length=12)]
    publisher: GroupRef
    authors: list[PersonRef] = []
    editor: PersonRef | None = None
    published: PartialDate | None = None
    republished: Republication | None = None
    url: Url | None = None
    archived: Url | None = None
    rights: Text
    contact: Line | None = None
    paragraphs: list[Annotated[str, StringConstraints(min_length=1, max_length=12)]] = []
    """The first characters of each prose paragraph, for readers who look a passage up."""


# --- Entities -------------------------------------------------------------------------------


class Entity(Model):
    """Something that claims are about. `original` is the language of a name that has no
    settled form in the others: there it is shown beside the transliteration."""

    name: Name
    original: Language | None = None
    aliases: list[Line] = []
    summary: Text


class Company(Entity):
    """A company, `parent` being the company that owns it."""

    founded: PartialDate | None = None
    parent: EntityRef | None = None


class Organisation(Entity):
    """An institute, newspaper, authority ..., or an unnamed group of people."""

    unnamed: bool = False


class Person(Entity):
    """A person, as the sources describe them; an unnamed one is never merged with a named one."""

    role: Text | None = None
    affiliation: GroupRef | None = None
    unnamed: bool = False


class Product(Entity):
    """Something that a company makes."""

    maker: GroupRef | None = None
    type: Text | None = None
    released: PartialDate | None = None


class Term(Entity):
    """A term of the glossary; `summary` is its definition."""

    stands_for: Name | None = None


class Topic(Entity):
    """A subject that briefs are grouped by."""


ENTITY_FILES: dict[str, tuple[str, type[Entity]]] = {
    "companies": ("company", Company),
    "organisations": ("organisation", Organisation),
    "people": ("person", Person),
    "products": ("product", Product),
    "terms": ("term", Term),
    "topics": ("topic", Topic),
}
"""File and address of each entity kind: its name and its model."""
