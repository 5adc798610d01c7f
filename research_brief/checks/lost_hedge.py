"""A quotation says `may`, `tries to`, `is reported to`, `one of`, `among others`; our words do not.

What is lost makes a statement surer or more complete than its source. A hedge of a supporting
quotation needs a word of the same class in the claim's text, in every language, and in the
translation of the quotation. The classes and their words are in
`research_brief/evidence/lexicon.yaml`. Where the hedge is no hedge of what the claim says, `hedge`
says why it was dropped; readers see that. Names of entities are no hedges, whatever is in them.

Bad:

    text: {en: The chip will be late., zh: 芯片将会落后。}
    evidence: [{paragraph: 18, quote: 可能……落后}]

Good:

    text: {en: The chip may be late., zh: 芯片可能落后。}
    evidence: [{paragraph: 18, quote: 可能……落后}]
"""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import chain

from research_brief.evidence.lexicon import words_of
from research_brief.evidence.names import GAP, names_with, pattern_of
from research_brief.evidence.standing import Cited, all_cited
from research_brief.evidence.words import examples
from research_brief.library import Library
from research_brief.many import Ours
from research_brief.problems import Problem
from research_brief.values import Steps, Text

WHOLE = "add one, or say under 'hedge' why it was dropped"


Cut = Callable[[str], str]


def check(library: Library) -> Iterator[Problem]:
    hedged = [
        cited
        for cited in all_cited(library)
        if cited.source
        and cited.evidence.stance == "supports"
        and not cited.record.claim.hedge
        and words_of(cited.source.source.language).hedge.search(cited.evidence.quote)
    ]
    unnamed = _without_names(library) if hedged else str
    ours = Ours.of(library)
    for cited in hedged:
        yield from _claim(cited, unnamed, ours)


def _without_names(library: Library) -> Cut:
    """Takes out of a text the names of entities that hold what a hedge may be."""
    languages = {record.source.language for record in library.sources.values()}
    found: set[str] = set()
    for language in languages.union(library.settings.languages):
        hedge = words_of(language).any_hedge
        found.update(filter(hedge.search, names_with(library.names, hedge.likely)))
    return partial(_cut, found) if found else str


def _cut(names: Collection[str], text: str) -> str:
    """The text without the names: most texts have none, and are sooner asked than a pattern is
    made."""
    pattern = pattern_of([name for name in names if name in text])
    return pattern.sub(GAP, text) if pattern else text


def _claim(cited: Cited, unnamed: Cut, ours: Ours) -> Iterator[Problem]:
    record, number, evidence, source = cited
    assert source is not None
    quote = unnamed(evidence.quote)
    for kind, markers in words_of(source.source.language).hedge_markers.items():
        if found := markers.search(quote):
            texts: list[tuple[Text, Steps]] = [(record.claim.text, ("text",))]
            if evidence.translation:
                texts.append((evidence.translation, ("evidence", number, "translation")))
            for text, steps in texts:
                for language in _unhedged(text, kind, unnamed, ours):
                    where = record.where.below((*steps, language))
                    message = f"the quotation has '{found[0]}' ({kind}), the {steps[-1]} in"
                    message += f" {language} has no such word ({_some(language, kind)} …); {WHOLE}"
                    yield where.problem(message, "lost-hedge")


def _unhedged(text: Text, kind: str, unnamed: Cut, ours: Ours) -> Iterator[str]:
    """The languages in which a text has no hedge of a class, if they know it."""
    for language, said in text.root.items():
        wanted = words_of(language).hedge_words.get(kind)
        if wanted and not wanted.search(unnamed(ours.seen(said))):
            yield language


def _some(language: str, kind: str) -> str:
    """Some words of a class."""
    hedge = words_of(language).hedges[kind]
    return examples(chain(hedge.markers, hedge.others))
