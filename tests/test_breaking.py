"""A build is hard to break: a small sample of `make faults`."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from breaking import (
    BREAKS,
    BRIEF,
    break_cache,
    digest,
    is_killed,
    killed,
    leftovers,
    limited,
    made_from,
    one_line,
    rename_over,
    saves,
    variants,
)
from projects import ROOT, Project, overlay, snapshot, until
from test_serve import serving, state

from research_brief import building, inputs, locking, pipeline, reading
from research_brief import serving as preview
from research_brief.editions import freezing

pytestmark = [
    pytest.mark.build,
    pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX"),
]


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with content, built with its PDFs; not to be changed."""
    project = Project.copied_to(tmp_path_factory.mktemp("breaking")).with_content()
    run = project.run_here()
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture
def site(built_once: Project, tmp_path: Path) -> Project:
    """A copy of it, to change."""
    return built_once.copy(tmp_path / "研究 brief's project")


# --- Kills ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "number"), [(0.3, signal.SIGINT), (1.1, signal.SIGTERM), (2.1, signal.SIGKILL)]
)
def test_a_build_that_is_killed_anywhere_harms_nothing(
    after: float, number: int, site: Project
) -> None:
    before = snapshot(site.site)
    shutil.rmtree(site.root / ".cache")  # or nothing would be done
    code, said = killed(site, after, number)  # of content that is built: every site is this one
    assert is_killed(code, number), said
    assert "Traceback" not in said
    assert code != 2 or one_line(said, "build.py: stopped"), said
    assert snapshot(site.site) == before


# --- Disks ------------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_told_in_one_line_and_nothing_is_left(site: Project) -> None:
    before = snapshot(site.site)
    site.edit(BRIEF, "The chip race", "Another title")
    run = limited(site, 60, "--no-pdf")  # the kilobytes that a file may have
    assert run.returncode == 2
    assert run.stderr.endswith("File too large\n")
    assert one_line(run.stderr)
    assert snapshot(site.site) == before
    assert leftovers(site) == []


@pytest.mark.parametrize("place", [".cache", "site"])
def test_a_file_in_the_place_of_a_folder_is_told_in_one_line(place: str, project: Project) -> None:
    path = project.with_content().root / place
    shutil.rmtree(path, ignore_errors=True)
    path.write_text("mine")
    run = project.run_here()
    assert run.returncode == 2
    assert one_line(run.stderr)
    assert "move it away" in run.stderr
    assert path.read_text() == "mine"


# --- Edits ------------------------------------------------------------------------------------


def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    edit: Callable[[], None],
    module: ModuleType = pipeline,
    step: str = "render",
) -> None:
    """Let an edit fall into the middle of a build: behind a step of it."""
    original: Callable[..., Any] = getattr(module, step)

    def with_edit(*arguments: Any, **options: Any) -> Any:
        made = original(*arguments, **options)
        edit()
        return made

    monkeypatch.setattr(module, step, with_edit)


