"""Fragments as CommonMark: what two other parsers read is what stands in the fragment."""

import html
import re
from collections.abc import Set as AbstractSet
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pytest
from exporting import HOSTILE, real
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown
from markdown_it import MarkdownIt
from markdown_it.token import Token

from research_brief import commonmark
from research_brief.exports import markdown_copies
from research_brief.fragment import parse
from research_brief.values import UNSAFE

ROW = "<tbody><tr><th>x</th><td>1</td><td></td></tr></tbody>"
HREF = "https://briefs.example.org/x_(1)/?a=1&copy=2#b"
RENDERERS = {
    "commonmark": MarkdownIt("commonmark"),
    "github": MarkdownIt("commonmark").enable(["table", "strikethrough"]),
}


def made(fragment: str) -> str:
    root, wrong = parse(fragment)
    assert wrong == []
    return commonmark.blocks(root, lambda link: link)


def tokens(text: str, renderer: str = "commonmark") -> list[Token]:
    """All tokens, those within lines included."""
    found = RENDERERS[renderer].parse(text)
    return [token for block in found for token in (block, *(block.children or ()))]


def read(text: str, renderer: str = "commonmark") -> str:
    """The words that a reader of the text sees, spaces evened out."""
    said = ""
    for token in tokens(text, renderer):
        if token.type in ("text", "code_inline", "fence", "code_block"):
            said += token.content
        elif token.type in ("softbreak", "hardbreak") or token.block:
            said += " "
    return " ".join(said.split())


def kinds(text: str, renderer: str = "commonmark") -> set[str]:
    return {
        token.type.removesuffix("_open").removesuffix("_close") for token in tokens(text, renderer)
    }


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]),
    min_size=1,
    max_size=20,
).filter(lambda words: not UNSAFE.search(words) and not words.isspace())
MARKUP = (
    st.lists(
        st.sampled_from(
            [*"*_`[]()<>&#+-=.!|~\\$:{}1 \t“”a中，", "](", "**", "```", "&lt;", "http://"]
        ),
        min_size=1,
        max_size=14,
    )
    .map("".join)
    .filter(lambda words: not words.isspace())
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), WORDS, MARKUP)


@pytest.mark.parametrize("renderer", RENDERERS)
@given(words=TEXTS)
def test_text_stays_text(renderer: str, words: str) -> None:
    text = made(f"<p>{html.escape(words)}</p>")
    assert read(text, renderer) == " ".join(words.split())
    assert kinds(text, renderer) <= {"paragraph", "inline", "text", "softbreak"}


@given(words=TEXTS)
def test_headings_and_lines_of_plain_text_stay_text(words: str) -> None:
    flat = " ".join(words.split())
    assert read(commonmark.heading(2, words)) == flat
    assert kinds(commonmark.heading(2, words)) <= {"heading", "inline", "text"}
    assert read(commonmark.line(words)) == flat
    assert kinds(commonmark.line(words)) <= {"paragraph", "inline", "text"}


@given(words=TEXTS)
def test_older_dialects_see_no_html_and_no_link_either(words: str) -> None:
    shown = markdown(made(f"<p>{html.escape(words)}</p>"), extensions=["extra", "admonition"])
    assert set(re.findall(r"<(\w+)", shown)) <= {"p"}, shown


PHRASES = st.sampled_from(["em", "strong", "code", "span", "a", "sup"])


@st.composite
def phrases(draw: st.DrawFn, depth: int = 2) -> str:
    """Phrases in each other and beside each other, with text between them."""
    said = ""
    for _ in range(draw(st.integers(1, 3))):
        words = html.escape(draw(TEXTS))
        tag = draw(PHRASES)
        inside = draw(phrases(depth - 1)) if depth and tag not in ("code", "a") else words
        attributes = f' href="{html.escape(HREF)}"' if tag == "a" else ""
        said += draw(st.sampled_from(["", words, " "])) + f"<{tag}{attributes}>{inside}</{tag}>"
    return said + draw(st.sampled_from(["", "x", "中", "。"]))


