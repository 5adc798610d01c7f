"""`build.py` as a person meets it: its lines, its JSON, its exit codes."""

import json
import os
import re
from pathlib import Path

import pytest
from projects import BASE, ROOT, Project

from research_brief.arguments import parser
from research_brief.problems import Place, Problem, as_github, as_json, as_text

BRIEF = "content/briefs/first/brief.yaml"
SIGNAL = "content/briefs/first/signal.yaml"


@pytest.fixture
def faulty(project: Project) -> Project:
    """A project with two errors and a warning."""
    project.with_content()
    project.edit(SIGNAL, "status: account", "status: acount")
    project.edit(BRIEF, "topics: [chips]", "topics: [chip]")
    project.edit(BRIEF, "title: {en: The chip race, zh: 芯片竞赛}", "title: {zh: 芯片竞赛}")
    return project


TEXT = """\
content/briefs/first/brief.yaml:2:1: warning: 'title' is not there in en; add 'en: …' [missing-translation]
content/briefs/first/brief.yaml:5:10: error: unknown entity 'chip'; did you mean 'chips'? [unknown-id]
content/briefs/first/signal.yaml:6:13: error: status 'acount' is unknown; did you mean 'account'? [schema]
"""


def test_faults_are_listed_one_a_line_in_the_order_of_files(faulty: Project) -> None:
    run = faulty.run("check")
    assert (run.returncode, run.stdout) == (1, TEXT)
    assert run.stderr == "2 errors, 1 warning\n"


def test_faults_as_json_are_a_list_on_standard_output(faulty: Project) -> None:
    run = faulty.run_here("check", "--format", "json")
    assert run.returncode == 1
    assert json.loads(run.stdout)[1] == {
        "file": "content/briefs/first/brief.yaml",
        "line": 5,
        "column": 10,
        "level": "error",
        "rule": "unknown-id",
        "message": "unknown entity 'chip'; did you mean 'chips'?",
    }
    assert len(json.loads(run.stdout)) == 3


def test_faults_as_notes_on_a_pull_request(faulty: Project) -> None:
    run = faulty.run_here("check", "--format", "github")
    assert run.returncode == 1
    assert run.stdout.splitlines()[1] == (
        "::error file=content/briefs/first/brief.yaml,line=5,col=10,title=unknown-id::"
        "content/briefs/first/brief.yaml:5:10: error: unknown entity 'chip'; "
        "did you mean 'chips'? [unknown-id]"
    )
    assert run.stdout.startswith("::warning file=content/briefs/first/brief.yaml,line=2,col=1,")
    assert run.stderr == "2 errors, 1 warning\n"


def test_in_actions_faults_are_notes_unless_another_form_is_asked_for(
    faulty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Project, "_environment", staticmethod(lambda: {**os.environ, "GITHUB_ACTIONS": "true"})
    )
    assert faulty.run_here("check").stdout.startswith("::warning file=")
    assert faulty.run_here("check", "--format", "text").stdout == TEXT


def test_a_note_cannot_begin_another_command() -> None:
    # A message has no line breaks, whatever it quotes; its file might.
    problem = Problem(Place("content/a,b:c.yaml"), "100%\n::set-env name=X::y", "rule")
    assert as_github([problem]) == (
        "::error file=content/a%2Cb%3Ac.yaml,line=1,col=1,title=rule::"
        "content/a,b:c.yaml:1:1: error: 100%25\\n::set-env name=X::y [rule]"
    )
    problem = Problem(Place("a\n::set-env name=X::y"), "x", "rule")
    assert as_github([problem]).count("\n") == 0


def test_a_build_with_faults_says_the_same_and_writes_nothing(faulty: Project) -> None:
    run = faulty.run_here()
    assert (run.returncode, run.stdout) == (1, TEXT)
    assert [path.name for path in faulty.site.iterdir()] == [".gitignore"]


def test_content_without_faults_exits_0(project: Project) -> None:
    run = project.with_content().run_here("check")
    assert (run.returncode, run.stdout, run.stderr) == (
        0,
        "no faults in 1 brief with 2 claims\n",
        "",
    )
    run = project.run_here("check", "--format", "json")
    assert (run.returncode, run.stdout) == (0, "[]\n")


