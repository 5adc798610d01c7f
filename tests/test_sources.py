"""`source add`, `source show` and `new brief`: what they write, say and refuse."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import BASE, ROOT, faults_of, overlay

from research_brief.cli import main

NEWS = """代工厂上调报价
[ 示例报 | 张三 | 2026/11/2 8:11:21 ]

　　两家代工厂上调报价，客户没有被点名，涨幅为5%。

　　甲公司(12.340, 0.560, 4.75%)没有回应。

　　为何涨价？

　　理由是成本上升，也是需求旺盛。

作者：张三 来源：示例报
"""
BOOK = """\
THE MILL

The mill stood on the hill above the valley, and nobody remembered why.

Why it turns

It was always turning, even in a drought; the miller's son knew it.

Part 3

And then it stopped.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project, with two files to add."""
    files = {"news.txt": NEWS, "book.txt": BOOK}
    return overlay(tmp_path, BASE, {f"files/{name}": text for name, text in files.items()})


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run `build.py` in the project: its exit code and all that it says."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments, str(root))
        output = capsys.readouterr()
        return code, output.out + output.err

    return run


Run = Callable[..., tuple[int, str]]


def add(root: Path, name: str) -> tuple[str, ...]:
    return "source", "add", str(root / "files" / name)


def faults(root: Path) -> list[str]:
    return [f"{fault.message} [{fault.rule}]" for fault in faults_of(root)]


# --- source add -----------------------------------------------------------------------------


def test_a_text_is_kept_and_described(root: Path, run: Run) -> None:
    code, said = run(*add(root, "news.txt"), "--id", "gazette-2026")
    assert code == 0
    assert said.splitlines()[:10] == [
        f"read    {root / 'files' / 'news.txt'}: text, UTF-8",
        "found   the title, 1 heading, 3 paragraphs, 59 characters",
        "marked  3 pieces as furniture, never to be quoted:",
        "        [ 示例报 | 张三 | 2026/11/2 8:11:21 ]",
        "        作者：张三 来源：示例报",
        "        (12.340, 0.560, 4.75%)",
        "wrote   content/sources/gazette-2026.yaml: fill in what is TO DO there",
        "wrote   .sources/gazette-2026.txt: a proposal, whose marks are yours to mend",
        "next    python build.py source show gazette-2026: is each paragraph, heading and piece of",
        "        furniture what it should be? If not, edit .sources/gazette-2026.txt:",
    ]
    assert (root / ".sources" / "gazette-2026.txt").read_text("utf-8").split("\n\n") == [
        "# 代工厂上调报价",
        "~~[ 示例报 | 张三 | 2026/11/2 8:11:21 ]~~",
        "两家代工厂上调报价，客户没有被点名，涨幅为5%。",
        "甲公司~~(12.340, 0.560, 4.75%)~~没有回应。",
        "## 为何涨价？",
        "理由是成本上升，也是需求旺盛。",
        "~~作者：张三 来源：示例报~~\n",
    ]
    assert not (root / "content" / "sources" / "gazette-2026.txt").exists()


def test_a_description_lacks_only_what_the_editor_knows(root: Path, run: Run) -> None:
    run(*add(root, "news.txt"), "--id", "gazette-2026")
    path = root / "content" / "sources" / "gazette-2026.yaml"
    text = path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../docs/schemas/source.json\n")
    assert "  zh: 代工厂上调报价\n" in text
    assert "language: zh  # guessed from the letters\n" in text
    assert text.endswith(
        "paragraphs:\n  - 两家代工厂上调报\n  - 甲公司没有回应。\n  - 理由是成本上升\n"
    )
    [fault] = [fault for fault in faults(root) if "verif" not in fault]
    assert fault.startswith("unknown entity 'to-do'")
    path.write_text(text.replace("publisher: to-do", "publisher: daily"), "utf-8")
    assert [fault for fault in faults(root) if "verif" not in fault] == []


def test_an_open_text_is_kept_beside_its_description(root: Path, run: Run) -> None:
    code, _ = run(*add(root, "book.txt"), "--id", "mill", "--open", "--language", "en")
    assert code == 0
    text = (root / "content" / "sources" / "mill.txt").read_text("utf-8")
    assert text.startswith("# THE MILL\n")
    description = (root / "content" / "sources" / "mill.yaml").read_text("utf-8")
    assert "language: en\n" in description
    assert "the licence that allows to publish the text" in description
    assert "  - The mill\n" in description
    assert not (root / ".sources").exists()


def test_what_a_page_says_of_itself_is_a_comment_only(root: Path, run: Run) -> None:
    page = (
        "<html><head><title>Prices - Example Gazette</title>"
        "<meta name='author' content='Jane Doe'>"
        "<meta property='og:site_name' content='Example&#10;kind: news'></head><body><article>"
        "<h1>Prices</h1><p>Two foundries raise their prices, says the gazette.</p></article>"
    )
    (root / "files" / "page.html").write_text(page, "utf-8")
    assert run(*add(root, "page.html"), "--id", "page")[0] == 0
    description = (root / "content" / "sources" / "page.yaml").read_text("utf-8")
    [line] = [line for line in description.splitlines() if "Jane Doe" in line]
    assert line.startswith("# Found in the page, not checked: title: Prices; author: Jane Doe;")


def test_a_description_that_is_there_is_left_alone(root: Path, run: Run) -> None:
    path = root / "content" / "sources" / "daily-2025.yaml"
    before = path.read_bytes()
    _, said = run(*add(root, "news.txt"), "--id", "daily-2025")
    assert path.read_bytes() == before
    name = "content/sources/daily-2025.yaml"
    assert f"kept    {name}: it is as it was, and its paragraphs do not fit:\n" in said
    assert "        paragraph 1 begins '两家代工厂上调报', not '第一段'\n" in said
    assert "        it lists the beginnings of 2, the text has 3 paragraphs\n" in said
    fitting = "[两家代工厂, '甲公司', \"理由是 成本\"]"
    path.write_text(before.decode().replace("[第一段, 第二段]", fitting), "utf-8")
    _, said = run(*add(root, "news.txt"), "--id", "daily-2025", "--replace")
    assert f"kept    {name}: it is as it was, and its paragraphs fit\n" in said


def test_an_edited_text_is_overwritten_only_if_asked(root: Path, run: Run) -> None:
    run(*add(root, "news.txt"), "--id", "gazette")
    kept = root / ".sources" / "gazette.txt"
    kept.write_text("# mine\n", "utf-8")
    code, said = run(*add(root, "news.txt"), "--id", "gazette")
    assert (code, kept.read_text("utf-8")) == (2, "# mine\n")
    message = ".sources/gazette.txt is already there, perhaps edited; --replace writes over it"
    assert said == f"build.py: {message}\n"
    assert run(*add(root, "news.txt"), "--id", "gazette", "--replace")[0] == 0
    assert kept.read_text("utf-8").startswith("# 代工厂")
    code, said = run(*add(root, "news.txt"), "--id", "gazette", "--open", "--replace")
    assert (code, "the text is already in .sources/gazette.txt; leave out --open" in said) == (
        2,
        True,
    )


REFUSED = {
    "no such file": ("no.txt", None, "there is no such file"),
    "a folder": ("", None, "it is a folder; expected a file"),
    "empty": ("empty.txt", b"", "the file is empty"),
    "blank": ("blank.txt", b" \n\xe3\x80\x80\n", "there are no words in it"),
    "only furniture": ("only.txt", b"All rights reserved.\n", "there are no words in it"),
    "another kind": ("news.docx", b"PK", "files of the kind '.docx' are not read; expected .txt"),
    "broken": ("broken.txt", "代工厂上调报价".encode() + b"\xff", "is not UTF-8"),
    "a broken PDF": ("news.pdf", b"%PDF-1.7", "it cannot be read as a PDF"),
    "a page without text": ("news.html", b"<p></p>", "there is no main text in the page"),
    "Cyrillic": ("news.txt", "Цены растут. Да.".encode(), "the language cannot be told"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_files_that_are_refused(case: str, root: Path, run: Run) -> None:
    name, raw, message = REFUSED[case]
    if raw is not None:
        (root / "files" / name).write_bytes(raw)
    code, said = run(*add(root, name), "--id", "gazette")
    assert code == 2
    assert said.count("\n") == 1
    assert said.startswith("build.py: ")
    assert message in said
    assert not (root / ".sources").exists()
    assert not (root / "content" / "sources" / "gazette.yaml").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(root: Path, run: Run) -> None:
    os.mkfifo(root / "files" / "pipe.txt")
    code, said = run(*add(root, "pipe.txt"), "--id", "gazette")
    assert (code, "it is no file that can be read twice" in said) == (2, True)


BAD_IDS = ["../x", "a/b", "Gazette 2026", "", "-x", ".", "x" * 61, "代工厂", "a\nb"]


@pytest.mark.parametrize("id", BAD_IDS)
def test_an_id_that_leads_elsewhere_is_refused(id: str, root: Path, run: Run) -> None:
    before = sorted(root.rglob("*"))
    for arguments in (
        [*add(root, "news.txt"), f"--id={id}"],
        ["source", "show", "--", id],
        ["new", "brief", "--source=daily-2025", "--", id],
        ["new", "brief", "fine", f"--source={id}"],
    ):
        code, said = run(*arguments)
        assert code == 2
        assert "cannot be an id; expected small Latin letters" in said
        assert said.count("\n") == 1
    assert sorted(root.rglob("*")) == before


def test_a_large_text_is_read_and_shown(root: Path, run: Run) -> None:
    paragraph = "两家代工厂上调报价，客户没有被点名，涨幅为5%，理由是成本上升。"
    lines = [f"　　第{number}段。{paragraph * 3}" for number in range(24_000)]
    (root / "files" / "large.txt").write_bytes("\n\n".join(["报价", *lines]).encode("gb18030"))
    assert (root / "files" / "large.txt").stat().st_size > 5_000_000 * 0.9
    code, said = run(*add(root, "large.txt"), "--id", "large")
    assert (code, "GB18030" in said, "24,000" in said or "24000 paragraphs" in said) == (
        0,
        True,
        True,
    )
    code, said = run("source", "show", "large")
    assert said.splitlines()[-1].startswith("24000  第23999段。")
    assert run("new", "brief", "long", "--source", "large")[0] == 0
    assert [fault for fault in faults(root) if "/long/" in fault] == []


# --- source show ----------------------------------------------------------------------------


def test_passages_are_shown_by_their_numbers(root: Path, run: Run) -> None:
    run(*add(root, "news.txt"), "--id", "gazette")
    code, said = run("source", "show", "gazette")
    assert code == 0
    assert said == (
        "   h0  代工厂上调报价\n"
        "   ~~  [ 示例报 | 张三 | 2026/11/2 8:11:21 ]\n"
        "    1  两家代工厂上调报价，客户没有被点名，涨幅为5%。\n"
        "    2  甲公司没有回应。\n"
        "   ~~  (12.340, 0.560, 4.75%)\n"
        "   h1  为何涨价？\n"
        "    3  理由是成本上升，也是需求旺盛。\n"
        "   ~~  作者：张三 来源：示例报\n"
    )


def test_a_text_that_is_not_here(root: Path, run: Run) -> None:
    where = ".sources/gazette.txt, or in content/sources/gazette.txt if it is open"
    how = "'python build.py source add FILE --id gazette' puts it there"
    assert run("source", "show", "gazette") == (
        2,
        f"build.py: the text of 'gazette' is not here; expected it in {where}: {how}\n",
    )
    run(*add(root, "news.txt"), "--id", "gazette")
    assert "did you mean 'gazette'?" in run("source", "show", "gazete")[1]
    (root / ".sources" / "gazette.txt").write_bytes("报价".encode("gb18030"))
    code, said = run("source", "show", "gazette")
    assert (code, ".sources/gazette.txt is not UTF-8" in said) == (2, True)


def test_output_to_a_pipe_that_closes_early(root: Path, run: Run) -> None:
    (root / "files" / "long.txt").write_text("报价\n\n" + "涨价。\n\n" * 10_000, "utf-8")
    run(*add(root, "long.txt"), "--id", "long")
    code = f"import sys, research_brief.cli as c; sys.exit(c.main(sys.argv[1:], {str(root)!r}))"
    with subprocess.Popen(
        [sys.executable, "-c", code, "source", "show", "long"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().decode().strip() == "h0  报价"
        process.stdout.close()
        assert process.stderr.read() == b""


# --- new brief ------------------------------------------------------------------------------


@pytest.fixture
def drafted(root: Path, run: Run) -> Path:
    """A project with the draft of a brief on a source that is described."""
    run(*add(root, "news.txt"), "--id", "gazette")
    description = root / "content" / "sources" / "gazette.yaml"
    text = description.read_text("utf-8").replace("publisher: to-do", "publisher: daily")
    description.write_text(text, "utf-8")
    code, said = run("new", "brief", "prices", "--source", "gazette", "--title", 'What: "they ask')
    assert code == 0
    assert said.splitlines()[0] == (
        "wrote   content/briefs/prices/: brief.yaml and 2 sections: part-1, part-2"
    )
    return root


def errors(root: Path) -> list[str]:
    return [str(fault) for fault in faults_of(root) if fault.level == "error"]


def test_what_is_left_of_a_draft_is_a_fault_once_it_is_published(drafted: Path) -> None:
    path = drafted / "content" / "briefs" / "prices" / "brief.yaml"
    path.write_text(path.read_text("utf-8").replace("status: draft\n", ""), "utf-8")
    left = [fault for fault in errors(drafted) if fault.endswith("[left-to-do]")]
    assert {fault.partition(":")[0].rpartition("/")[2] for fault in left} >= {
        "brief.yaml",
        "part-1.yaml",
        "gazette.yaml",
    }


def test_a_draft_is_sound_as_it_is_written(drafted: Path) -> None:
    assert errors(drafted) == []
    folder = drafted / "content" / "briefs" / "prices"
    assert sorted(path.name for path in folder.iterdir()) == [
        "brief.yaml",
        "part-1.yaml",
        "part-2.yaml",
    ]
    brief = (folder / "brief.yaml").read_text("utf-8")
    assert '  en: "What: \\"they ask"\n  zh: 待填：简报标题\n' in brief
    assert "status: draft\n" in brief
    first, second = ((folder / f"part-{n}.yaml").read_text("utf-8") for n in (1, 2))
    assert '  en: "TO DO: a title"\n  zh: 待填：标题\n' in second
    assert "# Heading h1: 为何涨价？\n" in second
    assert re.findall("^# Paragraph (.*)", first, re.MULTILINE) == [
        "1: 两家代工厂上调报 …",
        "2: 甲公司没有回应。 …",
    ]


def uncommented(text: str, beginning: str) -> str:
    """The text with the example that begins so in use, as an editor's command does it."""
    lines = text.split("\n")
    start = lines.index(f"# {beginning}")
    for number in range(start, len(lines)):
        if not lines[number].startswith("#  "):
            break
        lines[number] = lines[number][2:]
    return "\n".join(lines)


