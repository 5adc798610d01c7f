"""What hostile texts must not do to what is built: its shape is that which harmless texts give.

The shape of a file is what it is made of besides its words: elements with their attributes, keys,
rows, links. The shapes of a hostile site are compared with those of the same site with the desk's
own texts. What texts may make of themselves (emphasis, code, links to the web) counts for nothing,
as long as it is no more than that.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import rispy  # type: ignore[import-untyped]
import yaml
from bibtexparser.entrypoint import parse_string
from browsing import Visit, profile
from hostile_fields import MARKER
from hostility import Case
from lxml import etree  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page
from projects import snapshot

Shape = Counter[str]
COPY = re.compile(r"c\d{3}-")
SCHEMES = {"http", "https", "mailto"}
FORMULA = tuple("=+-@\t\r\n＝＋－＠")

# What a document is made of: for each element where it stands, its name, and its attributes with
# those of their values that are not words. Links and phrases that texts may make are stepped over.
SKELETON = """root => {
  const words = new Set(["title", "content", "aria-label", "alt", "value", "placeholder"])
  const outside = /^(https?:|mailto:)/i
  const phrase = element => {
    const names = element.getAttributeNames()
    return ["em", "strong", "code"].includes(element.localName) && !names.length ||
      element.localName === "a" && names.length === 1 && outside.test(element.getAttribute("href"))
  }
  const address = text => {
    if (/^(https?:)?\\/\\//i.test(text)) {
      const there = new URL(text, "https://briefs.example.org/")
      return there.host.endsWith(".example.org") ? there.host + there.pathname : there.protocol
    }
    return text.replace(/[?].*/, "")
  }
  const said = (name, value) => {
    if (words.has(name) || name.startsWith("data-") && name !== "data-status") return name
    if (["href", "src", "action", "cite", "xlink:href"].includes(name)) value = address(value)
    return `${name}=${value.replace(/c\\d{3}-/g, "c-")}`
  }
  const shapes = []
  const walk = (element, path) => {
    for (const child of element.childNodes) {
      if (child.nodeType === Node.COMMENT_NODE) shapes.push(`${path}/comment`)
      if (child.nodeType !== Node.ELEMENT_NODE) continue
      if (phrase(child)) { walk(child, path); continue }
      const names = child.getAttributeNames().map(name => said(name, child.getAttribute(name)))
      shapes.push(`${path}/${child.tagName} ${names.sort().join(" ")}`)
      walk(child.localName === "template" ? child.content : child, `${path}/${child.tagName}`)
    }
  }
  walk(root, "")
  const links = [...root.querySelectorAll("[href], [src], [action], [cite], [data], [poster]")]
  const told = links.flatMap(element => ["href", "src", "action", "cite", "data", "poster"].map(
    name => element.getAttribute(name)).filter(value => value !== null))
  return [shapes, told, root.textContent]
}"""
PARSED = f"html => ({SKELETON})(new DOMParser().parseFromString(html, 'text/html').documentElement)"
"""A page as Chromium parses it, without running it."""
LIVE = f"() => ({SKELETON})(document.documentElement)"
"""A page as it is once its scripts have run."""


class Judge:
    """Shapes of files, HTML by Chromium's own parser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.texts: dict[str, str] = {}
        """What each page says, without its markup."""

    def shapes(self, site: Path) -> dict[str, Shape]:
        """The shape of every file of a site by its path."""
        files = snapshot(site)
        return {path: self.shape(path, data) for path, data in files.items()}

    def shape(self, path: str, data: bytes) -> Shape:
        suffix = Path(path).suffix
        if suffix == ".html":
            found, links, self.texts[path] = self.page.evaluate(PARSED, data.decode())
            allowed(links, path)
            return Counter(found) + _linked_data(data.decode())
        name = Path(path).name
        return SHAPES.get(name, SHAPES.get(suffix, _bytes))(data)


def allowed(links: Iterable[str], path: str) -> None:
    """No link has a scheme that runs anything, as browsers read schemes."""
    for link in links:
        bare = re.sub(r"[\x00-\x20]", "", link)
        scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", bare)
        assert not scheme or scheme[1].lower() in SCHEMES, f"{path}: {link}"


def differences(found: dict[str, Shape], wanted: dict[str, Shape]) -> Iterator[str]:
    """What is in a hostile site and not in the harmless one, where every copy's files have the same
    shape as those of any other, and shared files hold nothing of a new kind."""
    models: dict[str, Shape] = {}
    for path, shape in wanted.items():
        models.setdefault(COPY.sub("c-", path), shape)
    for path, shape in found.items():
        model = models.get(COPY.sub("c-", path))
        if model is None and MARKER.search(path):  # an id of before may be any word
            model = shape if shape in models.values() else None
        if model is None:
            yield f"{path}: there is no such file"
        elif COPY.search(path):
            if more := (shape - model) + (model - shape):
                counts = {part: (shape[part], model[part]) for part in [*more][:5]}
                yield f"{path}: {counts}"
        elif more := Counter(shape.keys() - model.keys()):
            yield f"{path}: {[*more][:5]}"
    for name in models.keys() - {COPY.sub("c-", path) for path in found}:
        yield f"{name}: is missing"


