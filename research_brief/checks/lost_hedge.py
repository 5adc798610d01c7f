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

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from research_brief.evidence.lexicon import words_of
from research_brief.evidence.names import GAP, names_where
from research_brief.evidence.words import examples
from research_brief.library import ClaimRecord, Library, Where
from research_brief.problems import Problem
from research_brief.richtext import seen
from research_brief.values import Text

WHOLE = "add one, or say under 'hedge' why it was dropped"


Cut = Callable[[str], str]


def check(library: Library) -> Iterator[Problem]:
    unnamed = _without_names(library)
    for record in library.claims.values():
        if not record.claim.hedge:
            yield from _claim(library, record, unnamed)


def _without_names(library: Library) -> Cut:
    """Takes out of a text the names of entities that hold what a hedge may be."""
    languages = {record.source.language for record in library.sources.values()}
    lists = [words_of(language) for language in languages.union(library.settings.languages)]
    hedges = [it for words in lists for it in (words.hedge, *words.hedge_words.values())]
    lines = "\n".join(library.names)
    hedges = [it for it in hedges if it.search(lines)]  # most are in none of them
    names = names_where(library.names, lambda name: any(it.search(name) for it in hedges))
    return partial(names.sub, GAP) if names else str


def _claim(library: Library, record: ClaimRecord, unnamed: Cut) -> Iterator[Problem]:
    for number, evidence in enumerate(record.claim.evidence):
        source = library.sources.get(library.source_of(record, number))
        if not source or evidence.stance != "supports":
            continue
        words = words_of(source.source.language)
        if not words.hedge.search(evidence.quote):
            continue
        quote = unnamed(evidence.quote)
        for kind, markers in words.hedge_markers.items():
            if found := markers.search(quote):
                texts = [(record.claim.text, record.where / "text")]
                if evidence.translation:
                    where = record.where / "evidence" / number / "translation"
                    texts.append((evidence.translation, where))
                for text, where in texts:
                    yield from _text(text, where, kind, found[0], unnamed)


def _text(text: Text, where: Where, kind: str, found: str, unnamed: Cut) -> Iterator[Problem]:
    what = where.steps[-1]
    for language, said in text.root.items():
        words = words_of(language)
        wanted = words.hedge_words.get(kind)
        if wanted and not wanted.search(unnamed(seen(said))):
            hedge = words.hedges[kind]
            some = examples(chain(hedge.markers, hedge.others))
            message = f"the quotation has '{found}' ({kind}), the {what} in {language} has no such "
            message += f"word ({some} …); {WHOLE}"
            yield (where / language).problem(message, "lost-hedge")
