"""What is kept of YAML files is what they say, or nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from research_brief import yamlfile
from research_brief.kept_data import KeptData
from research_brief.yamlfile import Document, parse, read


@pytest.fixture
def store(tmp_path: Path) -> Callable[..., KeptData]:
    return lambda made_by="program": KeptData(tmp_path, tmp_path / "store", made_by)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the parser was asked for."""
    asked: list[str] = []
    parser = yaml.parse

    def parsed(text: str, **others: Any) -> Any:
        asked.append(text)
        return parser(text, **others)

    monkeypatch.setattr(yaml, "parse", parsed)
    return asked


def _again(kept: KeptData, path: Path) -> Document:
    with yamlfile.keeping(kept):
        document = read(path, path.name)
    kept.save()
    return document


def test_a_file_that_is_the_same_is_not_parsed_again(
    tmp_path: Path, store: Callable[..., KeptData], reads: list[str]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: x\nb: [y, {c: 造芯}]\n", "utf-8")
    first = _again(store(), path)
    assert len(reads) == 1
    for made_by, times in (("program", 1), ("another program", 2), ("another program", 2)):
        found = _again(store(made_by), path)
        assert (found.data, found.problems) == (first.data, [])
        assert found.marks[()] == (1, 1)
        assert len(reads) == times
    assert dict(found.marks) == dict(first.marks)  # looked for in the text, as for the first one
    assert len(reads) == 4


@pytest.mark.parametrize("holds", [False, True])
def test_folders_may_be_read_in_turns(holds: bool, tmp_path: Path, reads: list[str]) -> None:
    paths = [tmp_path / name for name in ("a/1.yaml", "b/1.yaml", "a/2.yaml", "b/2.yaml")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"said: {path.name}\n", "utf-8")

    def saved(*read_now: Path) -> int:
        kept = KeptData(tmp_path, tmp_path / "store", None, holds=holds)
        reads.clear()
        with yamlfile.keeping(kept):
            for path in read_now:
                assert read(path, path.name).data == {"said": path.name}
        kept.save()
        return len(reads)

    assert [saved(*paths), saved(*paths)] == [4, 0]
    assert [saved(*paths[:3]), saved(*paths)] == [0, 1]  # what nobody asked for is gone
    assert [saved(*paths[::2]), len([*(tmp_path / "store").iterdir()])] == [0, 1]


def test_a_file_may_have_a_name_that_is_no_text(
    tmp_path: Path, store: Callable[..., KeptData], reads: list[str]
) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.yaml")
    path.write_text("a: x\n", "utf-8")
    for _ in range(2):
        assert _again(store(), path).data == {"a": "x"}
    assert len(reads) == 1


def test_what_is_kept_is_what_the_file_says_now(
    tmp_path: Path, store: Callable[..., KeptData]
) -> None:
    path = tmp_path / "a.yaml"
    kept = store()
    for text in (
        "a: x\n",
        "a: y\n",
        "a: [\n",
        "",
        "a:\n",
        "\ufeffa: x\n",
        "# no\na: [x]\n",
        "a: x\n",
    ):
        path.write_text(text, "utf-8")
        for known in (kept, kept, store()):
            found = _again(known, path)
            said = parse(text.removeprefix("\ufeff"), Document("a.yaml"))
            assert (found.data, found.problems) == (said.data, said.problems)
            assert dict(found.marks) == dict(said.marks)
            found.fault((1, 1), "of a check")
    path.write_bytes(b"a: \xff\n")
    assert [p.rule for _ in range(2) for p in _again(kept, path).problems] == ["encoding"] * 2


def test_files_of_a_folder_do_not_get_in_each_others_way(
    tmp_path: Path, store: Callable[..., KeptData]
) -> None:
    paths = [tmp_path / name for name in ("a.yaml", "b.yaml", "sub/a.yaml")]
    for round in range(3):
        for number, path in enumerate(paths):
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"a: {number + round % 2}\n", "utf-8")
        kept = store()
        with yamlfile.keeping(kept):
            found = [read(path, path.name).data["a"] for path in paths]
        kept.save()
        assert found == [str(number + round % 2) for number in range(3)]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _alter(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"one", b"two"))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _other(path: Path) -> None:
    """What was kept of another folder."""
    path.write_bytes(next(other for other in path.parent.iterdir() if other != path).read_bytes())


@pytest.mark.parametrize("damage", [_cut, _alter, _empty, _folder, _other])
def test_a_damaged_store_says_nothing(
    tmp_path: Path, store: Callable[..., KeptData], damage: Callable[[Path], None]
) -> None:
    paths = [tmp_path / "a.yaml", tmp_path / "sub" / "a.yaml"]
    paths[1].parent.mkdir()
    for number, path in enumerate(paths):
        path.write_text(f"a: [one, {number}]\n", "utf-8")

    def found() -> list[object]:
        kept = store()
        with yamlfile.keeping(kept):
            found = [read(path, path.name).data for path in paths]
        kept.save()
        return found

    said = found()
    assert len(list((tmp_path / "store").iterdir())) == 2
    for place in [*(tmp_path / "store").iterdir()]:
        damage(place)
        assert found() == said


def test_a_file_that_is_gone_is_not_kept(tmp_path: Path, store: Callable[..., KeptData]) -> None:
    paths = [tmp_path / "one" / name for name in ("a.yaml", "b.yaml")]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_text(f"word: {path.stem}-{path.stem}\n", "utf-8")
    kept = store()  # as a program that stays holds it
    for asked in (paths, paths, paths[:1], []):
        with yamlfile.keeping(kept):
            for path in asked:
                read(path, path.name)
        kept.save()
        found = b"".join(path.read_bytes() for path in (tmp_path / "store").iterdir())
        assert [b"a-a" in found, b"b-b" in found] == [path in asked for path in paths]


def test_a_folder_may_be_empty_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    kept = KeptData(tmp_path, tmp_path / "store", None, holds=True)
    for there in (True, False, True):  # some editors delete a file, and write a new one
        if there:
            path.write_text("a: x\n", "utf-8")
            assert _again(kept, path).data == {"a": "x"}
        else:
            path.unlink()
            kept.save()
    assert [*KeptData(tmp_path, tmp_path / "store", None)._of(tmp_path)] == ["a.yaml"]


def test_what_nobody_asked_for_goes(tmp_path: Path, store: Callable[..., KeptData]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text("a: x\n", "utf-8")
    for names in (["one", "two"], ["one"]):
        kept = store()
        with yamlfile.keeping(kept):
            for name in names:
                read(tmp_path / name / "a.yaml", name)
        (tmp_path / "store").mkdir(exist_ok=True)
        (tmp_path / "store" / "rest.123").write_bytes(b"of a run that was killed")
        kept.save()
        assert len(list((tmp_path / "store").iterdir())) == len(names)
