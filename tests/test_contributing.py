"""CONTRIBUTING.md is true: its samples are sound, and its commands say what it shows."""

import re
import shutil

import pytest
from projects import ROOT, Project

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
CHECKS = re.findall(r"```console\n\$ python build.py check\n(.*?)```", GUIDE, re.DOTALL)
DIFF = "python build.py diff HEAD"
SIGNAL = "content/briefs/ai-chip-race/signal.yaml"
CHALLENGES = "content/briefs/ai-chip-race/challenges.yaml"


@pytest.fixture
def content(project: Project) -> Project:
    return project.with_content(ROOT / "content")


def said(project: Project) -> str:
    run = project.run_here("check")
    return run.stdout + run.stderr


def test_the_claim_has_the_faults_that_are_shown(content: Project) -> None:
    [claim] = (text for text in YAML if text.startswith("  chip-cycle:"))
    content.edit(CHALLENGES, "\nclaims:\n", f"\nclaims:\n{claim}")
    content.edit(CHALLENGES, "claims: [hard-road,", "claims: [chip-cycle, hard-road,")
    assert said(content) == CHECKS[0]
    content.edit(CHALLENGES, claim, claim.replace("shen-jiaqing", "shen-jiaqin"))
    content.edit(
        CHALLENGES, "paragraph: 18\n        quote: 3—5年周", "paragraph: 81\n        quote: 3—5年周"
    )
    assert said(content) == CHECKS[2]
    content.edit(
        CHALLENGES, "stated\n    speaker: shen-jiaqin\n", "state\n    speaker: shen-jiaqin\n"
    )
    assert said(content) == CHECKS[1]


def is_said(project: Project, command: str, output: str) -> None:
    """The command says what is shown of it, and no more unless an ellipsis says so."""
    run = project.run(*command.split())
    beginning, cut, end = output.partition("…\n")
    assert run.stdout.startswith(beginning), command
    assert not end
    assert bool(cut) == (run.stdout != beginning), command


def test_the_source_and_the_brief_are_what_the_commands_make_and_sound(content: Project) -> None:
    [text] = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    (content.root / "prices.txt").write_text(text, encoding="utf-8")
    shown = re.findall(
        r"\$ python build\.py ((?:source|new) [^\n]*)\n(.*?)(?=```|\$ )", GUIDE, re.DOTALL
    )
    assert [command.split()[:2] for command, _ in shown] == [
        ["source", "add"],
        ["source", "show"],
        ["new", "brief"],
        ["source", "verify"],
    ]
    for command, output in shown[:-1]:
        is_said(content, command, output)
    folder = content.root / "content" / "briefs" / "foundry-prices"
    for part in ("part-1", "part-2"):
        (folder / f"{part}.yaml").unlink()
    files = [re.fullmatch(r"# (content/\S+)\n(.*)", text, re.DOTALL) for text in YAML]
    assert sum(map(bool, files)) == 4
    for file in filter(None, files):
        path = content.root / file[1]
        before = path.read_text("utf-8") if "/entities/" in file[1] else ""
        path.write_text(f"{before}\n{file[2]}", encoding="utf-8")
    is_said(content, *shown[-1])
    assert said(content) == CHECKS[3]


def test_the_review_is_what_the_command_says(
    content: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    shutil.copytree(content.root / "content", before / "content")
    content.edit(SIGNAL, "rose 8.08%", "climbed 8.08%")
    run = content.run_here("diff", str(before))
    for file in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        [shown] = re.findall(rf"```console\n\$ {DIFF}\n(.*?)```", text, re.DOTALL)
        beginning, end = shown.split("…\n")
        assert run.stdout.startswith(beginning), file
        assert run.stdout.endswith(end), file


def test_a_claim_that_is_renamed_is_lost_until_it_says_what_it_was_called(content: Project) -> None:
    for path in (content.root / "content" / "briefs" / "ai-chip-race").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("chiplet-design", "in-house-design"), encoding="utf-8")
    [shown] = (text for text in CHECKS if "lost-address" in text)
    assert said(content) == shown
    [sample] = (text for text in YAML if text.startswith("in-house-design:"))
    indented = "".join(f"  {line}" for line in sample.splitlines(keepends=True))
    for path in (content.root / "content" / "briefs" / "ai-chip-race").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("  in-house-design:\n", indented), encoding="utf-8")
    assert said(content) == "no faults in 1 brief with 70 claims\n"


def test_a_claim_that_is_withdrawn_is_lost_until_a_tombstone_says_so(content: Project) -> None:
    [sample] = (text for text in YAML if "#chiplet-design:" in text)
    (content.root / "content" / "tombstones.yaml").write_text(sample, encoding="utf-8")
    for path in (content.root / "content" / "briefs" / "ai-chip-race").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("chiplet-design", "in-house-design"), encoding="utf-8")
    assert said(content) == "no faults in 1 brief with 70 claims\n"


def test_the_ledger_of_this_site_is_complete(content: Project) -> None:
    [shown] = re.findall(r"```console\n\$ python build.py release\n(.*?)```", GUIDE, re.DOTALL)
    assert content.run_here("release").stdout == shown
