"""The built site, read as files: valid HTML, whole links, nothing from elsewhere."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from web_tools import KINDS, LANGUAGES, Site, html_checker

pytestmark = [pytest.mark.build, pytest.mark.web]

HOME = "https://site.invalid/"


@dataclass
class Document(HTMLParser):
    """The ids, links and loaded files of an HTML page."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag in ("a", "area") and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") not in ("canonical", "alternate"):
            self.loaded.append(found["href"])
        elif "src" in found:
            self.loaded.append(found["src"])


def read(path: Path) -> Document:
    document = Document()
    document.feed(path.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def documents(web: Site) -> dict[str, Document]:
    """Every HTML file by its address below the site."""
    found = {}
    for path in sorted(web.folder.rglob("*.html")):
        address = path.relative_to(web.folder).as_posix()
        found[address.removesuffix("index.html")] = read(path)
    assert len(found) > 100
    return found


def test_the_ledger_translates_what_its_readers_cannot_read(web: Site) -> None:
    counts = {}
    for language in LANGUAGES:
        page = web.file(web.paths["evidence"], language).read_text(encoding="utf-8")
        counts[language] = (page.count('class="rb-quote"'), page.count('class="rb-translation"'))
    assert counts["en"][0] == counts["en"][1] == counts["zh"][0] > 70
    assert counts["zh"][1] == 0


def test_every_kind_of_page_is_there(web: Site) -> None:
    assert set(web.paths) == set(KINDS)


def test_internal_links_and_anchors_are_whole(web: Site, documents: dict[str, Document]) -> None:
    broken = set()
    count = 0
    for address, document in documents.items():
        # The 404 page is shown at any address, so its own does not matter.
        base = urljoin(HOME, address if not address.endswith("404.html") else "")
        for link in document.links:
            target, anchor = urldefrag(urljoin(base, link))
            if not target.startswith(HOME):
                continue
            count += 1
            path = unquote(urlsplit(target).path).removeprefix("/")
            if path in documents:
                if anchor and unquote(anchor) not in documents[path].ids:
                    broken.add(f"{address}: {link}: no such anchor")
            elif not (web.folder / path).is_file():
                broken.add(f"{address}: {link}: no such page")
    assert sorted(broken) == []
    assert count > 1000


def test_no_link_depends_on_the_root_of_the_server(documents: dict[str, Document]) -> None:
    rooted = {
        f"{address}: {link}"
        for address, document in documents.items()
        for link in [*document.links, *document.loaded]
        if link.startswith("/") and not address.endswith("404.html")
    }
    assert rooted == set()


def test_ids_are_unique_on_every_page(documents: dict[str, Document]) -> None:
    repeated = {
        f"{address}#{id}"
        for address, document in documents.items()
        for id in document.ids
        if document.ids.count(id) > 1
    }
    assert repeated == set()


def test_nothing_is_loaded_from_elsewhere(web: Site, documents: dict[str, Document]) -> None:
    outside = {
        f"{address}: {link}"
        for address, document in documents.items()
        for link in document.loaded
        if urlsplit(link).netloc
    }
    assert outside == set()
    for path in web.folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//", text), path.name


def test_every_page_exists_in_both_languages(documents: dict[str, Document]) -> None:
    # The page for lost readers speaks all languages and stands at the root only.
    english = {address for address in documents if not address.startswith("zh/")} - {"404.html"}
    chinese = {address.removeprefix("zh/") for address in documents if address.startswith("zh/")}
    assert english == chinese


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_title_and_description(language: str, web: Site) -> None:
    wanted = {"en": "en", "zh": "zh-Hans"}[language]
    titles: dict[str, str] = {}
    for path in (web.folder / LANGUAGES[language]).rglob("index.html"):
        relative = path.relative_to(web.folder).as_posix()
        if language == "en" and relative.startswith("zh/"):
            continue
        text = path.read_text(encoding="utf-8")
        assert re.search(rf'<html lang="{wanted}"', text), relative
        title = re.search(r"<title>([^<]+)</title>", text)
        assert title, relative
        assert titles.setdefault(title[1], relative) == relative, f"{title[1]} is there twice"
        assert re.search(r'<meta name="description" content="[^"]{5,}"', text), relative
        assert len(re.findall(r"<h1[ >]", text)) == 1, relative


def test_every_claim_of_the_brief_has_its_anchor_in_both_languages(web: Site) -> None:
    briefs = {
        language: set(read(web.file("briefs/ai-chip-race/", language)).ids)
        for language in LANGUAGES
    }
    assert briefs["en"] == briefs["zh"]
    assert {"baidu-share", "chiplet-design", "signal", "takeaways", "sources"} <= briefs["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_search_entry_leads_to_an_anchor_that_is_there(
    language: str, web: Site, documents: dict[str, Document]
) -> None:
    folder = LANGUAGES[language]
    text = (web.folder / folder / "search/search_index.json").read_text(encoding="utf-8")
    entries = json.loads(text)["docs"]
    locations = [entry["location"] for entry in entries]
    assert len(locations) == len(set(locations)) > 100
    for location in locations:
        address, anchor = urldefrag(location)
        assert f"{folder}{address}" in documents, location
        assert not anchor or anchor in documents[f"{folder}{address}"].ids, location


def test_the_404_page_speaks_both_languages(web: Site) -> None:
    text = (web.folder / "404.html").read_text(encoding="utf-8")
    assert 'lang="en"' in text
    assert 'lang="zh-Hans"' in text
    assert re.search(r"<h1[ >]", text)


def test_a_long_page_stays_light(web: Site) -> None:
    import gzip

    for language in LANGUAGES:
        page = web.file("briefs/ai-chip-race/", language).read_bytes()
        assert len(gzip.compress(page)) < 60_000


def test_no_file_of_the_site_names_this_machine(web: Site) -> None:
    for path in web.folder.rglob("*"):
        if path.suffix in {".html", ".json", ".xml", ".css", ".js"}:
            assert str(web.project.root).encode() not in path.read_bytes(), path


def test_the_html_checker_finds_no_errors(web: Site) -> None:
    run = subprocess.run(
        [*html_checker(), "--skip-non-html", str(web.folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    messages = json.loads(run.stderr)["messages"]
    found = {
        f"{m['url'].rpartition('site/')[2]}:{m.get('lastLine')}: {m['message']}" for m in messages
    }
    assert sorted(found)[:20] == []
    assert run.returncode == 0
