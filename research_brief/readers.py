"""The library as readers may see it: without drafts, and with what was withdrawn shown as such.

All outputs are made from this one, so that no list, feed, search index or citation can forget
that a brief was retracted or removed: its very title says so.
"""

from collections.abc import Mapping
from dataclasses import replace

from research_brief.brief import Revision
from research_brief.extent import Extent
from research_brief.library import (
    BriefRecord,
    EntityRecord,
    FrozenEdition,
    Library,
    SourceRecord,
)
from research_brief.settings import Wordbook
from research_brief.wording import Wording


def for_readers(library: Library, words: Mapping[str, Wordbook], *, drafts: bool) -> Library:
    """What the site shows; with `drafts`, what a preview shows. Raises ProblemsFound for words
    that cannot be filled."""
    shown = library if drafts else library.without_drafts()
    wordings = {code: Wording(library, code, words) for code in words}
    withdrawn = {id: record.withdrawn for id, record in shown.briefs.items() if record.withdrawn}
    if not withdrawn:
        return shown
    briefs = {
        id: _withdrawn(record, withdrawn[id], wordings) if id in withdrawn else record
        for id, record in shown.briefs.items()
    }
    editions = {
        id: tuple(
            _frozen(edition, shown.briefs[id], withdrawn[id], wordings) for edition in editions
        )
        if id in withdrawn
        else editions
        for id, editions in shown.editions.items()
    }
    return replace(shown, briefs=briefs, editions=editions)


def as_then(library: Library, edition: FrozenEdition) -> Library:
    """What an edition's page is made from: the brief as it was with its sources and entities, and
    of today's content the other briefs whose claims it names."""
    record = edition.record
    named = {id for id in Extent.of(edition.library, record).briefs if id != edition.brief}
    others = {id: library.briefs[id] for id in sorted(named) if id in library.briefs}
    then = edition.library
    sources: dict[str, SourceRecord] = {}
    entities: dict[str, EntityRecord] = {}
    for other in others.values():
        extent = Extent.of(library, other)
        sources |= {id: library.sources[id] for id in sorted(extent.sources)}
        entities |= {id: library.entities[id] for id in sorted(extent.entities)}
    return replace(
        library,
        briefs={**others, edition.brief: record},
        editions={edition.brief: library.editions.get(edition.brief, ())},
        sources=sources | then.sources,
        entities=entities | then.entities,
    )


def _frozen(
    edition: FrozenEdition,
    today: BriefRecord,
    withdrawn: Revision,
    wordings: Mapping[str, Wording],
) -> FrozenEdition:
    """The edition as withdrawn, with the brief that readers are to turn to today."""
    record = _withdrawn(edition.record, withdrawn, wordings)
    newer = {"superseded_by": today.brief.superseded_by}
    record = replace(record, brief=record.brief.model_copy(update=newer))
    return replace(edition, library=replace(edition.library, briefs={edition.brief: record}))


def _withdrawn(
    record: BriefRecord, revision: Revision, wordings: Mapping[str, Wording]
) -> BriefRecord:
    """The brief under a title that says what became of it; a removed one without all it said."""
    brief = record.brief
    titles = {
        code: wordings[code].filled(
            wordings[code].words["standing"]["title"][revision.kind], title=words
        )
        if code in wordings
        else words
        for code, words in brief.title.root.items()
    }
    said = {"title": brief.title.model_copy(update={"root": titles})}
    if revision.kind == "retraction":
        return replace(record, brief=brief.model_copy(update=said))
    nothing: dict[str, list[str]] = {
        name: [] for name in ("sources", "topics", "takeaways", "key_figures", "sections")
    }
    left = {**said, **nothing, "summary": revision.text, "revisions": [revision]}
    return replace(record, brief=brief.model_copy(update=left), sections=())
