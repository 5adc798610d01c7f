"""What editors do wrong by mistake is named as such, where they did it."""

from pathlib import Path

import pytest
from projects import BASE, Project, faults_of, overlay

from research_brief.yamlfile import Document, parse

TEXT = """\
kind: narrative
title: {en: The signal, zh: 信号}
claims:
  builds:
    text:
      en: Words.
      zh: 文字。
    status: account
    evidence:
      - paragraph: 1
        quote: 引文
"""
WIDE, BARE = "the colon is full-width; write ': '", "a plain space is missing behind the colon"
QUOTES = "needs quotation marks around it"
BEHIND = "the text goes on behind its quotation mark"

SLIPS = {
    ("status: account", "status：account"): f"8:11 {WIDE}",
    ("status: account", "status:account"): f"8:11 {BARE}",
    ("status: account", "status:\u3000account"): f"8:11 {BARE}",
    ("zh: 文字", "zh：文字"): f"7:9 {WIDE}",
    ("text:\n", "text：\n"): f"5:9 {WIDE}",
    ("builds:\n", "builds：\n"): f"4:9 {WIDE}",
    ("{en: The", "{en： The"): f"2:9 {WIDE}",
    ("zh: 信号", "zh：信号"): f"2:25 {WIDE}",
    ("zh: 信号", "zh:信号"): f"2:25 {BARE}",
    ("The signal, ", "The signal，"): "2:23 '，' divides no list; write ', '",
    ("- paragraph", "-paragraph"): "10:7 a space is missing behind the dash",
    ("- paragraph", "— paragraph"): "10:7 the dash of a list is '- '",
    ("      zh: 文", "\u3000\u3000\u3000zh: 文"): "7:1 a full-width or fixed space is no indent",
    ("      zh: 文", "\tzh: 文"): "7:1 a tab cannot indent; write spaces",
    ("en: Words.", 'en: "Words" and more'): f"6:19 {BEHIND}",
    ("en: Words.", "en: 'Broadcom's words'"): f"6:21 {BEHIND}",
    ("en: Words.", "en: [[alibaba]] builds"): f"6:11 a text that begins with '[[' {QUOTES}",
    ("en: Words.", "en: **bold** words"): f"6:11 a text that begins with '*' {QUOTES}",
    ("en: Words.", "en: >- words"): "6:11 the text behind '>-' begins on the next line",
    ("en: Words.", "en: “Words: more”"): "6:17 “ ” are no quotation marks to YAML",
    ("en: Words.", "en: Number #1 here"): "6:11 what stands behind 'Number' is a remark to YAML",
    ("        quote", "      quote"): "11:7 not valid YAML: did not find expected '-' indicator; "
    "this line belongs to the entry above",
    ("    status", "<<<<<<< HEAD\n    status"): "8:1 a merge conflict was left here",
    ("    status", "=======\n    status"): "8:1 a merge conflict was left here",
    ("    status", ">>>>>>> next\n    status"): "8:1 a merge conflict was left here",
}


@pytest.mark.parametrize("slip", SLIPS, ids=[new.strip() for _, new in SLIPS])
def test_a_slip_is_named_where_it_was_made(slip: tuple[str, str]) -> None:
    assert slip[0] in TEXT
    problems = parse(TEXT.replace(*slip, 1), Document("f.yaml")).problems
    said = [f"{item.place.line}:{item.place.column} {item.message}" for item in problems]
    assert len(said) == 1
    assert said[0].startswith(SLIPS[slip])


@pytest.mark.parametrize(
    "words", ["Words # a remark", "'#1 in Hong Kong'", "C# 8", "https://a.b/#c"]
)
def test_what_is_meant_is_no_slip(words: str) -> None:
    assert parse(TEXT.replace("Words.", words, 1), Document("f.yaml")).problems == []


SIGNAL, COMPANIES = "content/briefs/first/signal.yaml", "content/entities/companies.yaml"
TWO = "write them with ', ' between: tencent, alibaba"
NAMES = {
    ("speaker: guo-tao", "speaker: 郭涛"): "'郭涛' is a name; write its id 'guo-tao'",
    ("about: [tencent]", "about: [TENCENT]"): "'TENCENT' is a name; write its id 'tencent'",
    (
        "about: [tencent]",
        "about: [tencent alibaba]",
    ): TWO,
    (
        "about: [tencent]",
        "about: [tencent，alibaba]",
    ): TWO,
    ("speaker: guo-tao", "speaker: guo–tao"): "is not written as ids are; write 'guo-tao'",
    ("speaker: guo-tao", "speaker: Nobody Known"): "cannot be an id; expected small Latin letters",
}


