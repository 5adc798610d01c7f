"""A quotation in a passage: where each of its pieces stands, or where it departs."""

from collections.abc import Sequence

from research_brief.evidence.normalisation import Normal

Span = tuple[int, int]
"""Start and end in the normalised words of a passage."""

SHOWN = 12


def match(pieces: Sequence[Normal], passage: Normal) -> tuple[Span, ...] | None:
    """Where the pieces stand in the passage, in their order and none inside another.

    Of several places those that leave out the least, from the end backwards.
    """
    position, first = 0, []
    for piece in pieces:
        span = _next(piece.text, passage, position)
        if span is None:
            return None
        first.append(span)
        position = span[1]
    found = [first[-1]] if first else []
    for piece in reversed(pieces[:-1]):
        span = _last_before(piece.text, passage, found[0][0])
        assert span is not None  # the one found forwards is still there
        found.insert(0, span)
    return tuple(found) or None


def _next(words: str, passage: Normal, start: int) -> Span | None:
    while (at := passage.text.find(words, start)) >= 0:
        if not (passage.cuts(at) or passage.cuts(at + len(words))):
            return at, at + len(words)
        start = at + 1
    return None


def _last_before(words: str, passage: Normal, end: int) -> Span | None:
    while (at := passage.text.rfind(words, 0, end)) >= 0:
        if not (passage.cuts(at) or passage.cuts(at + len(words))):
            return at, at + len(words)
        end = at + len(words) - 1
    return None


def departure(pieces: Sequence[Normal], passage: Normal) -> str:
    """How the pieces, which do not `match`, leave the passage; for a message."""
    position, before = 0, ""
    for piece in pieces:
        span = _next(piece.text, passage, position)
        if span is None:
            return _reason(piece, before, passage, position)
        position, before = span[1], piece.excerpt(0, SHOWN)
    raise ValueError("the pieces match")


def _reason(piece: Normal, before: str, passage: Normal, start: int) -> str:
    if (at := passage.text.find(piece.text, start)) >= 0:
        wide = passage.excerpt(max(0, at - SHOWN // 2), len(piece.text) + SHOWN)
        return f"'{piece.spaced}' cuts a word or a number in two: the source has '{wide}'"
    if _next(piece.text, passage, 0):
        return f"'{piece.spaced}' does not stand behind '{before}'; pieces keep the source's order"
    agreed = _agreed(piece.text, passage.text, start)
    if agreed < 2:  # one sign alone is found anywhere
        return f"it departs at '{piece.excerpt(0, SHOWN)}'"
    begin, at = max(0, agreed - SHOWN), passage.text.find(piece.text[:agreed], start) + agreed
    departs = f"it departs at '{piece.excerpt(agreed, SHOWN)}'"
    return (
        f"{departs} after '{piece.excerpt(begin, agreed - begin)}', "
        f"where the source has '{passage.excerpt(at, SHOWN)}'"
    )


def _agreed(words: str, passage: str, start: int) -> int:
    """How many signs at the beginning of the words stand together in the passage."""
    fewest, most = 0, len(words) - 1
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if passage.find(words[:middle], start) >= 0:
            fewest = middle
        else:
            most = middle - 1
    return fewest
