"""The status of a claim does not fit the words of its source.

What is `rumoured` needs a word by which the source says that it is not confirmed (`reportedly`,
有消息称), and a `consensus` one for agreement (`consensus`, 共识), in a supporting quotation or
its `attribution`. The other way round, what the source itself calls unconfirmed is no `account`
and no `judgement`: that would make a fact of a report. Where it is one all the same, `hedge` says
why.

Bad:

    status: account
    evidence: [{paragraph: 4, quote: 有消息称……测试阶段}]

Good:

    status: rumoured
    evidence: [{paragraph: 4, quote: 有消息称……测试阶段}]
"""

from collections.abc import Iterator

from research_brief.evidence.lexicon import words_of
from research_brief.evidence.words import Marker, Words, examples
from research_brief.library import ClaimRecord, Library
from research_brief.models import Status
from research_brief.problems import Problem

RULE = "unfitting-status"
OWN = {Status.ACCOUNT, Status.JUDGEMENT}


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        status = record.claim.status
        if status in OWN and not record.claim.hedge:
            yield from _too_sure(library, record)
        elif status is Status.RUMOURED:
            yield from _unmarked(library, record, "rumour", "calls it unconfirmed", "rumours")
        elif status is Status.CONSENSUS:
            yield from _unmarked(library, record, "agreement", "speaks of agreement", "consensus")


def _supporting(library: Library, record: ClaimRecord) -> Iterator[tuple[Words, int]]:
    """The supporting evidence of a claim by number, with the words of its source's language."""
    for number, evidence in enumerate(record.claim.evidence):
        source = library.sources.get(library.source_of(record, number))
        if source and evidence.stance == "supports":
            yield words_of(source.source.language), number


def _too_sure(library: Library, record: ClaimRecord) -> Iterator[Problem]:
    for words, number in _supporting(library, record):
        if found := _found(library, words.rumour, record.claim.evidence[number].quote):
            message = f"the quotation says '{found}': that is no '{record.claim.status}'; write"
            message += " 'rumoured', or say under 'hedge' why it is one"
            yield (record.where / "status").problem(message, RULE)
            return


def _unmarked(
    library: Library, record: ClaimRecord, name: str, does: str, entries: str
) -> Iterator[Problem]:
    """A fault if there is supporting evidence and none of it has a marker of its language: that of
    `Words` with this name, which is made of the list `entries`."""
    supporting = list(_supporting(library, record))
    for words, number in supporting:
        marker, evidence = getattr(words, name), record.claim.evidence[number]
        if any(_found(library, marker, said) for said in (evidence.quote, evidence.attribution)):
            return
    for words, _ in supporting[:1]:
        some = examples(getattr(words, entries))
        if some:
            message = f"no quotation of this claim {does} ({some} …); quote these words as well, or"
            message += f" write what the claim is in place of '{record.claim.status}'"
            yield (record.where / "status").problem(message, RULE)


def _found(library: Library, marker: Marker, said: str | None) -> str:
    """The marker in the words, if it is no part of the name of an entity."""
    said = said or ""
    while found := marker.search(said):
        if found[0] not in "\n".join(library.names):  # as mostly, and sooner said
            return found[0]
        holding = [name for name in library.names if found[0] in name and name in said]
        if not holding:
            return found[0]
        said = said.replace(max(holding, key=len), "\ufffc")
    return ""
