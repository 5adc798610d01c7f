"""What is installed is what was locked, by hash and from no address, under known licences."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from projects import ROOT

LOCKS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (ROOT, ROOT / "benchmarks", ROOT / ".ci")
    for path in folder.glob("*.txt")
)
NPM_LOCKS = [
    f"{folder}/package-lock.json"
    for folder in ("benchmarks/eleventy", "benchmarks/web", "tests/web")
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
"""Those that README.md and SECURITY.md promise; see `requires-python`."""

PINNED = r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[0-9][^ ;]*( ; [^\\]+)?"
LINES = [
    r"\s*(#.*)?",
    rf"{PINNED} \\",
    r"    --hash=sha256:[0-9a-f]{64}( \\)?",
]
"""All that a line of a lock file may be: a comment, a version, a hash of its file."""

LICENCES = {
    "Apache-2.0",
    "Apache Software License",
    "BSD License",
    "BSD-2-Clause",
    "BSD-2-Clause-Views",
    "BSD-3-Clause",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT License",
    "MIT-CMU",
    "MPL-2.0",  # of files: what is changed in them is published, what uses them is free
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
    "SIL Open Font License 1.1 (OFL-1.1)",
    "LGPL-2.1-or-later",  # `tld`, at the reader's choice between three
}
PROMISED = re.compile(r"`(test_\w+\.py)`")
SAID_OTHERWISE = {"pypdfium2": "BSD-3-Clause"}
"""What a package says in more words than a name."""


def faults(text: str) -> list[str]:
    """The lines of a lock file that are none, and the versions without a hash."""
    lines = text.splitlines()
    wrong = [line for line in lines if not any(re.fullmatch(form, line) for form in LINES)]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if "==" in line and not line.lstrip().startswith("#") and "--hash" not in following:
            wrong.append(line)
    return wrong


def names(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {found[1] for found in re.finditer(r"^([a-z0-9._-]+)(?:\[.*?\])?==", text, re.MULTILINE)}


def test_the_lock_files_are_all_there() -> None:
    assert {"requirements.txt", "requirements-test.txt", "benchmarks/zensical.txt"} <= {*LOCKS}
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("benchmarks", "tests")
        for path in (ROOT / folder).glob("*/package-lock.json")
    }
    assert found == {*NPM_LOCKS}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_by_hash_and_from_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert faults(text) == []
    assert names(lock)
    assert "://" not in text


@pytest.mark.parametrize(
    "line",
    [
        "six==1.17.0",
        "six>=1.17 \\",
        "six @ https://example.org/six.whl",
        "--index-url https://example.org/simple",
        "--extra-index-url=https://example.org/simple",
        "--find-links /srv/wheels",
        "-i https://example.org/simple",
        "-e .",
        "    --hash=md5:0123456789abcdef0123456789abcdef",
    ],
)
def test_a_lock_file_that_lets_something_in_is_found(line: str) -> None:
    good = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert faults(f"{good}{line}\n")


def test_what_is_asked_for_is_locked() -> None:
    asked = {Requirement(line).name for line in PROJECT["dependencies"]}
    tests = {Requirement(line).name for line in PROJECT["optional-dependencies"]["test"]}
    assert asked <= names("requirements.txt")
    assert {name.lower() for name in tests | asked} <= names("requirements-test.txt")


@pytest.mark.parametrize("lock", NPM_LOCKS)
def test_npm_packages_are_locked_by_hash_and_from_no_address(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text(encoding="utf-8"))["packages"]
    asked = packages.pop("")
    assert packages
    assert all(
        re.fullmatch(r"\d[\w.+-]*", version) for version in asked["devDependencies"].values()
    )
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_promised_pythons_are_declared_and_locked_for() -> None:
    declared = [
        line.rpartition(" :: ")[2]
        for line in PROJECT["classifiers"]
        if re.search(r":: 3\.\d+$", line)
    ]
    assert declared == PYTHONS
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert all(f"{python}.0" in allowed for python in PYTHONS)
    assert "3.10.99" not in allowed
    assert f"--python-version {PYTHONS[0]} " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_what_is_promised_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for name in PROMISED.findall(text):
        assert (ROOT / "tests" / name).is_file(), name
    for path in ("_headers", ".sources/"):  # are made, or of the reader's own
        text = text.replace(f"`{path}`", "")
    for path in re.findall(r"`([\w./-]+\.(?:json|conf|txt))`", text):
        assert any(ROOT.glob(path)) or any(ROOT.glob(f"*/*/{path}")), path
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"`make\s([a-z-]+)`", text)
    assert {*named} <= {*targets}
    assert {"lock", "sbom", "pages"} <= {*named}
    assert f"Python {PYTHONS[0]}\nto {PYTHONS[-1]}" in text


@pytest.mark.parametrize("name", sorted(names("requirements.txt")))
def test_what_runs_has_a_licence_that_we_know(name: str) -> None:
    try:
        said = metadata(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is locked and not installed: pip install -r requirements-test.txt")
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or []
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    fields = (said[field] for field in ("License-Expression", "License") if field in said)
    found = SAID_OTHERWISE.get(name) or [*classifiers, *fields, "none"][0]
    parts = [part.strip() for part in found.split(" AND ")]
    for part in parts:
        choices = {choice.strip() for choice in part.split(" OR ")}
        assert (choices | {part}) & LICENCES, f"{name}: {found}"
