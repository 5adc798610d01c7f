"""From pages to a tree of Markdown that any engine of the family can build by itself.

A page becomes front matter, `# title`, its fragments as raw HTML and `## heading {#id}` for
each part: MkDocs Material and Zensical both build their contents list from that.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from hashlib import sha256
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

from research_brief import glossary
from research_brief.citing.metadata import PDF
from research_brief.fragment import SYMBOLIC, anchors, parse, resolve, to_html
from research_brief.library import Library
from research_brief.output import make_way
from research_brief.page_store import Noted, PageStore
from research_brief.pages import CARD, Page, Part
from research_brief.problems import Place, Problem, ProblemsFound
from research_brief.repository import edit_address, report_address
from research_brief.tree import Tree

ALL_FILES = ("",)
"""The ending that all files have."""
ACTIONS = ("edit:", "report:")
TEMPLATES = {"edition": "brief"}
"""The kinds of page that are made by the template of another kind."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|&:~^=\"'$@%/]")


@dataclass(frozen=True)
class Addresses:
    """Where symbolic links lead: the pages of one language, the folder of each entity, and the
    files beside the pages, each with what is to be said of it ("": nothing)."""

    library: Library
    pages: frozenset[str]
    folders: dict[str, str]
    files: Mapping[str, str]
    unmade: tuple[str, ...]  # endings of files that are not made this time; links to them go
    root: str  # from the root of the language to that of the site
    known: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    """The paths that were asked for: most links stand on many pages."""
    said: dict[str, tuple[str | None, ...]] = field(default_factory=dict, repr=False, compare=False)
    """What was told of links."""

    @classmethod
    def of(
        cls,
        pages: list[Page],
        library: Library,
        files: Mapping[str, str] | None = None,
        unmade: tuple[str, ...] = (),
    ) -> "Addresses":
        """Those of the pages of one language."""
        folders = {record.id: record.folder for record in library.entities.values()}
        paths = frozenset(page.path for page in pages)
        root = "../" if any(library.settings.folder(page.language) for page in pages) else ""
        return cls(library, paths, folders, files or {}, unmade, root)

    def path(self, link: str) -> str | None:
        """The path (and anchor) below the language's root that a symbolic link means, if any."""
        if link not in self.known:
            self.known[link] = self._path(link)
        return self.known[link]

    def _path(self, link: str) -> str | None:
        scheme, _, rest = link.partition(":")
        id, _, anchor = rest.partition("#")
        if scheme == "file":
            if rest not in self.files:
                return None
            # One that begins with a slash stands below the root of the site.
            return f"{self.root}{rest[1:]}" if rest.startswith("/") else rest
        folder = {"brief": "briefs/", "source": "sources/", "page": ""}.get(scheme)
        if scheme == "entity" and id in self.folders:
            folder = f"{self.folders[id]}/"
        if folder is None or f"{folder}{id}" not in self.pages:
            return None
        address = f"{folder}{id}/" if folder or id else ""
        return f"{address}#{anchor}" if anchor else address

    def action(self, link: str, language: str) -> str | None:
        """Where `edit:BRIEF#CLAIM` and `report:BRIEF#CLAIM` lead; None if that is not offered, and
        the link itself if there is no such claim."""
        scheme, _, claim = link.partition(":")
        home, _, id = claim.partition("#")  # not `claims`: of all briefs they would be put together
        brief, settings = self.library.briefs.get(home), self.library.settings
        record = brief.claims.get(id) if brief else None
        if record is None:
            return link
        if scheme == "edit":
            return edit_address(settings, record.where.place.file, record.where.place.line)
        base = settings.base(language)
        return report_address(
            settings, claim, f"{base}{self.path(f'brief:{claim}')}" if base else ""
        )

    @cached_property
    def digest(self) -> str:
        """What identifies all that is known of links, but for where claims stand."""
        files, settings = sorted(self.files.items()), self.library.settings.model_dump_json()
        known = [sorted(self.pages), self.folders, files, self.unmade, self.root, settings]
        return sha256(json.dumps(known).encode()).hexdigest()

    def claims_in(self, brief: str) -> str:
        """What identifies the claims of a brief, and where they stand."""
        record = self.library.briefs.get(brief)
        return record.places if record else ""

    def told(self, link: str, language: str) -> tuple[str | None, ...]:
        """All that is known of a link in a page of a language."""
        if link not in self.said:
            self.said[link] = (
                (self.action(link, language),)
                if link.startswith(ACTIONS)
                else (self.path(link), self.files.get(link.partition(":")[2]))
            )
        return self.said[link]


def staged(
    pages: list[Page],
    library: Library,
    downloads: Mapping[str, str] | None = None,
    unmade: tuple[str, ...] = ALL_FILES,
) -> dict[str, str]:
    """The Markdown of the pages of one language, by its file. Raises ProblemsFound.

    `downloads` are the files beside the pages by their paths, each with what its link says of
    it. Links to files that end in one of `unmade` are left out: without a word, those to all.
    """
    addresses = Addresses.of(pages, library, downloads, unmade)
    problems: list[Problem] = []
    found = {_file(page): to_markdown(page.whole, addresses, problems) for page in pages}
    if problems:
        raise ProblemsFound(problems)
    return found


