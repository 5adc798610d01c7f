"""Quotations that lose or gain their verification between two states of the content."""

from collections.abc import Mapping
from dataclasses import dataclass

from research_brief.evidence.normalisation import digest
from research_brief.evidence.standing import Shown, quoted_words
from research_brief.evidence.tally import fingerprint_of
from research_brief.library import Library, SourceRecord
from research_brief.meaning.changes import Change, Differences, Notice, Subject
from research_brief.problems import counted

Key = tuple[str, str]
"""Words by their digest, and the paragraph in which they are said to stand."""


@dataclass(frozen=True)
class _Words:
    """Words of a source in a claim, by the claim's address."""

    claim: str
    shown: Shown

    @property
    def key(self) -> Key:
        return digest(self.shown.words), self.shown.paragraph

    @property
    def field(self) -> str:
        """The way to them within the claim: `evidence 1 quote`."""
        number, name = self.shown.where.steps[-2:]
        return f"evidence {int(number) + 1} {name}"


def compare(old: Library, new: Library, sources: Mapping[str, str], found: Differences) -> None:
    """Add to `found` what stands otherwise than before; `sources` has the new ids by the old.

    Of a source that was not verified before, and is not now, nothing is said.
    """
    pairs = [(old.sources[then], new.sources[now]) for then, now in sources.items()]
    pairs = [pair for pair in pairs if any(map(_is_verified, pair))]
    if not pairs:
        return
    before, after = _quoted(old), _quoted(new)
    for then, now in pairs:
        subject = Subject("source", now.id, "sources")
        texts = fingerprint_of(then), fingerprint_of(now)
        if all(texts) and texts[0] != texts[1]:
            found.changes.append(Change(subject, "changed", "fingerprint of the text", "", *texts))
            if now.is_open and now.text:
                message = f"its quotations are compared with {now.text.file}, which is another text"
                message += " than before; see that it is the source's"
                found.notices.append(Notice(subject, "unverified", message))
        open_before = {words.key for words in before.get(then.id, []) if not words.shown.standing}
        gained: set[Key] = set()
        for words in after.get(now.id, []):
            if words.shown.standing:
                gained |= {words.key} & open_before
            elif words.key not in open_before:
                found.notices.append(_lost(words))
        if gained:
            said = counted(len(gained), "quotation")
            found.changes.append(Change(subject, "added", "verification", "", "", said))


def _quoted(library: Library) -> dict[str, list[_Words]]:
    """The words in claims, by their source."""
    found: dict[str, list[_Words]] = {}
    for record in library.claims.values():
        for shown in quoted_words(library, record):
            found.setdefault(shown.source.id, []).append(_Words(record.address, shown))
    return found


def _is_verified(source: SourceRecord) -> bool:
    return source.is_open or source.receipts is not None


def _lost(words: _Words) -> Notice:
    brief = words.claim.partition("#")[0]
    subject = Subject("claim", words.claim, f"brief {brief}")
    message = f"{words.field}: '{words.shown.words}' is not verified"
    return Notice(subject, "unverified", message)
