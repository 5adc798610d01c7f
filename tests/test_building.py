"""Languages that are made side by side make the site that they make one after the other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from projects import Project, snapshot

from research_brief import building, processes
from research_brief.options import Options
from research_brief.problems import ProblemsFound

SITE = "https://example.org/desk/"
REMOVED = """
revisions:
- date: 2025-10-01
  kind: retraction
  text: {en: Not so., zh: 并非如此。}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project with an edition, and a brief that was withdrawn since."""
    project = Project.copied_to(tmp_path_factory.mktemp("desk") / "研究 desk").with_content()
    second = project.root / "content/briefs/second"
    shutil.copytree(project.root / "content/briefs/first", second)
    assert project.run_here("release").returncode == 0
    brief = second / "brief.yaml"
    brief.write_text(brief.read_text("utf-8").rstrip() + REMOVED, "utf-8")
    return project


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MANY", 2)
    monkeypatch.setattr(building, "cores", lambda: 2)


def made(project: Project, options: Options) -> tuple[dict[str, bytes], list[str], set[str]]:
    """The files of a site, what was said, and the names of what is kept for the next one."""
    said: list[str] = []
    building.build(project.root, options, said.append)
    kept = {
        path.relative_to(project.root).as_posix()
        for name in ("pages", "pdf")
        for path in (project.root / options.work / name).glob("*")
    }
    return snapshot(project.site), said, kept


def test_every_byte_is_the_same_and_the_same_is_kept(
    desk: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one = Options(site_url=SITE, csp_meta=True, side_by_side=False)
    both = replace(one_by_one, side_by_side=True)
    files, _, kept = made(desk, one_by_one)
    assert "X-Robots-Tag: noindex" in files["_headers"].decode()
    assert len([name for name in kept if "/pdf/" in name]) >= 4
    # Nothing that either way has kept is made again the other way, and nothing else stays.
    (desk.root / ".cache/pdf/old.pdf").write_bytes(b"of another time")
    monkeypatch.setattr(building, "MANY", 0)
    assert made(desk, both)[::2] == (files, kept)
    shutil.rmtree(desk.root / ".cache")
    found, said, there = made(desk, both)
    assert (found, there) == (files, kept)
    assert [line[:6] for line in said] == ["check ", *["render", "lead  ", "print "] * 2]
    assert made(desk, one_by_one)[::2] == (files, kept)
    assert list((desk.root / ".cache").glob("new-*")) == []


def test_where_there_is_little_to_be_made_it_is_made_here(
    desk: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(desk.root / ".cache")
    monkeypatch.delattr(building, "pool")
    options = Options(pdf=False)
    with pytest.raises(NameError):
        building.build(desk.root, options)
    building.build(desk.root, options.alone("zh"))
    with monkeypatch.context() as patch:
        patch.setattr(building, "MANY", 3)
        building.build(desk.root, options)
    building.build(desk.root, options)  # all is kept now
    brief = desk.root / "content/briefs/first/brief.yaml"
    brief.write_text(brief.read_text("utf-8") + "# one of two\n", "utf-8")
    building.build(desk.root, options)
    monkeypatch.setattr(building, "MANY", 0)
    with pytest.raises(NameError):
        building.build(desk.root, options)
    process, brief_takes = building.TAKES
    with monkeypatch.context() as patch:  # two languages of two briefs
        patch.setattr(building, "room", lambda: 2 * (process + 2 * brief_takes) - 1)
        building.build(desk.root, options)
    shutil.rmtree(desk.root / ".cache")
    monkeypatch.setattr(building, "cores", lambda: 1)
    building.build(desk.root, options)


def test_a_container_or_a_limit_says_how_much_memory_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(processes, "LIMITS", (str(tmp_path / "none"), str(limit)))
    limit.write_text("max\n")
    assert processes.room() > 1_000_000_000
    limit.write_text("1000000\n")
    assert processes.room() == 1_000_000
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (500_000, resource.RLIM_INFINITY))
    assert processes.room() == 500_000


def test_faults_of_all_languages_are_told_together(desk: Project, tmp_path: Path) -> None:
    project = desk.copy(tmp_path / "desk")
    building.build(project.root, Options(pdf=False))
    before = snapshot(project.site)
    for language, page in (("en", "method"), ("zh", "colophon")):
        fault = f'{{% block intro %}}{{% if language == "{language}" %}}{{{{ w.nothing.at_all }}}}'
        project.edit(f"templates/pages/{page}.html", "{% block intro %}", f"{fault}{{% endif %}}")
    with pytest.raises(ProblemsFound) as found:
        building.build(project.root, Options(pdf=False))
    places = {problem.place.file for problem in found.value.problems}
    assert places == {"templates/pages/method.html", "templates/pages/colophon.html"}
    assert len(found.value.problems) == 2
    assert snapshot(project.site) == before
