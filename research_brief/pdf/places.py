"""Where in the content is what Typst refuses.

Typst names spots of its template only. So the document is set again piece by piece, without
its inner links, from the outside in, until the pieces are found that are refused for the same
reasons.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from research_brief.library import BriefRecord, Library
from research_brief.pdf import Node
from research_brief.pdf.documents import Document
from research_brief.pdf.typesetter import CARD, MAIN, Refused, Typesetter
from research_brief.problems import Place, Problem

Values = dict[str, Any]
Refusal = tuple[Document, list[str]]
"""A document with the reasons for which it was refused."""
Found = tuple[str, str, Place]
"""A reason with the words for its place, and the place."""

_SPOT = re.compile(r" \(at (\S+):(\d+):(\d+)\)$")


def located(refusals: Sequence[Refusal], library: Library, templates: Path) -> list[Problem]:
    """Each reason at the claims, sections or briefs where it arises, or in the templates. One
    that arises in a brief is not told again of the collection."""
    typesetter = Typesetter(templates)
    problems: list[Problem] = []
    told: set[str] = set()
    for document, reasons in sorted(refusals, key=lambda refusal: not refusal[0].brief):
        if document.suffix == ".png":  # one page, nothing to be found in it
            place = Place(f"templates/pdf/{CARD}")
            drawn = f"{document.path} cannot be drawn ({document.language})"
            problems += [Problem(place, f"{drawn}: {reason}", "pdf") for reason in reasons]
            continue
        left = {reason for reason in reasons if document.brief or _bare(reason) not in told}
        for reason, where, place in _found(document, left, typesetter, library):
            told.add(_bare(reason))
            said = f"{reason}; {where} ({document.language})" if where else _bare(reason)
            problems.append(Problem(place, f"the PDF cannot be made: {said}", "pdf"))
    return list(dict.fromkeys(problems))


def _found(
    document: Document, reasons: set[str], typesetter: Typesetter, library: Library
) -> Iterator[Found]:
    """Where each reason arises: around all content, around the parts, or in which of them."""
    left = set(reasons)
    values = copy.deepcopy(document.values)
    _unlink(values)
    record = library.briefs.get(document.brief)
    around = f"in {document.path}"
    place = record.where.place if record else Place(f"templates/pdf/{MAIN}")

    for reason in sorted(left & _refusal(typesetter, _blank(values))):
        left.discard(reason)
        yield reason, "", _spot(reason)
    for reason in sorted(left & _refusal(typesetter, _without_parts(values))):
        left.discard(reason)
        yield reason, around, place
    inner = set(left)
    for piece, part, brief in _parts(values, document.brief):
        for found in _in_part(piece, part, library.briefs.get(brief), inner, typesetter):
            left.discard(found[0])
            yield found
    for reason in sorted(left):
        yield reason, around, place


def _in_part(
    values: Values,
    part: Values,
    record: BriefRecord | None,
    reasons: set[str],
    typesetter: Typesetter,
) -> Iterator[Found]:
    """Which of the reasons arise in a part, `values` being the document of it alone: those of
    its heading, then those of each piece of it."""
    left = reasons & _refusal(typesetter, values) if reasons else set()
    if not left:
        return
    where = f"in part '{part['id']}'"
    place = Place(f"templates/pdf/{MAIN}")
    if record:
        where = f"in brief '{record.id}', part '{part['id']}'"
        sections = (section for section in record.sections if section.id == part["id"])
        place = next(sections, record).where.place
    nodes, part["c"] = part["c"], []
    heading = left & _refusal(typesetter, values)
    for reason in sorted(heading):
        yield reason, where, place
    for node in nodes if left - heading else []:
        part["c"] = [node]
        for reason in sorted((left - heading) & _refusal(typesetter, values)):
            claim = record.claims.get(_anchor(node)) if record else None
            if claim:
                yield reason, f"{where}, claim '{claim.id}'", claim.where.place
            else:
                yield reason, where, place


def _blank(values: Values) -> Values:
    """The document without any content."""
    brief = {**values["briefs"][0], "title": "x"}
    blank = {"title": "x", "description": "", "authors": [], "keywords": [], "cover": []}
    return _without_parts({**values, **blank, "briefs": [brief]}, {"above": [], "intro": []})


def _without_parts(values: Values, more: Values | None = None) -> Values:
    briefs = [{**brief, **(more or {}), "parts": []} for brief in values["briefs"]]
    return {**values, "briefs": briefs, "annex": []}


def _parts(values: Values, own: str) -> Iterator[tuple[Values, Values, str]]:
    """Documents of one part each, with the part and the id of its brief."""
    alone = _without_parts(values, {"above": [], "intro": []})
    for brief in values["briefs"]:
        for part in brief["parts"]:
            shown = {**brief, "above": [], "intro": [], "parts": [part]}
            yield {**alone, "briefs": [shown]}, part, brief["id"]
    for part in values["annex"]:
        yield {**alone, "annex": [part]}, part, own


def _bare(reason: str) -> str:
    """The reason without the spot of the templates that it names."""
    return _SPOT.sub("", reason)


def _spot(reason: str) -> Place:
    """The spot of the templates that a reason names."""
    spot = _SPOT.search(reason)
    return (
        Place(spot[1], int(spot[2]), int(spot[3]) + 1) if spot else Place(f"templates/pdf/{MAIN}")
    )


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