def test_an_example_that_is_filled_in_is_sound(drafted: Path) -> None:
    path = drafted / "content" / "briefs" / "prices" / "part-1.yaml"
    text = uncommented(path.read_text("utf-8"), "  paragraph-1:")
    path.write_text(text, "utf-8")
    assert errors(drafted) == []
    text = text.replace("          TO DO\n", '          "客户": 没有被点名 # 5%\n', 1)
    text = uncommented(text, "  - text:")
    path.write_text(text, "utf-8")
    assert [fault for fault in errors(drafted) if "quote" not in fault] == []
    for example in re.findall("^# (  paragraph-[0-9]+:)$", text, re.MULTILINE):
        text = uncommented(text, example)
    path.write_text(text, "utf-8")
    assert [fault for fault in errors(drafted) if "quote" not in fault] == []
    assert text.count("\n  paragraph-") == 2


def test_a_draft_holds_no_more_of_the_text_than_first_characters(drafted: Path) -> None:
    folder = drafted / "content" / "briefs" / "prices"
    words = "".join(path.read_text("utf-8") for path in folder.iterdir())
    for line in (drafted / ".sources" / "gazette.txt").read_text("utf-8").split("\n"):
        for start in range(len(line) - 13):
            assert line[start : start + 13] not in words


def test_sections_are_named_after_latin_headings(root: Path, run: Run) -> None:
    run(*add(root, "book.txt"), "--id", "mill", "--open")
    _, said = run("new", "brief", "mill", "--source", "mill")
    assert "3 sections: part-1, why-it-turns, part-3" in said
    section = (root / "content" / "briefs" / "mill" / "why-it-turns.yaml").read_text("utf-8")
    assert 'title:\n  en: "TO DO: a title"\n' in section  # never the source's heading
    assert "# Paragraph 2: It was …\n" in section
    assert "          zh: >-\n" in section.replace("# ", "")
    assert "          en: >-\n" not in section.replace("# ", "")  # its own language


