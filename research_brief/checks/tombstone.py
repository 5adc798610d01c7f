"""A tombstone stands where something is, where something else leads on, or where nothing ever was.

`content/tombstones.yaml` says of addresses that were published and are gone when they went and
why: a page becomes one that says so, a claim or section a line under the revisions of its brief.
An address that is there again, or whose thing has another id now (`formerly`), needs none.

Bad:

    briefs/ai-chip-race/:       # which is there
      on: 2026-12-01
      text: Taken back.

Good:

    briefs/ai-chip-race/#own-chips:
      on: 2026-12-01
      text: The source corrected the figure; see its new article.
"""

from collections.abc import Iterator

from research_brief.addresses import LEDGER, Address
from research_brief.library import Library
from research_brief.problems import Problem, did_you_mean
from research_brief.whereabouts import Whereabouts
from research_brief.yamlfile import KEY


def check(library: Library) -> Iterator[Problem]:
    known = Whereabouts.of(library.without_drafts())
    former = {former.address: former for former in known.former_anchors}
    for address, record in library.tombstones.items():
        page = known.page(Address(address.page))
        target = Address(f"{page}#{address.anchor}") if address.anchor else page
        if target in known.pages or target in known.anchors:
            how = "is there" if target == address else f"leads on to '{target}'"
            message = f"'{address}' {how}; delete the tombstone, or what it speaks of"
        elif target in former:
            message = f"'{address}' leads on to '{former[target].now}'; delete one of the two"
        elif address not in library.ledger and "ledger" not in library.broken:
            hint = did_you_mean(address, library.ledger) or f"; {LEDGER} has what was"
            message = f"'{address}' was never published{hint}"
        else:
            continue
        yield (record.where / KEY).problem(message, "tombstone")
