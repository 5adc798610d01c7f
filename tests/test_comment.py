"""The comment on a pull request is one, goes to the right place, and takes files as mere data."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from projects import ROOT

SHA = "0123456789abcdef0123456789abcdef01234567"
RUN = "https://example.org/desk/briefs/actions/runs/1"
MARKER = "<!-- research-brief -->"

# A `gh` that answers from one file, and keeps what it was told to write in another.
GH = """\
import json, sys
path, options = sys.argv[2], sys.argv[3:]
if "--input=-" in options:
    with open("written", "a", encoding="utf-8") as file:
        file.write(json.dumps([path, options, json.load(sys.stdin)]) + "\\n")
    print("{}")
else:
    answers = json.load(open("answers", encoding="utf-8"))
    print(json.dumps(answers[path]) if path in answers else sys.exit("HTTP 404"))
"""


class Desk:
    """A folder with the files of a build, and a GitHub with one pull request."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.head: dict[str, Any] = {"sha": SHA, "repo": {"full_name": "reader/briefs"}}
        self.comments: list[dict[str, Any]] = []
        (root / "review").mkdir()
        self.hand_over("7\n", "## One claim is new\n")
        (root / "gh.py").write_text(GH, encoding="utf-8")
        gh = root / "gh"
        # A first line that names a program must not have a space in its path; a shell's words may.
        gh.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{root}/gh.py" "$@"\n', encoding="utf-8")
        gh.chmod(0o755)

    def hand_over(self, number: str, text: str) -> None:
        (self.root / "review" / "number").write_text(number, encoding="utf-8")
        (self.root / "review" / "diff.md").write_text(text, encoding="utf-8")

    def run(self) -> subprocess.CompletedProcess[str]:
        repository = "repos/desk/briefs"
        answers = {
            f"{repository}/pulls/7": {"head": self.head},
            f"{repository}/issues/7/comments?per_page=100": [self.comments],
        }
        (self.root / "answers").write_text(json.dumps(answers), encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(ROOT / ".ci" / "comment.py")],
            cwd=self.root,
            env={
                "PATH": f"{self.root}{os.pathsep}{os.environ['PATH']}",
                "PYTHONUTF8": "1",
                "GITHUB_REPOSITORY": "desk/briefs",
                "REVIEW": "review",
                "HEAD_SHA": SHA,
                "HEAD_REPOSITORY": "reader/briefs",
                "RUN_URL": RUN,
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def written(self) -> list[Any]:
        path = self.root / "written"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_first_time_it_comments(desk: Desk) -> None:
    desk.comments = [
        {"id": 1, "user": {"login": "somebody"}, "body": f"{MARKER} I look like it"},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "of another workflow"},
    ]
    run = desk.run()
    assert (run.returncode, run.stdout) == (0, "commented on pull request 7\n"), run.stderr
    [(path, options, sent)] = desk.written()
    assert (path, options[0]) == ("repos/desk/briefs/issues/7/comments", "--method=POST")
    assert sent["body"] == (
        f"{MARKER}\nMade from 0123456, by its own code. [The artifact `preview-site`]"
        f"({RUN}#artifacts) is the site with this change: unpack it, open `index.html`.\n\n"
        "## One claim is new\n"
    )


def test_later_it_brings_its_comment_up_to_date(desk: Desk) -> None:
    desk.comments = [{"id": 5, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\nold"}]
    assert desk.run().stdout == "the comment on pull request 7 is up to date\n"
    [(path, options, _)] = desk.written()
    assert (path, options[0]) == ("repos/desk/briefs/issues/comments/5", "--method=PATCH")


@pytest.mark.parametrize("number", ["7/../8", "-1", "0", "7\n8", "$(id)", "七", "9" * 30])
def test_what_is_no_number_is_refused(number: str, desk: Desk) -> None:
    desk.hand_over(number, "text")
    run = desk.run()
    assert (run.returncode, desk.written()) == (0, [])
    assert run.stdout == "no comment: what should be the number of a pull request is none\n"


@pytest.mark.parametrize(
    "head",
    [
        {"sha": "f" * 40, "repo": {"full_name": "reader/briefs"}},
        {"sha": SHA, "repo": {"full_name": "somebody/else"}},
        {"sha": SHA, "repo": None},
    ],
    ids=["a newer commit", "the same commit of somebody else", "a repository that is gone"],
)
def test_only_the_pull_request_that_was_built_is_written_to(
    head: dict[str, Any], desk: Desk
) -> None:
    desk.head = head
    run = desk.run()
    assert (run.returncode, desk.written()) == (0, [])
    assert run.stdout == f"no comment: {SHA} is not the newest commit of pull request 7\n"


@pytest.mark.parametrize("name", ["number", "diff.md"])
def test_without_the_files_there_is_no_comment(name: str, desk: Desk) -> None:
    (desk.root / "review" / name).unlink()
    run = desk.run()
    assert (run.returncode, desk.written()) == (0, [])
    assert run.stdout == "no comment: the build handed nothing over\n"


def test_a_link_in_place_of_a_file_is_not_followed(desk: Desk) -> None:
    (desk.root / "secret").write_text("token", encoding="utf-8")
    text = desk.root / "review" / "diff.md"
    text.unlink()
    text.symlink_to(desk.root / "secret")
    assert desk.run().stdout == "no comment: the build handed nothing over\n"
    assert desk.written() == []


def test_a_text_that_github_would_not_take_is_cut(desk: Desk) -> None:
    desk.hand_over("7", "芯" * 100_000)
    assert desk.run().returncode == 0
    body = desk.written()[0][2]["body"]
    assert len(body) < 65_000
    assert body.endswith(f"芯\n\n… [the rest]({RUN})")


def test_a_failure_of_github_is_shown(desk: Desk) -> None:
    desk.hand_over("8", "text")
    run = desk.run()
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "gh api repos/desk/briefs/pulls/8: HTTP 404\n"
