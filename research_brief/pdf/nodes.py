"""From fragments of HTML to nodes, the data that `templates/pdf/` typesets.

A node is a text, or a mapping: `e` what it is, `r` its classes without `rb-`, `c` what is in
it, `lang` and `region` where its language changes, and what its kind needs besides. What
stands in a claim's evidence becomes footnotes of its sentence.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from research_brief.pdf import Node
from research_brief.pdf.spacing import breakable, longest, trimmed

Link = dict[str, str]
"""Where a link leads: {"to": label}, {"url": address}, or nowhere on paper: {}."""

KINDS = {
    # blocks
    "div": "group", "section": "group", "article": "group", "aside": "group", "header": "group",
    "footer": "group", "nav": "group", "details": "group", "p": "p",
    "h3": "heading", "h4": "heading", "h5": "heading", "blockquote": "quote", "hr": "rule",
    "figure": "group", "figcaption": "caption", "pre": "pre",
    "summary": "summary",
    # lists and tables
    "ul": "list", "ol": "list", "li": "item", "dl": "terms", "dt": "term", "dd": "definition",
    "table": "table", "caption": "caption", "thead": "rows", "tbody": "rows", "tr": "row",
    "th": "cell", "td": "cell",
    # phrases
    "a": "link", "span": "span", "small": "span", "abbr": "span", "time": "span", "em": "em",
    "i": "em", "cite": "em", "dfn": "em", "strong": "strong", "b": "strong", "code": "code",
    "q": "q", "sup": "sup", "sub": "sub", "br": "newline", "wbr": "chance",
    # drawings, whole
    "svg": "drawing",
}  # fmt: skip
"""What each element of the vocabulary is on paper; those within a drawing stay as they are."""
PHRASES = {
    "link", "span", "em", "strong", "code", "q", "sup", "sub", "newline", "chance", "drawing",
    "footnote",
}  # fmt: skip
EMPTY = {"newline", "chance", "rule"}
LEVELS = {"h3": 2, "h4": 3, "h5": 4}

STYLED = frozenset(
    """
    claim sentence meta evidence supports asof note only original quote attribution location marks
    status account judgement consensus rumoured stated forecast recommended inferred unnamed role
    kicker title dek byline takeaways figures label count names facts notreported none
    overview ordinal positions voices when maprows box timeline vague gap bars barcount fill
    source revisions unverified notice withdrawn cite
    """.split()
)
"""The classes that `templates/pdf/` or this module give a form of their own."""
PLAIN = frozenset(
    """
    number sign by about voice stance contradicts context translation missing
    topics intro tags more list leadtitle tagline columns siblings alsoknown from steps
    code wide table cards matrix ledger group filters hash passages disagreement position
    maprow branches event what bar key data term definition banner citation
    """.split()
)
"""The classes that mean nothing on paper."""
OMITTED = frozenset(
    ["actions", "share", "download", "forms", "maphead", "verified", "find", "before"]
)
"""The classes of what is left out: what one can do on the site, links to files, what programs
read, headings of columns that a drawing on paper does without, what the cover says of all
quotations, anchors of before, to which nothing in a new file leads."""
ELSEWHERE = frozenset(["elsewhere"])
"""The classes of links that say nothing where they lead nowhere: left out then."""

_TAG = re.compile("([a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-([A-Z]{2}))?")  # as BCP 47 has it
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TOKEN = re.compile(r"var\(--rb-([a-z-]+)\)")
_SHAPES = {"rect", "path", "line", "circle", "text"}


@dataclass
class Walker:
    """Turns the fragments of one document into nodes; what is wrong is added to `faults`.

    `languages` gives the language and region (ISO 639, ISO 3166) that a `lang` of HTML means,
    `colours` the print value of each colour by its name; `link` tells where an address leads,
    `label` the label of an anchor, `permalink` the address of a claim on the web, if any.
    """

    languages: Mapping[str, tuple[str, str | None]]
    colours: Mapping[str, str]
    link: Callable[[str], Link]
    label: Callable[[str], str]
    permalink: Callable[[str], str]
    faults: list[str] = field(default_factory=list)
    level: int = 1

    def blocks(self, root: Element) -> list[Node]:
        """The nodes of a fragment under a heading of level 1."""
        self.level = 1
        return self._blocks(root)

    # --- Blocks and phrases -----------------------------------------------------------------

    def _blocks(self, element: Element) -> list[Node]:
        """What is in an element, its loose phrases put into paragraphs if there are blocks."""
        found = list(self._children(element))
        if not any(is_block(node) for node in found):
            return trimmed(found)
        blocks: list[Node] = []
        loose: list[Node] = []
        for node in [*found, None]:
            if node is not None and not is_block(node):
                loose.append(node)
                continue
            phrases = trimmed(loose)
            if all(isinstance(phrase, dict) and phrase["e"] == "drawing" for phrase in phrases):
                blocks += phrases
            else:
                blocks.append({"e": "p", "c": phrases})
            loose = []
            if node is not None:
                blocks.append(node)
        return blocks

    def _children(self, element: Element) -> Iterator[Node]:
        if element.text:
            yield breakable(_SPACE.sub(" ", element.text))
        for child in element:
            yield from self._node(child)
            if child.tail:
                yield breakable(_SPACE.sub(" ", child.tail))

    def _node(self, element: Element) -> Iterator[Node]:
        roles = [name.removeprefix("rb-") for name in element.get("class", "").split()]
        kind = KINDS.get(element.tag)
        unknown = sorted(set(roles) - STYLED - PLAIN - OMITTED - ELSEWHERE)
        for name in [*([f"<{element.tag}>"] if kind is None else []), *unknown]:
            self.faults.append(f"{name} has no form on paper; give it one in pdf/nodes.py")
        if kind is None or OMITTED & set(roles):
            return
        if ELSEWHERE & set(roles) and not all(
            self.link(a.get("href", "")) for a in element.iter("a")
        ):
            return
        node: dict[str, Any] = {"e": kind}
        if styled := [role for role in roles if role in STYLED]:
            node["r"] = styled
        if "lang" in element.attrib:
            node["lang"], node["region"] = self._language(element.attrib["lang"])
        if "id" in element.attrib:
            node["id"] = self.label(element.attrib["id"])
        if "claim" in roles:
            self._claim(element, node)
        elif kind in self._builders:
            self._builders[kind](element, node)
        elif kind in PHRASES:
            # The spaces at its edges are its neighbours' too, see `trimmed`.
            node["c"] = list(self._children(element))
        else:
            node["c"] = self._blocks(element)
        if kind == "table" and (caption := element.find("caption")) is not None:
            yield from self._node(caption)
        if node.get("c") != [] or "id" in node or kind in EMPTY:
            yield node

    @property
    def _builders(self) -> dict[str, Callable[[Element, dict[str, Any]], None]]:
        return {
            "heading": self._heading,
            "link": self._link,
            "code": self._code,
            "pre": self._code,
            "list": self._list,
            "terms": self._terms,
            "table": self._table,
            "drawing": self._drawing,
        }

    def _language(self, code: str) -> tuple[str, str | None]:
        if code in self.languages:
            return self.languages[code]
        tag = _TAG.fullmatch(code)
        return (tag[1], tag[2]) if tag else ("und", None)

    def _heading(self, element: Element, node: dict[str, Any]) -> None:
        node["level"] = level = LEVELS[element.tag]
        if level > self.level + 1:
            said = " ".join("".join(element.itertext()).split())
            expected = f"expected <h{self.level + 2}>"
            self.faults.append(f"<{element.tag}> '{said}' skips a level of headings; {expected}")
        self.level = level
        node["c"] = self._blocks(element)

    def _link(self, element: Element, node: dict[str, Any]) -> None:
        node |= self.link(element.get("href", ""))
        node["c"] = list(self._children(element))

    def _code(self, element: Element, node: dict[str, Any]) -> None:
        node["text"] = "".join(element.itertext())

    # --- Lists and tables -------------------------------------------------------------------

    def _list(self, element: Element, node: dict[str, Any]) -> None:
        node["ordered"] = element.tag == "ol"
        node["c"] = [child for child in self._children(element) if is_block(child)]

    def _terms(self, element: Element, node: dict[str, Any]) -> None:
        """Terms, each with what stands beside it until the next one."""
        pairs: list[Node] = []
        flat = (inner for item in element for inner in (item if item.tag == "div" else [item]))
        for item in flat:
            for child in self._node(item):
                assert isinstance(child, dict)
                if child["e"] == "term":
                    pairs.append({**child, "e": "pair", "term": child["c"], "c": []})
                elif pairs and isinstance(pairs[-1], dict):
                    before = pairs[-1]["c"]
                    pairs[-1]["c"] = [*apart(before), *apart(child["c"])] if before else child["c"]
        node["c"] = pairs

    def _table(self, element: Element, node: dict[str, Any]) -> None:
        head = element.findall("thead/tr")
        body = [row for row in element.iter("tr") if row not in head]
        node["head"], node["rows"] = (
            [[self._cell(cell) for cell in row] for row in group] for group in (head, body)
        )
        rows = [*node["head"], *node["rows"]]
        node["columns"] = max((sum(cell["colspan"] for cell in row) for row in rows), default=0)
        if not node["head"]:
            self.faults.append("a <table> has no <thead>; its columns need headings")

    def _cell(self, element: Element) -> dict[str, Any]:
        return {
            "e": "cell",
            "head": element.tag == "th",
            "colspan": int(element.get("colspan", "1")),
            "rowspan": int(element.get("rowspan", "1")),
            "c": self._blocks(element),
            # For the widths of columns: all that it says, and what of it cannot be broken.
            "said": " ".join("".join(element.itertext()).split()),
            "longest": longest(breakable("".join(element.itertext()))),
        }

    # --- Claims -----------------------------------------------------------------------------

    def _claim(self, element: Element, node: dict[str, Any]) -> None:
        node |= {"e": "claim", "c": [], "meta": [], "notes": [], "number": ""}
        node["url"] = self.permalink(element.get("id", ""))
        evidence: list[Node] = []
        for child in element:
            roles = child.get("class", "").split()
            if "rb-sentence" in roles:
                node["c"] = self._blocks(child)
            elif "rb-meta" in roles:
                for span in child:
                    if span.tag == "a":
                        node["number"] = "".join(span.itertext())
                    else:
                        node["meta"] += self._node(span)
            elif "rb-evidence" in roles:
                evidence += self._evidence(child, plain="rb-supports" in roles)
            else:
                node["notes"] += self._node(child)
        if evidence:
            # One footnote for all: Typst keeps only the first of a line on the line's page.
            node["c"].append({"e": "footnote", "c": evidence})

    def _evidence(self, element: Element, *, plain: bool) -> Iterator[Node]:
        """The quotations; those that do not support the claim under the word for what they do."""
        summary = element.find("summary")
        if not plain and summary is not None:
            yield from self._node(summary)
        for quotation in element.iter("blockquote"):
            yield from self._blocks(quotation)

    # --- Drawings ---------------------------------------------------------------------------

    def _drawing(self, element: Element, node: dict[str, Any]) -> None:
        title = element.find("title")
        node["alt"] = element.get("aria-label") or (title is not None and title.text) or ""
        if not node["alt"].strip():
            self.faults.append("an <svg> has no aria-label and no <title>; say what it shows")
        copy = ElementTree.fromstring(ElementTree.tostring(element))
        copy.set("xmlns", "http://www.w3.org/2000/svg")
        for shape in copy.iter():
            self._colour(shape)
        node["stretch"] = copy.get("preserveAspectRatio") == "none"
        node["svg"] = ElementTree.tostring(copy, encoding="unicode")

    def _colour(self, shape: Element) -> None:
        """The print values in the place of classes and tokens; without a value Typst paints
        black and says nothing."""
        names = [name.removeprefix("rb-") for name in shape.attrib.pop("class", "").split()]
        if "fill" in names:
            shape.set("fill", next((f"var(--rb-{n})" for n in names if n in self.colours), ""))
        for attribute in ("fill", "stroke"):
            value = shape.get(attribute)
            if value is not None:
                token = _TOKEN.fullmatch(value)
                shape.set(attribute, self.colours.get(token[1], "") if token else value)
        if shape.tag in _SHAPES and not (shape.get("fill") or shape.get("stroke")):
            self.faults.append(f"the <{shape.tag}> of a drawing has no colour on paper")


def is_block(node: Node) -> bool:
    """Whether a node stands on lines of its own."""
    return isinstance(node, dict) and node["e"] not in PHRASES


def apart(nodes: list[Node]) -> list[Node]:
    """The nodes as blocks: phrases among themselves as a paragraph."""
    return nodes if any(map(is_block, nodes)) else [{"e": "p", "c": nodes}]
