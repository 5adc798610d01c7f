"""Claims on their way to a page: each is shown in full once, in its home section.

A section's template takes claims from its `Shelf`; the order in which they are taken is the
order of the page, and gives them their numbers. Marks may stand before the claim that they
lead to, so numbers are written as tokens first and filled in when the page is complete.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from research_brief.evidence.passages import passage_address
from research_brief.evidence.standing import Standing, cited_words
from research_brief.library import BriefRecord, ClaimRecord, Library, SectionRecord
from research_brief.models import Evidence
from research_brief.values import FullDate
from research_brief.wording import Voice, Wording

SHORT = 90
STANCES = ("supports", "contradicts", "context")
_MARK = Markup('<a href="#{id}" aria-label="{said}">{number}</a>')
_MARKS = Markup('<sup class="rb-marks">{links}</sup>')
_TOKEN = re.compile("\ue000([^\ue001]*)\ue001")


@dataclass(frozen=True)
class Cited:
    """Words of a source under a claim: how they stand, and where they are found on the web.

    `verified` and `named` are None for a quotation and an attribution that were not compared."""

    source: str
    item: Evidence
    verified: Standing | None
    named: Standing | None
    passage: str  # the address of the quotation; empty if the source has none

    @property
    def differ(self) -> bool:
        """Whether only one of the two was compared, so that each needs a mark."""
        return bool(self.item.attribution) and (self.verified is None) != (self.named is None)

    @property
    def holds(self) -> bool:
        """Whether all of its words were compared."""
        return self.verified is not None and (not self.item.attribution or self.named is not None)

    @property
    def on(self) -> FullDate | None:
        """The day since which all of its words are known to hold, if there is one."""
        days = [stands.on for stands in (self.verified, self.named) if stands and stands.on]
        return max(days, default=None) if self.holds else None


def cited(library: Library, record: ClaimRecord) -> Iterator[Cited]:
    """What a claim cites, in its order."""
    for number, item in enumerate(record.claim.evidence):
        words = [shown.standing for shown in cited_words(library, record, number)]
        id = library.source_of(record, number)
        source = library.sources[id].source
        page = source.url or source.archived
        passage = passage_address(page, item.quote) if page else ""
        yield Cited(id, item, words[0], words[1] if item.attribution else None, passage)


@dataclass(frozen=True)
class View:
    """A claim as a page shows it. `anchor` is its id on this page, `href` its own address."""

    record: ClaimRecord
    anchor: str
    href: str
    number: str
    voice: Voice
    introduced: bool  # this page has told before who the speaker is
    evidence: dict[str, list[Cited]]  # by stance, what supports the claim first


@dataclass
class Folio:
    """The claims of one page, in the order in which they are shown."""

    wording: Wording
    brief: BriefRecord | None = None
    order: list[str] = field(default_factory=list)
    speakers: set[str] = field(default_factory=set)

    def view(self, record: ClaimRecord) -> View:
        """The claim, shown in full at this point of the page."""
        at_home = self.brief is not None and self.brief.id == record.brief
        voice = self.wording.voice(record)
        introduced = voice.key in self.speakers
        self.speakers.add(voice.key)
        self.order.append(record.address)
        return View(
            record,
            record.id if at_home else f"{record.brief}--{record.id}",
            f"#{record.id}" if at_home else f"brief:{record.brief}#{record.id}",
            number_of(record),
            voice,
            introduced,
            self._evidence(record),
        )

    def _evidence(self, record: ClaimRecord) -> dict[str, list[Cited]]:
        found: dict[str, list[Cited]] = {stance: [] for stance in STANCES}
        for words in cited(self.wording.library, record):
            found[words.item.stance].append(words)
        return {stance: words for stance, words in found.items() if words}

    def shelf(self, section: SectionRecord) -> "Shelf":
        """The claims at home in a section of the brief, none of them shown yet."""
        assert self.brief is not None
        home = [r for r in self.brief.claims.values() if r.section == section.id]
        return Shelf(self, {record.address: record for record in home})


@dataclass
class Shelf:
    """The claims of a section that have not been shown yet; hands each out once."""

    folio: Folio
    left: dict[str, ClaimRecord]

    def take(self, references: Iterable[str]) -> list[View]:
        """Those of the claims that have their home here and were not shown before."""
        found = (self._address(reference) for reference in references)
        return [self.folio.view(self.left.pop(a)) for a in found if a in self.left]

    def rest(self, keep: Iterable[str] = ()) -> list[View]:
        """All that were not shown yet, but those to `keep` for later."""
        kept = {self._address(reference) for reference in keep}
        return self.take([address for address in self.left if address not in kept])

    def _address(self, reference: str) -> str:
        assert self.folio.brief is not None
        return reference if "#" in reference else f"{self.folio.brief.id}#{reference}"


def number_of(record: ClaimRecord) -> str:
    """The token that stands for a claim's number until the page is complete."""
    return f"\ue000{record.address}\ue001"


def numbered(html: str, numbers: Mapping[str, int]) -> str:
    """The HTML with the tokens replaced by the numbers of the claims."""
    # A section whose template is at fault has shown no claims; the fault is reported elsewhere.
    return _TOKEN.sub(lambda token: str(numbers.get(token[1], "?")), html)


def shortened(words: str, limit: int = SHORT) -> str:
    """The words up to about `limit` characters, cut at a space or a Han character."""
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    if cut[-1].isascii() and words[limit - 1].isascii():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,;:，；：、。.") + "…"


def marks(
    wording: Wording, brief: str, references: Iterable[str], shown: Iterable[View] = ()
) -> Markup:
    """Superscript numbers that lead to claims; without those that are `shown` right there."""
    library = wording.library
    at_hand = {view.record.address for view in shown}
    links = []
    for reference in dict.fromkeys(references):
        record = library.claim(reference, brief)
        if record is None:  # of another brief, and gone since this edition was frozen
            links.append(Markup("<span>{}</span>").format(reference.rpartition("#")[2]))
            continue
        if record.address in at_hand:
            continue
        text = shortened(wording.bare(record.claim.text))
        if record.brief == brief:
            number = number_of(record)
            said = wording.fill(wording.words["claim"]["mark"], number=number, text=text)
            links.append(wording.fill(_MARK, id=record.id, said=said, number=number))
        else:
            title = wording.bare(library.briefs[record.brief].brief.title)
            link = Markup('<a href="brief:{}#{}" aria-label="{}">{}</a>')
            links.append(link.format(record.brief, record.id, text, shortened(title, 30)))
    html = Markup(", ").join(links)
    return wording.fill(_MARKS, links=html) if links else Markup()
