"""Every fault is found, at its place, and nothing else is.

A folder in `faults/` is laid over `faults/base`. A comment on a line, `# error: RULE` or
`# warning: RULE`, says that this fault is reported for this line; all marks of a folder
together are all that may be reported. Where a comment cannot stand (broken syntax, missing
files), and where column and message matter, `expected.txt` lists faults in the form of the
program, with as much of the message as matters.
"""

import re
import shutil
from pathlib import Path

import pytest
from projects import BASE, FAULTS, faults_of, overlay

from research_brief.checks import checks, missing_glyph
from research_brief.pdf.typesetter import unseen
from research_brief.problems import Problem

CASES = sorted(folder.name for folder in FAULTS.iterdir() if folder.is_dir())
OTHER_RULES = {  # of loading, not of checks/
    "altered-edition",
    "duplicate-id",
    "duplicate-key",
    "encoding",
    "file",
    "ledger",
    "one-engine",
    "receipts",
    "schema",
    "unknown-kind",
    "unknown-section",
    "unlisted-section",
    "words",
    "yaml-syntax",
}
MARK = re.compile(r"# (error|warning): ([a-z-]+)")
LINE = re.compile(r"(.+?):(\d+):(\d+): (error|warning): (.*) \[([a-z-]+)\]")

Found = tuple[str, int, str, str]
"""File, line, level, rule."""


def marks(folder: Path) -> set[Found]:
    """What the comments in a folder's files expect."""
    return {
        (path.relative_to(folder).as_posix(), number, mark[1], mark[2])
        for path in folder.rglob("*.y*ml")
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        for mark in MARK.finditer(line)
    }


def listed(folder: Path) -> list[re.Match[str]]:
    """The lines of a folder's `expected.txt`."""
    path = folder / "expected.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [match for line in lines if (match := LINE.fullmatch(line))]


def seen(problem: Problem) -> Found:
    return problem.place.file, problem.place.line, problem.level, problem.rule


@pytest.mark.parametrize("case", CASES)
def test_exactly_the_expected_faults_are_reported(case: str, tmp_path: Path) -> None:
    folder = FAULTS / case
    found = faults_of(overlay(tmp_path, BASE, folder))
    expected = listed(folder)

    assert {seen(problem) for problem in found} == marks(folder) | {
        (match[1], int(match[2]), match[4], match[6]) for match in expected
    }
    for match in expected:
        place, message = f"{match[1]}:{match[2]}:{match[3]}", match[5]
        fitting = [p for p in found if str(p.place) == place and message in p.message]
        assert fitting, f"no fault at {place} says: {message}\n" + "\n".join(map(str, found))


