"""A build is whole or not at all, and the same however it comes about."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import citeproc  # type: ignore[import-untyped]
import pytest
from projects import DEADLINE, Project, snapshot, until

from research_brief.processes import cores

pytestmark = pytest.mark.build

BRIEF = "content/briefs/first/brief.yaml"


def built(project: Project) -> dict[str, bytes]:
    run = project.run_here()
    assert run.returncode == 0, run.stdout + run.stderr
    return snapshot(project.site)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with content, built; not to be changed."""
    project = Project.copied_to(tmp_path_factory.mktemp("built")).with_content()
    built(project)
    return project


@pytest.fixture
def site(built_once: Project, tmp_path: Path) -> Project:
    """A copy of it, to change."""
    return built_once.copy(tmp_path / "研究 brief's project")


def test_a_build_makes_both_languages_and_says_what_is_next(project: Project) -> None:
    run = project.with_content().run()
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["check", "render", "print", "build", "next"]
    assert lines[0] == "check   1 brief, 2 claims, 5 entities: no faults"
    for address in (
        "index.html",
        "briefs/first/index.html",
        "companies/tencent/index.html",
        "organisations/daily/index.html",
        "people/guo-tao/index.html",
        "topics/chips/index.html",
        "sources/daily-2025/index.html",
    ):
        assert (project.site / address).is_file()
        assert (project.site / "zh" / address).is_file()
    assert (project.site / ".gitignore").read_text() == "*\n!.gitignore\n"
    assert not (project.site / "zh" / "zh").exists()


