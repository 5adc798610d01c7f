"""What a brief's page is made from besides the brief: all that it names, however far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from research_brief.library import BriefRecord, Library
from research_brief.richtext import entity_links
from research_brief.values import BriefRef, ClaimRef, EntityRef, Model, Plain, SourceRef, Text
from research_brief.walk import walk


@dataclass
class Extent:
    """The ids of the sources, entities and other briefs that a brief names."""

    sources: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    briefs: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, library: Library, record: BriefRecord) -> "Extent":
        """That of a brief, with what its sources and entities name in their turn."""
        extent = cls.reach(library, [record.brief, *(part.section for part in record.sections)])
        extent.briefs.discard(record.id)
        return extent

    @classmethod
    def reach(cls, library: Library, models: Iterable[Model]) -> "Extent":
        """All that is named from some models on."""
        extent = cls()
        waiting = [*models]
        while waiting:
            for kind, id in _names(library, waiting.pop()):
                found = getattr(extent, kind)
                if id in found:
                    continue
                found.add(id)
                if kind == "sources" and id in library.sources:
                    waiting.append(library.sources[id].source)
                elif kind == "entities" and id in library.entities:
                    waiting.append(library.entities[id].entity)
        extent.sources &= library.sources.keys()
        extent.entities &= library.entities.keys()
        return extent


def _names(library: Library, model: Model) -> list[tuple[str, str]]:
    """What a model names; worked out once, because many reach the same one. (It is held as well,
    so that no other model has its address meanwhile.)"""
    _, names = library.once((Extent, "names", id(model)), lambda: (model, [*_named(model)]))
    return names


def _named(model: Model) -> Iterator[tuple[str, str]]:
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
                yield from (("entities", id) for id in entity_links(words) if "[" in words)