def test_expected_files_are_read_whole() -> None:
    for path in FAULTS.glob("*/expected.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(listed(path.parent)) == len(lines) > 0, f"{path} has a line of another form"


def test_every_case_but_the_base_expects_something() -> None:
    empty = [case for case in CASES if not marks(FAULTS / case) and not listed(FAULTS / case)]
    assert empty == ["base"]


@pytest.mark.parametrize("rule", sorted({*checks(), *OTHER_RULES} - {"encoding"}))
def test_every_rule_has_a_fault_file(rule: str) -> None:
    expected = {
        *(mark[3] for case in CASES for mark in marks(FAULTS / case)),
        *(match[6] for case in CASES for match in listed(FAULTS / case)),
    }
    assert rule in expected


def test_no_fault_file_expects_an_unknown_rule() -> None:
    expected = {mark[3] for case in CASES for mark in marks(FAULTS / case)}
    assert expected <= {*checks(), *OTHER_RULES}


# --- Faults that are made here: bytes that are no text, and files that are too much -------------

SIGNAL = "content/briefs/first/signal.yaml"
TEXT = (BASE / SIGNAL).read_text(encoding="utf-8")


def deep(levels: int) -> str:
    return TEXT + "intro: " + "[" * levels + "]" * levels + "\n"


BYTES = {
    "gb18030": (
        TEXT.encode("gb18030"),
        "2:29: error: byte 0xd0 is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    "latin-1": (
        TEXT.replace("The signal", "Th\xe9 signal").encode("latin-1", errors="replace"),
        "2:15: error: byte 0xe9 is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    "utf-16": (
        TEXT.encode("utf-16"),
        "1:1: error: byte 0xff is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    "cut-off": (
        TEXT.encode()[: TEXT.encode().index("信".encode()) + 2],
        "2:29: error: byte 0xe4 is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    "null": (
        TEXT.replace("signal", "sig\0nal").encode(),
        "2:20: error: character U+0000 is not allowed: it is invisible; delete it [encoding]",
    ),
    "bell": (
        TEXT.replace("signal", "sig\anal").encode(),
        "2:20: error: character U+0007 is not allowed: it is invisible; delete it [encoding]",
    ),
    "next-line": (
        TEXT.replace("signal", "sig\x85nal").encode(),
        "2:20: error: character U+0085 is not allowed: it is invisible; delete it [encoding]",
    ),
    "line-separator": (
        TEXT.replace("signal", "sig\u2028nal").encode(),
        "2:20: error: character U+2028 is not allowed: it is invisible; delete it [encoding]",
    ),
    "bidirectional": (
        TEXT.replace("信号", "信\u202e号").encode(),
        "2:30: error: character U+202E is not allowed: it is invisible; delete it [encoding]",
    ),
    "zero-width": (
        TEXT.replace("信号", "信\u200b号").encode(),
        "2:30: error: character U+200B is not allowed: it is invisible; delete it [encoding]",
    ),
    "escaped": (
        TEXT.replace("The signal", '"The\\u202E signal"').encode(),
        "2:13: error: character U+202E is not allowed: it is invisible; delete it [encoding]",
    ),
    "deep": (
        deep(60).encode(),
        "23:57: error: nested more than 50 levels deep [yaml-syntax]",
    ),
    "deeper": (
        deep(200).encode(),
        "23:57: error: nested more than 50 levels deep [yaml-syntax]",
    ),
    "empty": (b"", "1:1: error: the file is empty; write it, or delete it [file]"),
    "only-comments": (
        b"# words\n# more\n",
        "1:1: error: the file is empty; write it, or delete it [file]",
    ),
    "brackets": (
        b"[" * 100_000,
        "1:51: error: nested more than 50 levels deep [yaml-syntax]",
    ),
    "large": (
        TEXT.encode() + b"#" * (2_000_001 - len(TEXT.encode())),
        "1:1: error: the file has 2,000,001 bytes; at most 2,000,000 are read: split it [file]",
    ),
}


@pytest.mark.parametrize("case", BYTES)
def test_bytes_that_cannot_be_content_are_refused_with_their_place(
    case: str, tmp_path: Path
) -> None:
    contents, expected = BYTES[case]
    found = faults_of(overlay(tmp_path, BASE, {SIGNAL: contents}))
    assert [str(problem) for problem in found] == [f"{SIGNAL}:{expected}"]


@pytest.mark.parametrize("case", ["recursion", "laughs"])
def test_aliases_are_never_followed(case: str, tmp_path: Path) -> None:
    text = {
        "recursion": "a: &a [*a, *a]\n",
        "laughs": "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 30)),
    }[case]
    found = faults_of(overlay(tmp_path, BASE, {SIGNAL: text}))
    assert {problem.rule for problem in found} == {"yaml-syntax"}
    assert {problem.place.file for problem in found} == {SIGNAL}
    assert sum("alias" in problem.message for problem in found) == text.count("*")


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults(tmp_path: Path) -> None:
    contents = "\ufeff" + TEXT.replace("\n", "\r\n")
    assert faults_of(overlay(tmp_path, BASE, {SIGNAL: contents})) == []


def test_links_in_content_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(TEXT, encoding="utf-8")
    root = overlay(tmp_path / "project", BASE)
    try:
        (root / "content/briefs/first/linked.yaml").symlink_to(outside)
        (root / "content/briefs/linked").symlink_to(root / "content/briefs/first")
        (root / "content/linked").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system allows no symbolic links here")
    assert [str(problem) for problem in faults_of(root)] == [
        f"content/{name}:1:1: error: is a link; content must be real files [file]"
        for name in ("briefs/first/linked.yaml", "briefs/linked", "linked")
    ]


@pytest.mark.parametrize("folder", ["", "/briefs", "/entities", "/sources"])
def test_a_file_in_place_of_a_folder_is_a_fault(folder: str, tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    shutil.rmtree(root / f"content{folder}")
    (root / f"content{folder}").write_text("words", encoding="utf-8")
    fault = f"content{folder}:1:1: error: is a file; expected a folder [file]"
    assert fault in map(str, faults_of(root))


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    (root / "content/entities/terms.yaml").mkdir()
    [fault] = faults_of(root)
    assert (fault.place.file, fault.rule) == ("content/entities/terms.yaml", "file")


@pytest.mark.parametrize("folder", ["", "briefs", "entities", "sources", "briefs/first"])
def test_a_fault_stands_in_one_line_whatever_the_name_of_its_file(
    folder: str, tmp_path: Path
) -> None:
    root = overlay(tmp_path, BASE)
    try:
        (root / "content" / folder / "a\nb\u202e.svg").touch()
    except OSError:
        pytest.skip("this system allows no such names")
    [fault] = map(str, faults_of(root))
    assert fault.startswith((f"content/{folder}/a\\nb\\u202e.svg:1:1: ").replace("//", "/"))
    assert fault.isprintable()


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    (root / SIGNAL).unlink()
    (root / SIGNAL).mkdir()
    assert any(p.place.file == SIGNAL and p.rule == "file" for p in faults_of(root))


def test_signs_that_typst_is_not_asked_of_are_shown() -> None:
    signs = {chr(code) for code in range(0x80, 0xFFFE) if not 0xD800 <= code < 0xE000}
    sure = signs - missing_glyph._doubtful("".join(signs))
    assert len(sure) > 20_000
    # In lines, which is quicker than one by one.
    line = "".join(sorted(sure))
    assert unseen(line[at : at + 500] for at in range(0, len(line), 500)) == set()
    assert unseen([f"芯{line[:400]}😀{line[400:500]}ก"]) == set("😀ก")


def test_texts_are_asked_of_no_fonts_but_for_rare_signs() -> None:
    assert missing_glyph._doubtful("芯片，café “x” – 1·2") == set()
    assert missing_glyph._doubtful("芯片é😀") == {"😀"}
