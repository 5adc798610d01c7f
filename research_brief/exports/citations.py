"""Citations of a brief, and of all its claims, for reference managers: BibTeX, RIS, CSL-JSON."""

from collections.abc import Iterator

from research_brief.citing.forms import FORMS
from research_brief.citing.records import citable, of_brief, of_claim
from research_brief.exports import File, Publication
from research_brief.library import BriefRecord


def export(publication: Publication) -> Iterator[File]:
    """`briefs/ID/ID.bib` with the brief, `briefs/ID/ID-claims.bib` with its claims, and so on."""
    for wording in publication.made:
        for record in filter(citable, publication.library.briefs.values()):
            yield from publication.kept("citations", record, _files, wording.language)


def _files(publication: Publication, record: BriefRecord, language: str) -> Iterator[File]:
    wording = publication.wordings[language]
    path = publication.path(language, f"briefs/{record.id}/{record.id}")
    claims = [of_claim(record, claim, wording) for claim in record.claims.values()]
    for ending, write in FORMS.items():
        yield File.of(f"{path}.{ending}", write([of_brief(record, wording)]))
        if claims:
            yield File.of(f"{path}-claims.{ending}", write(claims))
