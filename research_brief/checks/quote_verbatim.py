"""Words that a source is said to have are not those that were compared with its text.

Every quotation, every `attribution`, the source's title and the first characters of its
paragraphs are compared with the text by whoever holds it; `python build.py source verify ID` then
writes a receipt for each. Anybody else's `check` asks for the receipt: words without one were
changed, or are new. Spaces (but not those between two words or two numbers), the width of signs
and the kind of quotation marks and dashes may differ; nothing else. `……` stands for words left
out, and the pieces keep the order of the source.
In a draft it is a warning.

Bad:

    quote: 涨幅……8.80%          # the source has 8.08%

Good:

    quote: 涨幅……8.08%
"""

from collections.abc import Iterator

from research_brief.evidence.matching import departure
from research_brief.evidence.normalisation import normalise, pieces
from research_brief.evidence.standing import Shown, elsewhere, found, shown_words
from research_brief.library import Library
from research_brief.problems import Problem


def check(library: Library) -> Iterator[Problem]:
    for shown in shown_words(library):
        if reason := _reason(shown):
            yield shown.where.problem(reason, "quote-verbatim", shown.level)


def _reason(shown: Shown) -> str:
    """What is wrong with the words, or nothing."""
    source = shown.source
    if source.text:
        if not found(shown, shown.paragraph) and not _misplaced(shown):
            return _departure(shown)
        if source.is_open or source.receipts is None:
            return ""
    if source.receipts is None or shown.standing or _misplaced(shown):
        return ""
    if not source.text:
        return (
            f"these are not the verified words of {source.id}: they were changed, or are new; "
            f"restore them, or whoever holds the text runs {_verify(shown)}"
        )
    return f"the words are in {source.id}, but have no receipt yet; run {_verify(shown)}"


def _misplaced(shown: Shown) -> bool:
    """Whether `quote-paragraph` has something to say of them."""
    return bool(shown.paragraph_key) and (not shown.paragraph or elsewhere(shown) is not None)


def _verify(shown: Shown) -> str:
    return f"'python build.py source verify {shown.source.id}'"


def _departure(shown: Shown) -> str:
    """Where the words leave the text, which is at hand."""
    source, text, parts = shown.source, shown.source.text, pieces(shown.words)
    assert text is not None
    if not parts:
        return "there are no words in it; quote what carries the claim"
    passage = text.passages.get(shown.paragraph)
    place = "the title" if shown.paragraph == "h0" else f"paragraph {shown.paragraph}"
    if passage is None:
        return f"the text of {source.id} has no {place}; look at 'source show {source.id}'"
    if shown.begins:
        begins = passage.normal.excerpt(0, max(6, len(normalise(shown.words).text)))
        return f"{place} of {source.id} does not begin so, but with '{begins}'"
    said = f"the words are not in {place} of {source.id}"
    others = [number for number in text.passages if found(shown, number)]
    if others:
        return f"{said}, but in {' and '.join(others)}"
    if any(normalise(part).text.find(parts[0].text) >= 0 for part in text.furniture):
        return f"{said}, but in the furniture of its page, which cannot be quoted"
    return f"{said}: {departure(parts, passage.normal)}"
