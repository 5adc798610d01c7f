"""Publications for tests: the real content, and small briefs that say hostile things."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from projects import BASE, ROOT, overlay

from research_brief import exports, pipeline, reading
from research_brief.loading import load, load_settings
from research_brief.wordbooks import load_words

SITE = "https://briefs.example.org/desk/"

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; &#60;i&#62; &copy;",
    "]]> <!-- <![CDATA[ ?> <!DOCTYPE x>",
    "=HYPERLINK('http://evil.example')",
    "+1, -1, @SUM(A1)",
    "“a”, 'b', \"c\"; d, e",
    "[x](javascript:alert(1)) ![y](http://evil.example/z)",
    "<http://evil.example> [a]: http://evil.example",
    "# no heading",
    "> no quotation",
    "- no item",
    "1. no item",
    "2018. 平头哥",
    "``` no code",
    "~~~ no code",
    "no | table | here",
    "**no** __strong__ *emphasis* _here_ ~~gone~~ $x$",
    "---",
    "===",
    "{% raw %}{{ 7*7 }}{# x #}",
    "{: #id onclick=x} {#id}",
    "!!! note",
    ": no definition",
    "\\*\\<b\\>\\",
    "trailing!",
    "`` ` ```",
    "𠮷野家 😀 ﷽ é e\u0301",
]
"""Titles and names that mean something to HTML, XML, Markdown, spreadsheets or templates."""


@cache
def real(site_url: str | None = SITE) -> exports.Publication:
    """The content of this project."""
    return _publication(ROOT, site_url, drafts=False)


def of(
    root: Path,
    *trees: Path | Mapping[str, str | bytes],
    site_url: str | None = SITE,
    drafts: bool = False,
) -> exports.Publication:
    """The small base with trees laid over it, shown by the templates of this project."""
    settings = {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()}
    overlay(root, {**settings})
    overlay(root / "content", BASE / "content")
    overlay(root / "templates", ROOT / "templates")
    return _publication(overlay(root, *trees), site_url, drafts)


def addresses_of_pages(publication: exports.Publication) -> set[str]:
    """The address of every page below the site's root."""
    return {
        publication.path(language, f"{page.path}/".lstrip("/"))
        for language, found in publication.pages.items()
        for page in found
    }


def _publication(root: Path, site_url: str | None, drafts: bool) -> exports.Publication:
    """Whatever can be loaded: whether it is well edited, the checks would say."""
    settings = load_settings(root).model_copy(update={"site_url": site_url})
    words = load_words(root, settings.languages)
    library, problems = load(root, settings)
    assert not problems, problems
    library = library if drafts else library.without_drafts()
    content = reading.Content(library, words, [])
    return exports.Publication(library, words, pipeline.render(root, content))


@cache
def hostile() -> exports.Publication:
    """A brief for each hostile text, which is its title, and that of its section and source."""
    with TemporaryDirectory() as folder:
        briefs = [saying(words, f"h{number}") for number, words in enumerate(HOSTILE)]
        return of(Path(folder), *briefs)


def saying(words: str, id: str = "first", **more: Any) -> dict[str, str]:
    """The first brief of the base under an id, with the same words as its title, its headings and
    the title of its source."""
    told = {"en": words, "zh": words}
    brief, signal, matrix = (
        _read(f"briefs/first/{name}.yaml") for name in ("brief", "signal", "matrix")
    )
    source = _read("sources/daily-2025.yaml") | {"title": told}
    matrix["criteria"]["chips"] = signal["title"] = told
    source_id = "daily-2025" if id == "first" else f"source-{id}"
    brief |= {"title": told, "published": "2025-10-01", "sources": [source_id], **more}
    files = {f"briefs/{id}/brief": brief, f"briefs/{id}/signal": signal}
    files |= {f"briefs/{id}/matrix": matrix, f"sources/{source_id}": source}
    return {
        f"content/{name}.yaml": yaml.safe_dump(data, allow_unicode=True)
        for name, data in files.items()
    }


def _read(name: str) -> dict[str, Any]:
    # As text, so that a date stays one.
    text = (BASE / "content" / name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return found