def stage(
    pages: list[Page],
    library: Library,
    folder: Path,
    downloads: Mapping[str, str] | None = None,
    unmade: tuple[str, ...] = ALL_FILES,
    store: PageStore | None = None,
    before: Callable[[Page], None] = lambda page: None,
    is_kept: Callable[[str, str, bool], bool] = lambda name, digest, hidden: False,
) -> None:
    """Write the pages of one language below `folder`, and nothing else. Raises ProblemsFound.

    `before` is called ahead of each one. With a `store`, only those are written of which nobody has
    what the engine makes of them: `is_kept` is asked with the file of each, with what identifies
    its Markdown, and with whether indexes are to pass it by."""
    make_way(folder.parent)
    tree = Tree.over(folder, {} if store else None)
    addresses = Addresses.of(pages, library, downloads, unmade)
    digests = _Digests(addresses, folder.name, store)
    problems: list[Problem] = []
    for page in pages:
        before(page)
        name = _file(page)
        if not (store and is_kept(name, digests.of(page), not page.indexed)):
            tree.put(name, to_markdown(page.whole, addresses, problems))
    if problems:
        raise ProblemsFound(problems)
    tree.settle()
    digests.keep()


class _Digests:
    """What identifies all on which the Markdown of a page depends: the page, and what the site
    knows of where its links lead."""

    def __init__(self, addresses: Addresses, name: str, store: PageStore | None) -> None:
        self.addresses = addresses
        self._briefs: Noted[list[str]] = Noted(store, f"claims on pages {name}")
        self._digests: Noted[str] = Noted(store, f"staged {name}")

    def of(self, page: Page) -> str:
        """Of most pages nothing is new, nor of anything that a link could lead to: then it is not
        asked where each leads."""
        briefs = self._briefs.get(page.digest, partial(_briefs_of, page))
        told = [page.digest, self.addresses.digest, *map(self.addresses.claims_in, briefs)]
        key = sha256(" ".join(told).encode()).hexdigest()
        return self._digests.get(key, partial(_digest, page, self.addresses))

    def keep(self) -> None:
        """Note them for the next build."""
        self._briefs.keep()
        self._digests.keep()


def _briefs_of(page: Page) -> list[str]:
    """The briefs of whose claims a page says where they are edited and reported."""
    found = (link.partition(":")[2] for link in page.links if link.startswith(ACTIONS))
    return sorted({claim.partition("#")[0] for claim in found})


def _file(page: Page) -> str:
    return f"{page.path}/index.md".lstrip("/")


def _digest(page: Page, addresses: Addresses) -> str:
    links = [[link, *addresses.told(link, page.language)] for link in page.links]
    # Of what only the whole page has, its digest tells.
    made_of = [page.digest, _front(page, addresses), links, addresses.unmade]
    return sha256(json.dumps(made_of).encode()).hexdigest()


def to_markdown(page: Page, addresses: Addresses, problems: list[Problem]) -> str:
    """The page as Markdown; faults of its fragments are added to `problems`."""
    up = "../" * (page.path.count("/") + 1) if page.path else ""
    seen: set[str] = {"top", *(part.id for part in page.parts)}
    local: list[tuple[Place, str]] = []
    undefined = glossary.defined(page)

    @cache
    def address(link: str) -> str | None:
        if link.startswith("#"):
            return link
        path = addresses.path(link)
        return None if path is None else f"{up}{path}" or "./"

    def block(html: str, template: str) -> str:
        place = Place(
            f"templates/{template or f'pages/{TEMPLATES.get(page.kind, page.kind)}.html'}"
        )
        root, wrong = parse(html)
        if page.frozen:
            _freeze(root, addresses, address)
        _adapt(root, html, page, addresses, undefined)
        for link in resolve(root, address):
            wrong.append(f"the link '{link}' on page '{page.path}' leads nowhere")
        for id in anchors(root):
            if id in seen:
                wrong.append(f"the id '{id}' stands twice on page '{page.path}'")
            seen.add(id)
        links = (link.get("href", "") for link in root.iter("a"))
        local.extend((place, link) for link in links if link.startswith("#"))
        problems.extend(Problem(place, message, "fragment") for message in wrong)
        # A wrapper of our own makes it one HTML block, whatever the fragment begins with.
        return f'<div class="rb">\n{to_html(root)}\n</div>' if len(root) else ""

    blocks = [
        f"---\n{_front(page, addresses)}\n---",
        block(page.above, ""),
        f"# {_escaped(page.title)} {{#top}}",
        block(page.intro, ""),
    ]
    for part in page.parts:
        blocks += [_heading(part), block(part.html, part.template)]
    blocks.append(block(page.definitions, "definitions.html"))
    for place, link in local:
        if link[1:] not in seen:
            message = f"the link '{link}' on page '{page.path}' leads nowhere"
            problems.append(Problem(place, message, "fragment"))
    return "\n\n".join(text for text in blocks if text) + "\n"


