"""A folder that is made anew each time, in which what was there may stay."""

import os
import pickle
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from projects import snapshot

from research_brief.locking import Changed
from research_brief.tree import Tree


class Site:
    """A folder that is made again and again; `record` is what a cache would keep."""

    def __init__(self, folder: Path, beside: Path | None = None) -> None:
        self.folder, self.beside = folder, beside
        self.record: Mapping[str, Any] = {}
        self.written: list[str] = []

    def make(self, files: Mapping[str, str], made_of: Mapping[str, str] | None = None) -> None:
        """Make files of what they are made of, or of their texts."""
        tree = Tree.over(self.folder, self.record, self.beside)
        self.written = []
        for name, text in files.items():
            of = (made_of or {}).get(name, "")
            if not (of and tree.has(name, of)):
                before = self.inode(name)
                tree.put(name, text, of)
                self.written += [name] * (self.inode(name) != before)
        digests = tree.settle()
        assert list(digests) == sorted(files)
        self.record = tree.record
        assert snapshot(self.folder) == {name: text.encode() for name, text in files.items()}

    def inode(self, name: str) -> tuple[int, int]:
        path = self.folder / name
        return (path.stat().st_ino, path.stat().st_mtime_ns) if path.exists() else (0, 0)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "new")


def test_only_what_differs_is_written_and_what_nobody_asked_for_goes(site: Site) -> None:
    site.make({"a.html": "a", "b/c.html": "c", "b/d/e.html": "e"})
    assert site.written == ["a.html", "b/c.html", "b/d/e.html"]
    site.make({"a.html": "a", "b/c.html": "other", "f.html": "f"})
    assert site.written == ["b/c.html", "f.html"]
    assert not (site.folder / "b" / "d").exists()


def test_what_is_made_of_the_same_is_not_even_looked_at(site: Site) -> None:
    site.make({"a.html": "a"}, {"a.html": "1"})
    assert Tree.over(site.folder, site.record).has("a.html", "1")
    site.make({"a.html": "b"}, {"a.html": "2"})
    assert site.written == ["a.html"]


def test_files_that_were_touched_or_that_nobody_knows_are_made_anew(site: Site) -> None:
    files = {"a.html": "a", "b.html": "b", "c.html": "c", "d.html": "d", "e.html": "e"}
    site.make(files)
    said = (site.folder / "a.html").stat()
    time.sleep(0.05)  # clocks of file systems have ticks
    (site.folder / "a.html").write_text("x")
    os.utime(site.folder / "a.html", ns=(said.st_atime_ns, said.st_mtime_ns))
    (site.folder / "b.html").unlink()
    (site.folder / "b.html").symlink_to("c.html")
    (site.folder / "d.html").unlink()
    (site.folder / "d.html").mkdir()
    (site.folder / "d.html" / "deep").write_text("x")
    (site.folder / "of nobody").write_text("x")
    os.mkfifo(site.folder / "pipe")
    site.make(files)
    assert site.written == ["a.html", "b.html", "d.html"]


def test_of_a_folder_without_a_record_nothing_stays(site: Site) -> None:
    site.make({"a.html": "a", "b.html": "b"})
    site.record = {}
    site.make({"a.html": "a"})
    assert site.written == ["a.html"]


def test_without_any_record_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    (tmp_path / "b.md").write_text("b")
    before = (tmp_path / "a.md").stat().st_mtime_ns
    tree = Tree.over(tmp_path, None)
    tree.put("a.md", "a")
    tree.settle()
    assert snapshot(tmp_path) == {"a.md": b"a"}
    assert (tmp_path / "a.md").stat().st_mtime_ns == before


def test_what_others_wrote_is_known_if_it_was_expected(site: Site) -> None:
    tree = Tree.over(site.folder, {})
    tree.expect("page.html", "1")
    tree.expect("never written.html", "2")
    for name in ("page.html", "sitemap.xml"):
        (site.folder / name).write_text(name)
    assert list(tree.settle()) == ["page.html", "sitemap.xml"]
    again = Tree.over(site.folder, tree.record)
    assert again.has("page.html", "1")
    # Of which nobody said what it was made of: it would be written in its place.
    assert [path.name for path in site.folder.iterdir()] == ["page.html"]


def test_nothing_is_written_into_a_file_that_somebody_may_be_reading(site: Site) -> None:
    site.make({"a.html": "before", "b.html": "before"}, {"a.html": "1"})
    with (site.folder / "a.html").open() as one, (site.folder / "b.html").open() as other:
        site.make({"a.html": "after", "b.html": "after"}, {"a.html": "2"})
        assert (one.read(), other.read()) == ("before", "before")


def test_what_is_missing_is_linked_to_the_folder_beside(tmp_path: Path) -> None:
    now = Site(tmp_path / "site")
    made_of = {"a.html": "1", "b.html": "2"}
    now.make({"a.html": "a", "b.html": "b", "c.html": "c"}, made_of)
    new = Site(tmp_path / "new", now.folder)
    new.record = now.record
    new.make({"a.html": "a", "b.html": "other", "c.html": "c"}, {**made_of, "b.html": "3"})
    assert [new.inode(name) == now.inode(name) for name in ("a.html", "b.html", "c.html")] == [
        True, False, True,
    ]  # fmt: skip
    assert snapshot(now.folder) == {"a.html": b"a", "b.html": b"b", "c.html": b"c"}
    # And what takes their place later is not written into both.
    new.make({"a.html": "new", "c.html": "new"}, {"a.html": "4"})
    assert snapshot(now.folder) == {"a.html": b"a", "b.html": b"b", "c.html": b"c"}


