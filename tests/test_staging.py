"""What is staged is plain Markdown that comes out of the engine's own converter as it went in."""

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markdown import Markdown
from mkdocs.utils import meta
from projects import BASE, ROOT, overlay

from research_brief import fast_lane, reading
from research_brief.library import Library
from research_brief.options import Options
from research_brief.page_store import PageStore
from research_brief.pages import Page, Part
from research_brief.problems import Problem, ProblemsFound
from research_brief.staging import Addresses, stage, staged, to_markdown

FILES = {"first.pdf": "20 pages, 345 KB", "/api/first.json": ""}
PAGES = ["", "briefs/first", "companies/tencent", "sources/daily-2025", "glossary"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = overlay(tmp_path_factory.mktemp("project"), BASE)
    return reading.read(root, Options()).library


def page(path: str = "glossary", title: str = "Title", **fields: Any) -> Page:
    return Page(path, "glossary", "en", title, fields.pop("description", ""), **fields)


def addresses(library: Library) -> Addresses:
    return Addresses.of([page(path) for path in PAGES], library, FILES)


def convert(markdown: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """HTML, contents list and front matter, by the extensions of mkdocs.yml, as MkDocs has them.
    The fast lane gives the same."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    names, options = ["toc", "tables", "fenced_code"], {}
    for item in settings["markdown_extensions"]:
        name, option = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        names.append(name)
        options[name] = option
    text, front = meta.get_data(markdown)
    converter = Markdown(extensions=list(dict.fromkeys(names)), extension_configs=options)
    html = converter.convert(text)
    quick = fast_lane.convert(text)
    assert quick is not None, "the fast lane does not take the page"
    assert quick.html == html
    keys = ("level", "id", "name", "children")

    def plain(toc: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {key: one[key] for key in keys} | {"children": plain(one["children"])} for one in toc
        ]

    assert quick.toc == plain(converter.toc_tokens)  # type: ignore[attr-defined]
    return html, converter.toc_tokens, front  # type: ignore[attr-defined]


def converted(library: Library, **fields: Any) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    problems: list[Problem] = []
    markdown = to_markdown(page(**fields), addresses(library), problems)
    assert problems == []
    return convert(markdown)


HEADINGS = [
    "2018. T-Head",
    "# no heading",
    "*a* **b** _c_ `d`",
    "[x](javascript:alert(1)) ![y](z)",
    "<script>alert(1)</script> & <b>",
    "{#other .class onclick=x}",
    "trailing {#id}",
    "C:\\path\\",
    "a | b",
    "- item",
    "+ item",
    "1) item",
    "=====",
    "---",
    "***",
    "> quote",
    "~~~ code",
    "``` code",
    ": definition",
    "!!! note",
    "https://example.org <https://example.org>",
    "desk@example.org",
    "&amp; &lt; &copy;",
    "{{ 7*7 }} {% include 'x' %}",
    "“引号”《书名》：自研？是！",
    "𠮷野家 😀",
    "[TOC]",
    "[^1]",
    "*[HTML]: x",
    "$x$ ^2^ ==mark==",
    "a  b",
    "</h2></div>",
    "\"quoted\" and 'quoted'",
    "100 %",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_any_heading_comes_out_as_it_is(heading: str, library: Library) -> None:
    made, contents, front = converted(
        library,
        title=heading,
        description=heading,
        parts=(Part("one", heading, "<p>x</p>"), Part("two", "Two", "<p>y</p>")),
    )
    headings = re.findall(r"<(h[12])([^>]*)>(.*?)</\1>", made, re.DOTALL)
    assert [(tag, attributes.strip()) for tag, attributes, _ in headings][1:] == [
        ("h2", 'id="one"'),
        ("h2", 'id="two"'),
    ]
    shown = [" ".join(html.unescape(re.sub("<[^>]*>", "", text)).split()) for *_, text in headings]
    wanted = " ".join(heading.split())
    assert shown == [wanted, wanted, "Two"]
    assert [item["id"] for item in contents[0]["children"]] == ["one", "two"]
    assert html.unescape(contents[0]["children"][0]["name"]) == wanted
    # The theme prints these as they are, so they are HTML already.
    assert {key: html.unescape(text) for key, text in front.items()} == {
        "title": heading,
        "description": heading,
        "kind": "glossary",
    }
    assert not re.search('[<>"]', front["title"])


@given(st.text(alphabet="<>&*_`[](){}#!|\\:\"'-+=~^$%@./ 1ab芯：", min_size=1).filter(str.strip))
def test_no_heading_escapes(library: Library, heading: str) -> None:
    heading = " ".join(heading.split())
    made, contents, _ = converted(library, parts=(Part("one", heading, "<p>x</p>"),))
    found = re.search(r'<h2 id="one">(.*?)</h2>', made, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == heading
    assert [item["id"] for item in contents[0]["children"]] == ["one"]


FRAGMENT = """
<details class="rb-evidence" id="e1">
<summary>Evidence</summary>

<blockquote><p lang="zh">自研*芯片*_x_</p></blockquote>

</details>
<table class="rb-table">
    <tr><td>* no list</td></tr>

    <tr><td># no heading</td></tr>
</table>
<svg viewBox="0 0 1 1"><text x="0" y="0">1. x</text></svg>
<p>a<br/>b</p>
plain [words](x) at the end
"""


def test_fragments_pass_through_the_converter_untouched(library: Library) -> None:
    made, _, _ = converted(
        library, intro=FRAGMENT, parts=(Part("one", "One", FRAGMENT.replace("e1", "e2")),)
    )
    for wanted in (
        '<blockquote><p lang="zh">自研*芯片*_x_</p></blockquote>',
        "<tr><td>* no list</td></tr>",
        "<tr><td># no heading</td></tr>",
        '<svg viewBox="0 0 1 1"><text x="0" y="0">1. x</text></svg>',
        "<p>a<br>b</p>",
        "plain [words](x) at the end",
    ):
        assert made.count(wanted) == 2


LINKS = {
    "brief:first": "../briefs/first/",
    "brief:first#builds": "../briefs/first/#builds",
    "entity:tencent": "../companies/tencent/",
    "source:daily-2025": "../sources/daily-2025/",
    "page:glossary": "../glossary/",
    "page:": "../",
    "page:#top": "../#top",
    "file:first.pdf": "../first.pdf",
    "file:/api/first.json": "../api/first.json",
    "#here": "#here",
    "https://example.org/": "https://example.org/",
}


@pytest.mark.parametrize("link", LINKS)
def test_symbolic_links_become_relative_addresses(link: str, library: Library) -> None:
    made, _, _ = converted(library, intro=f'<p id="here"><a href="{link}">x</a></p>')
    assert f'<a href="{LINKS[link]}">' in made


def test_below_the_root_of_the_site_is_above_that_of_another_language(library: Library) -> None:
    fragments = replace(page(intro=DOWNLOAD.replace("first.pdf", "/api/first.json")), language="zh")
    made = staged([fragments], library, FILES, unmade=())["glossary/index.md"]
    assert '<a href="../../api/first.json">' in made


def test_the_head_is_told_of_the_files_beside_a_page(library: Library) -> None:
    files = {"feed.xml": "", "glossary/index.md": "", "glossary/feed.xml": ""}
    for path, names in {"": {"feed"}, "glossary": {"feed", "markdown"}, "topics": set()}.items():
        made = staged([page(path)], library, files, unmade=())[f"{path}/index.md".lstrip("/")]
        front = meta.get_data(made)[1]
        assert {name for name in ("feed", "markdown") if name in front} == names


def test_links_from_the_home_page_go_down(library: Library) -> None:
    links = '<p><a href="brief:first">x</a><a href="page:">home</a></p>'
    made, _, _ = converted(library, path="", intro=links)
    assert '<a href="briefs/first/">' in made
    assert '<a href="./">' in made


@pytest.mark.parametrize(
    "link", ["brief:gone", "entity:gone", "source:gone", "page:gone", "file:gone.pdf"]
)
def test_a_link_to_nowhere_is_a_fault_of_the_template(link: str, library: Library) -> None:
    part = Part("one", "One", f'<p><a href="{link}">x</a></p>', "sections/narrative.html")
    with pytest.raises(ProblemsFound) as found:
        stage([page(parts=(part,))], library, Path("/nowhere"))
    assert str(found.value) == (
        "templates/sections/narrative.html:1:1: error: "
        f"the link '{link}' on page 'glossary' leads nowhere [fragment]"
    )


DOWNLOAD = '<p class="rb-download"><a href="file:first.pdf">PDF</a></p>'


def test_links_to_files_say_what_they_lead_to(library: Library) -> None:
    made, _, _ = converted(library, intro=f"<div><p>one</p>{DOWNLOAD}<p>two</p></div>")
    assert (
        '<p class="rb-download"><a href="../first.pdf">PDF</a> '
        '<span class="rb-count">20 pages, 345 KB</span></p>'
    ) in made
    assert made.count("345 KB") == 1


def test_where_files_are_not_made_there_are_no_links_to_them(library: Library) -> None:
    fragments = page(
        intro=f"{DOWNLOAD}<div><p>one</p>{DOWNLOAD}{DOWNLOAD}<p>two</p></div>",
        parts=(Part("one", "One", f"<p>three</p>{DOWNLOAD}"),),
    )
    made = staged([fragments], library)["glossary/index.md"]
    assert "pdf" not in made.lower()
    assert "download" not in made
    assert all(f"<p>{word}</p>" in made for word in ("one", "two", "three"))


def test_only_links_to_files_that_are_not_made_are_left_out(library: Library) -> None:
    both = (
        '<p class="rb-download"><a href="file:first.pdf">PDF</a><a href="file:first.bib">B</a></p>'
    )
    fragments = page(intro=both)
    made = staged([fragments], library, {"first.bib": ""}, unmade=(".pdf",))["glossary/index.md"]
    assert '<p class="rb-download"><a href="../first.bib">B</a></p>' in made
    made = staged([fragments], library, {"first.bib": "", **FILES}, unmade=())["glossary/index.md"]
    assert "PDF</a> <span" in made
    assert "345 KB</span><a" in made


def test_another_link_to_a_file_that_is_not_made_is_a_fault(library: Library) -> None:
    fragments = page(intro='<p><a href="file:first.pdf">x</a></p>')
    with pytest.raises(ProblemsFound, match=r"the link 'file:first\.pdf' .* leads nowhere"):
        staged([fragments], library)
    assert staged([fragments], library, FILES)


def test_an_id_that_stands_twice_on_a_page_is_a_fault(library: Library) -> None:
    problems: list[Problem] = []
    fragments = page(intro='<p id="one">x</p>', parts=(Part("one", "One", '<p id="a">x</p>'),))
    to_markdown(fragments, addresses(library), problems)
    assert [problem.message for problem in problems] == [
        "the id 'one' stands twice on page 'glossary'"
    ]


def test_a_link_to_an_anchor_that_is_not_on_the_page_is_a_fault(library: Library) -> None:
    problems: list[Problem] = []
    to_markdown(page(intro='<p><a href="#gone">x</a></p>'), addresses(library), problems)
    assert [problem.rule for problem in problems] == ["fragment"]


def test_staging_writes_what_is_wanted_and_nothing_else(library: Library, tmp_path: Path) -> None:
    stage([page(""), page("glossary"), page("briefs/first")], library, tmp_path)
    before = (tmp_path / "index.md").stat().st_mtime_ns
    stage([page(""), page("briefs/first")], library, tmp_path)
    files = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*"))
    assert files == ["briefs", "briefs/first", "briefs/first/index.md", "index.md"]
    assert (tmp_path / "index.md").stat().st_mtime_ns == before


def test_what_the_engine_has_finished_is_not_staged_until_something_about_it_is_new(
    tmp_path: Path,
) -> None:
    root = overlay(tmp_path / "project", BASE)
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("repo_url: https://desk.example/briefs\n")
    section = root / "content/briefs/first/signal.yaml"
    intro = '<p class="rb-actions"><a href="edit:first#builds">Edit</a></p>'
    pages = [page("", intro=intro), page("glossary", intro="<p>Words</p>", indexed=False)]
    finished: dict[str, tuple[str, bool]] = {}

    def is_kept(name: str, digest: str, hidden: bool) -> bool:
        before, finished[name] = finished.get(name), (digest, hidden)
        return before == (digest, hidden)

    def made() -> list[str]:
        store = PageStore(tmp_path / "pages", tmp_path / "waiting", "1.0")
        library, folder = reading.read(root, Options()).library, tmp_path / "docs"
        stage(pages, library, folder, store=store, is_kept=is_kept)
        store.settle()
        found = folder.rglob("*.md")
        return sorted(path.relative_to(folder).as_posix() for path in found)

    assert made() == ["glossary/index.md", "index.md"]
    assert finished["glossary/index.md"][1]
    assert made() == []
    section.write_text("# A line more\n" + section.read_text(encoding="utf-8"), encoding="utf-8")
    assert made() == ["index.md"], "its claim stands at another line"
    pages[1] = replace(pages[1], title="Other")
    assert made() == ["glossary/index.md"]


def test_the_staged_files_are_known_before_any_is_written(library: Library) -> None:
    files = staged([page(""), page("glossary")], library)
    assert list(files) == ["index.md", "glossary/index.md"]
    assert files["glossary/index.md"] == to_markdown(page(), addresses(library), [])


def test_code_keeps_its_form_in_the_converter(library: Library) -> None:
    code = "<pre><code>a:\n  b: c\n\n    # d</code></pre>"
    made, _, _ = converted(library, intro=f"<div>\n  {code}\n</div>")
    assert html.unescape(made).count(code) == 1


THEME = ROOT / "templates" / "theme"


def test_the_theme_escapes_only_what_comes_from_nobody_who_did() -> None:
    """MkDocs' templates escape nothing: titles and words come to them as HTML."""
    files = {path.name: path.read_text(encoding="utf-8") for path in THEME.rglob("*.html")}
    found = {
        name: re.findall(r"{{([^}]*)\| *e(?:scape)? *}}", text) for name, text in files.items()
    }
    assert {name: set(places) for name, places in found.items() if places} == {
        "main.html": {" canonical "}
    }
    assert "rb.repository" in files["footer.html"]
    assert not any("repo_url" in text for text in files.values())  # it asks api.github.com


def test_an_ampersand_is_escaped_once_in_the_title() -> None:
    base = "{% block site_meta %}{% endblock %}{% block htmltitle %}{% endblock %}"
    main = (THEME / "main.html").read_text(encoding="utf-8")
    environment = Environment(
        loader=DictLoader({"base.html": base, "main.html": main})
    )  # as MkDocs
    environment.filters["url"] = str
    front = {"title": "R&amp;D", "description": "R&amp;D", "kind": "brief"}
    made = environment.get_template("main.html").render(
        page={"meta": front, "canonical_url": "https://example.org/a&b/"},
        config={
            "site_name": "A&amp;B",
            "extra": {"rb": {"language": {"locale": "en_GB"}, "all_words": []}},
            "theme": {},
        },
    )
    assert "<title>R&amp;D – A&amp;B</title>" in made
    assert 'content="A&amp;B"' in made
    assert 'href="https://example.org/a&amp;b/"' in made
    assert "&amp;amp;" not in made
