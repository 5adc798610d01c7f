"""Languages side by side: what a process beside the build makes is found by it."""

import os
import time
from pathlib import Path

import pytest
from projects import DEADLINE, Project

from research_brief import processes, reading, rendering, warming
from research_brief.options import Options
from research_brief.page_store import PageStore
from research_brief.pages import Page

LANGUAGES = ("en", "zh")


def rendered(root: Path, content: reading.Content, store: PageStore | None) -> list[list[Page]]:
    templates = root / "templates"
    return [
        [
            page.whole
            for page in rendering.render(content.library, code, content.words, templates, store)
        ]
        for code in LANGUAGES
    ]


def test_the_pages_of_all_languages_are_made_ahead(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project.with_content().root
    content = reading.read(root, Options())
    plain = rendered(root, content, None)
    store = PageStore(tmp_path / "kept", tmp_path / "new", ["1.0"])
    monkeypatch.setattr(warming, "MANY", 1)
    monkeypatch.setattr(processes, "cores", lambda: 2)
    warming.warm(root, content, Options(), store, LANGUAGES)
    monkeypatch.setattr(rendering, "Subjects", None)  # nothing of it is made again
    assert rendered(root, content, store) == plain

    store.settle()
    monkeypatch.setattr(warming, "_make", None)
    warming.warm(root, content, Options(), store, LANGUAGES)  # it was filled by the same program


def test_a_process_beside_ends_with_what_it_is_beside(tmp_path: Path) -> None:
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt), processes.beside([(time.sleep, DEADLINE)]):
        raise KeyboardInterrupt
    assert time.monotonic() - before < DEADLINE / 2


def test_nobody_is_told_of_a_process_beside_that_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with processes.beside([(os.remove, tmp_path / "missing"), (os.mkdir, tmp_path / "made")]):
        pass
    assert (tmp_path / "made").is_dir()
    assert capfd.readouterr() == ("", "")
