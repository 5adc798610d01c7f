"""JSON for programs: `/api/briefs.json`, `/api/briefs/ID.json` and `/api/entities.json`.

Their forms stand in `api_forms.py`; `/api/schema/NAME.json` says the same in JSON Schema. All
languages are in one file, and of a source no more than the pages show.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from research_brief import api_forms as forms
from research_brief.api_schemas import api_schemas
from research_brief.citing.records import citable
from research_brief.evidence.tally import Tallies, fingerprint_of
from research_brief.excerpts import Excerpts
from research_brief.exports import File, Publication, claims_csv
from research_brief.library import BriefRecord, ClaimRecord, EntityRecord, SectionRecord
from research_brief.models import Entity, SectionBase, Source
from research_brief.richtext import to_plain
from research_brief.shelf import Cited, cited
from research_brief.values import EntityRef, Model, Name, Text

FOLDER = "api"


def path_of(brief: BriefRecord) -> str:
    """Where the file of a brief stands below the site's root."""
    return f"{FOLDER}/briefs/{brief.id}.json"


def export(publication: Publication) -> Iterator[File]:
    yield from _schemas(publication)
    tallies = Excerpts.of(publication.library).tallies
    path = f"{FOLDER}/briefs.json"
    writer = _Writer(publication, path, tallies)
    listed: forms.Briefs = {
        "$schema": writer.schema("briefs"),
        "schema_version": forms.VERSION,
        "languages": list(publication.wordings),
        "licence": str(publication.library.settings.extra.content_licence.url),
        "briefs": [writer.in_list(brief) for brief in publication.briefs],
    }
    yield File.of(path, _json(listed))
    for brief in publication.briefs:
        yield from publication.kept("api", brief, _brief)
    path = f"{FOLDER}/entities.json"
    writer = _Writer(publication, path, tallies)
    entities: forms.Entities = {
        "$schema": writer.schema("entities"),
        "schema_version": forms.VERSION,
        "entities": [writer.entity(e) for e in publication.library.entities.values()],
    }
    yield File.of(path, _json(entities))


def _brief(publication: Publication, brief: BriefRecord, _: str) -> Iterator[File]:
    path, tallies = path_of(brief), Tallies(publication.library)
    yield File.of(path, _json(_Writer(publication, path, tallies).brief(brief)))


def _schemas(publication: Publication) -> Iterator[File]:
    known = publication.library.settings.site_url is not None
    for name, schema in api_schemas().items():
        path = f"{FOLDER}/schema/{name}.json"
        own = {"$id": publication.address(path, path)} if known else {}
        yield File.of(path, _json(own | schema))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


@cache
def _own(model: type[Model], base: type[Model]) -> list[str]:
    return [name for name in model.model_fields if name not in base.model_fields]


