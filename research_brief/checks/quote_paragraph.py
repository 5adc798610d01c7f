"""A quotation or an attribution stands in another paragraph than its evidence says, or in none.

Readers look a quotation up by its paragraph. `python build.py source show ID` lists the paragraphs
of a source under their numbers to whoever holds its text. An attribution that stands in another
paragraph than its quotation has an `attribution_paragraph`.

Bad:

    quote: 涨幅……8.08%          # in paragraph 1
    paragraph: 2

Good:

    quote: 涨幅……8.08%
    paragraph: 1
"""

from collections.abc import Iterator

from research_brief.evidence.standing import Shown, elsewhere, quoted_by_evidence
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for words in quoted_by_evidence(library):
        for shown in words:
            if shown.standing:
                continue
            if message := _message(shown):
                level = "error" if not shown.paragraph else shown.level
                yield shown.numbered.problem(message, "quote-paragraph", level)
            break  # where the quotation is not right, its attribution is looked for in vain


def _message(shown: Shown) -> str:
    number, key = elsewhere(shown), shown.paragraph_key
    if number:
        stands = f"the words stand in paragraph {number} of {shown.source.id}"
        missing = "" if shown.paragraph else f"'{key}' is missing; "
        return f"{missing}{stands}: write '{key}: {number}'"
    if not shown.paragraph and key == "paragraph":
        return "'paragraph' is missing; add the number of the paragraph that has the words"
    return ""
