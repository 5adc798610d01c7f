"""The content model: what an editor can say, with the types that hold it to form.

Names are the same in YAML, Python and the templates. Models are frozen, forbid unknown keys
and do no I/O.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from research_brief.addresses import FormerAnchor, FormerEntity, FormerId
from research_brief.values import (
    CODE,
    SCALAR,
    ActorRef,
    Anchor,
    ClaimRef,
    EntityRef,
    Form,
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
    Truth,
    Url,
    Words,
)

# --- Claims ---------------------------------------------------------------------------------


class Status(StrEnum):
    """What kind of statement a claim is, and so how surely it is known."""

    meaning: str

    ACCOUNT = "account", "The source reports it as fact, in its own voice."
    JUDGEMENT = "judgement", "The source’s own assessment."
    CONSENSUS = "consensus", "The source attributes it to the field at large."
    RUMOURED = "rumoured", "An unconfirmed report: the source refers to unnamed reports."
    STATED = "stated", "A named or unnamed person or organisation says it; needs a speaker."
    FORECAST = "forecast", "A speaker says what will or may happen; needs a speaker."
    RECOMMENDED = "recommended", "A speaker says what should be done; needs a speaker."
    INFERRED = "inferred", "Our own inference, from the claims under rests_on."

    def __new__(cls, value: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | {"enumDescriptions": [status.meaning for status in cls]}


PARAGRAPH = Form(
    "^(h?0|h?[1-9][0-9]{0,3})$",
    "the number of a paragraph, h0 for the title, or h1, h2 … for a heading",
)
NUMBERED = Field(json_schema_extra={"type": ["string", "integer"], "minimum": 0, "maximum": 9999})


class Evidence(Model):
    """The words of a source that carry a claim."""

    source: SourceRef | None = None
    """The id of the source: its file under content/sources/. The brief’s first if not given."""

    paragraph: Annotated[str, PARAGRAPH, NUMBERED] = ""
    """Where it stands: the number of the prose paragraph from 1, or h1, h2 … for a heading of the
    source and h0 for its title. Where it is missing, check proposes it."""

    quote: Words
    """Verbatim, the fewest words that carry the claim; …… leaves out what stands between."""

    translation: Text | None = None
    """The quotation in the other languages of the site: {en: Three chips}."""

    attribution: Words | None = None
    """The verbatim words in which the source names the speaker, where the quotation does not."""

    attribution_paragraph: Annotated[str, PARAGRAPH, NUMBERED] | None = None
    """Where the attribution stands, if not in the paragraph of the quotation."""

    stance: Literal["supports", "contradicts", "context"] = "supports"
    """Whether the quotation supports the claim, contradicts it, or gives its context."""


class Claim(Model):
    """One statement: what is said, how surely, by whom, about what, on which words of a source."""

    text: Text
    """The statement, in our words: {en: Tencent builds chips., zh: 腾讯造芯。}"""

    status: Status
    """What kind of statement it is, and so how surely it is known."""

    speaker: ActorRef | None = None
    """Who states, forecasts or recommends it: the id of a person, company or organisation."""

    about: list[EntityRef] = []
    """The ids of what it is about, from content/entities/: [alibaba, in-house-chips]"""

    as_of: PartialDate | None = None
    """The date for which it holds: 2018, 2018-09 or 2018-09-12."""

    evidence: list[Evidence] = []
    """The quotations that carry it, one or more."""

    rests_on: list[ClaimRef] = []
    """The claims that it follows from, for an inference: [claim, other-brief#claim]"""

    derived: Text | None = None
    """How a figure or date of the text was found that is not in the quotation."""

    hedge: Text | None = None
    """Why a hedge of the quotation (may, is reported to, among others) is not in the text:
    {en: dropped because …}"""

    formerly: list[FormerAnchor] = []
    """Ids that this claim had before, so that links to them still lead here: [old-claim], or
    [other-brief#claim] if it stood in another brief."""


class SectionBase(Model):
    """What every section has; a kind adds its own fields (see `research_brief/sections/`)."""

    kind: str
    """What the section is, and so which other keys it has."""

    title: Plain
    """The heading, without markup: {en: The signal, zh: 信号}"""

    intro: Text | None = None
    """A sentence or two under the heading."""

    claims: dict[Anchor, Claim] = Field(default={}, max_length=500)
    """The claims made in this section, each under its id, which is its anchor on the page."""

    formerly: list[FormerAnchor] = []
    """Ids that this section had before, so that links to them still lead here: [old-section]"""


# --- Sources --------------------------------------------------------------------------------


class Republication(Model):
    """Who published the source's text again, and when."""

    by: GroupRef
    """The id of the company or organisation that republished it."""

    on: FullDate | None = None
    """The day: 2025-09-15."""


class Source(Model):
    """A text that briefs summarise. What is unknown is left out, never guessed."""

    kind: Literal["news", "report", "paper", "book", "speech", "dataset", "web"]
    """What kind of text it is."""

    title: Plain
    """Its title, in its own language and translated."""

    language: Annotated[str, CODE]
    """The code of the language it is written in: zh."""

    publisher: GroupRef
    """The id of the company or organisation that published it first."""

    authors: list[PersonRef] = []
    """The ids of its authors."""

    editor: PersonRef | None = None
    """The id of its editor."""

    published: PartialDate | None = None
    """When it was first published: 2018, 2018-09 or 2018-09-12."""

    republished: Republication | None = None
    """Who published it again, if that is the text that was read."""

    url: Url | None = None
    """Its address: https://…"""

    archived: Url | None = None
    """The address of an archived copy: https://…"""

    rights: Text
    """On what terms we quote: our basis, and what we do not publish."""

    rights_holder: GroupRef | None = None
    """The id of the company or organisation that holds the rights."""

    reservation: Text | None = None
    """What whoever published it reserves, as its page says."""

    contact: Line | None = None
    """Where the rights holder is reached."""

    quotable: Annotated[int, Field(ge=0, le=100)] = 30
    """How much of the text may be quoted, all briefs together, in per cent of its characters."""

    unverified: Text | None = None
    """Why its quotations were not compared with the text, if nobody here can do it."""

    paragraphs: list[
        Annotated[
            str,
            StringConstraints(min_length=1, max_length=12),
            Field(json_schema_extra={"type": SCALAR}),
        ]
    ] = []
    """The first characters of each prose paragraph, for readers who look a passage up."""

    formerly: list[FormerId] = []
    """Ids that this source had before, so that links to them still lead here: [old-source]"""


# --- Entities -------------------------------------------------------------------------------


class Entity(Model):
    """Something that claims are about."""

    name: Name
    """Its name: Intel, or one for each language: {en: Tencent, zh: 腾讯}"""

    original: Language | None = None
    """The language of a name that has no settled form in the others: there it is shown beside
    the transliteration."""

    aliases: list[Line] = []
    """Other names that readers may search for."""

    summary: Text
    """A sentence or two that say what it is, as far as the sources tell."""

    formerly: list[FormerEntity] = []
    """Ids that it had before, so that links to them still lead here: [old-id], or
    [companies/old-id] if it was of another kind."""

    @property
    def names(self) -> list[str]:
        """The name in all languages, then the aliases."""
        return [*self.name.root.values(), *self.aliases]


class Company(Entity):
    """A company."""

    founded: PartialDate | None = None
    """When it was founded: 2018, 2018-09 or 2018-09-12."""

    parent: EntityRef | None = None
    """The id of the company that owns it."""


class Organisation(Entity):
    """An institute, newspaper, authority ..., or an unnamed group of people."""

    unnamed: Truth = False
    """true if the sources do not name it."""


class Person(Entity):
    """A person, as the sources describe them; an unnamed one is never merged with a named one."""

    role: Text | None = None
    """What the sources call the person: {en: reporter, zh: 记者}"""

    affiliation: GroupRef | None = None
    """The id of the company or organisation that the person belongs to."""

    unnamed: Truth = False
    """true if the sources do not name the person."""


class Product(Entity):
    """Something that a company makes."""

    maker: GroupRef | None = None
    """The id of the company or organisation that makes it."""

    type: Text | None = None
    """What it is: {en: chip, zh: 芯片}"""

    released: PartialDate | None = None
    """When it came out: 2018, 2018-09 or 2018-09-12."""


class Term(Entity):
    """A term of the glossary; `summary` is its definition."""

    stands_for: Name | None = None
    """The words that an abbreviation stands for: graphics processing unit."""


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
