"""An id under `formerly` is in use, is claimed twice, or never was.

An old address can lead to one place only, and never away from what is there. What is in use
again needs no `formerly`. (Two equal ids within one brief are told by `duplicate-id`.)

Bad:

    alibaba:
      name: Alibaba
      formerly: [tencent]       # and tencent is still there

Good:

    alibaba:
      name: Alibaba
      formerly: [alibaba-group]
"""

from collections.abc import Iterator

from research_brief.addresses import Address
from research_brief.library import Library
from research_brief.problems import Problem, did_you_mean
from research_brief.whereabouts import Former, Whereabouts

RULE = "former-id"


def check(library: Library) -> Iterator[Problem]:
    known = Whereabouts.of(library)
    first: dict[Address, Former] = {}
    for former in [*known.former_pages, *known.former_anchors]:
        before = first.setdefault(former.address, former)
        if former.address.anchor and "#" not in former.said:
            continue  # told by duplicate-id
        message = _fault(library, known, former)
        if not message and before is not former:
            message = f"'{former.said}' is claimed at {before.where.place} already; delete one"
        if message:
            yield former.where.problem(message, RULE)


def _fault(library: Library, known: Whereabouts, former: Former) -> str:
    """What is wrong with an id of before, if anything."""
    address, said = former.address, former.said
    if address == former.now:
        return f"'{said}' is the id that it has now; delete it here"
    if there := known.things.get(address) or known.anchors.get(address):
        return f"'{said}' is in use at {there.place}; links go there, so delete it here"
    if not address.anchor or address.page == former.now.page:
        return ""
    home = said.partition("#")[0]
    before = {address, Address(f"briefs/{home}/#{address.anchor}")}
    if {"ledger", f"brief:{home}"} & library.broken or before & library.ledger.keys():
        return ""
    if library.ledger:
        return f"'{said}' was never published, so nobody has a link to it; delete it"
    if address.page in known.pages:
        return ""
    hint = did_you_mean(home, library.briefs) or "; look into content/briefs/"
    return f"unknown brief '{home}' in '{said}'{hint}"
