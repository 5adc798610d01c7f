"""More of a source is quoted than may be: 30 per cent of its characters, all briefs together.

A source's words are its owner's. Quotations and attributions count, what several of them share
once; `……` leaves words out, and several claims may stand on one quotation. `quotable` in the
source's file sets another limit, such as 100 for a text whose licence allows it.

Bad:

    quotable: 30            # and 34 per cent are quoted

Good:

    quotable: 30            # and quotations of the fewest words that carry the claims
"""

from collections.abc import Iterator

from research_brief.evidence.budget import shares
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for id, share in shares(library).items():
        record = library.sources[id]
        most = record.source.quotable
        if 100 * share.quoted > most * share.total:
            message = (
                f"{share.percent:.1f} % of {id} is quoted, {share.quoted:,} of {share.total:,} "
                f"characters; at most {most} %: quote fewer words for some claims"
            )
            yield (record.where / "quotable").problem(message, "quotation-budget")
