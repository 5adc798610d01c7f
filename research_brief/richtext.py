"""Inline Markdown to safe HTML: emphasis, strong, code, links and `[[id]]`, nothing else.

Blocks are off, so that `2018. 平头哥` keeps its year and `# x` its sign; raw HTML stays text;
links lead to http, https or mailto. What comes out is sanitised once more. `faults` says what
an editor probably meant otherwise.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, LinkInlineProcessor

from research_brief.values import UNSAFE

Label = Callable[[str], str]
"""The display name of an entity's id."""

ENTITY_LINK = re.compile(r"\[\[([^\[\]|\x02]*)(?:\|([^\[\]]+))?\]\]")
CODE = re.compile(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
# What needs no Markdown to know its links: they stand whole, in one line, among simple signs.
_PLAINLY_LINKED = re.compile(
    r"[^\[\]`\\&<\x00-\x1f]*"
    r"(?:\[\[[a-z0-9 -]*(?:\|[^\[\]`\\&<\x00-\x1f]+)?\]\][^\[\]`\\&<\x00-\x1f]*)*"
)
# What has no width and is allowed, because some scripts and emoji need it.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u3164\ufe00-\ufe0f\uffa0]"
)
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
_RAISED = str.maketrans(_DIGITS, 2 * "0123456789")
ODD = re.compile(f"{_UNSEEN.pattern[:-1]}{_DIGITS}]")
MARKUP = "[]`\\&<*_"
"""Signs without which, and without those of `ODD`, a text is seen as it stands."""
_UNMARKED = re.compile(f"[^{re.escape(MARKUP)}]*")
_PLAIN = re.compile(f"(?! )[^{re.escape(MARKUP)}>]*(?<! )")
GAP = "\ufffc"
_SCHEMES = {"http", "https", "mailto", "entity"}
_UNLABELLED = re.compile(r'<a href="entity:([^"]*)"></a>')
_TAG = re.compile("<[^>]*>")
_HTML = re.compile(r"</?[a-zA-Z!][^>]*>|<!--")
_LINK_START = r"(?<!\!)\[(?=[^\[\]]*\]\()"
_LINK = re.compile(r"!?\[[^\[\]]*\]\(\s*<?([^)\s>]*)")
# Between two digits a star is a sign of its own (5*3); beside Han characters Markdown's own
# rule holds, by which `*` may open and close anywhere.
_DIGIT_STAR = re.compile(r"(?<=\d)\*+(?=\d)")


