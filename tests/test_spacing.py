"""Spaces on paper stand where a reader of HTML sees them, and where Chinese has them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_brief.pdf import Node
from research_brief.pdf.spacing import longest, trimmed


def span(*phrases: Node) -> dict[str, Any]:
    return {"e": "span", "c": list(phrases)}


CODE: dict[str, Any] = {"e": "code", "text": " x "}
CHANCE: dict[str, Any] = {"e": "chance"}


def said(phrases: list[Node]) -> str:
    """What the phrases say; of what has no text of its own, a sign."""
    return "".join(
        phrase
        if isinstance(phrase, str)
        else said(phrase["c"])
        if "c" in phrase
        else f"<{phrase['e']}>"
        for phrase in phrases
    )


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        # at the ends of a paragraph, however deep they stand
        ([" one "], "one"),
        ([span(" one "), " "], "one"),
        ([" ", span(span(" "), "one")], "one"),
        ([span(" "), " "], ""),
        ([], ""),
        # one space between words, whoever brought it
        (["one ", span(" two")], "one two"),
        (["one", span(" "), " two"], "one two"),
        (["one ", span(" "), span(" two ")], "one two"),
        ([span("one"), " ", span("two")], "one two"),
        # templates put spaces between elements, which Chinese has not
        (["平头哥 ", span("芯片")], "平头哥芯片"),
        (["平头哥", span(" 芯片")], "平头哥芯片"),
        ([span("平头哥"), " ", span("芯片")], "平头哥芯片"),
        ([span("平头哥"), " ", "芯片"], "平头哥芯片"),
        ([span("平头哥"), " ", span("，芯片")], "平头哥，芯片"),
        # but has within a text, beside Latin letters, and where an author wants it
        (["平头哥 芯片"], "平头哥 芯片"),
        ([span("平头哥 芯片"), " 中"], "平头哥 芯片中"),
        (["用 ", span("AI"), " 芯片"], "用 AI 芯片"),
        ([span("AI"), " ", span("芯片")], "AI 芯片"),
        # what is no text keeps the spaces around it
        (["a ", CODE, " b"], "a <code> b"),
        (["用 ", CODE, " 编"], "用 <code> 编"),
        ([CODE, " b "], "<code> b"),
        (["a ", CHANCE, " b"], "a <chance> b"),
    ],
)
def test_spaces_are_those_that_html_would_show(phrases: list[Node], expected: str) -> None:
    assert said(trimmed(phrases)) == expected


def test_texts_that_become_empty_are_left_out() -> None:
    assert trimmed([" ", span("one"), " "]) == [span("one")]


def test_code_keeps_its_own_spaces() -> None:
    assert trimmed(["a ", dict(CODE)]) == ["a ", CODE]


def phrases_of(alphabet: str) -> st.SearchStrategy[list[Node]]:
    texts = st.text(alphabet=alphabet, max_size=6)
    phrase = st.recursive(texts, lambda inner: st.builds(span, inner, inner), max_leaves=6)
    return st.lists(phrase, max_size=5)


@given(phrases_of(" ab芯片，"))
def test_only_spaces_are_taken_away(phrases: list[Node]) -> None:
    before = said(phrases)
    after = said(trimmed(phrases))
    assert after.replace(" ", "") == before.replace(" ", "")
    assert after == after.strip(" ")
    assert "  " not in after


@given(phrases_of(" ab,"))
def test_words_without_chinese_stay_apart(phrases: list[Node]) -> None:
    before = said(phrases)
    assert said(trimmed(phrases)) == " ".join(before.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ""),
        (" – ", ""),
        ("a longest word", "longest"),
        ("mass-production/testing", "production"),
        ("3–5 years", "years"),
        ("芯片", "芯片"),
        ("人工智能芯片产业", "人工智能芯片"),
        ("AI芯片 acceleration", "acceleration"),
        ("four 芯片", "four"),  # as wide as two of Chinese: the first
        ("six 芯片产", "芯片产"),
        ("集成电路chips", "集成电路"),
    ],
)
def test_the_longest_piece_is_the_widest_that_a_column_should_not_break(
    words: str, expected: str
) -> None:
    assert longest(words) == expected
