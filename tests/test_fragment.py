"""Fragments hold only what every output can show, and their links are real."""

import re

import pytest
from projects import ROOT

from research_brief.fragment import CLASSES, anchors, parse, resolve, to_html, tree
from research_brief.models import Evidence, Status

GOOD = [
    "",
    "plain words",
    '<p class="rb-intro" lang="zh-Hans">芯片 &amp; more<br/></p>',
    '<details class="rb-evidence" open=""><summary>Evidence</summary><blockquote cite="x"><p>x</p></blockquote></details>',
    '<table><thead><tr><th scope="col">x</th></tr></thead><tbody><tr><td data-label="x">y</td></tr></tbody></table>',
    '<svg viewBox="0 0 1 1" role="img"><title>A bar</title><rect x="0" y="0" width="1" height="1" class="rb-bar"/></svg>',
    '<p><a href="brief:x#y">x</a></p>',
]
BAD = {
    "<p>open": "mismatched tag",
    "<p>a & b</p>": "not well-formed",
    "<p>&nbsp;</p>": "undefined entity",
    "<script>alert(1)</script>": "element <script>",
    "<h1>x</h1>": "element <h1>",
    "<h2>x</h2>": "element <h2>",
    '<p style="color:red">x</p>': "attribute style of <p>",
    '<p onclick="x()">x</p>': "attribute onclick of <p>",
    '<img src="x"/>': "element <img>",
    '<iframe src="x"/>': "element <iframe>",
    '<p class="md-typeset">x</p>': "class 'md-typeset'",
    '<p class="rb-Bad">x</p>': "class 'rb-Bad'",
    "<title>x</title>": "element <title>",
    "<style>p {}</style>": "element <style>",
    "<svg><foreignObject/></svg>": "element <foreignObject>",
    '<svg><image href="x"/></svg>': "element <image>",
}


def test_a_tree_that_was_read_is_parsed_by_one_only() -> None:
    html = '<p><a href="brief:x">x</a></p>'
    read = tree(html)
    assert tree(html) is read
    first, second = (parse(html)[0] for _ in range(2))
    assert first is not second
    assert [*resolve(first, lambda link: "../x/")] == []
    assert to_html(first) != to_html(second) == to_html(tree(html)) == html
    for broken in ("<p>", "<p>"):
        assert len(tree(broken)) == 0
        assert parse(broken)[1]


@pytest.mark.parametrize("html", GOOD)
def test_the_vocabulary_is_allowed(html: str) -> None:
    assert parse(html)[1] == []


@pytest.mark.parametrize("html", BAD)
def test_anything_else_is_a_fault_that_says_what(html: str) -> None:
    wrong = parse(html)[1]
    assert len(wrong) == 1
    assert BAD[html] in wrong[0]


def test_a_fault_of_form_quotes_its_line() -> None:
    assert "in '<p>the culprit</b>'" in parse("<p>fine</p>\n<p>the culprit</b>\n<p>fine</p>")[1][0]


def test_symbolic_links_are_resolved_and_dead_ones_reported() -> None:
    root, _ = parse(
        '<p><a href="brief:a#b">1</a><a href="entity:gone">2</a>'
        '<a href="https://example.org">3</a><a href="mailto:x@y.org">4</a><a href="#here">5</a></p>'
    )
    known = {"brief:a#b": "../a/#b", "#here": "#here"}
    assert list(resolve(root, known.get)) == ["entity:gone"]
    assert 'href="../a/#b"' in to_html(root)
    assert 'href="https://example.org"' in to_html(root)


def test_anchors_are_found_at_every_depth() -> None:
    root, _ = parse('<div id="a"><p><span id="b">x</span></p></div><p id="c">x</p>')
    assert list(anchors(root)) == ["a", "b", "c"]


def test_html_is_written_without_blank_lines_and_with_html_void_elements() -> None:
    root, _ = parse("<p>a<br/>b</p>\n\n\n  <p>1 &lt; 2 &amp; 芯</p>\n")
    assert to_html(root) == "<p>a<br>b</p>\n<p>1 &lt; 2 &amp; 芯</p>"


@pytest.mark.parametrize(
    "link", ["", "../x/", "x.html", "javascript:alert(1)", "ftp://x.org", "data:,x"]
)
def test_a_link_that_is_neither_symbolic_nor_to_the_web_is_reported(link: str) -> None:
    root, _ = parse(f'<p><a href="{link}">x</a><a href="HTTPS://example.org">y</a></p>')
    assert list(resolve(root, {link: link}.get)) == [link]


def test_code_keeps_its_lines_and_their_indentation() -> None:
    root, _ = parse("<div>\n  <pre><code>a:\n  b: c\n\n  d: e</code></pre>\n\n  <p>x</p></div>")
    made = "<div>\n<pre><code>a:&#10;  b: c&#10;&#10;  d: e</code></pre>\n<p>x</p></div>"
    assert to_html(root) == made


def test_every_class_is_used() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "research_brief").glob("*.py")]
    used = set(re.findall(r"\brb-[a-z]+", "".join(file.read_text("utf-8") for file in files)))
    stances = Evidence.model_fields["stance"].annotation.__args__  # type: ignore[union-attr]
    assert CLASSES - used - {f"rb-{value}" for value in (*Status, *stances)} == set()