class _EntityLinks(InlineProcessor):
    """`[[id]]` and `[[id|label]]`: a link to `entity:id`."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (the library's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", {"href": f"entity:{m.group(1).strip()}"})
        link.text = (m.group(2) or "").strip()
        return link, m.start(0), m.end(0)


class _InlineOnly(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's name)
        for name in [item.name for item in md.parser.blockprocessors._priority]:  # type: ignore[attr-defined]
            if name != "paragraph":
                md.parser.blockprocessors.deregister(name)
        for name in ("html_block", "normalize_whitespace"):
            md.preprocessors.deregister(name)
        unwanted = {"html", "image_link", "image_reference", "short_image_ref", "reference"}
        unwanted |= {"short_reference", "autolink", "automail", "linebreak", "entity"}
        for name in unwanted & {item.name for item in md.inlinePatterns._priority}:  # type: ignore[attr-defined]
            md.inlinePatterns.deregister(name)
        # Below code and escapes, above links, which look for no brackets within brackets:
        # Markdown's own pattern takes the square of their number.
        md.inlinePatterns.register(_EntityLinks(ENTITY_LINK.pattern, md), "entity_link", 175)
        md.inlinePatterns.register(LinkInlineProcessor(_LINK_START, md), "link", 160)


_markdown = Markdown(extensions=[_InlineOnly()], output_format="html")
_cleaner = nh3.Cleaner(
    tags={"em", "strong", "code", "a"},
    attributes={"*": set(), "a": {"href"}},
    url_schemes=_SCHEMES,
    link_rel=None,
)

_italics = nh3.Cleaner(tags={"i"}, attributes={"*": set()})


def _convert(words: str) -> str:
    """Most texts are plain words, of which Markdown makes nothing else in a thousand times the
    time; there are more of them than could be remembered."""
    return words if words.isprintable() and _PLAIN.fullmatch(words) else _converted(words)


@lru_cache(maxsize=20_000)
def _converted(words: str) -> str:
    protected = _DIGIT_STAR.sub(lambda stars: r"\*" * len(stars.group()), words)
    html = _markdown.reset().convert(protected.replace("\x02", "").replace("\x03", ""))
    html = html.removeprefix("<p>").removesuffix("</p>")
    return _cleaner.clean(html).replace("&nbsp;", "\u00a0")  # which XML does not know


def to_html(words: str, label: Label) -> str:
    """Safe HTML of a text; `[[id]]` without a label gets its name from `label`."""
    html = _convert(words)
    if "></a>" not in html:
        return html
    return _UNLABELLED.sub(
        lambda link: f'<a href="entity:{link[1]}">{escape(label(unescape(link[1])))}</a>', html
    )


def to_plain(words: str, label: Label) -> str:
    """The text without any markup, for titles, search and descriptions."""
    html = to_html(words, label)
    return unescape(_TAG.sub("", html)) if "<" in html or "&" in html else html


def italics(html: str) -> str:
    """HTML of others with no element left but `<i>`."""
    return _italics.clean(html).replace("&nbsp;", "\u00a0")  # which XML does not know


def seen(words: str) -> str:
    """The text as readers see it, for checks; what has its own name elsewhere is a gap.

    What is hidden in a link's address says nothing; markup and signs without width part no number,
    and raised digits are digits.
    """
    if ODD.search(words):
        words = _UNSEEN.sub("", words).translate(_RAISED)
    return words if _UNMARKED.fullmatch(words) else unmarked(words)


def unmarked(words: str) -> str:
    """The same of a text without signs of `ODD`."""
    if _PLAINLY_LINKED.fullmatch(words) and "*" not in words and "_" not in words:
        return ENTITY_LINK.sub(_label, words)
    return to_plain(words, lambda id: GAP)


def _label(link: re.Match[str]) -> str:
    return link[2] or GAP


def is_plainly_linked(words: str) -> bool:
    """Whether a text has no brackets but whole links to entities, and no code or HTML."""
    return _PLAINLY_LINKED.fullmatch(words) is not None


def entity_links(words: str) -> list[str]:
    """The ids that a text links to by `[[id]]`."""
    if is_plainly_linked(words):
        return [id.strip() for id, _ in ENTITY_LINK.findall(words)]
    return [unescape(id) for id in re.findall(r'<a href="entity:([^"]*)">', _convert(words))]


def web_links(words: str) -> list[str]:
    """The addresses on the web that a text links to."""
    return [unescape(url) for url in re.findall(r'<a href="(https?://[^"]+)">', _convert(words))]


def faults(words: str) -> Iterator[str]:
    """What a text holds that would not come out as its editor meant."""
    if unsafe := UNSAFE.search(_convert(words)):  # of a reference such as &#x202e;
        yield f"character U+{ord(unsafe[0]):04X} is not allowed: it is invisible; delete it"
    outside = CODE.sub("", words)
    for tag in _HTML.findall(outside):
        yield f"raw HTML '{tag}' is not allowed; use **bold**, *emphasis*, `code` or links"
    for match in _LINK.finditer(outside):
        if match[0].startswith("!"):
            yield "images are not allowed in a text"
            continue
        target = unescape(match[1])
        scheme = target.partition(":")[0].lower() if ":" in target else ""
        if scheme not in {"http", "https", "mailto"}:
            yield (
                f"the link to '{target}' is not allowed; "
                "expected https://…, http://…, mailto:… or [[id]]"
            )