def test_a_build_of_the_same_content_is_the_same_and_all_can_read_it(
    built_once: Project, project: Project
) -> None:
    """A small pair of `make reproducible`: elsewhere, on another day, in other processes (whose
    sets have other orders), for a user whose files nobody else may read, in a locale that cannot
    write where the project and the package are of which lxml opens files."""
    odd = {"TZ": "Etc/GMT-14", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"}
    if os.name == "posix":
        packages = project.root / "研究"
        packages.mkdir()
        (packages / "citeproc").symlink_to(Path(citeproc.__file__).parent)
        odd |= {"PYTHONPATH": str(packages), "PYTHONCOERCECLOCALE": "0"}
    run = subprocess.run(
        [sys.executable, "build.py"],
        cwd=project.with_content().root,
        env={**os.environ, **odd},
        capture_output=True,
        check=False,
        umask=0o077 if os.name == "posix" else -1,
    )
    assert run.returncode == 0, run.stderr
    first, second = snapshot(built_once.site), snapshot(project.site)
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert first.keys() == second.keys()
    if os.name == "posix":
        paths = (project.site, *project.site.rglob("*"))
        assert {path.stat().st_mode & 0o777 for path in paths} == {0o755, 0o644}


def test_pages_that_are_no_longer_wanted_go_away(site: Project) -> None:
    assert (site.site / "companies/alibaba/index.html").exists()
    path = site.root / "content/entities/companies.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("alibaba:")[0], encoding="utf-8")
    built(site)
    assert not (site.site / "companies/alibaba").exists()
    assert not (site.site / "zh/companies/alibaba").exists()


def break_content(project: Project) -> None:
    project.edit(BRIEF, "topics: [chips]", "topics: [chip]")


def break_template(project: Project) -> None:
    project.edit(
        "templates/sections/narrative.html", "{% block body %}", "{% block body %}{{ gone.x }}"
    )


def break_vocabulary(project: Project) -> None:
    old = "{% block body %}"
    project.edit("templates/sections/narrative.html", old, f'{old}<script src="x"></script>')


def break_theme(project: Project) -> None:
    project.edit("mkdocs.yml", "name: material", "name: nothing")


def break_plugin(project: Project) -> None:
    project.edit("mkdocs.yml", "  - search\n", "  - search\n  - nothing\n")


BREAKS = {
    "content": (break_content, 1, "unknown entity 'chip'; did you mean 'chips'? [unknown-id]"),
    "template": (break_template, 1, "'gone' is undefined [template]"),
    "vocabulary": (break_vocabulary, 1, "the element <script> is not in the vocabulary"),
    "theme": (break_theme, 2, "nothing"),
    "plugin": (break_plugin, 2, "nothing"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_failed_build_leaves_the_last_good_site_byte_for_byte(name: str, site: Project) -> None:
    change, code, message = BREAKS[name]
    before = snapshot(site.site)
    change(site)
    run = site.run_here() if code == 1 else site.run("--no-pdf")  # the engine has its processes
    assert run.returncode == code
    assert message in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert snapshot(site.site) == before


def test_a_template_fault_names_the_template_and_the_line(project: Project) -> None:
    project.with_content()
    project.edit(
        "templates/sections/narrative.html", "{% block body %}", "{% block body %}\n\n{{ gone }}"
    )
    lines = (project.root / "templates/sections/narrative.html").read_text("utf-8").split("\n")
    number = lines.index("{{ gone }}") + 1
    assert project.faults() == []  # of the content
    [fault] = project.faults("--pages")
    assert fault["rule"] == "template"
    assert (fault["file"], fault["line"]) == ("templates/sections/narrative.html", number)


HOLD = """
def {event}(*arguments, **options):
    import pathlib, time
    here = pathlib.Path({folder!r})
    (here / f"held-{{options['config'].extra['rb_edition'].language}}").touch()
    while not (here / "release").exists():
        time.sleep(0.02)
    return {result}
"""


class Held:
    """A build that stops inside the engine, at an event of MkDocs, until it is released."""

    def __init__(self, project: Project, event: str, name: str) -> None:
        self.folder = project.root / name
        self.folder.mkdir()
        result = {"on_env": "arguments[0]", "on_post_build": "None"}[event]
        hook = project.root / f"{name}.py"
        hook.write_text(HOLD.format(event=event, folder=str(self.folder), result=result))
        self.settings = project.root / "mkdocs.yml"
        self.original = self.settings.read_bytes()
        project.edit("mkdocs.yml", "hooks: [hooks.py]", f"hooks: [hooks.py, {name}.py]")
        building = project.root / "research_brief/building.py"  # however few briefs, in processes
        text = building.read_text(encoding="utf-8")
        building.write_text(re.sub(r"(?m)^MANY = .*$", "MANY = 0", text), encoding="utf-8")
        self.process = project.start("--no-pdf")
        until(self._all_held, "a build inside the engine")

    def _all_held(self) -> bool:
        names = {"held-en", "held-zh"} if cores() > 1 else {"held-en"}  # one core: in turns
        return {path.name for path in self.folder.iterdir()} >= names

    def release(self) -> None:
        (self.folder / "release").touch()

    def kill(self, *, all_of_it: bool = True) -> None:
        if all_of_it:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.communicate()
        self.settings.write_bytes(self.original)

    def alive(self) -> bool:
        """Whether any process of the build is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


needs_groups = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups (POSIX)")


@needs_groups
@pytest.mark.parametrize("event", ["on_env", "on_post_build"])
def test_a_killed_build_leaves_the_last_good_site_and_the_next_one_is_right(
    event: str, site: Project
) -> None:
    before = snapshot(site.site)
    site.edit(BRIEF, "The chip race", "Another title")
    held = Held(site, event, "held")
    held.kill()
    assert snapshot(site.site) == before

    built(site)
    assert "Another title" in (site.site / "briefs/first/index.html").read_text(encoding="utf-8")
    assert not list((site.root / ".cache").glob("new-site*"))


@needs_groups
def test_a_killed_build_leaves_nothing_running(site: Project) -> None:
    held = Held(site, "on_env", "held")
    held.kill(all_of_it=False)
    until(lambda: not held.alive(), "the end of the builders")


@needs_groups
def test_a_second_build_says_that_one_is_running(site: Project) -> None:
    held = Held(site, "on_env", "held")
    try:
        run = site.run_here()
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.startswith("build.py: another build of this project")
        assert run.stderr.count("\n") == 1
    finally:
        held.release()
    held.process.communicate(timeout=DEADLINE)
    assert held.process.returncode == 0
    assert site.run_here("--no-pdf").returncode == 0


@needs_groups
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_says_so_in_one_line(number: int, site: Project) -> None:
    before = snapshot(site.site)
    held = Held(site, "on_env", "held")
    os.killpg(held.process.pid, number)  # as Ctrl+C does: its children hear it too
    output, _ = held.process.communicate(timeout=DEADLINE)
    assert held.process.returncode == 2
    *_, last = output.splitlines()
    assert last == "build.py: stopped; site/ is as it was last built"
    assert all(line.split()[0] in {"check", "render"} for line in output.splitlines()[:-1])
    assert snapshot(site.site) == before
    until(lambda: not held.alive(), "the end of the builders")


def test_an_exchange_that_was_cut_off_is_repaired_by_the_next_build(site: Project) -> None:
    site.site.rename(site.root / ".site.old")
    break_content(site)
    assert site.run_here().returncode == 1
    assert (site.site / "index.html").exists()


# --- Plain MkDocs -----------------------------------------------------------------------------


def test_plain_mkdocs_builds_the_main_language_and_leaves_the_site_alone(project: Project) -> None:
    before = snapshot(project.with_content().site)
    run = project.mkdocs("build")
    assert run.returncode == 0, run.stderr
    assert "only 'en'" in run.stdout + run.stderr
    assert "python build.py" in run.stdout + run.stderr
    plain = project.root / ".cache/plain/site"
    page = (plain / "briefs/first/index.html").read_text(encoding="utf-8")
    assert "The chip race" in page
    assert 'href="../../zh' not in page
    assert not (plain / "zh").exists()
    assert snapshot(project.site) == before


def test_plain_mkdocs_never_writes_into_the_site_even_if_told_to(site: Project) -> None:
    before = snapshot(site.site)
    assert site.mkdocs("build", "--site-dir", "site").returncode == 0
    assert snapshot(site.site) == before


def test_a_fault_fails_plain_mkdocs_with_its_message(project: Project) -> None:
    break_content(project.with_content())
    run = project.mkdocs("build")
    assert run.returncode != 0
    output = run.stdout + run.stderr
    assert f"{BRIEF}:5:10: error: unknown entity 'chip'; did you mean 'chips'?" in output
    assert "Traceback" not in output


# --- Other sites ------------------------------------------------------------------------------


def test_a_third_language_is_content_and_words_but_no_code(project: Project) -> None:
    project.with_content()
    words = (project.root / "templates/words/en.yaml").read_text(encoding="utf-8")
    assert words.count("label: English, html: en, material: en") == 1
    french = words.replace(
        "label: English, html: en, material: en", "label: Français, html: fr, material: fr"
    )
    (project.root / "templates/words/fr.yaml").write_text(french, encoding="utf-8")
    project.edit("mkdocs.yml", "languages: [en, zh]", "languages: [en, zh, fr]")
    project.edit("mkdocs.yml", "name: {en: Research Brief, zh: 研究简报}", "name: Brief")
    run = project.run_here("check", "--format", "json")
    assert run.returncode == 0
    assert {(fault["level"], fault["rule"]) for fault in json.loads(run.stdout)} == {
        ("warning", "missing-translation")
    }
    built(project)
    page = (project.site / "fr/briefs/first/index.html").read_text(encoding="utf-8")
    assert '<html lang="fr"' in page
    assert "only in English" in page
    labels = {"": "English", "zh/": "中文", "fr/": "Français"}
    for address in labels:
        home = (project.site / address / "index.html").read_text(encoding="utf-8")
        assert all(f">{label}<" in home for other, label in labels.items() if other != address)


@pytest.mark.parametrize("folders", [[], ["content"], ["content/briefs", "content/entities"]])
def test_a_project_without_content_builds_a_site_that_says_how_to_begin(
    folders: list[str], project: Project
) -> None:
    for folder in folders:
        (project.root / folder).mkdir(parents=True, exist_ok=True)
    run = project.run_here()
    assert run.returncode == 0, run.stdout + run.stderr
    for address in ("index.html", "zh/index.html"):
        assert "content/briefs" in (project.site / address).read_text(encoding="utf-8")


def test_drafts_are_not_published(site: Project) -> None:
    site.edit(BRIEF, "language: en", "language: en\nstatus: draft")
    built(site)
    assert not (site.site / "briefs/first").exists()
    index = (site.site / "search/search_index.json").read_text(encoding="utf-8")
    assert "The chip race" not in index


def test_an_address_makes_canonical_links_and_none_leaves_them_out(site: Project) -> None:
    page = site.site / "zh/briefs/first/index.html"
    assert 'rel="canonical"' not in page.read_text(encoding="utf-8")
    assert (
        site.run_here("--no-pdf", "--site-url", "https://briefs.example.org/desk").returncode == 0
    )
    canonical = '<link rel="canonical" href="https://briefs.example.org/desk/zh/briefs/first/">'
    assert canonical in page.read_text(encoding="utf-8")