def misread(cases: Iterable[Case], texts: dict[str, str]) -> Iterator[str]:
    """The plain texts that stand in a page otherwise than they were written. Rich ones are not
    looked at, nor is where one cuts them or writes them in other letters."""
    flat = {path: _flat(text) for path, text in texts.items()}
    marked: dict[str, list[str]] = {}
    for path, text in flat.items():
        for found in {*MARKER.findall(text)}:
            marked.setdefault(found, []).append(path)
    for case in cases:
        if case.slot.is_rich:
            continue
        for path in marked.get(case.marker, []):
            if _flat(case.words) not in flat[path]:
                yield f"{path}: {case.slot.field} is not as it was written: {case.words!r}"


def _flat(text: str) -> str:
    return "".join(text.split())


@dataclass
class Heard:
    """What happened on the pages that were opened."""

    complaints: list[str] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)


def visited(browser: Browser, address: str, paths: Iterable[str]) -> Heard:
    """Open pages in real Chromium: what the scripts made of them, and all that was heard.

    A script of theirs would leave a marker in the window, or open a dialog; one that the policy
    stops is heard as well, as is every request to another host.
    """
    heard = Heard()
    host = urlsplit(address).netloc
    with profile(browser) as context:
        visit = Visit(context.new_page()).listen()
        visit.page.on("dialog", lambda dialog: heard.complaints.append(f"dialog: {dialog.message}"))
        visit.page.on("popup", lambda page: heard.complaints.append(f"popup: {page.url}"))
        for path in paths:
            visit.page.goto(f"{address}{path}")
            names = visit.page.evaluate("() => Object.getOwnPropertyNames(window)")
            heard.complaints += [f"{path}: ran {name}" for name in names if MARKER.fullmatch(name)]
            if visit.page.url != f"{address}{path}":
                heard.complaints.append(f"{path}: led to {visit.page.url}")
            found, links, _ = visit.page.evaluate(LIVE)
            allowed(links, path)
            heard.shapes[path] = Counter(found)
            heard.complaints += [f"{path}: {said}" for said in visit.complaints]
            visit.complaints.clear()
        heard.complaints += [f"request to {other}" for other in visit.hosts - {host, ""}]
    return heard


# --- Shapes -----------------------------------------------------------------------------------


def _bytes(data: bytes) -> Shape:
    """Files that no content changes: scripts, styles, fonts."""
    return Counter([sha256(data).hexdigest()])


def _lines(data: bytes) -> Shape:
    """What hosts are told, line by line."""
    return Counter([COPY.sub("c-", line) for line in data.decode("utf-8").split("\n")])


def _linked_data(html: str) -> Shape:
    """The shape of the linked data of a page, as `JSON.parse` reads it."""
    element = re.compile(r'<script type="application/ld\+json">(.*?)</script', re.DOTALL)
    return sum((_json(text.encode()) for text in element.findall(html)), Counter())


def _json(data: bytes) -> Shape:
    return Counter(_members(json.loads(data), "$"))


