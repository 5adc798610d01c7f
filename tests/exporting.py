"""Publications for tests: the real content, and small briefs that say hostile things."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from projects import BASE, ROOT, overlay

from research_brief import exports, pipeline

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
    return _publication(ROOT, site_url)


def of(
    root: Path, *trees: Path | Mapping[str, str | bytes], site_url: str | None = SITE
) -> exports.Publication:
    """The small base with trees laid over it, shown by the templates of this project."""
    settings = {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()}
    overlay(root, {**settings})
    overlay(root / "content", BASE / "content")
    overlay(root / "templates", ROOT / "templates")
    return _publication(overlay(root, *trees), site_url)


def _publication(root: Path, site_url: str | None) -> exports.Publication:
    content = pipeline.read(root, pipeline.Options(site_url=site_url or ""))
    return exports.Publication(content.library, content.words, pipeline.render(root, content))


def saying(words: str, **brief: Any) -> dict[str, str]:
    """The first brief of the base with the same words as its title, heading and aliases."""
    said = yaml.safe_load((BASE / "content/briefs/first/brief.yaml").read_text("utf-8"))
    said |= {"title": {"en": words, "zh": words}, "published": "2025-10-01", **brief}
    section = yaml.safe_load((BASE / "content/briefs/first/signal.yaml").read_text("utf-8"))
    section["title"] = {"en": words, "zh": words}
    matrix = yaml.safe_load((BASE / "content/briefs/first/matrix.yaml").read_text("utf-8"))
    matrix["criteria"]["chips"] = words
    files = {"brief": said, "signal": section, "matrix": matrix}
    return {
        f"content/briefs/first/{name}.yaml": yaml.safe_dump(data, allow_unicode=True)
        for name, data in files.items()
    }
