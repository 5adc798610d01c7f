"""Writing changes nothing that need not change, and a folder only as a whole."""

import errno
from pathlib import Path

import pytest
from projects import overlay, snapshot

from research_brief import output


@pytest.fixture(params=["at once", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to exchange folders: the system's, and the one for systems without."""
    if request.param == "two renames":
        monkeypatch.setattr("sys.platform", "other")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_exchange_puts_the_new_folder_in_place_and_leaves_the_old_one(tmp_path: Path) -> None:
    new, current = tmp_path / "new", tmp_path / "site"
    overlay(new, {"a.html": "new"})
    overlay(current, {"a.html": "old", "b.html": "old"})
    output.exchange(new, current)
    assert snapshot(current) == {"a.html": b"new"}
    assert snapshot(new) == {"a.html": b"old", "b.html": b"old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"]


@pytest.mark.usefixtures("way")
def test_exchange_needs_no_folder_to_replace(tmp_path: Path) -> None:
    overlay(tmp_path / "new", {"a.html": "new"})
    output.exchange(tmp_path / "new", tmp_path / "site")
    assert snapshot(tmp_path) == {"site/a.html": b"new"}


@pytest.mark.parametrize("done", [1, 2])
def test_a_cut_between_the_renames_is_repaired(
    done: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, current = tmp_path / "new", tmp_path / "site"
    overlay(new, {"a.html": "new"})
    overlay(current, {"a.html": "old"})
    rename, calls = Path.rename, 0

    def cut(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > done:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr("sys.platform", "other")
        patched.setattr(Path, "rename", cut)
        with pytest.raises(KeyboardInterrupt):
            output.exchange(new, current)

    output.repair(current)
    assert snapshot(current) == {"a.html": b"old" if done == 1 else b"new"}
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("refused", [1, 2])
def test_an_exchange_that_the_system_refuses_leaves_all_as_it_was(
    refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, current = tmp_path / "new", tmp_path / "site"
    overlay(new, {"a.html": "new"})
    overlay(current, {"a.html": "old"})
    rename, calls = Path.rename, 0

    def refuse(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == refused:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(path, target)

    monkeypatch.setattr("sys.platform", "other")
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(output.Unusable, match="site/ cannot be replaced: Invalid cross-device"):
        output.exchange(new, current)
    assert snapshot(tmp_path) == {"new/a.html": b"new", "site/a.html": b"old"}


def test_what_passes_leaves_nothing_whatever_happens(tmp_path: Path) -> None:
    overlay(tmp_path, {"new/x": "old", "new-zh/x": "old", "kept": "x"})

    def fail(path: Path) -> None:
        assert snapshot(tmp_path) == {"kept": b"x"}
        overlay(path, {"a": "x"})
        overlay(tmp_path / "new-fr", {"a": "x"})
        raise KeyError

    with pytest.raises(KeyError), output.passing(tmp_path / "new") as path:
        fail(path)
    assert snapshot(tmp_path) == {"kept": b"x"}


def test_repair_of_a_whole_folder_changes_nothing(tmp_path: Path) -> None:
    overlay(tmp_path / "site", {"a.html": "good"})
    output.repair(tmp_path / "site")
    assert snapshot(tmp_path) == {"site/a.html": b"good"}


def test_only_changed_bytes_are_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    assert output.write_if_changed(path, "芯片\n")
    assert not output.write_if_changed(path, "芯片\n".encode())
    assert output.write_if_changed(path, "芯\n")
    assert path.read_bytes() == "芯\n".encode()


def test_keep_only_deletes_the_rest_but_spares_dotfiles(tmp_path: Path) -> None:
    names = ["a.md", "b/c.md", "b/d.md", "e/f/g.md", ".gitkeep", "h/.gitkeep"]
    overlay(tmp_path, dict.fromkeys(names, "x"))
    output.keep_only(tmp_path, {tmp_path / "a.md", tmp_path / "b/c.md"})
    assert sorted(snapshot(tmp_path)) == [".gitkeep", "a.md", "b/c.md", "h/.gitkeep"]
    assert not (tmp_path / "e").exists()
