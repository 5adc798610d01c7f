"""The fast lane: staged pages become HTML without a Markdown parser.

What `staging.py` writes is Markdown of two forms only: headings with an id, and fragments of HTML
in a wrapper. Python-Markdown and MkDocs took most of the engine's time to find that out; here it
is read off. Pages of any other form take the plain route; a test holds both routes to the same
page.
"""

import re
from functools import partial
from typing import Any, NamedTuple

_FRAGMENT = r'<div class="rb">\n.*?\n</div>(?=\n\n(?:## |# |<div class="rb">)|\n*\Z)'
_PIECE = re.compile(
    rf"(?P<fragment>{_FRAGMENT})|(?P<marks>##?) (?P<text>[^\n]*) \{{#(?P<id>[^\s}}]+)\}}(?=\n)",
    re.DOTALL,
)
_ID = re.compile(r'\sid="([^"]+)"')


class Converted(NamedTuple):
    """The HTML of a page and its headings, as Python-Markdown's extension `toc` lists them."""

    html: str
    toc: list[dict[str, Any]]


def convert(text: str) -> Converted | None:
    """A staged page without its front matter; None if it is of another form."""
    pieces: list[str] = []
    toc: list[dict[str, Any]] = []
    place = 0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            return None
        place = piece.end()
        while text.startswith("\n", place):
            place += 1
        if fragment := piece["fragment"]:
            pieces.append(fragment + "\n" * (place < len(text)))
            continue
        level, heading = len(piece["marks"]), piece["text"]
        pieces.append(f'<h{level} id="{piece["id"]}">{heading}</h{level}>')
        name = " ".join(heading.split())
        entry: dict[str, Any] = {"level": level, "id": piece["id"], "name": name, "children": []}
        (toc[-1]["children"] if level > 1 and toc else toc).append(entry)
    return Converted("\n".join(pieces), toc)


def take(page: Any) -> None:
    """Let a page of MkDocs be rendered by the fast lane, if its form allows it."""
    page.render = partial(_render, page, page.render)


def _render(page: Any, plainly: Any, config: Any, files: Any) -> None:
    from mkdocs.structure.toc import get_toc

    converted = convert(page.markdown)
    if converted is None:
        plainly(config, files)
        return
    page.content = converted.html
    page.toc = get_toc(converted.toc)  # type: ignore[arg-type]
    page.present_anchor_ids = set(_ID.findall(converted.html))
