"""A name to a folder with content: a folder itself, or what a git revision holds.

Revisions are read blob by blob and never checked out: no hook, filter or attribute of the
repository has a say, and nothing is written outside the folder given.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from research_brief.problems import did_you_mean
from research_brief.refusals import Refused

WANTED = ("content", "mkdocs.yml", "templates/words")
"""Data only: templates are code, and none of a change is run where it is reviewed."""
REGULAR = {"100644", "100755"}  # modes of files; links and modules of others are left out


class NotFound(Refused):
    """What was named is neither a folder with content nor a revision."""


@dataclass(frozen=True)
class Tree:
    """A state of the project. `name` is what it was called by; settings or interface words that a
    folder lacks are those of the project, and templates are those of the project always."""

    name: str
    content: Path
    settings: Path
    words: Path
    templates: Path

    @classmethod
    def of(cls, name: str, folder: Path, project: Path) -> "Tree":
        """The state in a folder with `content/`, beside the project that is worked on."""
        settings, words = (folder if (folder / part).exists() else project for part in WANTED[1:])
        return cls(name, folder, settings, words, project / "templates")


def find(name: str, project: Path, scratch: Path) -> Tree:
    """The state called `name`; a revision is written below `scratch`. Raises NotFound."""
    folder = Path(name)
    if name and (folder / "content").is_dir():
        return Tree.of(name, folder, project)
    try:
        commit = _commit(name, project)
    except NotFound:
        if name and folder.is_dir():
            raise NotFound(f"the folder '{name}' holds no content/") from None
        raise
    scratch.mkdir(parents=True)
    for path, contents in _files(commit, project):
        target = scratch.joinpath(*PurePosixPath(path).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)
    if not (scratch / "content").is_dir():
        raise NotFound(f"the revision '{name}' holds no content/")
    return Tree.of(name, scratch, project)


def _commit(name: str, project: Path) -> str:
    try:
        wanted = f"{name}^{{commit}}"
        found = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        return found.decode().strip()
    except NotFound as error:
        if str(error):
            raise
    branches = _git(project, "for-each-ref", "--format=%(refname:short)").decode("utf-8", "replace")
    hint = did_you_mean(name, branches.split()) or "; is it fetched?"
    raise NotFound(f"there is no folder or revision '{name}'{hint}")


def _files(commit: str, project: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the commit that we read, below the project's own folder in the repository."""
    found: list[tuple[str, str]] = []
    for line in _git(project, "ls-tree", "-r", "-z", commit, "--", *WANTED).split(b"\0"):
        about, _, path = os.fsdecode(line).partition("\t")
        if about and about.split()[0] in REGULAR and _is_safe(path):
            found.append((path, about.split()[2]))
    asked = "".join(f"{blob}\n" for _, blob in found).encode()
    answer, at = _git(project, "cat-file", "--batch", asked=asked), 0
    for path, _ in found:
        start = answer.index(b"\n", at) + 1  # behind `ID blob SIZE`
        at = start + int(answer[at:start].split()[2])
        yield path, answer[start:at]
        at += 1


def _is_safe(path: str) -> bool:
    """Whether a path of ours stays below the folder that it is written to, on every system."""
    parts = path.split("/")
    strange = any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in parts)
    return not strange


def _git(project: Path, *arguments: str, asked: bytes | None = None) -> bytes:
    """What git answers. Raises NotFound with its complaint."""
    git = shutil.which("git")
    if git is None:
        raise NotFound("git is not installed; give two folders")
    command = [git, "-C", str(project), *arguments]
    done = subprocess.run(command, input=asked or b"", capture_output=True, check=False)  # noqa: S603 (no shell)
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NotFound(lines[0].removeprefix("fatal: ") if lines else "")
    return done.stdout
