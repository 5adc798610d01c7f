"""A text of ours is copied from the source: 20 characters or more that stand there in a row.

Say it in your own words, or mark it as a quotation with quotation marks. Names of entities are
not counted, and of a source in a language of letters 60 characters may agree: as many words. The
source's text is compared where it is at hand; everybody else compares with its quotations.

Bad:

    text: {zh: 小客户最好几家一道去买，这样既能压低单价，也能分担损失。}    # word for word

Good:

    text: {zh: 对小客户来说，联合采购可以降低成本和风险。}
"""

from collections.abc import Iterator

from research_brief.dealings import quotations
from research_brief.evidence.copying import Copies
from research_brief.evidence.lexicon import words_of
from research_brief.evidence.normalisation import ELLIPSIS, normalise
from research_brief.library import Library
from research_brief.many import Ours
from research_brief.problems import Problem
from research_brief.values import Text


def check(library: Library) -> Iterator[Problem]:
    described = {record.where.file for record in library.sources.values()}  # with their titles
    passages = _passages(library)
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
        copied = _copied(copies, library, language)
        for _, where, text in library.every(Text) if copied else ():
            if where.file in described:
                continue
            for run, number in copied.get(text.root.get(language, ""), ()):
                begin = run if len(run) <= 24 else f"{run[:24]}…"
                message = f"'{begin}', {len(run)} characters, is copied from {known[number][1]}"
                advice = "say it in your own words, or mark it as a quotation"
                yield (where / language).problem(f"{message}; {advice}", "copied-text")


def _copied(copies: Copies, library: Library, language: str) -> dict[str, list[tuple[str, int]]]:
    """The texts that have runs, with these."""
    ours = Ours.of(library)
    seen = ours.all_seen(words for words in ours.within(language) if len(words) >= copies.limit)
    suspects = copies.suspects(seen.values())
    return {
        words: runs
        for words, text in seen.items()
        if text in suspects and (runs := list(copies.runs(text)))
    }


def _passages(library: Library) -> dict[str, list[str]]:
    """The words of each source that are known here: its text, or what is quoted of it."""
    found = {
        id: [passage.normal.unspaced for passage in record.text.passages.values()]
        if record.text
        else []
        for id, record in library.sources.items()
    }
    limits = {
        id: words_of(record.source.language).longest_copy for id, record in library.sources.items()
    }
    quoted = library.quoted
    for id, words in quotations(library.briefs.values()) if quoted is None else quoted:
        limit = limits.get(id)
        if limit and not library.sources[id].text and len(words) >= limit:
            pieces = ELLIPSIS.split(words)
            found[id] += [normalise(piece).unspaced for piece in pieces if len(piece) >= limit]
    return found
