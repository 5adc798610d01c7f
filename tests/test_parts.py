"""One language alone, and parts put together: the bytes of one build, or the site as it was."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import ROOT, Project, snapshot
from test_workflows import actionlint

from research_brief import locking, manifest

pytestmark = pytest.mark.build

OPTIONS = ("--site-url", "https://briefs.example.org/desk/", "--csp-meta")
RETRACTED = """\
revisions:
  - {date: 2025-10-09, kind: retraction, text: {en: It was wrong., zh: 有误。}}
formerly: [old-second]
sections:"""


def done(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project with a draft and a brief that was retracted, built in one with all that a
    build can make, and in parts; not to be changed."""
    project = Project.copied_to(tmp_path_factory.mktemp("parts")).with_content()
    first = project.root / "content/briefs/first"
    for other, old, new in (
        ("draft", "language: en", "language: en\nstatus: draft"),
        ("second", "sections:", RETRACTED),
    ):
        shutil.copytree(first, first.with_name(other))
        project.edit(f"content/briefs/{other}/brief.yaml", old, new)
    done(project.run_here(*OPTIONS))
    said = done(project.run_here(*OPTIONS, "--lang", "zh"))
    assert re.search(r"^render  \d+ pages in 1 language: 中文$", said, re.MULTILINE)
    assert re.search(r"^print   3 PDFs, .*pictures$", said, re.MULTILINE)
    assert "build   parts/zh/ in " in said
    done(project.run_here("build", "--lang", "en", *OPTIONS))
    return project