def _freeze(root: Element, addresses: Addresses, address: Callable[[str], str | None]) -> None:
    """Leave of an earlier state what it says: no files, nothing to be done, no dead links."""
    _describe(root, replace(addresses, unmade=ALL_FILES))
    _offer(root, lambda link: None)
    _unlink(root, address)


def _adapt(root: Element, html: str, page: Page, addresses: Addresses, undefined: set[str]) -> None:
    """Say in a fragment what only the site knows: of its files, its terms, its repository."""
    if "rb-download" in html:
        _describe(root, addresses)
    if undefined:
        glossary.describe(root, undefined)
    if "rb-actions" in html:
        _offer(root, lambda link: addresses.action(link, page.language))


def _front(page: Page, addresses: Addresses) -> str:
    """The front matter of a page: what an engine is told of it."""
    meta = {"title": page.title, "description": page.description, "kind": page.kind}
    meta |= _page_actions(page, addresses) | _card(page, addresses) | _for_robots(page)
    meta |= _beside(page, addresses)
    # The theme puts these into its HTML as they are. JSON is YAML, with every sign quoted.
    quoted = {key: json.dumps(escape(text), ensure_ascii=False) for key, text in meta.items()}
    quoted |= _for_machines(page, addresses)
    if not (page.indexed or page.entries):  # for an engine that makes its own index
        quoted["search"] = '{"exclude": true}'
    return "\n".join(f"{key}: {text}" for key, text in quoted.items())


def _for_machines(page: Page, addresses: Addresses) -> dict[str, str]:
    """What the head of the page tells those who cite it, as JSON."""
    found = {}
    if page.tags:
        tags = [
            [name, escape(said)]
            for name, said in page.tags
            if not (name == PDF and said.endswith(addresses.unmade))
        ]
        found["tags_of_head"] = json.dumps(tags, ensure_ascii=False)
    if page.linked_data:
        found["linked_data"] = json.dumps(page.linked_data, ensure_ascii=False)
    return found


def _for_robots(page: Page) -> dict[str, str]:
    """What search engines are told of a page that they are not to list."""
    found = {} if page.indexed else {"robots": "noindex"}
    return found if page.canonical is None else {**found, "canonical": f"{page.canonical}/"}


def _describe(root: Element, addresses: Addresses) -> None:
    """Say of every download what it is; take out those of files that are not made."""
    for parent in root.iter():
        for child in [child for child in parent if child.get("class") == "rb-download"]:
            for link in child.findall("a"):
                scheme, _, path = link.get("href", "").partition(":")
                if scheme != "file":
                    continue
                if path.endswith(addresses.unmade):
                    child.remove(link)
                elif said := addresses.files.get(path):
                    link.tail = " "
                    note = Element("span", {"class": "rb-count"})
                    note.text = said
                    child.insert([*child].index(link) + 1, note)
            if len(child) == 0:
                parent.remove(child)


def _unlink(root: Element, address: Callable[[str], str | None]) -> None:
    """Leave the words of links that lead to what is no more."""
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith(SYMBOLIC) and address(href) is None:
            link.tag = "span"
            for name in ("href", "aria-label"):
                link.attrib.pop(name, None)


def _offer(root: Element, action: Callable[[str], str | None]) -> None:
    """Lead from what can be done about a claim to the repository; take out what is not offered."""
    for parent in root.iter():
        for child in [child for child in parent if child.get("class") == "rb-actions"]:
            for link in child.findall("a"):
                found = action(link.get("href", ""))
                if found is None:
                    child.remove(link)
                else:
                    link.set("href", found)
            if len(child) == 0:
                parent.remove(child)


def _page_actions(page: Page, addresses: Addresses) -> dict[str, str]:
    """The addresses at which the page can be changed and a problem with it reported."""
    if not page.file:
        return {}
    settings = addresses.library.settings
    base = settings.base(page.language)
    permalink = f"{base}{page.path}/" if base and page.path else base
    found = {
        "edit": edit_address(settings, page.file, page.line),
        "report": report_address(settings, page.path or "home", permalink),
    }
    return {name: address for name, address in found.items() if address}


def _card(page: Page, addresses: Addresses) -> dict[str, str]:
    """The picture that stands for the page where it is shared, which must be a whole address."""
    base, files = addresses.library.settings.base(page.language), addresses.files
    path = page.card if page.card in files else CARD
    return {"card": base + path, "card_text": files[path]} if base and path in files else {}


def _beside(page: Page, addresses: Addresses) -> dict[str, str]:
    """The files beside the page that its head tells of: its feed, its copy in Markdown."""
    folder = f"{page.path}/" if page.path else ""
    names = {"feed": "feed.xml", "markdown": "index.md"}
    return {key: name for key, name in names.items() if f"{folder}{name}" in addresses.files}


def _heading(part: Part) -> str:
    return f"## {_escaped(part.heading)} {{#{part.id}}}"


def _escaped(text: str) -> str:
    """Plain text with every sign that Markdown might read as its own written as a reference."""
    return _SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", text)