@pytest.mark.parametrize("edit", NAMES, ids=[new for _, new in NAMES])
def test_an_id_that_is_none_leads_to_the_right_one(edit: tuple[str, str], tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    assert edit[0] in text
    [fault] = faults_of(overlay(tmp_path, BASE, {SIGNAL: text.replace(*edit, 1)}))
    assert NAMES[edit] in fault.message


def test_an_entity_whose_id_is_none_blames_nobody_who_uses_it(tmp_path: Path) -> None:
    text = (BASE / COMPANIES).read_text(encoding="utf-8")
    root = overlay(tmp_path, BASE, {COMPANIES: text.replace("tencent:", "Tencent:", 1)})
    [fault] = faults_of(root)
    assert fault.message.endswith("; write 'tencent'")


BRIEF = "content/briefs/first"


@pytest.mark.parametrize(
    ("name", "listed", "faults"),
    [
        (
            "Signal.yaml",
            "signal",
            ["Signal.yaml:1:1: error: the name 'Signal' cannot"],
        ),
        ("singal.yaml", "signal", ["brief.yaml:11:12: error: section 'signal' has no file; did"]),
        ("signal.yaml", "signal.yaml", ["brief.yaml:11:12: error: 'signal.yaml' is a file"]),
    ],
)
def test_a_section_that_is_not_found_is_explained_once(
    name: str, listed: str, faults: list[str], tmp_path: Path
) -> None:
    root = overlay(tmp_path, BASE)
    (root / BRIEF / "signal.yaml").rename(root / BRIEF / name)
    brief = root / BRIEF / "brief.yaml"
    text = brief.read_text(encoding="utf-8").replace("[signal,", f"[{listed},")
    brief.write_text(text, encoding="utf-8")
    said = [str(fault).removeprefix(f"{BRIEF}/") for fault in faults_of(root)]
    for fault in faults:
        assert any(line.startswith(fault) for line in said), said
    assert not any("is not shown" in line for line in said)


@pytest.mark.parametrize(
    "words", ["[[tencent builds.", "[[tencent] builds.", "Tencent]] builds.", "【【tencent】】"]
)
def test_brackets_that_make_no_link_are_a_fault(words: str, tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    edited = text.replace("en: Tencent builds chips.", f"en: '{words}'")
    assert edited != text
    [fault] = faults_of(overlay(tmp_path, BASE, {SIGNAL: edited}))
    assert fault.message.endswith("is no link; write [[id]] or [[id|label]]")


@pytest.mark.parametrize(
    "words",
    ["An index m[i[k]] here", "a [b [sic]]", "[x [y]](https://a.b)", "https://a.b/?q[a[b]]=1"],
)
def test_other_brackets_are_none(words: str, tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    edited = text.replace("en: Tencent builds chips.", f"en: '{words}'")
    assert faults_of(overlay(tmp_path, BASE, {SIGNAL: edited})) == []


@pytest.mark.parametrize(
    "lines",
    [
        "translation: {en: Two, zh: 甲，乙}",
        "zh: >-\n  AI芯片：值得关注\n  AI：值得关注",
        "zh: >-\n  各家\n  ——其中\n  — 包括",
        "a: They say, 'chips' are good",
        "a: see [[intel]], [[amd]]",
        "a: >-\n  x\n\u3000\u3000y".replace("\n\u3000", "\n  \u3000"),
    ],
)
def test_sound_lines_are_not_blamed_for_a_fault_below_them(lines: str) -> None:
    assert parse(f"{lines}\n", Document("f.yaml")).problems == []
    [fault] = parse(f"{lines}\nen: Chips: a story\n", Document("f.yaml")).problems
    assert fault.place.line == lines.count("\n") + 2
    assert "a text that contains ': ' needs quotation marks" in fault.message


@pytest.mark.parametrize("key", ["speaker: Chips", "about: [Big companies race for chips]"])
def test_a_name_of_another_kind_is_no_remedy(key: str, tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    old = "speaker: guo-tao" if key.startswith("speaker") else "about: [tencent]"
    [fault] = faults_of(overlay(tmp_path, BASE, {SIGNAL: text.replace(old, key, 1)}))
    assert "is a name" not in fault.message


def test_words_that_are_missing_everywhere_are_a_fault(project: Project) -> None:
    project.with_content()
    for language in ("en", "zh"):
        path = project.root / f"templates/words/{language}.yaml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("  contribute/rules:")]
        assert len(kept) == len(lines) - 1
        path.write_text("".join(kept), encoding="utf-8")
    run = project.run_here("check", "--pages")
    assert (run.returncode, run.stderr) == (1, "1 error, 0 warnings\n")
    assert "words 'pages.contribute/rules' are missing here, and in every" in run.stdout