@pytest.fixture(scope="module")
def elsewhere(made: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A checkout of the same, where nothing was built."""
    project = Project(tmp_path_factory.mktemp("joined") / "project")
    built = shutil.ignore_patterns(".cache", "site", "parts")
    shutil.copytree(made.root, project.root, ignore=built)
    return project


@pytest.fixture
def parts(made: Project, elsewhere: Project) -> Project:
    """It with the parts that were brought there, and with the last good site."""
    for name in ("content", "parts", "site"):
        shutil.rmtree(elsewhere.root / name, ignore_errors=True)
    for name in ("content", "parts"):
        shutil.copytree(made.root / name, elsewhere.root / name)
    elsewhere.site.mkdir()
    (elsewhere.site / "index.html").write_text("the last good site")
    return elsewhere


def refused(project: Project, *folders: str) -> str:
    """Why the parts are not joined; the last good site is there."""
    run = project.run_here("join", *folders)
    assert (run.returncode, run.stdout) == (2, "")
    assert snapshot(project.site) == {"index.html": b"the last good site"}
    assert not (project.root / ".cache/new-site").exists()
    assert run.stderr.startswith("build.py: ")
    assert run.stderr.count("\n") == 1
    return run.stderr.removeprefix("build.py: ").rstrip()


# --- The same bytes -------------------------------------------------------------------------


def test_parts_of_the_shipped_site_make_the_same_bytes(
    site_of_this_project: Project, tmp_path: Path
) -> None:
    project = Project.copied_to(tmp_path / "project").with_content(ROOT / "content")
    # What was typeset is taken over, and English pages: the rest is made from nothing.
    for language, taken in (("en", ("pdf", "pages")), ("zh", ("pdf",))):
        for name in taken:
            kept = project.root / ".cache/parts" / language / name
            shutil.copytree(site_of_this_project.root / ".cache" / name, kept)
        done(project.run_here("--lang", language))
    assert list(snapshot(project.site)) == [".gitignore"]
    said = done(project.run_here("join"))
    built = snapshot(site_of_this_project.site)
    assert snapshot(project.site) == built
    files = len(built.keys() - {".gitignore", "manifest.json"})
    assert said == f"join    en and zh: {files} files in site/\n"


def test_parts_with_all_that_a_build_can_make_give_the_same_bytes(
    made: Project, parts: Project, tmp_path: Path
) -> None:
    """As several jobs do it: parts are brought here in folders of any name, in any order."""
    brought = [tmp_path / "brought" / name for name in ("a", "b")]
    for language, folder in zip(("zh", "en"), brought, strict=True):
        shutil.copytree(parts.root / "parts" / language, folder)
        (folder / ".DS_Store").write_text("of the system")
    shutil.rmtree(parts.root / "parts")
    (parts.site / ".gitignore").write_bytes((made.site / ".gitignore").read_bytes())
    done(parts.run_here("join", *map(str, brought)))
    built = snapshot(made.site)
    assert snapshot(parts.site) == built
    assert b"/desk/briefs/second/second.pdf\n  X-Robots-Tag: noindex" in built["_headers"]
    assert b"/desk/zh/briefs/second/second.pdf\n  X-Robots-Tag: noindex" in built["_headers"]
    assert {"zh/feed.xml", "api/briefs.json", "briefs/old-second/index.html"} <= built.keys()
    assert b"Content-Security-Policy" in built["zh/index.html"]
    assert done(parts.run_here("verify", "site")).startswith("verify  the copy has its ")


def test_a_part_has_its_language_and_the_main_one_what_belongs_to_none(made: Project) -> None:
    built = set(snapshot(made.site)) - {".gitignore", "_headers", "robots.txt", "manifest.json"}
    for language, mine in (("zh", True), ("en", False)):
        files = set(snapshot(made.root / "parts" / language))
        assert files == {name for name in built if name.startswith("zh/") == mine} | {"part.json"}
    assert "briefs/draft" not in (made.root / "parts/zh/part.json").read_text(encoding="utf-8")


def test_a_site_of_one_language_is_joined_of_one_part(project: Project) -> None:
    project.edit("mkdocs.yml", "languages: [en, zh]", "languages: [en]")
    project.edit("mkdocs.yml", ", zh: 研究简报}", "}")
    done(project.run_here("--no-pdf"))
    built = snapshot(project.site)
    done(project.run_here("--no-pdf", "--lang", "en"))
    shutil.rmtree(project.site)
    assert done(project.run_here("join", "--format", "json")) == "[]\n"
    del built[".gitignore"]
    assert snapshot(project.site) == built


def test_a_part_without_news_is_not_made_again_and_leaves_the_site_alone(made: Project) -> None:
    for arguments in ((), ("--lang", "en"), ("--lang", "zh")):
        said = done(made.run_here(*OPTIONS, *arguments))
        place = f"parts/{arguments[1]}" if arguments else "site"
        assert f"build   {place}/ is up to date" in said


# --- Parts that do not make a site ----------------------------------------------------------


def test_a_language_must_be_of_the_site(made: Project) -> None:
    run = made.run_here("--lang", "fr")
    assert run.returncode == 2
    assert run.stderr == ("build.py: there is no language 'fr'; those of the site are: en, zh\n")
    assert not (made.root / "parts/fr").exists()
    assert not (made.root / ".cache/parts/fr").exists()
    for code in ("../zh", "ZH", ""):
        run = made.run_here("--lang", code)
        assert run.returncode == 2
        assert f"'{code}' is not the code of a language" in run.stderr


@pytest.mark.parametrize("verb", ["serve", "check", "join", "verify site"])
def test_other_verbs_are_of_all_languages(made: Project, verb: str) -> None:
    name, *arguments = verb.split()
    run = made.run_here("--lang", "zh", name, *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        f"build.py: '{name}' is of all languages; --lang is for 'build' and 'pdf'\n"
    )


def test_a_fault_in_any_language_fails_every_job(parts: Project) -> None:
    parts.edit("content/briefs/first/signal.yaml", "en: Chips are dear.", "en: '[[nobody]].'")
    before = snapshot(parts.root / "parts")
    run = parts.run_here("--lang", "zh")
    assert run.returncode == 1
    assert "unknown entity 'nobody'" in run.stdout
    assert snapshot(parts.root / "parts") == before


def test_something_in_the_place_of_parts_is_kept(project: Project) -> None:
    (project.with_content().root / "parts").write_text("mine")
    run = project.run_here("--lang", "zh", "--no-pdf")
    assert (run.returncode, run.stderr) == (2, "build.py: parts is not a folder; move it away\n")
    assert refused_is(project, "there is no part in parts/; make one of each language with --lang")


def refused_is(project: Project, beginning: str) -> bool:
    return project.run_here("join").stderr.startswith(f"build.py: {beginning}")


def test_a_part_that_is_missing_is_named_with_how_to_make_it(parts: Project) -> None:
    shutil.rmtree(parts.root / "parts/zh")
    assert refused(parts) == ("the part of zh is missing; make it: python build.py --lang zh")
    shutil.rmtree(parts.root / "parts/en")
    assert refused(parts) == (
        "there is no part in parts/; make one of each language with --lang CODE"
    )


def test_two_parts_of_one_language_are_one_too_many(parts: Project) -> None:
    shutil.copytree(parts.root / "parts/zh", parts.root / "parts/zh-again")
    assert refused(parts) == (
        "parts/zh and parts/zh-again are both the part of zh; name one of them"
    )


def test_a_folder_that_is_no_part_is_refused(parts: Project) -> None:
    expected = "expected a part, as --lang CODE makes it"
    assert refused(parts, "parts/en", "site") == f"site has no part.json; {expected}"
    assert refused(parts, "parts/en", "nowhere") == f"there is no folder nowhere; {expected}"
    assert refused(parts, "build.py") == f"there is no folder build.py; {expected}"
    file = parts.root / "parts/zh/part.json"
    whole = json.loads(file.read_bytes())
    for text, why in (
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"format": 2}', "is of format 2, this program reads 1"),
        ("{}", "is not in form: 'format': Field required"),
        (json.dumps(whole | {"language": "../x"}), "is not in form: 'language': "),
        (json.dumps(whole | {"files": {"../x": "a" * 64}}), "is not in form: 'files."),
    ):
        file.write_text(text)
        assert refused(parts).startswith(f"parts/zh: part.json: {why}"), text
    file.unlink()
    file.mkdir()
    assert refused(parts).startswith("parts/zh: part.json: is a folder; expected a file")


def test_parts_of_different_states_are_not_joined(parts: Project) -> None:
    brief = "content/briefs/first/brief.yaml"
    parts.edit(brief, "Who builds chips.", "Who makes chips.")
    assert refused(parts) == (
        f"parts/en was made of another state than is here ({brief}); build it again"
    )
    parts.edit(brief, "Who makes chips.", "Who builds chips.")
    parts.edit("content/briefs/draft/brief.yaml", "Who builds chips.", "Who makes chips.")
    assert "(a draft, or a brief that was added)" in refused(parts, "parts/zh")
    parts.edit("content/briefs/draft/brief.yaml", "Who makes chips.", "Who builds chips.")
    parts.edit("research_brief/search.py", '"""The search index', '"""An index')
    assert "(research_brief/search.py)" in refused(parts, "parts/zh")
    parts.edit("research_brief/search.py", '"""An index', '"""The search index')


def test_parts_that_were_built_differently_are_not_joined(
    parts: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = parts.root / "parts/zh/part.json"
    whole = json.loads(file.read_bytes())
    file.write_text(json.dumps(whole | {"options": whole["options"] | {"csp_meta": False}}))
    assert refused(parts) == (
        "parts/en and parts/zh were built differently: csp_meta is true and false"
    )
    file.write_text(json.dumps(whole))
    packages = manifest.packages()
    monkeypatch.setattr(manifest, "packages", lambda: packages | {"jinja2": "9"})
    assert refused(parts) == (f"parts/en was made with jinja2 {packages['jinja2']}; here it is 9")


def cut_off(part: Path) -> None:
    file = part / "zh/index.html"
    file.write_bytes(file.read_bytes()[:-1])


def bring_more(part: Path) -> None:
    (part / "zh/more.html").write_text("more")


def take_the_place_of_others(part: Path) -> None:
    """Something at the place of the main language, which its own list names."""
    (part / "index.html").write_bytes((part / "zh/index.html").read_bytes())
    said = json.loads((part / "part.json").read_bytes())
    said["files"]["index.html"] = said["files"]["zh/index.html"]
    (part / "part.json").write_text(json.dumps(said))


def link_a_file(part: Path) -> None:
    (part / "zh/index.html").rename(part.parent.parent / "elsewhere.html")
    (part / "zh/index.html").symlink_to(part.parent.parent / "elsewhere.html")


def link_a_folder(part: Path) -> None:
    (part / "zh/search").rename(part.parent.parent / "elsewhere")
    (part / "zh/search").symlink_to(part.parent.parent / "elsewhere")


def lay_a_pipe(part: Path) -> None:
    (part / "zh/index.html").unlink()
    os.mkfifo(part / "zh/index.html")


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (cut_off, "zh/index.html is not as it was built"),
        (lambda part: (part / "zh/index.html").unlink(), "zh/index.html is missing"),
        (bring_more, "zh/more.html does not belong to it"),
        (take_the_place_of_others, "index.html does not belong to it"),
        (link_a_file, "zh/index.html is a link"),
        (link_a_folder, "zh/search is a link, and 2 more faults"),
        (lay_a_pipe, "zh/index.html is no plain file"),
    ],
)
def test_a_part_that_is_not_whole_is_refused(
    parts: Project, harm: Callable[[Path], None], why: str
) -> None:
    harm(parts.root / "parts/zh")
    assert refused(parts) == (
        f"parts/zh is not the part that was built: {why}; fetch it or build it again"
    )


def test_nothing_is_joined_while_the_site_is_built(parts: Project) -> None:
    with locking.only_one(parts.root / ".cache"):
        assert refused(parts).startswith("another build of this project holds ")


# --- What CONTRIBUTING.md shows -------------------------------------------------------------


def test_the_workflow_that_is_shown_is_sound(tmp_path: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [jobs] = re.findall(r"```yaml\n(jobs:\n  language:.*?)```", guide, re.DOTALL)
    file = tmp_path / "deploy.yml"
    file.write_text(f"name: Deploy\non: push\npermissions: {{}}\n{jobs}", encoding="utf-8")
    assert actionlint(file) == []
    workflows = (ROOT / ".github/workflows").glob("*.yml")
    known = "".join(path.read_text(encoding="utf-8") for path in workflows)
    used = re.findall(r"uses: (\S+@[0-9a-f]{40} # \S+)", jobs)
    assert len(used) == jobs.count("uses:")
    assert all(use in known for use in used)