class _Writer:
    """Writes what the file at `origin` holds."""

    def __init__(self, publication: Publication, origin: str, tallies: Tallies) -> None:
        self.publication = publication
        self.library = publication.library
        self.wordings = publication.wordings
        self.origin = origin
        self.tallies = tallies
        self.names: dict[str, forms.Named] = {}

    # --- Values -------------------------------------------------------------------------------

    def schema(self, name: str) -> str:
        return self.publication.address(f"{FOLDER}/schema/{name}.json", self.origin)

    def urls(self, path: str) -> forms.Words:
        """The address in each language of what stands at a path below its root."""
        return {
            code: self.publication.address(self.publication.path(code, path), self.origin)
            for code in self.wordings
        }

    def words(self, text: Text | Name) -> forms.Words:
        """What is said in each language, without markup."""
        if not text.has_markup:
            return {code: str(said) for code, said in text.root.items()}
        return {code: to_plain(said, self.wordings[code].name) for code, said in text.root.items()}

    def maybe(self, text: Text | None) -> forms.Words | None:
        return self.words(text) if text else None

    def named(self, id: str) -> forms.Named:
        if id not in self.names:
            record = self.library.entities[id]
            self.names[id] = {
                "id": id,
                "kind": record.kind,
                "name": self.words(record.entity.name),
                "url": self.urls(f"{record.folder}/{id}/"),
            }
        return self.names[id]

    def known(self, id: str | None) -> forms.Named | None:
        return self.named(id) if id else None

    def own(self, model: Model, base: type[Model]) -> dict[str, Any]:
        """The values that a model has beyond its base, as far as they are values."""
        return {name: self.value(getattr(model, name)) for name in _own(type(model), base)}

    def value(self, value: Any) -> Any:
        """A value of a model as JSON, as `api_schemas.py` describes it."""
        if isinstance(value, Text | Name):
            return self.words(value)
        if isinstance(value, EntityRef):
            return self.named(value)
        if isinstance(value, Model):
            return {name: self.value(getattr(value, name)) for name in type(value).model_fields}
        if isinstance(value, Mapping):
            return {str(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return str(value) if isinstance(value, str) else value

    # --- Briefs -------------------------------------------------------------------------------

    def in_list(self, record: BriefRecord) -> forms.BriefInList:
        said, page = record.brief, f"briefs/{record.id}/"
        tally = self.tallies.briefs[record.id]
        printed = self.publication.pdf and not record.withdrawn
        withdrawn: Any = record.withdrawn.kind if record.withdrawn else None
        return {
            "id": record.id,
            "url": self.urls(page),
            "status": said.status,
            "withdrawn": withdrawn,
            "title": self.words(said.title),
            "summary": self.words(said.summary),
            "published": said.published,
            "updated": record.changed,
            "topics": [self.named(id) for id in said.topics],
            "editors": [self.words(name) for name in said.editors],
            "claims_count": len(record.claims),
            "quotations_count": tally.quotations,
            "verified_count": tally.verified,
            "files": {
                "json": self.publication.address(path_of(record), self.origin),
                "markdown": self.urls(f"{page}index.md"),
                "csv": self.urls(claims_csv.path_of(record)),
                "pdf": self.urls(f"{page}{record.id}.pdf") if printed else {},
                "bibtex": self.urls(f"{page}{record.id}.bib") if citable(record) else {},
                "ris": self.urls(f"{page}{record.id}.ris") if citable(record) else {},
                "csl_json": self.urls(f"{page}{record.id}.csl.json") if citable(record) else {},
            },
        }

    def brief(self, record: BriefRecord) -> forms.Brief:
        said = record.brief
        claims = list(record.claims.values())
        evidence = {claim.id: list(cited(self.library, claim)) for claim in claims}
        quoted = (words.source for found in evidence.values() for words in found)
        sources = dict.fromkeys([*said.sources, *quoted])
        return {
            "$schema": self.schema("brief"),
            "schema_version": forms.VERSION,
            **self.in_list(record),
            "licence": self.library.settings.extra.content_licence.url,
            "revisions": [
                {"date": item.date, "kind": item.kind, "text": self.words(item.text)}
                for item in said.revisions
            ],
            "takeaways": [
                {"text": self.words(item.text), "claims": [*item.claims]} for item in said.takeaways
            ],
            "key_figures": [
                {
                    "value": self.words(item.value),
                    "label": self.words(item.label),
                    "claim": item.claim,
                }
                for item in said.key_figures
            ],
            "sections": [self.section(record.id, section) for section in record.sections],
            "claims": [self.claim(claim, evidence[claim.id]) for claim in claims],
            "sources": [self.source(id) for id in sources],
        }

    def section(self, brief: str, record: SectionRecord) -> forms.Section:
        section = record.section
        common: forms.Section = {
            "kind": section.kind,
            "id": record.id,
            "url": self.urls(f"briefs/{brief}/#{record.id}"),
            "title": self.words(section.title),
            "intro": self.maybe(section.intro),
            "claims": [*section.claims],
        }
        own: Any = self.own(section, SectionBase)
        return {**common, **own}

    def claim(self, record: ClaimRecord, evidence: list[Cited]) -> forms.Claim:
        claim = record.claim
        return {
            "id": record.id,
            "formerly": [*claim.formerly],
            "section": record.section,
            "url": self.urls(f"briefs/{record.brief}/#{record.id}"),
            "text": self.words(claim.text),
            "status": claim.status,
            "speaker": self.known(claim.speaker),
            "voice": {c: wording.voice(record).label for c, wording in self.wordings.items()},
            "about": [self.named(id) for id in claim.about],
            "as_of": claim.as_of,
            "evidence": [self.evidence(words) for words in evidence],
            "rests_on": [*claim.rests_on],
            "derived": self.maybe(claim.derived),
            "hedge": self.maybe(claim.hedge),
        }

    def evidence(self, words: Cited) -> forms.Evidence:
        item = words.item
        return {
            "source": words.source,
            "paragraph": item.paragraph,
            "stance": item.stance,
            "quote": item.quote,
            "quote_language": self.library.sources[words.source].source.language,
            "translation": self.words(item.translation) if item.translation else {},
            "attribution": item.attribution,
            "attribution_paragraph": item.attribution_paragraph,
            "verified": words.holds,
            "verified_on": words.on,
            "find": words.passage or None,
        }

    def source(self, id: str) -> forms.Source:
        record = self.library.sources[id]
        source: Source = record.source
        again = source.republished
        return {
            "id": id,
            "url": self.urls(f"sources/{id}/"),
            "kind": source.kind,
            "title": self.words(source.title),
            "language": source.language,
            "publisher": self.named(source.publisher),
            "authors": [self.named(author) for author in source.authors],
            "editor": self.known(source.editor),
            "published": source.published,
            "republished": {"by": self.named(again.by), "on": again.on} if again else None,
            "address": source.url,
            "archived": source.archived,
            "rights": self.words(source.rights),
            "rights_holder": self.known(source.rights_holder),
            "fingerprint": fingerprint_of(record) or None,
        }

    def entity(self, record: EntityRecord) -> forms.Entity:
        entity = record.entity
        return {
            **self.named(record.id),
            "aliases": [*entity.aliases],
            "summary": self.words(entity.summary),
            "facts": {name: said for name, said in self.own(entity, Entity).items() if said},
            "claims": [claim.address for claim in self.library.claims_of(record.id)],
        }
