"""YAML is read as plain text with places, and folded as Chinese is written."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_brief.yamlfile import KEY, Document, parse
from research_brief.yamlfile import read as read_file


def read(text: str) -> Document:
    return parse(text, Document("test.yaml"))


def value(text: str) -> object:
    document = read(text)
    assert document.problems == []
    return document.data["a"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yaml") / "test.yaml"


def test_scalars_stay_as_they_are_written() -> None:
    text = "a: [no, 1.10, 12:30, 0o7, 2018-09, ~, null, 1_000, 'x', .inf, =]\n"
    written = "no 1.10 12:30 0o7 2018-09 ~ null 1_000 x .inf =".split()
    assert value(text) == written


def test_a_key_without_a_value_is_not_there() -> None:
    assert read("a:\nb: x\nc: ''\n").data == {"b": "x", "c": ""}


def test_what_is_left_open_is_told_with_the_line_where_it_opens() -> None:
    [problem] = read("a: x\nb: [y, z\nc: x\nd: {e: f}\ng: x\n").problems
    assert problem.message == (
        "not valid YAML: did not find expected ',' or ']' in what opens on line 2;"
        " a list that opens with [ ends with ]"
    )


@pytest.mark.parametrize(
    ("power", "name"),
    [("&x", "anchor '&x'"), ("!x", "tag '!x'"), ("!!str", "tag 'tag:yaml.org,2002:str'")],
)
def test_neither_a_value_nor_a_key_has_an_anchor_or_a_tag(power: str, name: str) -> None:
    for text, column in ((f"a: {{b: {power} c}}", 8), (f"a: {{{power} b: c}}", 5)):
        [problem] = read(f"{text}\n").problems
        assert problem.place.column == column
        assert problem.message == f"the {name} is not allowed; delete it"


FOLDED = {
    "plain, Han": ("a: 自研\n  芯片\n", "自研芯片"),
    "plain, Latin": ("a: own\n  chips\n", "own chips"),
    "plain, Han before Latin": ("a: 自研\n  chips\n", "自研 chips"),
    "plain, Latin before Han": ("a: own\n  芯片\n", "own 芯片"),
    "plain, punctuation": ("a: 自研，\n  “芯片”\n", "自研，“芯片”"),
    "plain, three lines": ("a: 一\n  二\n  三\n", "一二三"),
    "plain, mixed lines": ("a: 用CUDA\n  生态\n  and more\n  芯片\n", "用CUDA 生态 and more 芯片"),
    "plain, spaces at the end": ("a: 自研  \n  芯片\n", "自研芯片"),
    "double-quoted": ('a: "自研\n  芯片"\n', "自研芯片"),
    "single-quoted": ("a: '自研\n  芯片 and\n  more'\n", "自研芯片 and more"),
    "a space that is written stays": ("a: 自研 芯片\n", "自研 芯片"),
    "a written space like the folded one": ("a: 研 芯\n  研\n  芯\n", "研 芯研芯"),
    "a written space before an equal fold": ("a: 研 芯研\n  芯\n", "研 芯研芯"),
    "the same, quoted": ('a: "研 芯研\n  芯"\n', "研 芯研芯"),
    "the same, in a block": ("a: >\n  研 芯研\n  芯\n", "研 芯研芯"),
    "the same, behind an empty line": ("a: 芯\n\n  研 芯研\n  芯\n", "芯研 芯研芯"),
    "a full-width sign carries its space": ("a: 甲，\n  AI5\n  、乙\n", "甲，AI5、乙"),
    "a link among Han characters": ("a: 腾讯、\n  [[x]]\n  和\n  [[y]]\n", "腾讯、[[x]]和[[y]]"),
    "a link among Latin words": ("a: by\n  [[x]]\n  and “\n  y\n", "by [[x]] and “ y"),
    "folded block": ("a: >\n  自研\n  芯片\n  and\n  more\n", "自研芯片 and more"),
    "folded block, stripped": ("a: >-\n  自研\n  芯片\n", "自研芯片"),
    "literal block": ("a: |\n  自研\n  芯片\n  own\n  chips\n", "自研芯片 own chips"),
    "empty line in a plain text": ("a: 自研\n\n  芯片\n", "自研芯片"),
    "empty line in an English text": ("a: own\n\n  chips\n", "own chips"),
    "in a flow mapping": ("a: {zh: 自研\n    芯片}\n", {"zh": "自研芯片"}),
    "behind a folded one": ('a: ["自研\n  芯片", "own\n  chips"]\n', ["自研芯片", "own chips"]),
    "Windows line ends": ("a: 自研\r\n  芯片\r\nb: x\r\n", "自研芯片"),
    "an escaped line break": ('a: "自研\\\n  芯片"\n', "自研芯片"),
    "a comment behind": ("a: 自研\n  芯片 # a comment\n", "自研芯片"),
}


@pytest.mark.parametrize("case", FOLDED)
def test_a_line_break_is_a_space_except_between_wide_characters(case: str) -> None:
    text, expected = FOLDED[case]
    assert value(text) == expected


HAN = st.text(alphabet="自研芯片，。“”", min_size=1, max_size=4)
LATIN = st.text(alphabet="abcXYZ123", min_size=1, max_size=4)


@given(st.lists(HAN | LATIN, min_size=1, max_size=8), st.sampled_from(["plain", "quoted", "block"]))
def test_folding_is_the_same_in_every_style(pieces: list[str], style: str) -> None:
    lines = "\n  ".join(pieces)
    text = {
        "plain": f"a: x\n  {lines}",
        "quoted": f'a: "x\n  {lines}"',
        "block": f"a: >\n  x\n  {lines}",
    }
    expected = "x"
    for piece in pieces:
        wide = ord(expected[-1]) > 0x7F and ord(piece[0]) > 0x7F
        sign = expected[-1] in "，。" or piece[0] in "，。"
        expected += piece if wide or sign else f" {piece}"
    assert value(text[style] + "\n") == expected


def test_every_value_and_key_has_its_place() -> None:
    document = read("a:\n  - b: 芯片\n    c: [x, y]\n")
    assert document.marks[("a",)] == (1, 1)
    assert document.marks[("a", 0)] == (2, 5)
    assert document.marks[("a", 0, "b", KEY)] == (2, 5)
    assert document.marks[("a", 0, "b")] == (2, 8)
    assert document.marks[("a", 0, "c", 1)] == (3, 12)


def test_columns_count_characters_not_bytes() -> None:
    assert read("{芯片芯片: x, b: y}\n").marks[("b", KEY)] == (1, 11)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n"])
def test_an_empty_file_has_no_data_and_no_faults(text: str) -> None:
    document = read(text)
    assert (document.data or None, document.problems) == (None, [])


SIGNS = st.sampled_from("ab:-[]{}#&*!|>'\"%@`,? \n\r\t芯\\\x85\u2028\ufeff\0")


@given(st.text(alphabet=SIGNS, max_size=60) | st.text(max_size=60))
def test_no_text_makes_the_reader_fail_and_faults_are_within_it(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in read(text).problems:
        assert problem.place.line <= len(lines), problem
        assert problem.place.column <= len(lines[problem.place.line - 1]) + 1, problem


@given(st.binary(max_size=60) | st.text(SIGNS).map(str.encode))
def test_no_bytes_make_the_reader_fail_and_faults_are_within_them(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    for problem in read_file(file, "test.yaml").problems:
        assert problem.place.line <= len(lines), problem
        assert problem.place.column <= len(lines[problem.place.line - 1]) + 1, problem


@pytest.mark.parametrize("piece", ["\t", " ", "\n", "芯\n", "\u3000\n", "a\n", "\a"])
@pytest.mark.parametrize("text", ['a: "{}"', "a: >\n  {}", "a: >\n  x\n   {}", "a: x{}x"])
def test_a_large_text_takes_no_long_time(text: str, piece: str) -> None:
    words = piece.replace("\n", "\n  ") * 100_000
    start = time.process_time()
    assert len(read(text.format(words)).problems) <= 20
    assert time.process_time() - start < 5


@given(st.text(max_size=40))
def test_any_text_comes_back_from_its_quoted_form(words: str) -> None:
    document = read("a: '" + words.replace("'", "''") + "'\n")
    if not document.problems and "\n" not in words and "\r" not in words:
        assert document.data == {"a": words.strip()}
