"""What was found faultless is passed by, and nothing that is wrong."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from projects import BASE, FAULTS, faults_of, overlay

from research_brief import checks, inputs
from research_brief.checks import quote_length
from research_brief.library import Library
from research_brief.problems import Level, Problem

FIRST, OTHER = "content/briefs/first", "content/briefs/other"
COPIED = "这里是另外编写出来的一句很长的话，用来看看它是不是被照抄了。"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two briefs, of which the other one names a claim of the first one."""
    root = overlay(tmp_path / "project", BASE)
    edit(root, f"{FIRST}/signal.yaml", "始于秋天。", f"始于秋天，{COPIED}")
    for name in ("brief.yaml", "matrix.yaml", "signal.yaml"):
        overlay(root, {f"{OTHER}/{name}": (root / FIRST / name).read_text("utf-8")})
    edit(
        root, f"{OTHER}/signal.yaml", "claims: [builds, cost]", "claims: [builds, cost, first#cost]"
    )
    return root


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def both(root: Path, tmp_path: Path) -> list[Problem]:
    """The faults, which are the same as if nothing were known and briefs were looked through one
    after the other."""
    found, copy = faults_of(root), tmp_path / "copy"
    for name in ("content", "templates"):
        overlay(copy / name, root / name)
    overlay(copy, {"mkdocs.yml": (root / "mkdocs.yml").read_text("utf-8")})
    with patch("research_brief.faultless.PART", 1):
        assert found == faults_of(copy)
    return found


@pytest.mark.parametrize("rule", sorted(checks.checks()))
def test_a_fault_is_found_where_there_was_none(rule: str, root: Path, tmp_path: Path) -> None:
    assert faults_of(root) == []
    overlay(root, FAULTS / rule)
    found = both(root, tmp_path)
    assert {problem.rule for problem in found} >= {rule}
    assert faults_of(root) == found, "a brief that has faults is not taken for faultless"


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        (f"{FIRST}/signal.yaml", "cost:", "price:", "unknown-id"),
        (f"{FIRST}/brief.yaml", "language: en", "language: en\nstatus: draft", "unknown-id"),
        (
            f"{FIRST}/brief.yaml",
            "sections:",
            "revisions: [{date: 2025-10-02, kind: retraction, text: {en: So}}]\nsections:",
            "withdrawn-claim",
        ),
        ("content/entities/people.yaml", "guo-tao:", "guo-tau:", "unknown-id"),
        ("content/entities/companies.yaml", "tencent:", "tencant:", "unknown-id"),
        ("content/sources/daily-2025.yaml", "[第一段, 第二段]", "[第一段]", "unknown-paragraph"),
        ("content/sources/daily-2025.yaml", "published: 2025-09-15\n", "", None),
    ],
)
def test_a_fault_is_found_in_a_brief_that_was_not_edited(
    file: str, old: str, new: str, rule: str | None, root: Path, tmp_path: Path
) -> None:
    assert faults_of(root) == []
    before = (root / file).read_text("utf-8")
    edit(root, file, old, new)
    found = both(root, tmp_path)
    if rule:
        assert (rule, OTHER) in {(it.rule, it.place.file.rpartition("/")[0]) for it in found}
    (root / file).write_text(before, "utf-8")
    assert faults_of(root) == []


def test_a_copy_is_found_where_only_the_quotation_is_new(root: Path, tmp_path: Path) -> None:
    edit(root, f"{OTHER}/signal.yaml", "builds, cost, first#cost", "builds, cost")
    edit(root, f"{OTHER}/signal.yaml", COPIED, "。")
    assert faults_of(root) == []
    edit(root, f"{OTHER}/signal.yaml", "腾讯自研芯片", COPIED)
    found = {(it.rule, it.place.file) for it in both(root, tmp_path)}
    assert ("copied-text", f"{FIRST}/signal.yaml") in found


def test_a_copy_is_found_where_the_quotation_is_shown_only_now(root: Path, tmp_path: Path) -> None:
    edit(root, f"{OTHER}/signal.yaml", "builds, cost, first#cost", "builds, cost")
    edit(root, f"{OTHER}/signal.yaml", COPIED, "。")
    said = f"quote: 郭涛……成本高昂\n        attribution: {COPIED}"
    edit(root, f"{OTHER}/signal.yaml", "paragraph: 2\n        quote: 郭涛……成本高昂", said)
    assert {it.rule for it in faults_of(root)} == {"quote-paragraph"}
    edit(root, f"{OTHER}/signal.yaml", said, f"paragraph: 2\n        {said}")
    found = {(it.rule, it.place.file) for it in both(root, tmp_path)}
    assert ("copied-text", f"{FIRST}/signal.yaml") in found


def test_fonts_in_a_linked_folder_are_fonts(root: Path, tmp_path: Path) -> None:
    folder = overlay(tmp_path / "elsewhere", {"own.ttf": b"a"})
    overlay(root, {"templates/pdf/fonts/readme.txt": "Our own."})
    (root / "templates/pdf/fonts/more").symlink_to(folder)
    before = inputs.below(root, "templates/pdf/fonts")
    overlay(folder, {"own.ttf": b"b"})
    assert inputs.below(root, "templates/pdf/fonts") != before


def test_only_what_changed_is_looked_through(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[list[str]] = []

    def check(library: Library) -> Iterator[Problem]:
        looked.append([*library.briefs])
        yield from original(library)

    original = quote_length.check
    monkeypatch.setattr(checks, "checks", lambda: {"quote-length": check})
    monkeypatch.setattr("research_brief.faultless.checks", lambda: {"quote-length": check})
    for file, old, new, expected in (
        (f"{FIRST}/signal.yaml", "kind:", "kind:", ["first", "other"]),  # nothing is known
        (f"{FIRST}/signal.yaml", "kind:", "kind:", []),
        (f"{OTHER}/brief.yaml", "They build", "They make", ["first", "other"]),  # and what it names
        (f"{FIRST}/brief.yaml", "They build", "They make", ["first", "other"]),  # and who names it
    ):
        if old in (text := (root / file).read_text("utf-8")):
            (root / file).write_text(text.replace(old, new), "utf-8")
        assert faults_of(root) == []
        assert looked.pop() == expected
    edit(
        root, f"{OTHER}/signal.yaml", "claims: [builds, cost, first#cost]", "claims: [builds, cost]"
    )
    assert faults_of(root) == []
    edit(root, f"{OTHER}/brief.yaml", "They make", "They do")
    looked.clear()
    assert faults_of(root) == []
    assert looked == [["other"]]


@pytest.mark.parametrize(("level", "again"), [("warning", [["other"]]), ("error", [["other"], []])])
def test_only_an_error_makes_everything_be_looked_through(
    level: Level, again: list[list[str]], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[list[str]] = []

    def check(library: Library) -> Iterator[Problem]:
        looked.append([*library.briefs])
        yield library.briefs["other"].where.problem("is odd", "quote-length", level)

    monkeypatch.setattr("research_brief.faultless.checks", lambda: {"quote-length": check})
    edit(root, f"{OTHER}/signal.yaml", "builds, cost, first#cost", "builds, cost")
    faults = faults_of(root)
    assert [problem.level for problem in faults] == [level]
    looked.clear()
    assert faults_of(root) == faults
    assert looked == [it or ["first", "other"] for it in again]
