"""README.md is true: its sample, its settings block, its faults and its commands."""

import re

import pytest
from projects import ROOT, Project

from research_brief.yamlfile import Document, parse

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def block(language: str, beginning: str) -> str:
    """The only code block that begins so."""
    found = [text for kind, text in BLOCKS if kind == language and text.startswith(beginning)]
    assert len(found) == 1, f"{len(found)} blocks begin with {beginning!r}"
    return str(found[0])


def test_the_sample_is_the_claim_of_the_brief() -> None:
    sample = parse(block("yaml", "behind-before-production:"), Document("README.md"))
    path = ROOT / "content" / "briefs" / "ai-chip-race" / "challenges.yaml"
    real = parse(path.read_text(encoding="utf-8"), Document("challenges.yaml"))
    assert not sample.problems
    assert sample.data == {
        "behind-before-production": real.data["claims"]["behind-before-production"]
    }


def test_the_settings_block_is_that_of_mkdocs_yml() -> None:
    assert block("yaml", "site_name:") in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_picture_files_are_there() -> None:
    pictures = re.findall(r"(?:\(|src=\")(docs/[a-z]+\.png)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", README))
    assert {"site", "test", "serve", "check", "help"} <= named
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.mark.build
def test_breaking_it_on_purpose_shows_these_lines(project: Project) -> None:
    project.with_content(ROOT / "content")
    folder = project.root / "content" / "briefs" / "ai-chip-race"
    motives = (folder / "motives.yaml").read_text(encoding="utf-8")
    broken = motives.replace("speaker: shen-jiaqing", "speaker: shen-jiaqin", 1)
    (folder / "motives.yaml").write_text(broken, encoding="utf-8")
    project.edit(
        "content/briefs/ai-chip-race/brief.yaml", "published: 2026-11-23", "published: 2026-11-32"
    )
    run = project.run_here("check")
    assert run.returncode == 1
    assert block("console", "content/briefs/") == run.stdout + run.stderr


@pytest.mark.build
def test_changing_one_word_shows_on_the_page(project: Project) -> None:
    project.with_content(ROOT / "content")
    signal = project.root / "content" / "briefs" / "ai-chip-race" / "signal.yaml"
    lines = signal.read_text(encoding="utf-8").split("\n")
    assert "The signal" in lines[2], "README says that it is on line 3"
    lines[2] = lines[2].replace("The signal", "The first signs")
    signal.write_text("\n".join(lines), encoding="utf-8")
    assert project.run_here("--no-pdf").returncode == 0
    page = (project.site / "briefs" / "ai-chip-race" / "index.html").read_text(encoding="utf-8")
    assert page.count("The first signs") >= 2, "heading and contents list"
