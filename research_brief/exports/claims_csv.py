"""The claims of a brief as a table for spreadsheets: `briefs/ID/ID-claims.csv` in each language.

A row is a claim with one of its quotations; a claim with two has two rows, one with none has one.
The columns have the names that they have in `/api/`, the same in every language, so that a program
which reads one reads all; what stands in them is in the language of the file.

Form: RFC 4180, with CRLF, and a byte order mark, without which Excel takes UTF-8 for another
encoding. A cell that a spreadsheet would take for a formula begins with an apostrophe
(owasp.org/www-community/attacks/CSV_Injection); so does one that begins with apostrophes before
such a sign, so that to take away one gives back what was there.
"""

import csv
import io
import re
from collections.abc import Iterator

from research_brief.exports import File, Publication
from research_brief.library import BriefRecord, ClaimRecord
from research_brief.shelf import Cited, cited
from research_brief.values import Text
from research_brief.wording import Wording

COLUMNS = (
    "brief", "claim", "section", "text", "status", "status_name", "speaker", "voice", "about",
    "about_names", "as_of", "derived", "hedge", "rests_on", "stance", "quote", "quote_language",
    "translation", "attribution", "source", "source_title", "paragraph", "verified", "verified_on",
    "url",
)  # fmt: skip
BOM = "\ufeff"
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def export(publication: Publication) -> Iterator[File]:
    for wording in publication.made:
        for brief in publication.briefs:
            yield from publication.kept("csv", brief, _table, wording.language)


def _table(publication: Publication, brief: BriefRecord, language: str) -> Iterator[File]:
    wording, path = publication.wordings[language], publication.path(language, path_of(brief))
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in brief.claims.values():
        address = publication.path(language, f"briefs/{brief.id}/#{record.id}")
        url = publication.address(address, path)
        writer.writerows(map(guarded, _rows(record, wording, url)))
    yield File.of(path, BOM + table.getvalue())


def path_of(brief: BriefRecord) -> str:
    """Where the table stands below the root of its language."""
    return f"briefs/{brief.id}/{brief.id}-claims.csv"


def guarded(cells: dict[str, str]) -> list[str]:
    """The cells of a row in the order of the columns, none of them a formula."""
    row = (cells.get(name, "") for name in COLUMNS)
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in row]


def _rows(record: ClaimRecord, wording: Wording, url: str) -> Iterator[dict[str, str]]:
    claim = record.claim
    said = {
        "brief": record.brief,
        "claim": record.id,
        "section": record.section,
        "text": wording.bare(claim.text),
        "status": claim.status.value,
        "status_name": wording.words["statuses"][claim.status]["name"],
        "speaker": claim.speaker or "",
        "voice": wording.voice(record).label,
        "about": " ".join(claim.about),
        "about_names": "; ".join(map(wording.name, claim.about)),
        "as_of": claim.as_of or "",
        "derived": _own(claim.derived, wording),
        "hedge": _own(claim.hedge, wording),
        "rests_on": " ".join(claim.rests_on),
        "url": url,
    }
    found = list(cited(wording.library, record))
    yield from (said | _quoted(words, wording) for words in found)
    if not found:
        yield said


def _quoted(words: Cited, wording: Wording) -> dict[str, str]:
    item, source = words.item, wording.library.sources[words.source].source
    translated = item.translation if source.language != wording.language else None
    return {
        "stance": item.stance,
        "quote": item.quote,
        "quote_language": source.language,
        "translation": _own(translated, wording),
        "attribution": item.attribution or "",
        "source": words.source,
        "source_title": wording.bare(source.title),
        "paragraph": item.paragraph,
        "verified": "yes" if words.holds else "no",
        "verified_on": words.on or "",
    }


def _own(text: Text | None, wording: Wording) -> str:
    return wording.bare(text) if text else ""
