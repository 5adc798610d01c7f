"""Some briefs alone, with what they name: what `serve ID` shows."""

from pathlib import Path

import pytest
from hostility import desk_project, prefix, write
from projects import ROOT, Project

from research_brief import focus, pipeline, reading
from research_brief.options import Options
from research_brief.problems import ProblemsFound
from research_brief.serving import Preview

FIRST = "content/briefs/first"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight briefs of which one names a claim of another, and some were withdrawn."""
    project = desk_project(tmp_path_factory.mktemp("desk") / "desk")
    write(project.root, [], [prefix(1), prefix(2)])
    return project.root


@pytest.mark.parametrize("brief", ["c001-brief", "later", "c001-retracted", "c001-removed"])
def test_whatever_a_brief_names_is_there(desk: Path, brief: str) -> None:
    # All is rendered and staged: a link that led nowhere would be a fault.
    content = pipeline.check(desk, Options(briefs=(brief,)))
    assert brief in content.library.briefs


def test_the_first_brief_is_whole_with_its_editions() -> None:
    library = pipeline.check(ROOT, Options(briefs=("ai-chip-race",))).library
    assert library.editions["ai-chip-race"]


def test_what_it_does_not_name_is_not(desk: Path) -> None:
    whole = reading.read(desk, Options()).library
    library = reading.read(desk, Options(briefs=("c001-brief",))).library
    assert [*library.briefs] == ["c001-brief", "later"]
    assert {id[:4] for id in library.sources} == {"c001", "comm"}
    assert {id[:4] for id in whole.sources} == {"c001", "c002", "comm"}
    assert library.entities.keys() < whole.entities.keys()
    library = reading.read(desk, Options(briefs=("later",))).library
    assert [*library.briefs] == ["later"]
    assert [*library.sources] == ["common"]
    assert (library.ledger, library.tombstones) == ({}, {})


def test_faults_of_others_are_passed_by_but_not_of_what_it_names(desk: Path) -> None:
    others = ["c001-retracted/text", "later/later-section"]
    files = [desk / f"content/briefs/{name}.yaml" for name in others]
    before = [file.read_bytes() for file in files]
    try:
        for file, text in zip(files, before, strict=True):
            file.write_bytes(text + b"more: 1\n")
        with pytest.raises(ProblemsFound) as raised:
            reading.read(desk, Options(briefs=("c001-brief",)))
    finally:
        for file, text in zip(files, before, strict=True):
            file.write_bytes(text)
    found = {problem.place.file for problem in raised.value.problems}
    assert found == {"content/briefs/later/later-section.yaml"}


def test_a_brief_is_told_by_its_id_or_its_folder(project: Project) -> None:
    project.with_content()
    assert focus.ids(project.root, ["first", FIRST, f"{FIRST}/"]) == ("first",)
    run = project.run_here("serve", "frist")
    assert run.returncode == 2
    assert run.stderr == "build.py: there is no brief 'frist'; did you mean 'first'?\n"


def test_where_edits_take_long_it_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("research_brief.building.build", lambda *_, **__: None)
    preview = Preview(tmp_path, strict=False, say=said.append)
    preview.build()
    preview.build()
    assert len(said) == 2
    monkeypatch.setattr("research_brief.serving.SLOW", -1)
    preview = Preview(tmp_path, strict=False, say=said.append)
    for _ in range(3):  # the first build is no edit, and once is enough
        preview.build()
    assert [line for line in said if "serve ID" in line] == [said[4]]


def test_the_preview_shows_them_and_tells_if_one_goes(project: Project) -> None:
    project.with_content()
    preview = Preview(project.root, ["first"], strict=False, say=print)
    assert preview.build()
    assert preview.faults == ""
    made = {path.parent.name for path in preview.site.rglob("index.html")}
    assert {"first", "tencent", "guo-tao", "daily-2025"} <= made
    assert "alibaba" not in made
    (project.root / FIRST).rename(project.root / FIRST.replace("first", "renamed"))
    assert preview.build()
    assert preview.faults == "there is no brief 'first'"
    assert preview.site.joinpath("briefs/first/index.html").is_file()
