"""Numbers that pages show: where claims come from, how long reading takes, what is related."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from heapq import nsmallest

from research_brief.library import BriefRecord, ClaimRecord, EntityRecord, Library
from research_brief.models import Status
from research_brief.page_store import Noted, PageStore
from research_brief.values import EntityRef, PartialDate, Text
from research_brief.walk import walk
from research_brief.wording import Voice, Wording

WORDS_A_MINUTE = 238
"""English non-fiction, read silently (Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047)."""
HAN_A_MINUTE = 350
"""As many as say what so many English words say: other languages take as long for the same message
(as above), and our first brief has 1.4 Han characters for each of its English words."""
CLOSEST, COMMON = 5, 6
"""Related briefs that are told of one, and topics and entities that are told of each."""
BESIDE = 12
"""Entities that are told to be named beside one."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_A_HAN = re.compile(f"[{_HAN}]")
_WORD = re.compile(rf"[^\W{_HAN}]+(?:['’.,:/-][^\W{_HAN}]+)*")


@dataclass(frozen=True)
class Segment:
    """The part of a bar that has one status, from `start`, as many claims long as `count`."""

    status: Status
    start: int
    count: int


@dataclass(frozen=True)
class Bar:
    """How many claims a voice makes, by status."""

    voice: Voice
    count: int
    segments: tuple[Segment, ...]


def bars(records: Iterable[ClaimRecord], wording: Wording) -> list[Bar]:
    """A bar for each voice, the longest first."""
    voices: dict[str, Voice] = {}
    counts: dict[str, Counter[Status]] = {}
    for record in records:
        voice = wording.voice(record)
        voices.setdefault(voice.key, voice)
        counts.setdefault(voice.key, Counter())[record.claim.status] += 1
    found = [
        Bar(voice, counts[key].total(), tuple(_segments(counts[key])))
        for key, voice in voices.items()
    ]
    return sorted(found, key=lambda bar: -bar.count)


def statuses(records: Iterable[ClaimRecord]) -> list[Segment]:
    """How many claims have each status that occurs, as one bar."""
    return list(_segments(Counter(record.claim.status for record in records)))


def _segments(counts: Counter[Status]) -> Iterator[Segment]:
    start = 0
    for status in Status:
        if counts[status]:
            yield Segment(status, start, counts[status])
            start += counts[status]


def reading_minutes(brief: BriefRecord, wording: Wording) -> int:
    """Minutes for what the page shows before any evidence is opened; at least one."""
    said = [
        wording.bare(text)
        for part in (brief.brief, *(record.section for record in brief.sections))
        for path, text in walk(part)
        if isinstance(text, Text) and "evidence" not in path
    ]
    han, words = reading_length(" ".join(said))
    return max(1, math.ceil(han / HAN_A_MINUTE + words / WORDS_A_MINUTE))


def reading_length(text: str) -> tuple[int, int]:
    """How many Han characters a text has, and how many words in other scripts.

    A word is a run of letters and digits, with the signs that hold its parts together: “8.08%”,
    “RISC-V” and “don’t” are one each, “P800芯片” is one and two characters; signs are nothing.
    """
    return len(_A_HAN.findall(text)), len(_WORD.findall(text))


def years_between(earlier: PartialDate, later: PartialDate) -> int:
    """Whole years that certainly lie between two dates of any precision."""
    return max(0, later.numbers[0] - earlier.numbers[0] - 1)


