"""What the search index holds of a page: first the page, then its sections, then its claims."""

from collections.abc import Iterable, Iterator

from research_brief.library import BriefRecord, ClaimRecord, EntityRecord, SectionRecord
from research_brief.pages import Entry, Part
from research_brief.shelf import shortened
from research_brief.values import Text
from research_brief.walk import walk
from research_brief.wording import Wording


def of_entity(record: EntityRecord, wording: Wording) -> Iterator[Entry]:
    """An entity's page is found by every name it has."""
    entity = record.entity
    title, text = wording.bare(entity.name), wording.bare(entity.summary)
    yield Entry("", title, text, tuple(dict.fromkeys(entity.names)))


def of_brief(
    brief: BriefRecord, parts: Iterable[Part], order: Iterable[str], wording: Wording
) -> Iterator[Entry]:
    """A brief's page, its parts, and its claims in the order of the page."""
    said = brief.brief
    title = said.title
    others = tuple(words for code, words in title.root.items() if code != wording.language)
    about = tuple(said.topics)
    yield Entry("", wording.bare(title), wording.bare(said.summary), others, about)
    sections = {record.id: record for record in brief.sections}
    own = {"takeaways": said.takeaways, "figures": said.key_figures, "revisions": said.revisions}
    for part in parts:
        if part.id in sections:
            yield Entry(part.id, part.heading, _own_words(sections[part.id], wording))
        else:
            yield Entry(part.id, part.heading, _joined(own.get(part.id, []), wording))
    for address in order:
        yield of_claim(wording.library.claims[address], wording)


def of_claim(record: ClaimRecord, wording: Wording) -> Entry:
    """A claim: its sentence, then who says it, the quotations and their translations."""
    claim = record.claim
    sentence = wording.bare(claim.text)
    title = shortened(sentence)
    text = [sentence] if title != sentence else []
    text.append(wording.voice(record).label)
    for evidence in claim.evidence:
        text.append(evidence.quote)
        if evidence.translation and wording.language in evidence.translation.root:
            text.append(wording.bare(evidence.translation))
    ids = [*([claim.speaker] if claim.speaker else []), *claim.about]
    return Entry(record.id, title, " ".join(text), about=tuple(dict.fromkeys(ids)))


def _own_words(record: SectionRecord, wording: Wording) -> str:
    """The section's texts but its title and its claims, which have entries of their own."""
    return " ".join(
        wording.bare(text)
        for path, text in walk(record.section)
        if isinstance(text, Text) and path[0] not in ("title", "claims")
    )


def _joined(values: object, wording: Wording) -> str:
    return " ".join(wording.bare(text) for _, text in walk(values) if isinstance(text, Text))
