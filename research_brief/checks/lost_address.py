"""A page or claim that was published is gone, and nothing says where it is now.

Others have linked to it. `content/addresses.txt` lists every address that this site ever had
(`python build.py release` writes it); each must still lead somewhere. What has another id now says
so by `formerly`; what was taken back has a line in `content/tombstones.yaml` that says when and
why. A claim that stands in another brief now has `formerly: [other-brief#claim]`, an entity of
another kind now `formerly: [companies/id]`.

Bad:

    in-house-chips:             # was published as own-chips
      text: Tencent builds three chips.

Good:

    in-house-chips:
      formerly: [own-chips]
      text: Tencent builds three chips.
"""

from collections.abc import Iterator

from research_brief.addresses import FOLDERS, LEDGER, TOMBSTONES, Address
from research_brief.library import Library
from research_brief.problems import Place, Problem, did_you_mean
from research_brief.whereabouts import Whereabouts


def check(library: Library) -> Iterator[Problem]:
    shown = Whereabouts.of(library.without_drafts())
    sought = [address for address in library.ledger if address not in shown.present]
    lost = {a: None for a in sought if not shown.find(a) and not _unread(library, a)}
    if not lost:
        return
    everything = Whereabouts.of(library)
    explained: set[Address | None] = {shown.find(address) for address in library.ledger}
    explained |= {former.now for former in [*shown.former_pages, *shown.former_anchors]}
    new = [address for address in shown.published if address not in explained]
    for address in lost:
        if address.anchor and Address(address.page) in lost:
            continue  # the page's own fault says it all
        if address != (above := _above(address)) and above in lost:
            continue
        message = f"'{address}' was published, and nothing is there now"
        if draft := everything.find(address):
            advice = f"brief '{draft.split('/')[1]}' is a draft: publish it"
        else:
            advice = _advice(address, shown.page(Address(address.page)), new)
        message += f"; {advice}, or say in {TOMBSTONES} when and why it went"
        yield Problem(Place(LEDGER, library.ledger[address]), message, "lost-address")


def _advice(address: Address, page: Address, new: list[Address]) -> str:
    """What to write where it is now: `page` is where its page is now, `new` are the addresses that
    were never published, and that nothing leads to."""
    if successor := _successor(address, page, new):
        said = _said(address, page, successor)
        return f"if '{successor}' took its place, write 'formerly: [{said}]' there"
    return f"write 'formerly: [{_said(address, page, address)}]' at what took its place"


def _said(address: Address, page: Address, successor: Address) -> str:
    """How `formerly` names an address where something else is now."""
    folder, id, *_ = address.split("/")
    if address.anchor:
        elsewhere = successor.page not in (page, address.page)
        return f"{id}#{address.anchor}" if elsewhere else address.anchor
    return id if successor.split("/")[0] == folder else f"{folder}/{id}"


def _successor(address: Address, page: Address, new: list[Address]) -> Address | None:
    """The new address that probably took the place of an old one: of the same id elsewhere, of a
    like one, or the only one of its kind."""
    folder, id, *_ = address.split("/")
    if anchor := address.anchor:
        among = {a: a.anchor for a in new if a.anchor}
        near = [a for a in among if a.page == page]
        wanted = anchor
    else:
        kin = FOLDERS if folder in FOLDERS else (folder,)
        split = {a: a.split("/") for a in new if not a.anchor}
        among = {a: parts[1] for a, parts in split.items() if len(parts) == 3 and parts[0] in kin}
        near = [a for a in among if a.split("/")[0] == folder]
        wanted = id
    for candidate, name in among.items():
        if name == wanted:
            return candidate
    for candidate in near:
        if did_you_mean(wanted, [among[candidate]]):
            return candidate
    return near[0] if len(near) == 1 else None


def _above(address: Address) -> Address:
    """The page of the brief, source or entity that a page belongs to."""
    return Address("/".join(address.split("/")[:2]) + "/")


def _unread(library: Library, address: Address) -> bool:
    """Whether something that could not be read may be there, or say where it is now."""
    folder = address.partition("/")[0]
    kinds = {"briefs": ("brief", "editions"), "sources": ("source",)}.get(folder, ("entit",))
    return any(name.startswith((*kinds, "tombstones")) for name in library.broken)