@given(fragment=phrases())
def test_phrases_keep_their_words_in_any_neighbourhood(fragment: str) -> None:
    root, _ = parse(f"<p>{fragment}</p>")
    text = commonmark.blocks(root, lambda link: link)
    # Spaces beside code and at the edges of links may differ; no other sign may.
    assert read(text).replace(" ", "") == "".join("".join(root.itertext()).split())
    allowed = {"paragraph", "inline", "text", "em", "strong", "code_inline", "link", "softbreak"}
    assert kinds(text) <= allowed
    wanted = [a.get("href") for a in root.iter("a") if "".join(a.itertext()).strip()]
    links = [token.attrs["href"] for token in tokens(text) if token.type == "link_open"]
    assert len(links) == len(wanted)
    assert {unquote(str(link)) for link in links} <= {HREF}


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>研发<strong>“芯片”</strong>很难</p>", "研发“**芯片**”很难"),
        ("<p><em>a</em><strong>b</strong></p>", "*a*b"),
        ('<p>x<sup class="rb-marks"><a href="#a">1</a>, <a href="#b">2</a></sup></p>',
         "x ([1](#a), [2](#b))"),
        ('<p><a href="https://x.org/a b(c)">[t]</a></p>', r"[\[t\]](https://x.org/a%20b%28c%29)"),
        ("<p>Wow!<a href='#x'>y</a></p>", r"Wow\![y](#x)"),
        ("<p>a<br/># b</p>", "a\\\n\\# b"),
        ("<ol><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ol>",
         "1. a\n   - b\n2. c\n\n   d"),
        ("<dl><div><dt>T</dt><dd>says</dd></div><dt>U</dt><dd><ul><li>v</li></ul></dd></dl>",
         "- **T**: says\n- **U**:\n  - v"),
        (f"<table><thead><tr><th>S</th><th>A</th><th>B</th></tr></thead>{ROW}</table>",
         "- **x**\n  - A: 1"),
        ('<p class="rb-quote">原</p><p class="rb-translation">t</p><p>w</p>', "> 原\n>\n> t\n\nw"),
        ("<pre><code>a ``` b\n# c</code></pre>", "````\na ``` b\n# c\n````"),
        ('<p class="rb-actions"><a href="edit:x#y">Edit</a></p><svg viewBox="0 0 1 1"/>', ""),
        ("<h4>C #</h4>", "#### C \\#"),
        ("<h4>#</h4>", "#### \\#"),
        ('<h3 id="a"><span class="rb-ordinal">1</span> T</h3>', "### 1 T"),
    ],
)  # fmt: skip
def test_elements_have_their_form(fragment: str, expected: str) -> None:
    assert made(fragment) == expected


def test_a_link_that_leads_nowhere_leaves_its_words() -> None:
    root = Element("fragment")
    root.append(Element("a", {"href": "entity:gone"}))
    root[0].text = "Gone"
    assert commonmark.blocks(root, lambda link: None) == "Gone"


def test_copies_of_all_pages_say_what_the_pages_say() -> None:
    publication = real()
    count = 0
    for pages in publication.pages.values():
        for page in pages:
            text = markdown_copies.body(publication, page, "index.md")
            assert kinds(text) <= {
                "paragraph", "inline", "text", "em", "strong", "code_inline", "link", "heading",
                "fence", "bullet_list", "ordered_list", "list_item", "blockquote", "softbreak",
            }, page.path  # fmt: skip
            said = read(text).replace(" ", "")
            for fragment in page.fragments:
                shown = _shown(parse(fragment)[0], markdown_copies.WITHOUT.get(page.kind, set()))
                pieces = ["".join(piece.split()) for piece in shown]
                assert [piece for piece in pieces if piece not in said] == [], page.path
                count += len(pieces)
    assert count > 10_000


def _shown(element: Element, without: AbstractSet[str]) -> list[str]:
    """The texts of a fragment but those that a copy leaves out, such as the heading of the column
    that gives the rows their names."""
    if element.tag == "thead":
        return [text for cell in element.findall("tr/th")[1:] for text in _shown(cell, without)]
    if element.tag == "svg" or element.get("aria-hidden") == "true":
        return []
    if not (commonmark.OMITTED | without).isdisjoint(element.get("class", "").split()):
        return []
    found = [element.text or ""]
    for child in element:
        found += [*_shown(child, without), child.tail or ""]
    return found
