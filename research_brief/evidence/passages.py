"""Addresses that lead to a passage within a page: text fragments.

`URL#:~:text=START,END` has the browser look for START and then for END, show what lies between
them, and scroll there (wicg.github.io/scroll-to-text-fragment, sections 3.2 and 3.3). One that
does not find them, or knows no text fragments, shows the page.
"""

import re
from urllib.parse import quote

from research_brief.evidence.normalisation import ELLIPSIS

WORDS, HAN = 8, 20
"""How much of a long piece is looked for: words, or characters where words have no spaces."""

DIRECTIVE = ":~:"
_HAN = re.compile("[\u2e80-\U0003ffff]")
_UNIT = re.compile(r"(?:[\u2e80-\U0003ffff]|[^\s\u2e80-\U0003ffff]+)\s*")


def passage_address(url: str, quotation: str) -> str:
    """The address of the quotation on the page at `url`, to which it is added."""
    pieces = [_UNIT.findall(piece) for piece in ELLIPSIS.split(quotation) if piece.strip()]
    if not pieces:
        return url
    most = HAN if _HAN.search(quotation) else WORDS
    if len(pieces) == 1 and len(pieces[0]) <= 2 * most:
        sought = pieces  # END is looked for behind START: cut in two, they would overlap
    else:
        sought = [pieces[0][:most], pieces[-1][-most:]]
    page = url.partition(DIRECTIVE)[0]
    mark = "" if "#" in page else "#"
    words = ",".join(_encoded("".join(units).strip()) for units in sought)
    return f"{page}{mark}{DIRECTIVE}text={words}"


def _encoded(words: str) -> str:
    """Percent-encoded, with the signs that a text directive is made of."""
    return quote(words, safe="").replace("-", "%2D")