def test_headings_that_are_no_ids(root: Path, run: Run) -> None:
    prose = "Nobody in the valley remembered why it turned at night, and nobody asked."
    headings = ["Sources", "brief", "Part 1", "rb-x", "L’été à Paris", "Why", "Why", "A" * 80]
    text = "Title\n\n" + "\n\n".join(f"{heading}\n\n{prose}" for heading in headings)
    (root / "files" / "odd.txt").write_text(text, "utf-8")
    run(*add(root, "odd.txt"), "--id", "odd", "--open", "--language", "en")
    _, said = run("new", "brief", "odd", "--source", "odd")
    assert "part-1, part-2, part-3, part-4, lete-a-paris, why, part-7, part-8" in said
    assert [fault for fault in errors(root) if "/odd/" in fault] == []


def test_a_draft_without_the_text_says_how_to_get_more(root: Path, run: Run) -> None:
    code, said = run("new", "brief", "second", "--source", "daily-2025")
    assert code == 0
    assert "without examples: the text of 'daily-2025' is not here" in said
    section = (root / "content" / "briefs" / "second" / "part-1.yaml").read_text("utf-8")
    assert "# No examples here: the text of 'daily-2025' is not here" in section
    assert errors(root) == []


def test_briefs_that_are_refused(root: Path, run: Run) -> None:
    code, said = run("new", "brief", "first", "--source", "daily-2025")
    assert (code, "content/briefs/first is already there" in said) == (2, True)
    code, said = run("new", "brief", "second", "--source", "daily-2026")
    assert (code, "there is no source 'daily-2026'; did you mean 'daily-2025'?" in said) == (
        2,
        True,
    )
    code, said = run("new", "brief", "second", "--source", "gazette")
    assert (code, "'python build.py source add FILE --id gazette' begins one" in said) == (2, True)
    assert not (root / "content" / "briefs" / "second").exists()