def _members(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            # Names of entities and schema properties are keys of the search index.
            name = "*" if path.endswith(".names") else COPY.sub("c-", key)
            if name.startswith("@") and isinstance(item, str):
                yield f"{path}.{name} = {COPY.sub('c-', item)}"
            else:
                yield from _members(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _members(item, f"{path}[]")
    else:
        yield f"{path} {type(value).__name__}"


def _search(data: bytes) -> Shape:
    """The search index, whose titles and texts the theme puts into its page as HTML."""
    for doc in json.loads(data)["docs"]:
        for name in ("title", "text", "aliases"):
            assert not re.search("[<>]", doc.get(name, "")), doc
    return _json(data)


def _xml(data: bytes) -> Shape:
    """Feeds and sitemaps; what a feed holds as HTML is read as such."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(data, parser)
    found: Shape = Counter()
    for element in root.iter():
        assert isinstance(element.tag, str), element  # no comment, instruction or entity
        above = "/".join(str(each.tag) for each in reversed([*element.iterancestors()]))
        found[f"{above}/{element.tag} {sorted(element.attrib)}"] += 1
        if link := element.get("href"):
            allowed([link], "feed")
        if element.get("type") == "html":
            inner = etree.fromstring(f"<x>{element.text}</x>", parser)
            for each in inner.iterdescendants():
                attributes = sorted(each.attrib)
                allowed([each.get("href", "")], "feed")
                if (each.tag, attributes) not in PHRASES:
                    found[f"{above}/html {each.tag} {attributes}"] += 1
    return found


PHRASES = [("em", []), ("strong", []), ("code", []), ("a", ["href"])]
"""What texts may make of themselves."""


def _csv(data: bytes) -> Shape:
    """A table: its headings, and how many cells its rows have. No cell begins a formula (OWASP,
    "CSV Injection")."""
    rows = [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)]
    for row in rows:
        for cell in row:
            assert not cell.startswith(FORMULA), cell
            assert not cell.lstrip().startswith(FORMULA), cell
    return Counter([*rows[0], *(f"row of {len(row)}" for row in rows[1:])])


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]  # others refuse less
_WORDS = {"text", "softbreak", "inline", "em", "strong", "code_inline", "link", "hardbreak"}


def _markdown(data: bytes) -> Shape:
    """A copy in Markdown: its blocks, in what they stand. No HTML, no image, no link that runs."""
    text = data.decode("utf-8")
    found: Shape = Counter()
    if text.startswith("---\n"):
        _, front, text = re.split("^---$", text, maxsplit=2, flags=re.MULTILINE)
        found.update(yaml.safe_load(front).keys())
    path: list[str] = []
    for block in _MARKDOWN.parse(text):
        for token in (block, *(block.children or ())):
            kind = token.type.removesuffix("_open").removesuffix("_close")
            assert kind not in ("html_block", "html_inline", "image", "s"), token
            if token.type == "link_open":
                allowed([str(token.attrs["href"])], "Markdown")
            if token.nesting < 0:
                path.pop()
            elif kind not in _WORDS or token.nesting:
                if kind not in _WORDS:
                    found["/".join([*path, kind])] += 1
                if token.nesting > 0:
                    path.append(kind)
    return found


def _bibtex(data: bytes) -> Shape:
    library = parse_string(data.decode("utf-8"))
    assert not library.failed_blocks
    assert not [*library.strings, *library.preambles]
    found: Shape = Counter()
    for entry in library.entries:
        found[f"{entry.entry_type} {sorted(entry.fields_dict)}"] += 1
    return found


def _ris(data: bytes) -> Shape:
    return Counter(f"{sorted(entry)}" for entry in rispy.loads(data.decode("utf-8")))


_RUNS = {
    "/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Movie",
    "/EmbeddedFiles", "/EmbeddedFile", "/RichMedia", "/OpenAction", "/AA", "/XFA",
}  # fmt: skip
_PHRASES = {"Link", "Em", "Strong", "Code", "Span"}


def _pdf(data: bytes) -> Shape:
    """A PDF: the elements of its structure, and no action but links to the web."""
    found: Shape = Counter()
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            for each in _dictionaries(item):
                keys = set(each.keys())
                assert not keys & _RUNS, keys & _RUNS
                action = str(each.get("/S", "")) if "/URI" in keys else ""
                if action == "/URI":
                    allowed([str(each.URI)], "PDF")
                assert str(each.get("/S", "")) not in _RUNS, each
        found.update(_roles(document.Root.StructTreeRoot.K, ()))
        found.update(str(key) for key in document.Root)
    return found


def _dictionaries(value: Any) -> Iterator[Any]:
    if isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
        yield value
        for key in value.keys():  # noqa: SIM118 (no mapping)
            if not getattr(value[key], "is_indirect", False):
                yield from _dictionaries(value[key])
    elif isinstance(value, pikepdf.Array):
        for item in value:
            if not getattr(item, "is_indirect", False):
                yield from _dictionaries(item)


def _roles(node: Any, within: tuple[str, ...]) -> Iterator[str]:
    for item in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(item, pikepdf.Dictionary) and "/S" in item:
            role = str(item.S)[1:]
            inner = within if role in _PHRASES else (*within, role)
            if role not in _PHRASES:
                yield "/".join(inner)
            yield from _roles(item.get("/K", pikepdf.Array()), inner)


def _png(data: bytes) -> Shape:
    """A picture: the kinds of its chunks (PNG, 5.3), and its size."""
    found, at = Counter([data[16:24].hex()]), 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        found[data[at + 4 : at + 8].decode()] += 1
        at += length + 12
    del found["IDAT"]
    return found


SHAPES: dict[str, Callable[[bytes], Shape]] = {
    "search_index.json": _search, ".json": _json, ".xml": _xml, ".csv": _csv, ".md": _markdown,
    ".txt": _markdown, "robots.txt": _lines, "_headers": _lines, ".bib": _bibtex, ".ris": _ris,
    ".pdf": _pdf, ".png": _png,
}  # fmt: skip
