"""A quotation says `may`, `tries to`, `is reported to`, `one of`, `among others`; our words do not.

What is lost makes a statement surer or more complete than its source. A hedge of a supporting
quotation needs a word of the same class in the claim's text, in every language, and in the
translation of the quotation. The classes and their words are in
`research_brief/evidence/lexicon.yaml`. Where the hedge is no hedge of what the claim says, `hedge`
says why it was dropped; readers see that.

Bad:

    text: {en: The chip will be late., zh: 芯片将会落后。}
    evidence: [{paragraph: 18, quote: 可能……落后}]

Good:

    text: {en: The chip may be late., zh: 芯片可能落后。}
    evidence: [{paragraph: 18, quote: 可能……落后}]
"""

from collections.abc import Iterator
from itertools import chain

from research_brief.evidence.lexicon import words_of
from research_brief.evidence.words import examples
from research_brief.library import ClaimRecord, Library, Where
from research_brief.problems import Problem
from research_brief.richtext import seen
from research_brief.values import Text

WHOLE = "add one, or say under 'hedge' why it was dropped"


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        if not record.claim.hedge:
            yield from _claim(library, record)


def _claim(library: Library, record: ClaimRecord) -> Iterator[Problem]:
    for number, evidence in enumerate(record.claim.evidence):
        source = library.sources.get(library.source_of(record, number))
        if not source or evidence.stance != "supports":
            continue
        words = words_of(source.source.language)
        if not words.hedge.search(evidence.quote):
            continue
        for kind, markers in words.hedge_markers.items():
            if found := markers.search(evidence.quote):
                yield from _text(record.claim.text, record.where / "text", kind, found[0], "text")
                if evidence.translation:
                    where = record.where / "evidence" / number / "translation"
                    yield from _text(evidence.translation, where, kind, found[0], "translation")


def _text(text: Text, where: Where, kind: str, found: str, what: str) -> Iterator[Problem]:
    for language, said in text.root.items():
        words = words_of(language)
        wanted = words.hedge_words.get(kind)
        if wanted and not wanted.search(seen(said)):
            hedge = words.hedges[kind]
            some = examples(chain(hedge.markers, hedge.others))
            message = f"the quotation has '{found}' ({kind}), the {what} in {language} has no such "
            message += f"word ({some} …); {WHOLE}"
            yield (where / language).problem(message, "lost-hedge")
