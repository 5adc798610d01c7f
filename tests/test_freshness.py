"""A build without news: it is said at once, and of nothing that is other than it was."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import Project, snapshot

from research_brief import freshness, inputs, pipeline, reading
from research_brief.options import Options

BRIEF = "content/briefs/first/brief.yaml"
PAGE = "site/briefs/first/index.html"
STAMP = ".cache/built.json"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.copied_to(tmp_path_factory.mktemp("fresh") / "project").with_content()
    project.edit(BRIEF, "{en: The chip race, zh: 芯片竞赛}", "{zh: 芯片竞赛}")  # a warning
    assert "build   site/ in" in project.run_here("--no-pdf").stdout
    return project


def is_up_to_date(project: Project, *options: str) -> bool:
    run = project.run_here("--no-pdf", *options)
    assert run.returncode == 0, run.stdout + run.stderr
    return "build   site/ is up to date" in run.stdout


def state(project: Project, options: Options) -> str:
    return freshness.state(project.root, options, inputs.seen(project.root).exact)


def times(project: Project) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in project.site.rglob("*")}


def test_a_second_build_writes_nothing_and_says_the_same(built: Project) -> None:
    assert is_up_to_date(built)
    before = times(built)
    run = built.run_here("--no-pdf")
    first, warning, *rest = run.stdout.splitlines()
    assert first == "check   1 brief, 2 claims, 5 entities: no faults"
    assert warning.startswith(f"{BRIEF}:2:1: warning: ")
    assert rest[-1] == "build   site/ is up to date"
    assert times(built) == before
    said = json.loads(built.run_here("--no-pdf", "--format", "json").stdout)
    assert [problem["level"] for problem in said] == ["warning"]


@pytest.mark.parametrize(
    ("file", "change"),
    [
        (BRIEF, lambda text: f"{text}# a note"),
        ("content/briefs/first/other.yaml", lambda text: "kind: narrative"),
        ("mkdocs.yml", lambda text: f"{text}# a note"),
        ("templates/theme/assets/rb.css", lambda text: text.replace("0", "1", 1)),
        ("templates/theme/assets/rb.css", lambda text: text.replace("\n", "\r\n")),
        ("templates/theme/.icons/desk/sign.svg", lambda text: "<svg/>"),
        ("research_brief/staging.py", lambda text: f"{text}# a note"),
        (".sources/daily-2025.txt", lambda text: "Other words."),
        (PAGE, None),
        (PAGE, lambda text: f"{text}<p>Not ours"),
        ("site/more.html", lambda text: "<p>Not ours"),
        (STAMP, None),
        (STAMP, lambda text: f"{text}]"),
        (STAMP, lambda text: text[:-1000]),
        (STAMP, lambda text: "[[[]]]"),
        (STAMP, lambda text: "[" * 100_000),
        (STAMP, lambda text: "{}"),
    ],
)
def test_whatever_changes_the_last_build_stands_no_more(
    built: Project, file: str, change: Callable[[str], str] | None, tmp_path: Path
) -> None:
    options = Options(pdf=False)
    assert freshness.recall(built.root, options)
    path, kept = built.root / file, tmp_path / "kept"
    there = path.exists()
    if there:
        shutil.copy2(path, kept)  # with its time
    if change is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if there else ""
        path.write_text(change(text), encoding="utf-8")
    try:
        assert freshness.recall(built.root, options) is None
    finally:
        path.unlink(missing_ok=True)
        if there:
            shutil.copy2(kept, path)
    assert freshness.recall(built.root, options)


def test_what_is_not_as_it_was_is_built_again(built: Project) -> None:
    assert is_up_to_date(built)
    page = built.root / PAGE
    good = page.read_bytes()
    page.write_bytes(good + b"<p>Not ours")
    (built.site / "more.html").write_text("<p>Not ours")
    noted = [built.root / STAMP, built.root / ".cache" / freshness.HASHES]
    for file in noted:
        file.unlink()
        file.mkdir()
    assert not is_up_to_date(built)
    assert [file.is_file() for file in noted] == [True, True]
    assert page.read_bytes() == good
    assert not (built.site / "more.html").exists()
    assert is_up_to_date(built)


def test_links_in_templates_are_followed_but_not_in_circles(built: Project, tmp_path: Path) -> None:
    options = Options(pdf=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sign.svg").write_text("<svg/>")
    (elsewhere / "up").symlink_to(built.root / "templates")
    before = state(built, options)
    link = built.root / "templates/theme/linked"
    link.symlink_to(elsewhere)
    linked = state(built, options)
    (elsewhere / "sign.svg").write_text("<svg />")
    changed = state(built, options)
    link.unlink()
    assert len({before, linked, changed}) == 3
    assert state(built, options) == before


def test_what_a_program_makes_is_kept_as_its_own_even_if_its_files_change(built: Project) -> None:
    file = built.root / "research_brief" / "staging.py"
    good, options = file.read_bytes(), Options(pdf=False)
    begun, before = inputs.program(built.root), state(built, options)
    file.write_bytes(good + b"# tried")
    try:
        assert inputs.program(built.root) == begun  # this process runs what was there
        assert state(built, options) != before  # the next one would not
    finally:
        file.write_bytes(good)


def test_where_the_engine_may_read_more_nothing_is_known(built: Project) -> None:
    assert is_up_to_date(built) or is_up_to_date(built)
    settings = built.root / "mkdocs.yml"
    good = settings.read_text(encoding="utf-8")
    (built.root / "more.py").write_text(
        "def on_page_content(html, **more):\n    return f'{html}<p>{len(html)} signs</p>'\n"
    )
    built.edit("mkdocs.yml", "hooks: [hooks.py]", "hooks: [hooks.py, more.py]")
    assert not is_up_to_date(built)
    page = (built.site / "briefs/first/index.html").read_text(encoding="utf-8")
    assert re.search(r"<p>\d{4,} signs</p>", page), "a hook is told what pages were rendered to"
    assert "Tencent builds chips." in page
    assert not is_up_to_date(built)
    settings.write_text(good, encoding="utf-8")
    assert not is_up_to_date(built)
    assert is_up_to_date(built)


def test_a_text_that_changes_during_a_build_is_news(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = built.root / ".sources" / "another.txt"
    original = pipeline.render

    def render(*arguments: Any) -> Any:
        text.parent.mkdir(exist_ok=True)
        text.write_text("Other words.")
        return original(*arguments)

    with monkeypatch.context() as during:
        during.setattr(pipeline, "render", render)
        built.edit(BRIEF, "Who builds chips", "Who makes chips")
        assert not is_up_to_date(built)
    assert not is_up_to_date(built)
    assert is_up_to_date(built)


def test_other_options_and_other_packages_make_another_site(
    built: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert is_up_to_date(built)
    address = ("--site-url", "https://briefs.example.org/")
    assert not is_up_to_date(built, *address)
    assert not is_up_to_date(built)
    assert is_up_to_date(built)
    (tmp_path / "unheard_of-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not is_up_to_date(built)


def test_faults_are_told_however_good_the_site_is(built: Project) -> None:
    assert is_up_to_date(built) or is_up_to_date(built)
    site = snapshot(built.site)
    built.edit(BRIEF, "{zh: 芯片竞赛}", "{xx: 芯片竞赛}")
    assert built.run_here("--no-pdf").returncode == 1
    built.edit(BRIEF, "{xx: 芯片竞赛}", "{zh: 芯片竞赛}")
    assert is_up_to_date(built)
    assert snapshot(built.site) == site


def test_nothing_is_recalled_where_nothing_was_built(tmp_path: Path) -> None:
    assert freshness.recall(tmp_path, Options()) is None


def test_a_check_without_news_says_the_same_and_reads_nothing(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = built.run_here("check")
    assert first.stdout.startswith(f"{BRIEF}:2:1: warning: ")
    with monkeypatch.context() as patch:
        patch.setattr("research_brief.reading.read", lambda *_: pytest.fail("it was read again"))
        assert built.run_here("check").stdout == first.stdout
    file = built.root / BRIEF
    text = file.read_text(encoding="utf-8")
    file.write_text(f"# a note\n{text}", encoding="utf-8")
    assert built.run_here("check").stdout.startswith(f"{BRIEF}:3:1: warning: ")
    file.write_text(text, encoding="utf-8")
    (built.root / ".sources").mkdir(exist_ok=True)
    (built.root / ".sources/daily-2025.txt").write_text("Other words.", encoding="utf-8")
    assert built.run_here("check").returncode == 1
    assert built.run_here("check").returncode == 1  # faults are looked for every time
    shutil.rmtree(built.root / ".sources")
    assert built.run_here("check").stdout == first.stdout
    assert built.run_here("check", "--strict").returncode == 1


def test_a_check_of_what_was_edited_meanwhile_is_not_kept(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, stamp = reading.read, built.root / ".cache" / freshness.CHECKED
    stamp.unlink(missing_ok=True)
    file = built.root / BRIEF
    text = file.read_text(encoding="utf-8")

    def read(root: Path, options: Options, *, lazily: bool) -> reading.Content:
        content = plain(root, options, lazily=lazily)
        file.write_text(f"{text}# a note\n", encoding="utf-8")
        return content

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", read)
        assert built.run_here("check").returncode == 0
    assert not stamp.exists()
    file.write_text(text, encoding="utf-8")


def test_a_check_where_nothing_can_be_kept_says_what_it_found(built: Project) -> None:
    stamp = built.root / ".cache" / freshness.CHECKED
    stamp.unlink(missing_ok=True)
    stamp.mkdir()
    (stamp / "x").write_text("x")
    assert built.run_here("check").returncode == 0
    shutil.rmtree(stamp, ignore_errors=True)
    stamp.unlink(missing_ok=True)