def test_content_that_changes_during_a_build_is_not_mixed(
    site: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(site.site)
    words = site.root / "templates/words/en.yaml"
    meanwhile(monkeypatch, lambda: rename_over(words, words.read_bytes() + b"\n"))
    run = site.run_here("--no-pdf")
    assert run.returncode == 2
    assert run.stderr == (
        "build.py: templates/words/en.yaml changed while the site was made;"
        " nothing was written, run it again\n"
    )
    assert snapshot(site.site) == before
    assert leftovers(site) == []


def test_pages_of_an_edit_that_came_and_went_are_not_kept(
    site: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(site.site)
    theme = site.root / "templates/theme/main.html"
    good = theme.read_bytes()
    with monkeypatch.context() as during:
        meanwhile(during, lambda: rename_over(theme, good + b"<!-- tried -->"))
        assert site.run_here("--no-pdf").returncode == 2
    rename_over(theme, good)
    site.edit(BRIEF, "The chip race", "Another title")
    assert site.run_here("--no-pdf").returncode == 0
    after = snapshot(site.site)
    assert after != before
    assert not [name for name, data in after.items() if b"<!-- tried -->" in data]


def test_an_edit_that_came_and_went_within_a_build_is_noticed(
    site: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = site.root / "templates/words/en.yaml"
    good = words.read_bytes()

    def there_and_back() -> None:
        words.write_bytes(good + b"\n")
        words.write_bytes(good)

    meanwhile(monkeypatch, there_and_back)
    run = site.run_here("--no-pdf")
    assert run.returncode == 2
    assert "templates/words/en.yaml changed while the site was made" in run.stderr


def test_a_fault_of_half_an_edit_is_not_told(
    site: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty() -> None:  # a file that is just being saved
        (site.root / BRIEF).write_bytes(b"")

    meanwhile(monkeypatch, empty, reading, "load_settings")
    run = site.run_here("--no-pdf")
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{BRIEF} changed while the site was made" in run.stderr


@pytest.mark.parametrize(("module", "step"), [(pipeline, "check"), (reading, "loaded")])
def test_an_edit_during_a_release_is_not_frozen(
    module: ModuleType, step: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = project.with_content().root / BRIEF
    before = snapshot(project.root / "content")
    edited = brief.read_bytes() + b"\n"
    with monkeypatch.context() as patch:
        meanwhile(patch, lambda: rename_over(brief, edited), module, step)
        run = project.run_here("release")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        f"build.py: {BRIEF} changed while the release was made; nothing was written, run it again\n"
    )
    assert snapshot(project.root / "content") == {**before, BRIEF[8:]: edited}
    assert project.run_here("release").returncode == 0
    assert (project.root / "content/editions/first/1" / BRIEF[8:]).read_bytes() == edited


def test_an_edit_while_editions_are_written_is_not_frozen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = project.with_content().root / BRIEF
    original = freezing._files

    def with_edit(*arguments: Any) -> Any:
        rename_over(brief, brief.read_bytes() + b"\n")
        return original(*arguments)

    monkeypatch.setattr(freezing, "_files", with_edit)
    run = project.run_here("release")
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{BRIEF} changed while the release was made" in run.stderr
    assert [*(project.root / "content").rglob("edition.yaml")] == []


def test_a_work_folder_that_is_deleted_during_a_build_is_noticed(tmp_path: Path) -> None:
    work = tmp_path / ".cache"
    with locking.only_one(work) as lock:
        lock.assert_held()
        shutil.rmtree(work)
        with pytest.raises(locking.Changed, match=r"\.cache was deleted while the site was made"):
            lock.assert_held()
        with locking.only_one(work), pytest.raises(locking.Changed):  # a second build has begun
            lock.assert_held()


def test_what_editors_leave_beside_content_is_no_input(project: Project) -> None:
    before = inputs.seen(project.with_content().root).plain
    assert BRIEF in before
    names = ["first/.brief.yaml.swp", "first/brief.yaml~", "first/#brief.yaml#", ".git/x"]
    overlay(project.root / "content/briefs", dict.fromkeys(names, "x"))
    overlay(project.root / "research_brief/__pycache__", {"x.pyc": "x"})
    assert inputs.seen(project.root).plain == before


# --- The cache --------------------------------------------------------------------------------


def test_a_broken_cache_makes_no_broken_site(site: Project) -> None:
    before = snapshot(site.site)
    assert break_cache(site, *BREAKS) > 50
    for name in ("lock", "new-site"):
        path = site.root / ".cache" / name
        if path.is_file():
            path.unlink()
        path.mkdir(exist_ok=True)
    shutil.rmtree(site.root / ".cache/theme")
    (site.root / ".cache/theme").write_text("no folder")
    run = site.run_here()
    assert run.returncode == 0, run.stdout + run.stderr
    assert snapshot(site.site) == before
    assert leftovers(site) == []


# --- The preview ------------------------------------------------------------------------------


def test_the_preview_comes_out_right_of_a_burst_of_saves(project: Project) -> None:
    project.with_content()
    states = variants(project)
    site = project.root / preview.WORK / "site"
    with serving(project) as address:
        for _ in saves(project, 30, random.Random(7), states):
            pass
        for file, found in states.items():
            rename_over(project.root / file, found[2])
        last = {file: digest(found[2]) for file, found in states.items()}
        until(lambda: made_from(site).items() >= last.items(), "the last state")
        until(lambda: not state(address)["faults"], "the end of the faults")
        shown = snapshot(site)
    options = preview.Preview(project.root, strict=False, say=print).options
    shutil.rmtree(project.root / ".cache")
    building.build(project.root, options)
    assert shown == snapshot(site)


# --- Processes --------------------------------------------------------------------------------

DEAF = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
from research_brief.processes import pool

if __name__ == "__main__":
    with pool(1) as workers:
        job = workers.submit(time.sleep, 1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # as if this one had an answer to it
        time.sleep(0.2)  # the other one is still beginning
        os.killpg(0, signal.SIGINT)
        job.result()
"""


def test_ctrl_c_is_answered_once_however_many_processes_there_are(tmp_path: Path) -> None:
    script = tmp_path / "deaf.py"
    script.write_text(DEAF.format(root=str(ROOT)))
    run = subprocess.run(
        [sys.executable, str(script)],
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
