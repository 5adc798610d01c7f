"""Fragments of HTML as trees: the fixed vocabulary, the links, and the way back to HTML.

Every output is made from the same fragments, so what may stand in one is listed here:
elements with their attributes, and classes. A template that uses anything else is at fault.
Fragments are written as XML (`<br/>`, no named entities but XML's own five).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

GLOBAL = {"id", "class", "lang", "title", "role", "aria-label", "aria-labelledby", "aria-hidden"}
ELEMENTS: dict[str, set[str]] = {
    # blocks
    "div": {
        "data-heading", "data-all", "data-shown", "data-reset",
        "data-cite", "data-copy", "data-copied", "popover",
    },
    "section": set(),
    "article": set(), "aside": set(), "header": set(),
    "footer": set(), "nav": set(), "h3": set(), "h4": set(), "h5": set(),
    "p": {"data-share", "data-shared", "data-quote", "data-quoted", "data-quotation"},
    "blockquote": {"cite", "data-place"}, "hr": set(), "details": {"open"}, "summary": set(),
    "figure": set(), "figcaption": set(), "pre": set(),
    # lists and tables
    "ul": set(), "ol": {"start"}, "li": {"value"}, "dl": set(), "dt": set(), "dd": set(),
    "table": set(), "caption": set(), "thead": set(), "tbody": {"data-section"},
    "tr": {"data-status", "data-speaker", "data-about"},
    "th": {"scope", "colspan", "rowspan", "data-label"},
    "td": {"colspan", "rowspan", "data-label"},
    # phrases
    "a": {"href", "rel", "hreflang", "aria-describedby"},
    "span": set(), "em": set(), "strong": set(),
    "code": set(), "cite": set(), "q": set(), "sup": set(), "sub": set(), "small": set(),
    "abbr": set(), "dfn": set(), "b": set(), "i": set(), "br": set(), "wbr": set(),
    "time": {"datetime"},
    # drawings
    "svg": {"viewBox", "width", "height", "preserveAspectRatio", "focusable"},
    "desc": set(), "g": {"transform"}, "path": {"d", "fill", "stroke"},
    "line": {"x1", "y1", "x2", "y2"}, "rect": {"x", "y", "width", "height", "rx"},
    "circle": {"cx", "cy", "r"},
    "text": {"x", "y", "dx", "dy", "text-anchor", "dominant-baseline"}, "tspan": {"x", "dy"},
}  # fmt: skip
"""Every element that a fragment may hold, with its attributes beyond the global ones."""
VOID = {"br", "hr", "wbr"}
"""Those of them that have no end (HTML Living Standard, 13.1.2 Elements)."""

CLASSES = frozenset(
    f"rb-{name}"
    for name in """
    claim sentence number meta status sign by voice role unnamed about asof note only original
    evidence stance supports contradicts context quote translation attribution location missing
    marks account judgement consensus rumoured stated forecast recommended inferred
    kicker topics title dek intro byline takeaways figures list tags more label count
    leadtitle tagline columns siblings names facts alsoknown from steps code when
    wide table cards matrix notreported ledger group filters passages
    verified unverified find hash
    overview ordinal disagreement positions position voices
    maphead maprows maprow box branches none
    timeline event what gap vague before
    bars bar barcount fill key data source download elsewhere revisions actions
    term definition share
    notice banner withdrawn
    cite citation forms
    """.split()
)
"""Every class that a fragment may use. How each looks is in `templates/theme/assets/rb.css`."""

SYMBOLIC = ("brief:", "entity:", "source:", "page:", "file:", "edit:", "report:", "#")
"""How symbolic links begin, see `pages.py`."""
OUTSIDE = ("https://", "http://", "mailto:")

AT_HAND = 64
"""Fragments of which the trees stay at hand when they were read: those of a page are fewer."""

_read: dict[str, Element] = {}
_PRE = re.compile(r"<pre[ >].*?</pre>", re.DOTALL)


def parse(html: str) -> tuple[Element, list[str]]:
    """The tree of a fragment under a root of its own, to be changed at will, and what is wrong with
    it."""
    try:
        root = _read.pop(html) if html in _read else _parsed(html)
    except ElementTree.ParseError as error:
        line = html.split("\n")[min(error.position[0], html.count("\n") + 1) - 1].strip()
        return Element("fragment"), [f"the HTML is not well-formed: {error.msg} in '{line[:120]}'"]
    return root, list(dict.fromkeys(_unknown(root)))


def tree(html: str) -> Element:
    """The tree of a fragment, only to be read, and at once: who has it parsed next gets the same
    one. It is empty for a fragment that is broken."""
    if html not in _read:
        if len(_read) >= AT_HAND:
            _read.clear()
        try:
            _read[html] = _parsed(html)
        except ElementTree.ParseError:
            return Element("fragment")
    return _read[html]


def _parsed(html: str) -> Element:
    return ElementTree.fromstring(f"<fragment>{html}</fragment>")


def _unknown(root: Element) -> Iterator[str]:
    elements = islice(root.iter(), 1, None)
    kinds = dict.fromkeys((it.tag, tuple(it.keys()), it.get("class", "")) for it in elements)
    has_drawing = any(tag == "svg" for tag, *_ in kinds)
    for kind in kinds:
        if kind[0] != "title" or not has_drawing:
            yield from _wrong(*kind)


@cache
def _wrong(tag: str, names: tuple[str, ...], classes: str) -> list[str]:
    """What is wrong with an element: of all their kinds there are a few hundred."""
    if tag not in ELEMENTS:
        return [f"the element <{tag}> is not in the vocabulary of fragment.py"]
    known = GLOBAL | ELEMENTS[tag]
    found = [
        f"the attribute {name} of <{tag}> is not in the vocabulary"
        for name in names
        if name not in known
    ]
    unknown = (word for word in classes.split() if word not in CLASSES)
    return found + [f"the class '{word}' is not in the vocabulary" for word in unknown]


def anchors(root: Element) -> Iterator[str]:
    """Every id in the tree."""
    for element in root.iter():
        if "id" in element.attrib:
            yield element.attrib["id"]


def resolve(root: Element, target: Callable[[str], str | None]) -> Iterator[str]:
    """Put real addresses in place of symbolic links; yields those that lead nowhere."""
    for element in root.iter("a"):
        href = element.get("href")
        if href is not None and not href.lower().startswith(OUTSIDE):
            found = target(href) if href.startswith(SYMBOLIC) else None
            if found is None:
                yield href
            else:
                element.set("href", found)


def to_html(root: Element) -> str:
    """The tree as HTML without blank lines, so that Markdown takes it for one block."""
    pieces: list[str] = []
    for child in root:
        _write(child, pieces)
    text = "".join(pieces)
    if "<pre" in text:
        text = _PRE.sub(lambda pre: pre[0].replace("\n", "&#10;"), text)
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def _write(element: Element, pieces: list[str]) -> None:
    """The same as ElementTree.tostring(element, method="html") in a sixth of its time: here are
    no namespaces, and no scripts."""
    tag, text, tail = element.tag, element.text or "", element.tail or ""
    start = f"<{tag}"
    for name, said in element.items():
        is_plain = not ("&" in said or ">" in said or '"' in said)
        start += f' {name}="{said if is_plain else _quoted(said)}"'
    if "&" in text or "<" in text or ">" in text:
        text = _escaped(text)
    if "&" in tail or "<" in tail or ">" in tail:
        tail = _escaped(tail)
    end = "" if tag in VOID else f"</{tag}>"
    if len(element):
        pieces.append(f"{start}>{text}")
        for child in element:
            _write(child, pieces)
        pieces.append(f"{end}{tail}")
    else:
        pieces.append(f"{start}>{text}{end}{tail}")


def _quoted(words: str) -> str:
    return words.replace("&", "&amp;").replace(">", "&gt;").replace('"', "&quot;")


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
