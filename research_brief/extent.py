"""What a brief's page is made from besides the brief: all that it names, however far."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from research_brief.library import BriefRecord, Library
from research_brief.richtext import entity_links
from research_brief.settings import Wordbook
from research_brief.values import BriefRef, ClaimRef, EntityRef, Model, Plain, SourceRef, Text
from research_brief.walk import walk


class Extent(NamedTuple):
    """The ids of the sources, entities and other briefs that a brief names."""

    sources: frozenset[str]
    entities: frozenset[str]
    briefs: frozenset[str]

    @classmethod
    def of(cls, library: Library, record: BriefRecord) -> "Extent":
        """That of a brief, with what its sources and entities name in their turn."""
        extent = cls.reach(library, [record.brief, *(part.section for part in record.sections)])
        return extent._replace(briefs=extent.briefs - {record.id})

    @classmethod
    def reach(cls, library: Library, models: Iterable[Model]) -> "Extent":
        """All that is named from some models on."""
        found: dict[str, set[str]] = {kind: set() for kind in cls._fields}
        waiting: list[Iterable[tuple[str, str]]] = [named(model) for model in models]
        while waiting:
            for kind, id in waiting.pop():
                if id in found[kind]:
                    continue
                found[kind].add(id)
                if kind == "sources" and id in library.sources:
                    waiting.append(_names(library, library.sources[id].source))
                elif kind == "entities" and id in library.entities:
                    waiting.append(_names(library, library.entities[id].entity))
        sources = found["sources"] & library.sources.keys()
        entities = found["entities"] & library.entities.keys()
        return cls(frozenset(sources), frozenset(entities), frozenset(found["briefs"]))


def named_by(library: Library, words: Wordbook) -> set[str]:
    """The ids of the entities that interface words name by `[[id]]`, and that these name."""
    known = library.entities
    ids = {id for said in _texts(words) for id in entity_links(said)} & known.keys()
    return ids | Extent.reach(library, [known[id].entity for id in ids]).entities


def _texts(words: Any) -> Iterator[str]:
    """The interface words that may name something."""
    if isinstance(words, dict):
        for said in words.values():
            yield from _texts(said)
    elif "[[" in str(words):
        yield str(words)


def _names(library: Library, model: Model) -> list[tuple[str, str]]:
    """What a model names; worked out once, because many reach the same one. (It is held as well,
    so that no other model has its address meanwhile.)"""
    _, names = library.once((Extent, "names", id(model)), lambda: (model, [*named(model)]))
    return names


def named(model: Model) -> Iterator[tuple[str, str]]:
    """What a model names: a field of `Extent`, and the id."""
    for _, value in walk(model):
        if isinstance(value, EntityRef):
            yield "entities", value
        elif isinstance(value, SourceRef):
            yield "sources", value
        elif isinstance(value, BriefRef):
            yield "briefs", value
        elif isinstance(value, ClaimRef):
            if "#" in value:
                yield "briefs", value.partition("#")[0]
        elif isinstance(value, Text) and not isinstance(value, Plain):
            for words in value.root.values():
                if "[" in words:
                    yield from (("entities", id) for id in entity_links(words))
