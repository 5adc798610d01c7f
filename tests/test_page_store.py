"""What is kept of earlier builds: found by all that it is made of, and only if it is whole."""

import json
import os
import tracemalloc
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from projects import ROOT

from research_brief import page_store, pipeline, reading
from research_brief.options import Options
from research_brief.page_store import Lost, Noted, PageStore
from research_brief.pages import Page, Part

TEXT = "# One"


def store(folder: Path, made_by: object = ("1.0",)) -> PageStore:
    return PageStore(folder / "pages", folder / "waiting", made_by)


@pytest.fixture
def key(tmp_path: Path) -> str:
    """That of a page which an earlier build has kept."""
    kept = store(tmp_path)
    key = kept.keying({"language": "en"})("index.md", TEXT)
    kept.put(key, b"<p>One")
    assert kept.get(key) is None, "before it is known that nothing changed meanwhile"
    kept.settle()
    return key


def test_a_page_is_found_by_all_that_it_is_made_of(tmp_path: Path, key: str) -> None:
    told = {"language": "en"}
    assert store(tmp_path).get(store(tmp_path).keying(told)("index.md", TEXT)) == b"<p>One"
    others = [
        store(tmp_path, ["1.1"]).keying(told)("index.md", TEXT),
        store(tmp_path).keying({"language": "zh"})("index.md", TEXT),
        store(tmp_path).keying(told)("index.md", "# Two"),
        store(tmp_path).keying(told)("other/index.md", "# One"),
    ]
    assert len({key, *others}) == 5
    assert [store(tmp_path).get(other) for other in others] == [None] * 4


@pytest.mark.parametrize("data", [b"", b"<p>One", b"x" * 32, b"x" * 40])
def test_what_is_not_whole_is_as_if_it_were_not_there(
    tmp_path: Path, key: str, data: bytes
) -> None:
    file = tmp_path / "pages" / key
    whole = file.read_bytes()
    for damaged in (data, whole[:-1], whole[:-1] + b"!", whole + b"!"):
        file.write_bytes(damaged)
        assert store(tmp_path).get(key) is None
    other = store(tmp_path)
    elsewhere = other.keying({})("index.md", "# Two")
    other.put(elsewhere, b"<p>Two")
    file.write_bytes((tmp_path / "waiting" / elsewhere).read_bytes())
    assert store(tmp_path).get(key) is None, "the page of another"
    file.unlink()
    file.mkdir()
    assert store(tmp_path).get(key) is None
    file.rmdir()
    os.mkfifo(file)
    assert store(tmp_path).get(key) is None, "nobody waits for what a pipe may say"
    again = store(tmp_path)
    again.put(again.keying({"language": "en"})("index.md", TEXT), b"<p>One")
    again.settle()
    assert again.get(key) == b"<p>One"


def test_a_page_comes_out_of_json_as_it_was() -> None:
    content = reading.read(ROOT, Options())
    for pages in pipeline.render(ROOT, content).values():
        kept = json.loads(json.dumps([page.as_data() for page in pages]))
        assert [Page.from_data(page) for page in kept] == pages


def test_a_library_is_told_by_its_ids_too() -> None:
    library = reading.read(ROOT, Options()).library
    one, other, *_ = library.entities
    ids = {one: other, other: one}
    swapped = {ids.get(id, id): record for id, record in library.entities.items()}
    assert replace(library, entities=swapped).digest != replace(library).digest


def test_links_are_found_however_they_are_written() -> None:
    html = '<a href="entity:one">x</a><a href = \'entity:two\'>x</a><a href="a?b&amp;c">x</a>'
    page = Page("", "home", "en", "", "", intro=html)
    assert page.links == ["a?b&c", "entity:one", "entity:two"]


def test_what_no_build_asks_for_goes(tmp_path: Path, key: str) -> None:
    again = store(tmp_path)
    again.keying({"language": "en"})("index.md", TEXT)
    (tmp_path / "pages" / "stray").mkdir()
    again.settle()
    assert [path.name for path in (tmp_path / "pages").iterdir()] == [key]
    store(tmp_path).settle()
    assert [*(tmp_path / "pages").iterdir()] == []


def test_a_text_that_was_made_is_not_made_again(tmp_path: Path) -> None:
    first = store(tmp_path)
    assert first.text(first.key(["a"]), lambda: "made") == "made"
    first.settle()
    again = store(tmp_path)
    assert again.text(again.key(["a"]), lambda: "otherwise") == "made"
    assert again.text(again.key(["b"]), lambda: "otherwise") == "otherwise"


def test_a_text_is_there_for_as_long_as_the_build(tmp_path: Path) -> None:
    first = store(tmp_path)
    key = first.key(["a"])
    first.text(key, lambda: "made")
    assert first.again(key) == b"made"
    first.settle()
    assert first.again(key) == b"made"
    (tmp_path / "pages" / key).unlink()
    with pytest.raises(Lost, match="was changed while the site was made"):
        first.again(key)


def test_an_outline_is_all_of_a_page_but_what_its_whole_brings() -> None:
    parts = (Part("one", "One", '<p><a href="entity:tencent">x</a></p>'),)
    page = Page("a", "brief", "en", "A", "b", intro="<p>c</p>", parts=parts, linked_data="{}")
    outline = page.outline(page.as_text(), lambda: page)
    assert (outline.path, outline.title, outline.intro, outline.parts) == ("a", "A", "", ())
    assert (outline.digest, outline.links) == (page.digest, ["entity:tencent"])
    assert outline.whole is page
    assert page.whole is page


def test_what_a_build_noted_the_next_one_knows_if_it_succeeded(tmp_path: Path) -> None:
    assert store(tmp_path).recall("a") is None
    failed = store(tmp_path)
    failed.note("a", {"b": [1]})
    assert store(tmp_path).recall("a") is None
    failed.settle()
    assert store(tmp_path).recall("a") == {"b": [1]}


def test_values_are_worked_out_once_for_what_they_are_made_of(tmp_path: Path) -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    def build(*keys: str) -> list[str]:
        one = store(tmp_path)
        noted: Noted[str] = Noted(one, "lengths")
        found = [noted.get(key, partial(make, key)) for key in keys]
        noted.keep()
        one.settle()
        return found

    assert build("a", "b", "a") == ["A", "B", "A"]
    assert build("b", "c") == ["B", "C"]
    assert build("a") == ["A"], "it was not asked for the last time, and is made again"
    assert made == ["a", "b", "c", "a"]
    unknown: Noted[str] = Noted(None, "lengths")
    assert unknown.get("a", lambda: "other") == "other"


def test_small_values_are_held_by_a_process_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def known(made_by: str, *, small: bool = True) -> dict[str, str]:
        return Noted[str](store(tmp_path, made_by), "lengths", small=small).before

    monkeypatch.setattr(page_store, "_held", None)
    for is_held in (False, True):
        noted: Noted[str] = Noted(store(tmp_path, "1.0"), "lengths", small=True)
        noted.get("a", lambda: "made")
        noted.keep()
        assert known("1.0") == ({"a": "made"} if is_held else {})
        page_store.remember()
    assert known("1.0", small=False) == {}, "nothing of it was settled"
    assert known("1.1") == {}, "another program"
    assert known("1.0") == {}, "which is not held any more"


def test_a_note_takes_the_memory_of_its_file_and_little_more(tmp_path: Path) -> None:
    said = {str(number): f"{number} 芯片" * 1_000 for number in range(200)}
    tracemalloc.start()
    try:
        store(tmp_path).note("search", said)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    [file] = (tmp_path / "waiting").iterdir()
    assert most < 1.5 * file.stat().st_size
