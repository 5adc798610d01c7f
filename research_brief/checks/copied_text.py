"""A text of ours is copied from the source: 20 characters or more that stand there in a row.

Say it in your own words, or mark it as a quotation with quotation marks. Names of entities are
not counted, and of a source in a language of letters 60 characters may agree: as many words. The
source's text is compared where it is at hand; everybody else compares with its quotations.

Bad:

    text: {zh: 小客户最好几家一道去买，这样既能压低单价，也能分担损失。}    # word for word

Good:

    text: {zh: 对小客户来说，联合采购可以降低成本和风险。}
"""

from collections.abc import Iterator, Sequence

from research_brief.evidence.copying import Copies
from research_brief.evidence.lexicon import words_of
from research_brief.evidence.normalisation import ELLIPSIS, normalise
from research_brief.evidence.standing import quoted_words
from research_brief.library import Library, Where
from research_brief.problems import Problem
from research_brief.richtext import seen
from research_brief.values import Text

Known = tuple[str, Where]
TOGETHER = 20


def check(library: Library) -> Iterator[Problem]:
    described = {record.where.file for record in library.sources.values()}  # with their titles
    passages = _passages(library.part_of or library)
    # Of all sources of a language at once: a site has as many sources as briefs.
    for language in sorted({record.source.language for record in library.sources.values()}):
        limit = words_of(language).longest_copy
        known = [
            (words, id)
            for id, record in library.sources.items()
            if record.source.language == language
            for words in passages[id]
        ]
        copies = Copies([words for words, _ in known], limit, library.names)
        if not copies.blocks:
            continue
        texts = [
            (seen(words), where)
            for _, where, text in library.every(Text)
            if len(words := text.root.get(language, "")) >= limit and where.file not in described
        ]
        for words, where in _suspects(copies, texts):
            for run, number in copies.runs(words):
                begin = run if len(run) <= 24 else f"{run[:24]}…"
                message = f"'{begin}', {len(run)} characters, is copied from {known[number][1]}"
                advice = "say it in your own words, or mark it as a quotation"
                yield (where / language).problem(f"{message}; {advice}", "copied-text")


def _suspects(copies: Copies, texts: Sequence[Known]) -> Iterator[Known]:
    """The texts that may have a run; many are looked through at once, because few have."""
    for at in range(0, len(texts), TOGETHER):
        some = texts[at : at + TOGETHER]
        if copies.may_run("\n".join(words for words, _ in some)):
            yield from some


def _passages(library: Library) -> dict[str, list[str]]:
    """The words of each source that are known here: its text, or what is quoted of it."""
    found = {
        id: [passage.normal.unspaced for passage in record.text.passages.values()]
        if record.text
        else []
        for id, record in library.sources.items()
    }
    for record in library.claims.values():
        for shown in quoted_words(library, record):
            if not shown.source.text:
                pieces = ELLIPSIS.split(shown.words)
                limit = words_of(shown.source.source.language).longest_copy
                quoted = [normalise(piece).unspaced for piece in pieces if len(piece) >= limit]
                found[shown.source.id] += quoted
    return found
