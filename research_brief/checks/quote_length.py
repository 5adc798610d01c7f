"""A quotation is longer than 60 characters, or 150 where a word has many, as in English.

A source's words are its owner's: quote the fewest that carry the claim. Several claims may
share one quotation, and `……` leaves out what stands between two pieces of one paragraph. How long
a quotation may be is said for each language in `research_brief/evidence/lexicon.yaml`.

Bad:

    quote: (the whole paragraph)

Good:

    quote: 高昂且供应不稳定
"""

import re
from collections.abc import Iterator

from research_brief.evidence.lexicon import words_of
from research_brief.evidence.standing import all_cited
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for record, number, evidence, source in all_cited(library):
        longest = words_of(source.source.language if source else "").longest_quotation
        if len(evidence.quote) <= longest:
            continue
        length = len(re.sub(r"……|\[…\]|\s", "", evidence.quote))
        if length > longest:
            where = record.where / "evidence" / number / "quote"
            message = f"the quotation has {length} characters; at most {longest}"
            yield where.problem(f"{message}: keep what carries the claim", "quote-length")
