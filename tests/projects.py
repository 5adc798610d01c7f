"""Projects for tests: copies of this one, and small trees of content."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from research_brief import reading
from research_brief.cli import main
from research_brief.evidence import keeping, receipts
from research_brief.evidence.normalisation import digest, normalise
from research_brief.options import Options
from research_brief.problems import Problem, ProblemsFound

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "tests" / "faults"
BASE = FAULTS / "base"
"""A small project without faults: two companies, a source, a brief with two sections."""

DEADLINE = 150
"""Seconds until something that must happen counts as not happening."""

CODE = ("build.py", "hooks.py", "mkdocs.yml", "research_brief", "templates")


def overlay(target: Path, *trees: Path | Mapping[str, str | bytes]) -> Path:
    """Lay trees (folders, or paths with their contents) over each other at `target`."""
    for tree in trees:
        if isinstance(tree, Path):
            shutil.copytree(tree, target, dirs_exist_ok=True)
            continue
        for name, contents in tree.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return target


def receipts_for(
    *words: tuple[str, str, str], source: str = "daily-2025", text: str = "a" * 64
) -> dict[str, str]:
    """The receipts of words in paragraphs, compared on days, as a file to `overlay`."""
    made = [
        receipts.receipt(text, 100, digest(said), paragraph, [(0, len(normalise(said).text))], day)
        for said, paragraph, day in words
    ]
    return {keeping.receipts_file(source): receipts.written(source, text, 100, made)}


def faults_of(root: Path) -> list[Problem]:
    """All faults and warnings of the project at `root`: its settings, words and content."""
    try:
        reading.read(root, Options(strict=True, drafts=True), lazily=True)
    except ProblemsFound as error:
        return error.problems
    return []


def in_this_process(
    _: int, begin: Callable[..., None] | None = None, *arguments: Any, fresh: bool = False
) -> Executor:
    """In place of `processes.pool`: quicker where little is to be done, for nothing is imported."""
    if begin is not None:
        begin(*arguments)
    return ThreadPoolExecutor(1)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must happen."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.05)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Project:
    """A copy of this project's code in a folder of its own."""

    root: Path

    @classmethod
    def copied_to(cls, root: Path) -> "Project":
        for name in CODE:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                root.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, root / name)
        (root / "site").mkdir()
        (root / "site" / ".gitignore").write_text("*\n!.gitignore\n")
        return cls(root)

    def copy(self, root: Path) -> "Project":
        """The whole project in another folder, to change."""
        shutil.copytree(self.root, root)
        return Project(root)

    @property
    def site(self) -> Path:
        return self.root / "site"

    def with_content(self, *trees: Path | Mapping[str, str | bytes]) -> "Project":
        """Lay content (by default the small base) into the project."""
        overlay(self.root / "content", *(trees or (BASE / "content",)))
        return self

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a passage that must be there."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(
        self, *arguments: str, python: str = sys.executable
    ) -> subprocess.CompletedProcess[str]:
        """Run `python build.py` with the arguments, as a person would."""
        return self._run([python, "build.py", *arguments])

    def run_here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same in this process, by the package of this checkout: three times as fast.

        For what does not depend on processes; that they work is seen where `run` is used.
        """
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            chdir(self.root),
            patch.dict(os.environ, self._environment(), clear=True),
            patch("research_brief.building.cores", lambda: 1),
            patch("research_brief.pdf.press.pool", in_this_process),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                code = main(arguments, str(self.root))
            except SystemExit as stop:  # of argparse
                code = int(str(stop.code))
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read())
        return subprocess.CompletedProcess(arguments, code, *said)

    def mkdocs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run plain `mkdocs` with the arguments."""
        return self._run([sys.executable, "-m", "mkdocs", *arguments])

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python build.py` in a process group of its own."""
        return self._start([sys.executable, "build.py", *arguments])

    def start_mkdocs(self, *arguments: str) -> subprocess.Popen[str]:
        """Start plain `mkdocs` in a process group of its own."""
        return self._start([sys.executable, "-m", "mkdocs", *arguments])

    def faults(self, *options: str) -> list[dict[str, object]]:
        """What `build.py check --format json` lists."""
        found: list[dict[str, object]] = json.loads(
            self.run_here("check", "--format", "json", *options).stdout
        )
        return found

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env=self._environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    @staticmethod
    def _environment() -> dict[str, str]:
        hidden = {"GITHUB_ACTIONS", "CI", "PYTHONPATH"}
        kept = {key: value for key, value in os.environ.items() if key not in hidden}
        return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
