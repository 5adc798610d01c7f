"""Two builds of one site, compared page by page as a reader, a link and a program see them."""

import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html  # type: ignore[import-untyped,unused-ignore]

ESSENTIAL = (
    "pages",
    "titles",
    "head",
    "headings",
    "ids",
    "contents",
    "links",
    "targets",
    "text",
    "search",
)
"""What must be the same for nothing to be lost. `search` is the pages that it can find."""
ASPECTS = (*ESSENTIAL, "markup", "around", "entries")
_OF_THE_ENGINE = {"__skip"}
"""Anchors that an engine puts into the article for itself."""


@dataclass(frozen=True)
class Difference:
    """One aspect in which a page differs: what each build has and the other has not."""

    aspect: str
    page: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def compare(ours: Path, theirs: Path, index: Path, other_index: Path) -> list[Difference]:
    """All differences between two built sites, whose pages are `*.html` below each folder.

    The indexes are JSON files with the entries of the search: Material's `docs` or Zensical's
    `items`, each entry with its `location`.
    """
    one, two = read(ours), read(theirs, ours)
    found = [*_differ("pages", "", sorted(one), sorted(two))]
    for page in sorted(one.keys() & two.keys()):
        for aspect, value in one[page].items():
            found += _differ(aspect, page, value, two[page][aspect])
    entries, others = located(index), located(other_index)
    found += _differ("search", "", _pages(entries), _pages(others))
    return [*found, *_differ("entries", "", entries, others)]


def read(site: Path, *besides: Path) -> dict[str, dict[str, list[str]]]:
    """The pages below a folder by their paths; of each every aspect as a list of texts.

    `besides` are folders with the files that are laid beside the pages, whatever the engine.
    """
    pages = {
        path.relative_to(site).as_posix(): html.document_fromstring(path.read_bytes())
        for path in sorted(site.rglob("*.html"))
    }
    anchors = {
        page: {e.get("id") for e in root.iter() if e.get("id")} for page, root in pages.items()
    }
    places = (site, *besides)
    return {page: facts(page, root, anchors, places) for page, root in pages.items()}


def facts(
    page: str, root: Any, anchors: Mapping[str, set[str]], places: Sequence[Path]
) -> dict[str, list[str]]:
    """Every aspect of one page. `anchors` are the ids on each page of the site."""
    [article] = root.xpath("//article[contains(@class, 'md-content__inner')]")
    for element in article.xpath(".//a[@id]"):
        if element.get("id") in _OF_THE_ENGINE:
            element.drop_tree()
    levels = {f"h{n}" for n in range(1, 7)}
    links = [(e.get("href"), _said(e)) for e in article.iter("a") if e.get("href") is not None]
    contents = root.xpath("//nav[contains(@class, 'md-nav--secondary')]//a[@href]")
    around = root.xpath(
        "//header//a[@href] | //nav[@class='md-tabs']//a[@href] | //footer//a[@href]"
    )
    resolved = [(resolve(page, href), said) for href, said in links]
    loaded = root.xpath("//*[self::script or self::img]/@src | //head/link/@href")
    leads = [*(href for href, _ in resolved), *(resolve(page, address) for address in loaded)]
    return {
        "titles": [_said(e) for e in root.xpath("//head/title")],
        "head": sorted(_head(page, root)),
        "headings": [f"{e.tag} #{e.get('id')} {_said(e)}" for e in article.iter(*sorted(levels))],
        "ids": [e.get("id") for e in article.iter() if isinstance(e.tag, str) and e.get("id")],
        "contents": [f"{e.get('href')} {_said(e)}" for e in contents],
        "links": [f"{href} {said}" for href, said in resolved],
        "targets": sorted({h for h in leads if not _is_there(h, anchors, places)}),
        "text": [_said(article)],
        "markup": list(_markup(article)),
        "around": [f"{resolve(page, e.get('href'))} {_said(e)}" for e in around],
    }


def resolve(page: str, href: str) -> str:
    """Where a link on a page leads: an address elsewhere, or a file below the root of the site."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    path = unquote(parts.path)
    if not path:
        file = page
    elif path.startswith("/"):
        file = posixpath.normpath(path).lstrip("/") or "index.html"
    else:
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if path.endswith(("/", ".")):
            file = posixpath.normpath(f"{file}/index.html")
    return f"{file}#{parts.fragment}" if parts.fragment else file


def located(index: Path) -> list[str]:
    """The addresses that the entries of a search index lead to, sorted, each once."""
    data = json.loads(index.read_text(encoding="utf-8"))
    return sorted({entry["location"] for entry in data.get("docs") or data.get("items") or ()})


def _pages(entries: Sequence[str]) -> list[str]:
    return sorted({entry.partition("#")[0] for entry in entries})


def _differ(aspect: str, page: str, ours: list[str], theirs: list[str]) -> Iterator[Difference]:
    if ours != theirs:
        mine, other = set(ours), set(theirs)
        only = tuple(item for item in ours if item not in other)
        others = tuple(item for item in theirs if item not in mine)
        if not only and not others:  # the same things in another order, or number
            only, others = tuple(ours), tuple(theirs)
        yield Difference(aspect, page, only, others)


def _said(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _head(page: str, root: Any) -> Iterator[str]:
    yield f"lang={root.get('lang')}"
    for meta in root.xpath("//head/meta[@name or @property]"):
        yield f"{meta.get('name') or meta.get('property')}={meta.get('content')}"
    for link in root.xpath("//head/link[not(@rel='stylesheet')]"):
        yield f"{link.get('rel')}={resolve(page, link.get('href'))}"
    for script in root.xpath("//script[@type='application/ld+json']"):
        yield json.dumps(json.loads(script.text), sort_keys=True)


def _is_there(address: str, anchors: Mapping[str, set[str]], places: Sequence[Path]) -> bool:
    """Whether an address leads somewhere; those out of the site are taken as they are."""
    if urlsplit(address).scheme or address.startswith(".."):
        return True
    file, _, anchor = address.partition("#")
    if file in anchors:
        return not anchor or anchor in anchors[file]
    return not file.endswith(".html") and any((place / file).is_file() for place in places)


def _markup(article: Any) -> Iterator[str]:
    """Elements with their attributes, and the words between them."""
    for element in article.iter():
        if isinstance(element.tag, str):
            said = "".join(f' {key}="{value}"' for key, value in sorted(element.attrib.items()))
            yield f"<{element.tag}{said}> {' '.join((element.text or '').split())}".strip()
        if element is not article and (tail := " ".join((element.tail or "").split())):
            yield tail
