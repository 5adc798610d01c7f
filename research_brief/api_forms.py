"""What the JSON files of the site hold: the forms that `/api/schema/` describes.

The docstrings under the keys are the descriptions in the schemas. Every key is always there;
`null` and empty lists say that there is nothing. What is said in several languages is an object of
plain texts by the codes of the languages; one that the text was not translated into is missing.
"""

from typing import Any, Literal, TypedDict

from research_brief.models import Status

Version = Literal["1.0"]
VERSION: Version = "1.0"
VERSIONED = (
    "The number ahead of the point changes when a program that reads the file may break; the other "
    "one when something is added."
)

Words = dict[str, str]
"""Plain text by language."""

_File = TypedDict("_File", {"$schema": str, "schema_version": Version})


class Named(TypedDict):
    """A company, organisation, person, product, term or topic, by its names."""

    id: str
    kind: str
    name: Words
    url: Words
    """The addresses of its pages."""


class Evidence(TypedDict):
    """Words of a source on which a claim stands."""

    source: str
    """The id of the source, under `sources` of the brief."""
    paragraph: str
    """The prose paragraph, counted from 1; `h0` is the title, `h1`, `h2` … a heading."""
    stance: Literal["supports", "contradicts", "context"]
    quote: str
    """Verbatim. `……` stands for words that were left out."""
    quote_language: str
    translation: Words
    """Ours."""
    attribution: str | None
    """The verbatim words in which the source names who speaks, where the quotation does not."""
    attribution_paragraph: str | None
    """Where they stand, if not in the same paragraph."""
    verified: bool
    """Whether all these words were compared with the source, letter by letter."""
    verified_on: str | None
    """The day. Null also where the text is open, and compared every time."""
    find: str | None
    """The address of the passage in the source, if that is on the web."""


class Claim(TypedDict):
    """One statement."""

    id: str
    """Unique in the brief; with the id of the brief ahead, `BRIEF#CLAIM`, everywhere."""
    formerly: list[str]
    """Ids that it had before."""
    section: str
    url: Words
    """The permalinks."""
    text: Words
    status: Status
    """What kind of statement it is, and so how surely it is known."""
    speaker: Named | None
    """Who states, forecasts or recommends it."""
    voice: Words
    """Who says it, in words, also where that is not a speaker of its own."""
    about: list[Named]
    as_of: str | None
    """The date for which it holds: 2018, 2018-09 or 2018-09-12."""
    evidence: list[Evidence]
    rests_on: list[str]
    """The claims that an inference follows from: `CLAIM`, or `BRIEF#CLAIM` of another brief."""
    derived: Words | None
    """How a figure or date was found that is not in the quotation."""
    hedge: Words | None
    """Why a hedge of the quotation is not in the text."""


class Republication(TypedDict):
    """Who published a source again, and when."""

    by: Named
    on: str | None


class Source(TypedDict):
    """A text that briefs summarise. What is unknown is null, never guessed."""

    id: str
    url: Words
    """The addresses of its pages on this site."""
    kind: str
    title: Words
    language: str
    publisher: Named
    authors: list[Named]
    editor: Named | None
    published: str | None
    republished: Republication | None
    address: str | None
    """Where the text itself is."""
    archived: str | None
    rights: Words
    """On what terms it is quoted."""
    rights_holder: Named | None
    fingerprint: str | None
    """SHA-256 of the text that the quotations were compared with, in the form for comparing."""


class Takeaway(TypedDict):
    """One of the few things to remember, with the ids of the claims that say it."""

    text: Words
    claims: list[str]


class KeyFigure(TypedDict):
    """A figure that stands out, with the id of the claim that gives it."""

    value: Words
    label: Words
    claim: str


class Revision(TypedDict):
    """What was changed, and when."""

    date: str
    kind: str
    text: Words


class Section(TypedDict):
    """A section of a brief. What a kind has besides these keys is described under its name."""

    kind: str
    id: str
    url: Words
    title: Words
    intro: Words | None
    claims: list[str]
    """The ids of the claims that are at home here."""


class Files(TypedDict):
    """The same brief in other forms: addresses, one for each language where there are several."""

    json: str
    markdown: Words
    csv: Words
    """The claims as a table."""
    pdf: Words
    """Empty where no PDFs were made, and of a brief that was withdrawn, like the citations."""
    bibtex: Words
    ris: Words
    csl_json: Words
    """How to cite the brief; its claims stand in files beside it, `ID-claims.bib` and so on."""


class BriefInList(TypedDict):
    """A brief in short."""

    id: str
    url: Words
    status: Literal["published", "draft"]
    """Drafts are in previews only."""
    withdrawn: Literal["retraction", "removal"] | None
    """What became of it, if it was withdrawn; its title says so as well."""
    title: Words
    summary: Words
    published: str
    updated: str
    """The day of the last change."""
    topics: list[Named]
    editors: list[Words]
    claims_count: int
    quotations_count: int
    verified_count: int
    """How many of the quotations were compared with their sources."""
    files: Files


class Briefs(_File):
    """All briefs, the newest first."""

    languages: list[str]
    """The languages of the site, the main one first."""
    licence: str
    """The address of the licence of our own words; quotations belong to their sources."""
    briefs: list[BriefInList]


class Brief(_File, BriefInList):
    """A brief whole, in all languages."""

    licence: str
    """The address of the licence of our own words; quotations belong to their sources."""
    revisions: list[Revision]
    takeaways: list[Takeaway]
    key_figures: list[KeyFigure]
    sections: list[Section]
    """In reading order."""
    claims: list[Claim]
    sources: list[Source]


class Entity(Named):
    """What claims are about, with all that the site says of it."""

    aliases: list[str]
    summary: Words
    facts: dict[str, Any]
    """What only its kind has, as far as it is known: maker, role, founded …"""
    claims: list[str]
    """The claims that are about it or said by it, as `BRIEF#CLAIM`, those of the newest first."""


class Entities(_File):
    """All entities, by kind."""

    entities: list[Entity]
