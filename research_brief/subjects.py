"""The pages of one brief, entity or source, each made from an excerpt of the library."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from research_brief import entries
from research_brief.citing.metadata import linked_data, tags
from research_brief.citing.references import References
from research_brief.evidence.tally import fingerprint_of
from research_brief.glossary import terms_of
from research_brief.library import BriefRecord, EntityRecord, FrozenEdition, SourceRecord
from research_brief.models import Entity
from research_brief.page_maker import PageMaker
from research_brief.pages import Page, Part
from research_brief.repository import report_address
from research_brief.shelf import Folio, View, numbered

DEFINITIONS = "definitions.html"


class Subjects(PageMaker):
    """Makes the pages of what its library is an excerpt for."""

    def brief(self, brief: BriefRecord) -> Iterator[Page]:
        """The page of a brief, how it is cited, and its ledger; of a removed one the first only."""
        path = f"briefs/{brief.id}"
        title = self.wording.bare(brief.brief.title)
        folio = Folio(self.wording, brief)
        page = self._brief_page(path, brief, folio, None, brief)
        if brief.is_removed:
            yield page
            return
        origin = brief.where.place
        terms = terms_of(page, self.library)
        definitions = self.templates.render(DEFINITIONS, {"terms": terms}) if terms else ""
        cited = self.references_of(brief)
        if cited is not None:
            item = cited.brief.item
            linked = linked_data(brief, item, self.wording)
            page = replace(page, tags=tuple(tags(brief, item)), linked_data=linked)
        yield replace(page, paper=self.paper([page], brief), definitions=definitions)
        if cited is not None:
            yield self._cite(brief, title, folio.order, cited)
        pattern = self.wording.words["pages"]["evidence"]
        ledger = self.page(
            f"{path}/evidence",
            "evidence",
            self.wording.filled(pattern["title"], brief=title),
            self.wording.filled(pattern["description"], brief=title),
            origin=origin,
            brief=brief,
            records=[self.library.claims[address] for address in folio.order],
        )
        yield replace(ledger, indexed=page.indexed)

    def _brief_page(
        self,
        path: str,
        brief: BriefRecord,
        folio: Folio,
        edition: FrozenEdition | None,
        current: BriefRecord,
    ) -> Page:
        """The page of a brief; of an `edition`, the brief is what it was and `current` what it is.

        Of a removed one it says only that."""
        page = self.page(
            path,
            "removed" if current.is_removed else "brief",
            self.wording.bare(brief.brief.title),
            self.wording.bare(brief.brief.summary),
            origin=brief.where.place,
            folio=None if current.is_removed else folio,
            brief=brief,
            edition=edition,
            current=current,
            related=self._related(),
        )
        return replace(page, indexed=not current.withdrawn)

    def edition(self, edition: FrozenEdition, current: BriefRecord) -> Page:
        """The page of a frozen edition, of which the library is one of then."""
        wording = self.wording
        folio = Folio(wording, edition.record)
        page = self._brief_page(edition.path, edition.record, folio, edition, current)
        pattern = wording.words["standing"]["edition_title"]
        # Nobody edits what was frozen, and no search finds it beside what it has become.
        return replace(
            page,
            kind="edition",
            title=wording.filled(pattern, title=page.title, number=edition.number),
            entries=(),
            file="",
            indexed=False,
            canonical=f"briefs/{current.id}",
        )

    def _related(self) -> list[tuple[BriefRecord, list[str]]]:
        """Other briefs, each with what it has in common with this one."""
        found = self.excerpt.lists.get("related", {})
        return [(self.library.briefs[id], common) for id, common in found.items()]

    def _cite(
        self, brief: BriefRecord, title: str, order: Sequence[str], references: References
    ) -> Page:
        """How to cite a brief and each of its claims, in the order of its page."""
        pattern = self.wording.words["pages"]["cite"]
        page = self.page(
            f"briefs/{brief.id}/cite",
            "cite",
            self.wording.filled(pattern["title"], brief=title),
            self.wording.filled(pattern["description"], brief=title),
            origin=brief.where.place,
            brief=brief,
            offered=references,
        )
        template, parts = "citations.html", []
        for section in brief.sections:
            records = [self.library.claims[address] for address in order]
            records = [record for record in records if record.section == section.id]
            if records:
                context = {"records": records, "offered": references}
                html = numbered(self.templates.render(template, context), self.numbers)
                heading = self.wording.bare(section.section.title)
                parts.append(Part(section.id, heading, html, template))
        return replace(page, parts=tuple(parts))

    def entity(self, record: EntityRecord) -> Page:
        """The page of an entity."""
        entity, lists = record.entity, self.excerpt.lists
        folio = Folio(self.wording)
        return self.page(
            f"{record.folder}/{record.id}",
            "entity",
            self.wording.bare(entity.name),
            self.wording.bare(entity.summary),
            origin=record.where.place,
            record=record,
            facts=_facts(record),
            says=self._views(folio, lists["says"]),
            says_in=self._briefs(lists["says_in"]),
            said=self._views(folio, lists["said"]),
            said_in=self._briefs(lists["said_in"]),
            briefs=self._briefs(lists["briefs"]),
            belonging=lists["belonging"],
            together=lists["together"],
            sources=lists["sources"],
            found=tuple(entries.of_entity(record, self.wording)),
        )

    def _views(self, folio: Folio, addresses: Sequence[str]) -> list[View]:
        return [folio.view(self.library.claims[address]) for address in addresses]

    def _briefs(self, ids: Sequence[str]) -> list[BriefRecord]:
        return [self.library.briefs[id] for id in ids]

    def source(self, record: SourceRecord) -> Page:
        """The page of a source."""
        title = self.wording.bare(record.source.title)
        pattern = self.wording.words["pages"]["source"]["description"]
        publisher = self.wording.name(record.source.publisher)
        path, settings = f"sources/{record.id}", self.library.settings
        base = settings.base(self.wording.language)
        report = report_address(settings, path, f"{base}{path}/" if base else "")
        return self.page(
            path,
            "source",
            title,
            self.wording.filled(pattern, title=title, publisher=publisher),
            origin=record.where.place,
            record=record,
            passages=self.excerpts.citations.passages(record.id),
            briefs=self.excerpts.citations.briefs[record.id],
            fingerprint=fingerprint_of(record),
            report=report if settings.repo_url else None,
        )


def _facts(record: EntityRecord) -> list[tuple[str, Any]]:
    """What an entity of its kind has beyond a name and a summary, as far as it is known."""
    own = [name for name in type(record.entity).model_fields if name not in Entity.model_fields]
    values = [(name, getattr(record.entity, name)) for name in own]
    return [(name, value) for name, value in values if value and not isinstance(value, bool)]
