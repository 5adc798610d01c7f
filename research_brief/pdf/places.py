"""Where in the content is what Typst refuses.

Typst names spots of its template only. So the document is set again piece by piece, without
its inner links, until the pieces are found that are refused for the same reasons.
"""

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from research_brief.library import Library
from research_brief.pdf import Node
from research_brief.pdf.documents import Document
from research_brief.pdf.typesetter import Refused, Typesetter
from research_brief.problems import Place, Problem

Values = dict[str, Any]
Refusal = tuple[Document, list[str]]
"""A document with the reasons for which it was refused."""


def located(refusals: Sequence[Refusal], library: Library, templates: Path) -> list[Problem]:
    """Each reason at the claims, sections or briefs where it arises. One that arises in a brief
    is not told again of the collection."""
    typesetter = Typesetter(templates)
    problems: list[Problem] = []
    told: set[str] = set()
    for document, reasons in sorted(refusals, key=lambda refusal: not refusal[0].brief):
        left = set(reasons) - (set() if document.brief else told)
        for reason, where, place in _pieces(document, left, typesetter, library):
            told.add(reason)
            message = f"the PDF cannot be made: {reason}; {where} ({document.language})"
            problems.append(Problem(place, message, "pdf"))
    return problems


def _pieces(
    document: Document, reasons: set[str], typesetter: Typesetter, library: Library
) -> Iterator[tuple[str, str, Place]]:
    """Each reason with the words for its place, and the place."""
    left = set(reasons)
    for values, brief, part in _parts(document):
        if not left & _refusal(typesetter, values):
            continue
        record = library.briefs[brief]
        where = f"in brief '{brief}', part '{part['id']}'"
        section = [found for found in record.sections if found.id == part["id"]]
        place = (section[0].where if section else record.where).place
        for node in list(part["c"]):
            part["c"][:] = [node]
            for reason in sorted(reasons & _refusal(typesetter, values)):
                left.discard(reason)
                claim = record.claims.get(_anchor(node))
                if claim:
                    yield reason, f"{where}, claim '{claim.id}'", claim.where.place
                else:
                    yield reason, where, place
    found = library.briefs.get(document.brief)
    for reason in sorted(left):
        yield (
            reason,
            f"in {document.path}",
            found.where.place if found else Place("templates/pdf/main.typ"),
        )


def _parts(document: Document) -> Iterator[tuple[Values, str, Values]]:
    """Documents of one part each: the document, the id of its brief, and the part."""
    values = copy.deepcopy(document.values)
    _unlink(values)
    for brief in values["briefs"]:
        for part in brief["parts"]:
            alone = {**brief, "above": [], "intro": [], "parts": [part]}
            yield {**values, "briefs": [alone], "annex": []}, brief["id"], part


def _refusal(typesetter: Typesetter, values: Values) -> set[str]:
    """Why a document is refused; nothing if it is not."""
    try:
        typesetter.typeset(values, 0)
    except Refused as refused:
        return set(refused.reasons)
    return set()


def _anchor(node: Node) -> str:
    """The id of what a node was on the page."""
    label = node.get("id", "") if isinstance(node, dict) else ""
    return str(label).partition("/")[2]


def _unlink(value: Any) -> None:
    """Take links within the document away: their targets are not in every piece."""
    if isinstance(value, dict):
        value.pop("to", None)
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _unlink(item)
