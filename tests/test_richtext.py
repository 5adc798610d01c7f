"""Inline Markdown becomes what is meant, and nothing dangerous."""

import re
import time
from html import unescape

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_brief import richtext
from research_brief.checks import rich_text
from research_brief.richtext import entity_links, faults, seen, to_html, to_plain, web_links
from research_brief.values import UNSAFE

NAMES = {"t-head": "T-Head", "amp": "A & <B>"}


def name(id: str) -> str:
    return NAMES.get(id, id)


HTML = {
    # what is allowed
    "*em* and **strong**": "<em>em</em> and <strong>strong</strong>",
    "`code <b>`": "<code>code &lt;b&gt;</code>",
    "[a](https://example.org/x?a=1&b=2)": '<a href="https://example.org/x?a=1&amp;b=2">a</a>',
    "[a](mailto:desk@example.org)": '<a href="mailto:desk@example.org">a</a>',
    "[[t-head]]": '<a href="entity:t-head">T-Head</a>',
    "[[t-head|the *maker*]]": '<a href="entity:t-head">the <em>maker</em></a>',
    "[[ t-head ]]": '<a href="entity:t-head">T-Head</a>',
    "[[amp]]": '<a href="entity:amp">A &amp; &lt;B&gt;</a>',
    "**强调**中文": "<strong>强调</strong>中文",
    "自研*芯片*": "自研<em>芯片</em>",
    # blocks are off
    "2018. 平头哥": "2018. 平头哥",
    "2018. T-Head was founded": "2018. T-Head was founded",
    "# no heading": "# no heading",
    "> no quotation": "&gt; no quotation",
    "- no list": "- no list",
    "1) no list": "1) no list",
    "---": "---",
    "    no code": "no code",
    "a | b": "a | b",
    "[x]: https://example.org": "[x]: https://example.org",
    # signs stay signs
    "5*3*2": "5*3*2",
    "8.08 %, 5 * 3": "8.08 %, 5 * 3",
    "a_b_c": "a_b_c",
    "R&D, 3 < 5 > 2": "R&amp;D, 3 &lt; 5 &gt; 2",
    "&copy; &lt;b&gt;": "© &lt;b&gt;",
    "\\*no emphasis\\*": "*no emphasis*",
    "a\u00a0b&nbsp;c": "a\u00a0b\u00a0c",  # no &nbsp;, which XML does not know
    "`[[t-head]]`": "<code>[[t-head]]</code>",
    "\\[[t-head]]": "[[t-head]]",
    "[[t-head|`x`]]": '<a href="entity:t-head"><code>x</code></a>',
    "[[`x`]]": "[[<code>x</code>]]",
    "“引号”……": "“引号”……",
    # hostile
    "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<img src=x onerror=alert(1)>": "&lt;img src=x onerror=alert(1)&gt;",
    "<!-- x -->": "&lt;!-- x --&gt;",
    "![x](https://example.org/a.png)": "![x](https://example.org/a.png)",
    "<https://example.org>": "&lt;https://example.org&gt;",
    "</p></div>": "&lt;/p&gt;&lt;/div&gt;",
    "{{ 7*7 }} {% x %}": "{{ 7*7 }} {% x %}",
    "{: onclick=alert(1) }": "{: onclick=alert(1) }",
}


@pytest.mark.parametrize("words", HTML)
def test_html_of_a_text(words: str) -> None:
    assert to_html(words, name) == HTML[words]


HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//example.org)",
    '[x](https://example.org "title" onclick=alert(1))',
    '[x](https://example.org/"onmouseover="alert(1))',
    '[[x"onmouseover="alert(1)]]',
    "[[x|<img src=x onerror=alert(1)>]]",
    "`</code><script>alert(1)</script>`",
    "**<svg/onload=alert(1)>**",
    "\x02amp\x03\x02klzzwxh:0000\x03",
    "<a href='javascript:alert(1)'>x</a>",
]


def inert(html: str) -> bool:
    """Whether nothing is left of a tag but the allowed ones, with safe links."""
    rest = re.sub(r"</?(?:em|strong|code)>|</a>|<a(?: href=\"[^\"<>]*\")?>", "", html)
    links = re.findall(r'href="([^"]*)"', html)
    schemes = {link.partition(":")[0].lower() for link in links if ":" in link}
    return not re.search(r"[<>]", rest) and schemes <= {"http", "https", "mailto", "entity"}


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_texts_are_inert(words: str) -> None:
    assert inert(to_html(words, name))


ALPHABET = "<>\"'&;:/()[]|!*_`#{}\\ \n=ajscript芯x02\x02\x03"


@given(st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=60))
def test_any_text_is_inert(words: str) -> None:
    assert inert(to_html(words, name))


@given(st.text(alphabet="abc 芯片，。", min_size=1, max_size=40).map(str.strip).filter(bool))
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert to_html(words, name) == to_plain(words, name) == words


