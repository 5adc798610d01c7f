"""A comparison has a hole: a subject without a cell for a criterion, or a cell for neither.

A reader must be able to tell "the sources say nothing" from "the editor forgot": an empty cell
says `not-reported`.

Bad:

    subjects: [tencent]
    criteria: {builds: Builds, invests: Invests in}
    cells: {tencent: {builds: {text: Three chips}}}

Good:

    cells: {tencent: {builds: {text: Three chips}, invests: not-reported}}
"""

from collections.abc import Iterator

from research_brief.library import Library, Where
from research_brief.problems import Problem, did_you_mean
from research_brief.sections.comparison import Comparison
from research_brief.yamlfile import KEY

RULE = "incomplete-comparison"


def check(library: Library) -> Iterator[Problem]:
    for brief in library.briefs.values():
        for record in brief.sections:
            if isinstance(record.section, Comparison):
                yield from _holes(record.section, record.where)


def _holes(section: Comparison, where: Where) -> Iterator[Problem]:
    cells = where / "cells"
    for number, subject in enumerate(section.subjects):
        if subject not in section.cells:
            message = f"subject '{subject}' has no cells; fill them, with 'not-reported' if need be"
            yield (where / "subjects" / number).problem(message, RULE)
            continue
        for criterion in section.criteria:
            if criterion not in section.cells[subject]:
                message = f"'{subject}' has no cell '{criterion}'; write it, or 'not-reported'"
                yield (cells / subject).problem(message, RULE)
    for subject, row in section.cells.items():
        if subject not in section.subjects:
            hint = did_you_mean(subject, section.subjects) or "; add it to 'subjects'"
            yield (cells / subject / KEY).problem(f"'{subject}' is no subject{hint}", RULE)
        for criterion in row:
            if criterion not in section.criteria:
                hint = did_you_mean(criterion, section.criteria) or "; add it to 'criteria'"
                message = f"'{criterion}' is no criterion{hint}"
                yield (cells / subject / criterion / KEY).problem(message, RULE)
