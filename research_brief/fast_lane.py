"""The fast lane: staged pages become HTML without a Markdown parser.

What `staging.py` writes is Markdown of two forms only: headings with an id, and fragments of HTML
in a wrapper. Python-Markdown and MkDocs took most of the engine's time to find that out; here it
is read off. Pages of any other form take the plain route; a test holds both routes to the same
page.
"""

import re
from functools import partial
from typing import Any, NamedTuple

from research_brief.refusals import Refused

_BEGIN, _END = '<div class="rb">\n', "\n</div>"
_AFTER = re.compile(r'\n\n(?:## |# |<div class="rb">)|\n*\Z')
_HEADING = re.compile(r"(?P<marks>##?) (?P<text>[^\n]*) \{#(?P<id>[^\s}]+)\}(?=\n)")


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
        found = _HEADING.match(text, place)
        end = found.end() if found else _fragment_end(text, place)
        if end is None:
            return None
        begin, place = place, end
        while text.startswith("\n", place):
            place += 1
        if found is None:
            pieces.append(text[begin:end] + "\n" * (place < len(text)))
            continue
        level, heading = len(found["marks"]), found["text"]
        pieces.append(f'<h{level} id="{found["id"]}">{heading}</h{level}>')
        name = " ".join(heading.split())
        entry: dict[str, Any] = {"level": level, "id": found["id"], "name": name, "children": []}
        (toc[-1]["children"] if level > 1 and toc else toc).append(entry)
    return Converted("\n".join(pieces), toc)


def _fragment_end(text: str, place: int) -> int | None:
    """Where the fragment that begins at a place ends; none if none does. (One expression that says
    all of this takes a quarter of the engine's time for a page.)"""
    if not text.startswith(_BEGIN, place):
        return None
    place = text.find(_END, place + len(_BEGIN))
    while place >= 0 and not _AFTER.match(text, place + len(_END)):
        place = text.find(_END, place + 1)
    return place + len(_END) if place >= 0 else None


def take(page: Any, *, late: bool = False) -> None:
    """Let a page of MkDocs be rendered by the fast lane, if its form allows it: at once, or `late`,
    when it is built, because MkDocs renders all pages first, and holds what it made of them. (Late
    is too late for hooks and plugins that ask what a page was rendered to.)"""
    page.render = partial(_put_off if late else _render, page, page.render)


def begin(page: Any) -> None:
    """Render a page that was put off. Raises Refused if it was changed meanwhile."""
    if is_put_off(page):
        text = page.file.content_string.partition("\n---\n")[2]
        converted = convert(text.lstrip("\n"))
        if converted is None:
            raise Refused(f"{page.file.src_uri} was changed while the site was made; run it again")
        _fill(page, converted)


def end(page: Any) -> None:
    """Let go of a page that was put off, when it is built."""
    if is_put_off(page):
        page.content, page.toc = "", []


def is_put_off(page: Any) -> bool:
    """Whether a page is rendered only when it is built: then nobody has its text."""
    return bool(page.markdown == "")


def _put_off(page: Any, plainly: Any, config: Any, files: Any) -> None:
    if convert(page.markdown) is None:
        plainly(config, files)
    else:
        page.content = page.markdown = ""


def _render(page: Any, plainly: Any, config: Any, files: Any) -> None:
    converted = convert(page.markdown)
    if converted is None:
        plainly(config, files)
    else:
        _fill(page, converted)


def _fill(page: Any, converted: Converted) -> None:
    from mkdocs.structure.toc import get_toc

    page.content = converted.html
    page.toc = get_toc(converted.toc)  # type: ignore[arg-type]
    page.present_anchor_ids = {it.partition('"')[0] for it in converted.html.split(' id="')[1:]}