def test_a_warning_alone_does_not_fail_unless_strict(project: Project) -> None:
    project.with_content()
    project.edit(BRIEF, "{en: The chip race, zh: 芯片竞赛}", "{zh: 芯片竞赛}")
    run = project.run_here("check")
    assert run.returncode == 0
    assert run.stdout == TEXT.splitlines(keepends=True)[0]
    assert project.run_here("check", "--strict").returncode == 1
    assert [fault["level"] for fault in project.faults()] == ["warning"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["check", "--format", "xml"],
        ["check", "what"],
        ["serve", "--port", "x"],
    ],
)
def test_misuse_exits_2_with_the_usage(arguments: list[str], project: Project) -> None:
    run = project.run_here(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("usage: build.py")
    assert "Traceback" not in run.stderr
    assert "argument :" not in run.stderr, "of what, nobody knows"


def test_help_names_every_verb(project: Project) -> None:
    run = project.run_here("--help")
    assert run.returncode == 0
    for verb in ("build", "check", "pdf", "schema", "serve"):
        assert f"\n  {verb} " in run.stdout.replace("    ", "  ")


def test_what_make_asks_of_it_is_understood() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    calls = re.findall(r"\$\(PY\) build\.py([^&\n]*)", makefile)
    assert len(calls) > 6
    assert any("ONLY" in call for call in calls)
    for line in calls:
        call = line.replace('$${ONLY:+--lang "$$ONLY"}', "--lang zh")
        words = [re.sub(r'^"?\$.*', "https://example.org/", word) for word in call.split()]
        parser().parse_args(words)


def test_build_works_from_another_folder(project: Project, tmp_path: Path) -> None:
    project.with_content()
    elsewhere = Project(tmp_path)
    run = elsewhere.run(python=str(_runner(project, tmp_path)))
    assert run.returncode == 0
    assert (project.site / "index.html").exists()


def _runner(project: Project, folder: Path) -> Path:
    """A script that runs the project's `build.py` whatever it is asked to run."""
    import sys

    path = folder / "run"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{project.root}/build.py" --no-pdf\n')
    path.chmod(0o755)
    return path


PLACE = Place("content/briefs/first/signal.yaml", 4, 9)


def test_on_a_terminal_the_source_line_stands_under_a_fault_with_a_caret() -> None:
    problem = Problem(Place(SIGNAL, 2, 12), "what was found", "rule")
    assert as_text([problem], BASE).split("\n")[1:] == [
        "    title: {en: The signal, zh: 信号}",
        "               ^",
    ]


def test_the_caret_stands_right_behind_han_characters() -> None:
    problem = Problem(Place(SIGNAL, 2, 31), "what was found", "rule")
    assert as_text([problem], BASE).split("\n")[2] == "    " + " " * 28 + "\u3000\u3000^"


def test_a_place_that_cannot_be_read_has_no_excerpt() -> None:
    problems = [
        Problem(Place("gone.yaml", 3), "x", "rule"),
        Problem(Place(SIGNAL, 999), "x", "rule"),
    ]
    assert len(as_text(problems, BASE).split("\n")) == 2


def test_json_keeps_han_characters() -> None:
    assert "芯片" in as_json([Problem(PLACE, "芯片", "rule")])


def test_this_project_has_no_second_front_door() -> None:
    assert (ROOT / "build.py").read_text(encoding="utf-8").count("\n") <= 60


def test_a_fault_takes_one_line_whatever_it_quotes() -> None:
    problem = Problem(Place("a.yaml"), "the link to 'java\nscript:x\u202e' is not allowed", "rule")
    assert str(problem) == (
        "a.yaml:1:1: error: the link to 'java\\nscript:x\\u202e' is not allowed [rule]"
    )


def test_no_source_line_moves_the_terminal(tmp_path: Path) -> None:
    """Colours, titles of windows, directions of writing (ECMA-48, Unicode's bidi algorithm)."""
    line = "title: \x1b[2J\x1b]0;x\x07\u202e\u200b\x9b31m中\r"
    (tmp_path / "a.yaml").write_text(f"{line}\n", encoding="utf-8", newline="")
    shown = as_text([Problem(Place("a.yaml", 1, 8), "x", "rule")], tmp_path)
    assert shown.split("\n")[1:] == [
        "    title: \ufffd[2J\ufffd]0;x\ufffd\ufffd\ufffd\ufffd31m中",
        "           ^",
    ]
