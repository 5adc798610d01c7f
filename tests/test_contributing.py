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


def test_the_claim_is_sound_and_its_faults_are_those_shown(content: Project) -> None:
    [claim] = (text for text in YAML if text.startswith("  chip-cycle:"))
    content.edit(CHALLENGES, "\nclaims:\n", f"\nclaims:\n{claim}")
    assert said(content) == CHECKS[0]
    content.edit(CHALLENGES, claim, claim.replace("shen-jiaqing", "shen-jiaqin"))
    content.edit(CHALLENGES, "paragraph: 18\n        quote: AI", "paragraph: 81\n        quote: AI")
    assert said(content) == CHECKS[2]
    content.edit(
        CHALLENGES, "stated\n    speaker: shen-jiaqin\n", "state\n    speaker: shen-jiaqin\n"
    )
    assert said(content) == CHECKS[1]


def test_the_brief_is_sound(content: Project) -> None:
    files = [re.fullmatch(r"# (content/\S+)\n(.*)", text, re.DOTALL) for text in YAML]
    assert sum(map(bool, files)) == 4
    for file in filter(None, files):
        path = content.root / file[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{file[2]}")
    assert said(content) == CHECKS[3]


def test_the_review_is_what_the_command_says(
    content: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    shutil.copytree(content.root / "content", before / "content")
    content.edit(SIGNAL, "rose 8.08%", "rose 8.18%")
    run = content.run_here("diff", str(before))
    for file in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        [shown] = re.findall(rf"```console\n\$ {DIFF}\n(.*?)```", text, re.DOTALL)
        beginning, end = shown.split("…\n")
        assert run.stdout.startswith(beginning), file
        assert run.stdout.endswith(end), file
