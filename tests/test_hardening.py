"""What must not go wrong in odd surroundings: consoles, folders, settings, the theme."""

import os
import subprocess
import sys

import pytest
from projects import Project

pytestmark = pytest.mark.build


def test_options_count_on_either_side_of_the_verb(project: Project) -> None:
    project.with_content()
    project.edit(
        "content/briefs/first/brief.yaml",
        "title: {en: The chip race, zh: 芯片竞赛}",
        "title: {zh: 芯片竞赛}",
    )
    assert project.run_here("check").returncode == 0
    assert project.run_here("check", "--strict").returncode == 1
    assert project.run_here("--strict", "check").returncode == 1
    assert project.run_here("--format", "json", "check").stdout.startswith("[")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org", "https://x.org/?a"])
def test_an_address_that_is_none_is_misuse(project: Project, address: str) -> None:
    run = project.with_content().run_here("check", "--site-url", address)
    assert run.returncode == 2
    assert f"'{address}' is not an address" in run.stderr


def test_a_port_that_is_none_is_misuse(project: Project) -> None:
    run = project.run_here("serve", "--port", "99999")
    assert run.returncode == 2
    assert "'99999' is no port; expected 0 to 65535" in run.stderr


def test_json_is_all_that_a_build_prints_for_programs(project: Project) -> None:
    assert project.with_content().run_here("build", "--format", "json").stdout == "[]\n"


def test_a_console_that_cannot_show_chinese_gets_escapes(project: Project) -> None:
    project.with_content()
    run = subprocess.run(
        [sys.executable, "build.py", "--no-pdf"],
        cwd=project.root,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert rb"English, \u4e2d\u6587" in run.stdout


def test_a_site_that_is_a_link_is_refused_and_what_it_leads_to_is_kept(project: Project) -> None:
    project.with_content()
    (project.site / ".gitignore").unlink()
    project.site.rmdir()
    keep = project.root / "www" / "keep.txt"
    keep.parent.mkdir()
    keep.write_text("mine")
    project.site.symlink_to("www")
    for _ in range(2):
        run = project.run_here()
        assert (run.returncode, run.stderr) == (
            2,
            "build.py: site is not a folder of its own; move it away\n",
        )
    assert keep.read_text() == "mine"


@pytest.mark.parametrize("broken", ["{% if %}", "{{ nothing.at.all }}"])
def test_a_fault_in_the_theme_names_its_file_and_line(project: Project, broken: str) -> None:
    project.with_content()
    footer = project.root / "templates" / "theme" / "partials" / "footer.html"
    lines = footer.read_text(encoding="utf-8").split("\n")
    footer.write_text("\n".join([lines[0], broken, *lines[1:]]), encoding="utf-8")
    run = project.run_here()
    assert run.returncode == 2
    assert run.stderr.startswith("build.py: templates/theme/partials/footer.html:2: ")
    assert "Traceback" not in run.stderr


def test_settings_are_text_on_every_page(project: Project) -> None:
    project.with_content()
    project.edit(
        "mkdocs.yml", "name: {en: Research Brief,", 'name: {en: "R&D </title><script>x()</script>",'
    )
    project.edit("mkdocs.yml", 'repo_url: ""', "repo_url: https://github.com/example/briefs")
    assert project.run_here().returncode == 0
    page = (project.site / "briefs" / "first" / "index.html").read_text(encoding="utf-8")
    assert "<script>x()" not in page
    assert "R&amp;D &lt;/title&gt;" in page
    assert "&amp;amp;" not in page
    assert 'data-md-component="source"' not in page, "the theme would ask the repository's host"
    assert 'href="https://github.com/example/briefs"' in page


def test_one_page_for_lost_readers_speaks_all_languages(site_of_this_project: Project) -> None:
    folder = site_of_this_project.site
    page = (folder / "404.html").read_text(encoding="utf-8")
    assert 'lang="en"' in page
    assert 'lang="zh-Hans"' in page
    assert not (folder / "zh" / "404.html").exists()