class Citations:
    """Which briefs use which sources, and which claims quote which of their paragraphs."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def sources(self) -> dict[str, list[str]]:
        """The sources of each brief: those it names first, then others that its claims quote."""
        return {brief.id: sources_of(self.library, brief) for brief in self.library.newest_briefs}

    @cached_property
    def briefs(self) -> dict[str, list[BriefRecord]]:
        """The briefs that use each source, newest first."""
        found: dict[str, list[BriefRecord]] = {id: [] for id in self.library.sources}
        for brief in self.library.newest_briefs:
            for source in self.sources[brief.id]:
                found[source].append(brief)
        return found

    def passages(self, source: str) -> dict[str, list[ClaimRecord]]:
        """The claims that quote a source, by paragraph: title and headings first, then in order."""
        found: dict[str, dict[str, ClaimRecord]] = {}
        for brief in self.briefs[source]:
            for record in brief.claims.values():
                for number, evidence in enumerate(record.claim.evidence):
                    if self.library.source_of(record, number) == source:
                        found.setdefault(evidence.paragraph, {})[record.address] = record
        order = sorted(found, key=lambda number: (number[0] != "h", int(number.lstrip("h"))))
        return {paragraph: list(found[paragraph].values()) for paragraph in order}


def sources_of(library: Library, brief: BriefRecord) -> list[str]:
    """The sources of a brief: those it names first, then others that its claims quote."""
    used = dict.fromkeys(map(str, brief.brief.sources))
    for record in brief.claims.values():
        for number in range(len(record.claim.evidence)):
            used[library.source_of(record, number)] = None
    return list(used)


class Relations:
    """How entities belong together: what their facts say, and which claims name both; and briefs,
    which a build notes in the `store` for the next one."""

    def __init__(self, library: Library, store: PageStore | None = None) -> None:
        self.library = library
        self.noted: Noted[dict[str, dict[str, list[str]]]] = Noted(store, "related", small=True)

    @cached_property
    def briefs_of(self) -> dict[str, list[BriefRecord]]:
        """The briefs of each topic, newest first."""
        found: dict[str, list[BriefRecord]] = {}
        for brief in self.library.newest_briefs:
            for id in brief.brief.topics:
                found.setdefault(id, []).append(brief)
        return found

    @cached_property
    def sources_of(self) -> dict[str, list[str]]:
        """The sources that name each entity."""
        found: dict[str, list[str]] = {}
        for source in self.library.sources.values():
            for _, id in walk(source.source):
                if isinstance(id, EntityRef):
                    known = found.setdefault(id, [])
                    if source.id not in known:
                        known.append(source.id)
        return found

    @cached_property
    def _named_by(self) -> dict[str, list[tuple[str, EntityRecord]]]:
        found: dict[str, list[tuple[str, EntityRecord]]] = {}
        for record in self.library.entities.values():
            for path, id in walk(record.entity):
                if isinstance(id, EntityRef):
                    found.setdefault(id, []).append((str(path[0]), record))
        return found

    def related(self, brief: BriefRecord) -> dict[str, list[str]]:
        """Other briefs that share topics or entities with one that stands, the closest first, and
        of two that are as close the newest: ids, each with those of what they have in common,
        topics first, in the order of this one."""
        return self._related.get(brief.id, {})

    @cached_property
    def _related(self) -> dict[str, dict[str, list[str]]]:
        """Those of all briefs, as the last build noted them if no brief is about something else."""
        weights = {brief.id: _weights(brief) for brief in self.library.standing_briefs}
        key = sha256(json.dumps([*weights.items()]).encode()).hexdigest()
        return self.noted.get(key, partial(_related, weights))

    def belonging(self, id: str) -> dict[str, list[EntityRecord]]:
        """Entities whose facts name this one, by the fact: {'maker': [product, ...]}."""
        found: dict[str, list[EntityRecord]] = {}
        for fact, record in self._named_by.get(id, []):
            found.setdefault(fact, []).append(record)
        return found

    def together(self, id: str) -> list[EntityRecord]:
        """Entities that claims name beside this one, the most frequent first, `BESIDE` at most."""
        counts: Counter[str] = Counter()
        for record in self.library.claims_of(id):
            claim = record.claim
            counts.update({*claim.about, *([claim.speaker] if claim.speaker else [])} - {id})
        often = sorted(counts, key=lambda other: (-counts[other], other))
        return [self.library.entities[other] for other in often[:BESIDE]]


def _weights(brief: BriefRecord) -> Counter[str]:
    """Topics count three, entities that claims are about one."""
    found = Counter({str(id): 1 for r in brief.claims.values() for id in r.claim.about})
    found.update(dict.fromkeys(map(str, brief.brief.topics), 3))
    return found


def _related(weights: Mapping[str, Counter[str]]) -> dict[str, dict[str, list[str]]]:
    """The closest of some briefs, newest first, for each of them."""
    ids = [*weights]
    reaching: dict[tuple[str, int], list[int]] = {}  # the briefs for which it weighs more
    for age, id in enumerate(ids):
        for one, weight in weights[id].items():
            for level in range(weight):
                reaching.setdefault((one, level), []).append(age)
    found = {}
    for age, id in enumerate(ids):
        scores: Counter[int] = Counter()
        for one, weight in weights[id].items():
            for level in range(weight):  # the less of two weights is the number of levels of both
                scores.update(reaching[one, level])
        del scores[age]
        # One number for both, because all others are near many a brief.
        order = (age - score * len(ids) for age, score in scores.items())
        closest = [ids[place % len(ids)] for place in nsmallest(CLOSEST, order)]
        mine = sorted(weights[id].items(), key=lambda item: -item[1])
        found[id] = {
            other: [one for one, _ in mine if one in weights[other]][:COMMON] for other in closest
        }
    return found