@given(
    st.text(st.sampled_from("a1 。“é—.!#+-=:|~'\"()（/{}$%^@>\u3000\u00a0\n&*"), max_size=8)
    | st.text()
)
def test_what_is_not_asked_of_markdown_it_would_leave_alone(words: str) -> None:
    assert richtext._convert(words) == richtext._converted(words)


def test_plain_text_has_names_and_signs_but_no_markup() -> None:
    words = "**[[amp]]** makes `a<b` & [more](https://example.org)"
    assert to_plain(words, name) == "A & <B> makes a<b & more"


SEEN = {
    "rose 8.08%": "rose 8.08%",
    "5*3": "5*3",
    "2`3.5%`": "23.5%",
    "2\u200c3.5%": "23.5%",
    "12²": "122",
    "[[x]] and [[x|2]]3": "\ufffc and 23",
    "*m*ay": "may",
    "late.[](https://example.org/may)": "late.",
    "[late](https://example.org/may)": "late",
}


@pytest.mark.parametrize("words", SEEN)
def test_checks_read_what_readers_see(words: str) -> None:
    assert seen(words) == SEEN[words]


def test_web_links_are_listed_as_they_are_asked_for() -> None:
    words = "[a](https://example.org/?a=1&b=2) [[b]] [c](mailto:c@example.org) `[d](http://d/)`"
    assert web_links(words) == ["https://example.org/?a=1&b=2"]


def test_entity_links_are_listed_for_the_checks() -> None:
    words = "[[a]] and [[b|label]], [[ c ]], not [d](e), `[[f]]`, ``[[`g`]]`` or \\[[h]]"
    assert entity_links(words) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "piece", ["[", "[[", "[[a", "[[a|", "[a](", "[a](b ", "`a``", "*a", "<!--"]
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    words = piece * (5000 // len(piece))
    start = time.process_time()
    to_html(words, name)
    assert list(faults(words)) is not entity_links(words)
    assert time.process_time() - start < 1


FAULTS = {
    "a <b>tag</b>": 2,
    "<!-- comment -->": 1,
    "![image](https://example.org/a.png)": 1,
    "[x](javascript:alert(1))": 1,
    "[x](JAVASCRIPT:alert(1))": 1,
    "[x](&#106;avascript:alert(1))": 1,
    "[x](/relative)": 1,
    "[x](//host)": 1,
    "[x](<data:x>)": 2,
    "[x](https://example.org)": 0,
    "[x](mailto:desk@example.org)": 0,
    "3 < 5 and 5 > 3": 0,
    "`<b>` in code": 0,
    "``<b> ` <i>`` in code": 0,
    "a mark&#x202e;": 1,
    "a bell&#1;": 1,
    "private &#xe000;": 1,
    "`&#x202e;` in code": 0,
    "a space&nbsp;": 0,
    "[[entity]]": 0,
}


@pytest.mark.parametrize("words", FAULTS)
def test_what_would_not_come_out_as_meant_is_a_fault(words: str) -> None:
    assert len(list(faults(words))) == FAULTS[words]


@pytest.mark.parametrize("words", HOSTILE[:7])
def test_links_that_are_refused_are_faults_too(words: str) -> None:
    assert list(faults(words))


# --- What is decided without Markdown, because all texts are asked --------------------------------

PIECES = (
    "[[", "]]", "[[a]]", "[[ b-c ]]", "[[d|e *f*]]", "[", "]", "](", "(", ")", "|", "a", "芯", " ",
    "\n", "\n\n", "\t", "    ", "`", "``", "\\", "*", "**", "_", "&", "&#x202e;", "&lt;", "<", ">",
    "<b>", "!", "![", "【【", "】】", "【", '"', "'", "#", ":", "/", "https://x.org", "entity:",
    "5*3", "klzzwxh:0000", "amp", "\u00a0", ";", "{", "}", "~", "-", "=", "1. ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
"""Texts as they may be loaded: without signs that are invisible."""


@given(TEXTS)
@hypothesis.settings(max_examples=150)
def test_links_that_are_plain_to_see_are_those_of_markdown(words: str) -> None:
    links = re.findall(r'<a href="entity:([^"]*)">', to_html(words, lambda id: "name"))
    assert entity_links(words) == [unescape(link) for link in links]


@given(TEXTS | st.text(max_size=30).filter(lambda words: not UNSAFE.search(words)))
@hypothesis.settings(max_examples=150)
def test_a_text_that_is_not_looked_at_closely_has_no_faults(words: str) -> None:
    closely = [*faults(words), *rich_text._stray(words)]
    doubtful = bool(rich_text._DOUBTFUL.search(words))
    assert (list(rich_text._faults_of_text(words)) if doubtful else []) == closely


@pytest.mark.parametrize("piece", ["[[a]] ", "[[a]", "a ", "[[a|b"])
def test_links_of_a_long_text_take_no_long_time(piece: str) -> None:
    start = time.process_time()
    entity_links(piece * (5000 // len(piece)) + "`")
    rich_text._DOUBTFUL.search(piece)
    assert time.process_time() - start < 1