def test_a_file_beside_that_was_altered_or_is_a_link_is_not_taken(tmp_path: Path) -> None:
    now = Site(tmp_path / "site")
    now.make({"a.html": "a", "b.html": "b"})
    (now.folder / "a.html").write_text("altered")
    (now.folder / "b.html").rename(tmp_path / "elsewhere")
    (now.folder / "b.html").symlink_to(tmp_path / "elsewhere")
    new = Site(tmp_path / "new", now.folder)
    new.record = now.record
    new.make({"a.html": "a", "b.html": "b"})
    assert not (new.folder / "b.html").is_symlink()


def test_where_files_cannot_be_linked_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise OSError("this file system has no links")

    monkeypatch.setattr("os.link", link)
    now = Site(tmp_path / "site")
    now.make({"a.html": "a"})
    new = Site(tmp_path / "new", now.folder)
    new.record = now.record
    new.make({"a.html": "a"})
    assert new.inode("a.html") != now.inode("a.html")


def test_a_file_may_take_the_place_of_one_that_was_kept(site: Site) -> None:
    site.make({"a.html": "a"})
    tree = Tree.over(site.folder, site.record)
    tree.put("a.html", "a")
    tree.settle()
    tree.put("a.html", "with the policy")
    assert snapshot(site.folder) == {"a.html": b"with the policy"}
    site.record = tree.record
    site.make({"a.html": "a"})
    assert site.written == ["a.html"]


def test_all_can_read_what_was_made(site: Site) -> None:
    before = os.umask(0o077)
    try:
        tree = Tree.over(site.folder, {})
        tree.put("a/b.html", "b")
        (site.folder / "c").mkdir()
        (site.folder / "c" / "d.html").write_text("d")
        tree.settle()
        tree.put("_headers", "h")
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in [site.folder, *site.folder.rglob("*")]}
    files = {path.stat().st_mode & 0o777 for path in site.folder.rglob("*") if path.is_file()}
    assert (modes, files) == ({0o755, 0o644}, {0o644})


MIDDLE = {"kept.html": "a", "linked.html": "b", "put.html": "c"}


@pytest.fixture
def half(tmp_path: Path) -> tuple[Tree, Path]:
    """A tree in the middle, and the folder beside it."""
    now = Site(tmp_path / "site")
    now.make(MIDDLE)
    new = Site(tmp_path / "new", now.folder)
    new.make({"kept.html": "a", "put.html": "before"})
    tree = Tree.over(new.folder, {**now.record, **new.record}, now.folder)
    for name, text in {**MIDDLE, "put.html": "after"}.items():
        tree.put(name, text)
    return tree, now.folder


def test_nothing_is_linked_while_others_may_write(half: tuple[Tree, Path]) -> None:
    tree, beside = half
    assert not (tree.folder / "linked.html").exists()
    tree.settle()
    assert snapshot(tree.folder) == {
        "kept.html": b"a", "linked.html": b"b", "put.html": b"after",
    }  # fmt: skip
    assert (tree.folder / "linked.html").samefile(beside / "linked.html")


@pytest.mark.parametrize("name", ["kept.html", "linked.html"])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_to_stay_and_is_altered_meanwhile_is_refused(
    name: str, is_there: bool, half: tuple[Tree, Path]
) -> None:
    tree, beside = half
    path = (beside if name == "linked.html" else tree.folder) / name
    if is_there:
        path.write_text("mine")
    else:
        path.unlink()
    with pytest.raises(Changed, match=f"new/{name} was altered while the site was made"):
        tree.settle()


def test_what_others_write_after_us_counts(half: tuple[Tree, Path]) -> None:
    tree, _ = half
    (tree.folder / "put.html").write_text("by a plugin")
    assert tree.settle()["put.html"] == sha256(b"by a plugin").hexdigest()
    again = Tree.over(tree.folder, tree.record)
    assert not again.has("put.html", sha256(b"after").hexdigest())


def test_a_file_of_ours_that_vanishes_is_missed(half: tuple[Tree, Path]) -> None:
    tree, _ = half
    (tree.folder / "put.html").unlink()
    with pytest.raises(Changed, match=r"new/put\.html"):
        tree.settle()


def test_sizes_and_times_are_told_of_all_that_is_there_in_the_end(site: Site) -> None:
    site.make({"a.html": "a", "b/c.html": "of another size"})
    tree = Tree.over(site.folder, site.record)
    tree.put("a.html", "a")
    tree.put("b/c.html", "b")
    (site.folder / "sitemap.xml").write_text("by somebody else")
    tree.settle()
    tree.put("b/c.html", "with more in it")
    tree.put("late.html", "late")
    found = {name: site.folder / name for name in snapshot(site.folder)}
    stats = {name: path.stat() for name, path in found.items()}
    assert tree.told == {name: (it.st_size, it.st_mtime_ns) for name, it in stats.items()}


def test_folders_go_in_which_nothing_is_left(site: Site) -> None:
    site.make({"a/b/c.html": "c", "a/d.html": "d", "e/f/g.html": "g"})
    (site.folder / "h" / "i").mkdir(parents=True)
    site.make({"a/d.html": "d"})
    assert [path.name for path in site.folder.iterdir()] == ["a"]
    assert [path.name for path in (site.folder / "a").iterdir()] == ["d.html"]


def test_others_may_do_a_part_of_it(site: Site) -> None:
    site.make({"a.html": "a", "zh/b.html": "b", "zh/c.html": "c"})
    tree = Tree.over(site.folder, site.record)
    other: Tree = pickle.loads(pickle.dumps(tree))
    other.put("zh/b.html", "b")
    other.put("zh/d.html", "d")
    assert not other.has("zh/c.html", "something else")
    tree.put("a.html", "new")
    tree.take(other)
    assert list(tree.settle()) == ["a.html", "zh/b.html", "zh/d.html"]
