"""A quotation is said to stand in a paragraph that its source does not have.

Prose paragraphs are numbered from 1, headings h1, h2 ..., the title is h0. The source's file
lists how each prose paragraph begins.

Bad:

    paragraph: 21           # of a source with 20 paragraphs

Good:

    paragraph: 20
"""

from collections.abc import Iterator

from research_brief.evidence.standing import all_cited
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for record, number, evidence, source in all_cited(library):
        if source is None or not source.source.paragraphs or not evidence.paragraph.isdigit():
            continue
        last = len(source.source.paragraphs)
        if not 1 <= int(evidence.paragraph) <= last:
            where = record.where / "evidence" / number / "paragraph"
            message = f"{source.id} has no paragraph {evidence.paragraph}; expected 1 to {last}"
            yield where.problem(message, "unknown-paragraph")
