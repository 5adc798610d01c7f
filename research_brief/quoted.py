"""How much of each source is quoted, and how much of that was compared: counted only where a brief
or a source is another one than in the build before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

from research_brief.evidence.budget import Share, shares
from research_brief.evidence.tally import Tallies, Tally
from research_brief.figures import Citations
from research_brief.library import BriefRecord, Library
from research_brief.page_store import Noted, PageStore
from research_brief.values import FullDate


class Quoted(Tallies):
    """The tallies of a library, and the shares of its sources; the `store` knows what the build
    before counted."""

    def __init__(self, library: Library, citations: Citations, store: PageStore | None) -> None:
        super().__init__(library)
        self.citations = citations
        self._of_briefs: Noted[Any] = Noted(store, "tallies", small=True)
        self._of_sources: Noted[Any] = Noted(store, "quoted", small=True)

    def keep(self) -> None:
        """Note for the next build what is known now."""
        self._of_briefs.keep()
        self._of_sources.keep()

    @cached_property
    def briefs(self) -> Mapping[str, Tally]:
        library, sources = self.library, self.citations.sources
        keys = {
            id: _key(record.digest, (library.sources[one].digest for one in sources[id]))
            for id, record in library.briefs.items()
        }

        def counted(part: Library) -> dict[str, Any]:
            return {id: tally.as_data() for id, tally in Tallies(part).briefs.items()}

        found = self._known(self._of_briefs, keys, lambda id: [library.briefs[id]], counted)
        return {id: _tally(said) for id, said in found.items()}

    @cached_property
    def sources(self) -> Mapping[str, Tally]:
        return {id: _tally(tally) for id, (tally, _) in self.of_sources.items()}

    @cached_property
    def shares(self) -> Mapping[str, Share]:
        """The share of each source whose length is known."""
        return {id: Share(*share) for id, (_, share) in self.of_sources.items() if share}

    @cached_property
    def of_sources(self) -> dict[str, list[Any]]:
        """The tally and the share of each source, for JSON."""
        users = self.citations.briefs
        keys = {
            id: _key(record.digest, (brief.digest for brief in users[id]))
            for id, record in self.library.sources.items()
        }

        def counted(part: Library) -> dict[str, Any]:
            known = {id: [share.quoted, share.total] for id, share in shares(part).items()}
            tallies = Tallies(part).sources
            return {id: [tally.as_data(), known.get(id)] for id, tally in tallies.items()}

        return self._known(self._of_sources, keys, users.__getitem__, counted)

    def _known(
        self,
        noted: Noted[Any],
        keys: Mapping[str, str],
        users: Callable[[str], Iterable[BriefRecord]],
        count: Callable[[Library], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What is noted under some keys, by their ids. What is not is counted in the briefs that
        tell of it."""
        unknown = [id for id, key in keys.items() if key not in noted.before]
        briefs = {brief.id: brief for id in unknown for brief in users(id)}
        is_all = len(briefs) == len(self.library.briefs)
        anew = count(self.library if is_all else replace(self.library, briefs=briefs))
        return {id: noted.get(key, partial(anew.__getitem__, id)) for id, key in keys.items()}


def _key(digest: str, others: Iterable[str]) -> str:
    return sha256(f"{digest} {' '.join(others)}".encode()).hexdigest()


def _tally(said: list[Any]) -> Tally:
    quotations, verified, days = said
    return Tally(quotations, verified, set(map(FullDate, days)))
