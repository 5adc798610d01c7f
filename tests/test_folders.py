"""A brief that is as it was is not read again, and whatever is new in its folder is told."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from projects import BASE, faults_of, overlay

from research_brief import folders, inputs, reading
from research_brief.library import Library
from research_brief.options import Options
from research_brief.refusals import Refused

FIRST, OTHER = "content/briefs/first", "content/briefs/other"
NAMES = ("brief.yaml", "matrix.yaml", "signal.yaml")


@pytest.fixture(params=[False, True], ids=["another process", "the same process"])
def root(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two briefs that were read once, by a process that remembers them or not."""
    root = overlay(tmp_path / "project", BASE)
    for name in NAMES:
        overlay(root, {f"{OTHER}/{name}": (root / FIRST / name).read_text("utf-8")})
    monkeypatch.setattr(reading, "_remembered", {} if request.param else None)
    assert faults_of(root) == []
    return root


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def loaded(root: Path) -> Library:
    return reading.read(root, Options(drafts=True), lazily=True).library


def unread(library: Library) -> set[str]:
    return {
        id
        for id, record in library.briefs.items()
        if isinstance(record, folders.Unread) and "brief" not in vars(record)
    }


def test_only_what_was_edited_is_read(root: Path) -> None:
    is_same_process = reading._remembered is not None
    before = loaded(root)
    edit(root, f"{FIRST}/signal.yaml", "Tencent builds", "Tencent makes")
    after = loaded(root)
    assert after.briefs["first"].digest != before.briefs["first"].digest
    if is_same_process:
        assert after.briefs["other"] is before.briefs["other"]
        return
    assert unread(after) == {"other"}
    assert after.briefs["other"].size == 2
    assert unread(after) == {"other"}
    assert after.briefs["other"].brief.title.root["en"]  # which reads it
    assert unread(after) == set()
    assert len(after.briefs["other"].claims) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "empty").mkdir(),
        lambda folder: (folder / "__pycache__").mkdir(),
        lambda folder: (folder / "notes.txt").write_text("Notes."),
        lambda folder: (folder / "more.yaml").write_text("kind: narrative"),
        lambda folder: (folder / "signal.yaml").unlink(),
        lambda folder: (folder / "signal.yaml").rename(folder / "Signal.yaml"),
        lambda folder: (folder / "brief.yaml").unlink(),
        lambda folder: (folder / "brief.yaml").rename(folder / ".brief.yaml"),
        lambda folder: (folder / ".link").symlink_to("signal.yaml"),
        lambda folder: folder.rename(folder.with_name("an other")),
    ],
)
def test_what_is_odd_in_a_folder_is_told_as_if_nothing_were_known(
    change: Callable[[Path], object], root: Path
) -> None:
    change(root / OTHER)
    found = faults_of(root)
    with (
        patch.object(folders.Folders, "brief", lambda self, path, languages, read, _: read()[0]),
        patch.object(reading, "_remembered", None),
    ):
        assert found == faults_of(root)
    assert found
    assert faults_of(root) == found


def test_a_file_that_became_a_link_to_the_same_is_told(root: Path) -> None:
    path = root / OTHER / "signal.yaml"
    path.rename(root / "signal.yaml")
    path.symlink_to(root / "signal.yaml")
    assert {problem.rule for problem in faults_of(root)} >= {"file"}


def test_a_brief_that_was_edited_before_it_was_read_is_refused(root: Path) -> None:
    if reading._remembered is not None:
        return  # it holds what it read
    library = loaded(root)
    edit(root, f"{OTHER}/signal.yaml", "Tencent builds", "Tencent makes")
    with pytest.raises(Refused, match="'other' was changed while it was read"):
        _ = library.briefs["other"].brief


def test_an_edit_while_a_brief_is_read_is_not_taken_for_what_was_there(root: Path) -> None:
    file = root / OTHER / "signal.yaml"
    text = file.read_text("utf-8")
    edit(root, f"{OTHER}/brief.yaml", "They build", "They make")
    seen: list[str] = []
    within = inputs.within

    def edited(root: Path, folder: str) -> inputs.Seen | None:
        """The folder as it is, and an edit of it before it is read."""
        found = within(root, folder)
        if folder == OTHER and not seen:
            seen.append(folder)
            file.write_text(text.replace("Tencent builds", "Tencent makes"), "utf-8")
        return found

    with patch.object(inputs, "within", edited):
        loaded(root)
    file.write_text(text, "utf-8")
    words = loaded(root).briefs["other"].claims["builds"].claim.text.root["en"]
    assert "Tencent builds" in words


def test_new_languages_read_all_briefs_again(root: Path) -> None:
    edit(root, "mkdocs.yml", "[en, zh]", "[en, zh, fr]")
    words = (root / "templates/words/en.yaml").read_text("utf-8")
    overlay(root, {"templates/words/fr.yaml": words})
    assert {it.rule for it in faults_of(root)} == {"missing-translation"}
