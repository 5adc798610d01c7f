"""What pages are made from: enough of the library, and no more than they need."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import generator
import pytest
from projects import ROOT, overlay

from research_brief import reading
from research_brief.brief import Revision
from research_brief.evidence.budget import Share, shares
from research_brief.evidence.receipts import Receipts, receipt
from research_brief.evidence.tally import Tallies, Tally
from research_brief.excerpts import SHOWN, Excerpt, Excerpts
from research_brief.figures import Citations
from research_brief.library import BriefRecord, Library
from research_brief.models import Claim
from research_brief.options import Options
from research_brief.page_store import PageStore
from research_brief.pages import Page
from research_brief.quoted import Quoted
from research_brief.subjects import Subjects
from research_brief.templating import Templates
from research_brief.values import BriefRef, ClaimRef, FullDate, Text
from research_brief.whereabouts import Moved
from research_brief.wording import Wording


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> reading.Content:
    """Five briefs that share sources of trade, people and topics."""
    root = tmp_path_factory.mktemp("briefs")
    overlay(root / "templates", ROOT / "templates")
    shutil.copy(ROOT / "mkdocs.yml", root)
    generator.write(root / "content", 5, 1, 4)
    return reading.read(root, Options())


def all_of(library: Library) -> dict[str, Excerpt]:
    """The excerpt of every brief, entity and source."""
    excerpts = Excerpts(library)
    return {
        **{f"brief {id}": excerpts.of_brief(it) for id, it in library.briefs.items()},
        **{f"entity {id}": excerpts.of_entity(it) for id, it in library.entities.items()},
        **{f"source {id}": excerpts.of_source(it) for id, it in library.sources.items()},
    }


def other_than(before: Library, after: Library) -> set[str]:
    """What has to be made again."""
    old, new = all_of(before), all_of(after)
    others = {name for name in new if name not in old or old[name].digest != new[name].digest}
    then, now = sketches_of(before), sketches_of(after)
    assert {name for name in others if then.get(name) == now[name]} == set(), "sketches tell all"
    return others


def sketches_of(library: Library) -> dict[str, str]:
    """That of every brief, entity and source."""
    sketches = Excerpts(library).sketches
    return {
        **{f"brief {id}": sketches.of(it) for id, it in library.briefs.items()},
        **{f"entity {id}": sketches.of(it) for id, it in library.entities.items()},
        **{f"source {id}": sketches.of(it) for id, it in library.sources.items()},
    }


def with_brief(library: Library, id: str, change: Callable[[BriefRecord], BriefRecord]) -> Library:
    return replace(library, briefs={**library.briefs, id: change(library.briefs[id])})


def test_an_excerpt_is_enough_for_its_pages(content: reading.Content) -> None:
    library = content.library
    templates = Templates(ROOT / "templates")
    # Those of excerpts are told of one after the other, as in a build.
    of_excerpts = templates.again()
    numbers, minutes = dict.fromkeys(library.claims, 7), dict.fromkeys(library.briefs, 3)
    for language in library.settings.languages:
        for name, found in all_of(library).items():
            excerpt = replace(found, numbers=numbers, minutes=minutes)
            pages = [
                made(name, Subjects(Wording(said, language, content.words), taught, excerpt))
                for said, taught in ((excerpt.library, of_excerpts), (library, templates.again()))
            ]
            assert pages[0] == pages[1], name
    assert not templates.problems


def made(name: str, subjects: Subjects) -> list[Page]:
    kind, id = name.split()
    library = subjects.library
    if kind == "brief":
        return list(subjects.brief(library.briefs[id]))
    if kind == "entity":
        return [subjects.entity(library.entities[id])]
    return [subjects.source(library.sources[id])]


def test_a_list_is_made_of_what_it_lists(
    content: reading.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research_brief.library.COLLECTED", 2)
    library = content.library
    excerpts, minutes = Excerpts(library), dict.fromkeys(library.briefs, 3)
    templates = Templates(ROOT / "templates")
    for language in library.settings.languages:
        for found in (excerpts.of_lists, excerpts.of_collection):
            excerpt = replace(found, minutes=minutes)
            pages = [
                lists(Subjects(Wording(said, language, content.words), templates, excerpt))
                for said in (excerpt.library, replace(library))
            ]
            assert pages[0] == pages[1]
            if found is excerpts.of_collection:
                papers = [
                    Subjects(Wording(said, language, content.words), templates, it).paper([], None)
                    for said, it in ((excerpt.library, excerpt), (replace(library), None))
                ]
                assert papers[0] == papers[1] != ()
    assert not templates.problems


def lists(subjects: Subjects) -> list[Page]:
    library = subjects.library
    return [
        subjects.index("briefs", "briefs", records=library.newest_briefs),
        subjects.index("companies", "entities", records=[*library.entities.values()]),
        subjects.index("sources", "sources", records=[*library.sources.values()]),
    ]


def test_a_list_stays_for_as_long_as_what_it_lists(
    content: reading.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research_brief.library.COLLECTED", 2)
    library = content.library
    newest, *_, oldest = library.newest_briefs

    def after(record: BriefRecord, change: Callable[[BriefRecord], BriefRecord]) -> list[bool]:
        now = Excerpts(with_brief(library, record.id, change))
        return [
            Excerpts(library).of_lists.digest == now.of_lists.digest,
            Excerpts(library).of_collection.digest == now.of_collection.digest,
        ]

    assert after(oldest, partial(reworded, next(iter(oldest.claims)))) == [True, True]
    assert after(newest, partial(reworded, next(iter(newest.claims)))) == [True, False]
    assert after(oldest, partial(changed, next(iter(oldest.claims)), evidence=[])) == [True, False]
    assert after(oldest, renamed) == [False, False]


def test_only_what_changed_is_counted_again(
    content: reading.Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[set[str]] = []

    class Counting(Tallies):
        def __init__(self, library: Library) -> None:
            counted.append({*library.briefs})
            super().__init__(library)

    def count(library: Library) -> None:
        store = PageStore(tmp_path / "pages", tmp_path / "waiting", "")
        quoted = Quoted(library, Citations(library), store)
        assert quoted.briefs == Tallies(library).briefs
        assert quoted.sources == Tallies(library).sources
        assert quoted.shares == shares(library)
        quoted.keep()
        store.settle()

    library = content.library
    monkeypatch.setattr("research_brief.quoted.Tallies", Counting)
    for now in (library, library):
        count(replace(now))
    assert counted == [{*library.briefs}, {*library.briefs}, set(), set()]
    counted.clear()
    record = library.newest_briefs[0]
    without = partial(changed, next(iter(record.claims)), evidence=[])
    count(with_brief(library, record.id, without))
    citations = Citations(library)
    near = {it.id for id in citations.sources[record.id] for it in citations.briefs[id]}
    assert counted == [{record.id}, near]
    counted.clear()
    source = library.sources[citations.sources[record.id][0]]
    bare = replace(source, receipts=None, text=None)
    count(replace(library, sources={**library.sources, source.id: bare}))
    assert {it.id for it in citations.briefs[source.id]} <= counted[0]


def test_the_closest_briefs_are_those_that_share_most(content: reading.Content) -> None:
    library = content.library
    order = [brief.id for brief in library.newest_briefs]
    weights = {
        brief.id: dict.fromkeys((id for it in brief.claims.values() for id in it.claim.about), 1)
        | dict.fromkeys(brief.brief.topics, 3)
        for brief in library.briefs.values()
    }
    for brief in library.briefs.values():
        scores = {
            id: sum(min(weight, weights[brief.id].get(one, 0)) for one, weight in its.items())
            for id, its in weights.items()
            if id != brief.id
        }
        near = sorted((id for id in scores if scores[id]), key=order.index)
        near.sort(key=lambda id: -scores[id])
        found = Excerpts(library).relations.related(brief)
        assert [*found] == near[:5] != []
        for id, shared in found.items():
            assert {*shared} <= weights[id].keys() & weights[brief.id].keys()


def test_after_an_edit_only_what_shows_it_is_made_again(content: reading.Content) -> None:
    library = content.library
    record = next(iter(library.briefs.values()))
    claims = {id: found.claim for id, found in record.claims.items()}
    id = next(id for claim in claims.values() for id in claim.rests_on)
    shown = [claims[id], *(claim for claim in claims.values() if id in claim.rests_on)]
    named = {f"entity {it}" for claim in shown for it in (*claim.about, claim.speaker)}
    own = {f"brief {record.id}", *(f"source {id}" for id in record.brief.sources)}
    others = {f"brief {id}" for id in library.briefs} - own

    again = other_than(library, with_brief(library, record.id, partial(reworded, id)))
    assert own <= again
    assert not others & again
    assert again - own == named & all_of(library).keys(), "all that show the words, and no others"

    again = other_than(library, with_brief(library, record.id, lower))
    assert again <= own, "only pages of the brief and its source say where a claim stands"

    topics = {f"entity {id}" for id in record.brief.topics}
    relations = Excerpts(library).relations
    related = {
        f"brief {b.id}" for b in library.briefs.values() if record.id in relations.related(b)
    }
    assert related
    again = other_than(library, with_brief(library, record.id, renamed))
    assert own | topics | related <= again

    it = next(it for it in library.entities if f"entity {it}" in named)
    entity = library.entities[it]
    name = entity.entity.name.model_copy(update={"root": {"en": "Other", "zh": "其他"}})
    changed = replace(entity, entity=entity.entity.model_copy(update={"name": name}))
    again = other_than(library, replace(library, entities={**library.entities, it: changed}))
    assert again >= {f"entity {it}", f"brief {record.id}"}
    assert again < all_of(library).keys()

    assert other_than(library, replace(library)) == set()


def test_what_stands_far_away_has_the_same_sketch(content: reading.Content) -> None:
    library = content.library
    one, *others = library.briefs.values()
    id, far = next(iter(one.claims)), others[-1]
    claim = next(iter(far.claims))
    # The last brief rests on the first one.
    linked = with_brief(library, far.id, partial(resting, claim, f"{one.id}#{id}"))
    edited = with_brief(linked, one.id, partial(reworded, id))
    assert {f"brief {one.id}", f"brief {far.id}"} <= other_than(linked, edited)
    then, now = (
        sketches_of(library),
        sketches_of(with_brief(library, one.id, partial(reworded, id))),
    )
    near = {f"brief {one.id}", *(f"source {it}" for it in one.brief.sources)}
    assert {name for name in then if then[name] != now[name]} >= near
    assert sum(then[name] == now[name] for name in then) > len(then) / 4

    changes: list[Callable[[BriefRecord], BriefRecord]] = [
        partial(told, published=FullDate("2020-01-01")),
        partial(told, superseded_by=BriefRef(far.id)),
        partial(told, topics=[]),
        partial(told, formerly=["an-old-id"]),
        partial(
            told, revisions=[Revision(date=FullDate("2026-01-01"), kind="retraction", text=NOTE)]
        ),
    ]
    for change in changes:
        assert other_than(linked, with_brief(linked, one.id, change))
    rest = {id: brief for id, brief in linked.briefs.items() if id != one.id}
    assert other_than(linked, replace(linked, briefs=rest))
    # Two briefs quote one source, and nothing else links them: one quotes less of it.
    middle = others[0]
    alone = partial(told, sources=one.brief.sources, topics=[])
    shared = with_brief(library, middle.id, alone)
    for it in middle.claims:
        shared = with_brief(shared, middle.id, partial(changed, it, about=[]))
    quoting = with_brief(
        shared, middle.id, partial(changed, next(iter(middle.claims)), evidence=[])
    )
    assert f"brief {one.id}" in other_than(shared, quoting)
    source = library.sources[one.brief.sources[0]]
    made = receipt("a" * 64, 900, "b" * 64, "1", [(0, 9)], "2026-01-01")
    compared = replace(
        source,
        receipts=Receipts(
            format=1, normalisation=1, text="a" * 64, characters=900, receipts=[made]
        ),
    )
    assert other_than(linked, replace(linked, sources={**linked.sources, source.id: compared}))


NOTE = Text.model_construct({"en": "It was wrong.", "zh": "有误。"})


def told(record: BriefRecord, **said: object) -> BriefRecord:
    """The brief with other things said of it."""
    return replace(record, brief=record.brief.model_copy(update=said))


def resting(id: str, on: str, record: BriefRecord) -> BriefRecord:
    """The brief with a claim that rests on another one."""
    return changed(id, record, rests_on=[ClaimRef(on)])


def reworded(id: str, record: BriefRecord) -> BriefRecord:
    """The brief with a claim in other words."""
    text = record.claims[id].claim.text
    root = {"en": "So it is.", "zh": "正是这样。"}
    return changed(id, record, text=text.model_copy(update={"root": root}))


def changed(id: str, record: BriefRecord, **said: object) -> BriefRecord:
    """The brief with other things said in a claim."""
    part = next(part for part in record.sections if id in part.section.claims)
    claims: dict[str, Claim] = dict(part.section.claims.items())
    claims[id] = claims[id].model_copy(update=said)
    other = replace(part, section=part.section.model_copy(update={"claims": claims}))
    return replace(record, sections=tuple(other if it is part else it for it in record.sections))


def lower(record: BriefRecord) -> BriefRecord:
    """The brief with everything in its files a line further down."""
    sections = []
    for part in record.sections:
        marks = {steps: (line + 1, column) for steps, (line, column) in part.where.marks.items()}
        sections.append(replace(part, where=part.where._replace(marks=marks)))
    return replace(record, sections=tuple(sections))


def renamed(record: BriefRecord) -> BriefRecord:
    title = record.brief.title.model_copy(update={"root": {"en": "Anew", "zh": "新题"}})
    return replace(record, brief=record.brief.model_copy(update={"title": title}))


def test_an_excerpt_is_known_by_all_that_its_pages_are_told(content: reading.Content) -> None:
    record = next(iter(content.library.briefs.values()))
    excerpt = Excerpts(content.library).of_brief(record)
    source, day = next(iter(excerpt.tallies)), FullDate("2026-01-01")
    others = [
        replace(excerpt, numbers={"a#b": 1}),
        replace(excerpt, minutes={record.id: 1}),
        replace(excerpt, lists={}),
        replace(excerpt, shares={source: Share(1, 2)}),
        replace(excerpt, tallies={**excerpt.tallies, source: Tally(1, 1)}),
        replace(excerpt, tallies={**excerpt.tallies, source: Tally(1, 1, {day})}),
        replace(excerpt, before={"one": ["another"]}),
        replace(excerpt, gone=[Moved("one", record.brief.title, "other#one")]),
        replace(excerpt, library=replace(excerpt.library, sources={})),
    ]
    assert len({repr(one.digest) for one in [excerpt, *others]}) == len(others) + 1


def test_the_page_of_an_entity_shows_the_newest_claims_and_counts_the_others(
    content: reading.Content,
) -> None:
    library = content.library
    found = next(it for it in library.claims.values() if it.claim.speaker)
    record, speaker = library.briefs[found.brief], str(found.claim.speaker)
    section = record.sections[0].section
    claim = next(iter(section.claims.values())).model_copy(update={"speaker": speaker})
    many = {f"claim-{n}": claim for n in range(SHOWN + 3)}
    whole = section.model_copy(update={"claims": many})
    brief = replace(record, sections=(replace(record.sections[0], section=whole),))
    alone = replace(library, briefs={record.id: brief})
    lists = Excerpts(alone).of_entity(library.entities[speaker]).lists
    assert [len(lists[name]) for name in ("says", "says_in", "said")] == [SHOWN, 3, 0]
