"""What may befall a build, for the tests and for `make faults`: kills, edits, a broken cache."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from projects import DEADLINE, Project, overlay, snapshot

from research_brief import manifest

BRIEF = "content/briefs/first/brief.yaml"
TITLE = "The chip race"
KEPT = {
    "built.json",
    "checked.json",
    "old-site",
    "pages",
    "theme",
    "lock",
    "pdf",
    "staged",
    "hashes",
    "yaml",
    "serve",
    "verify",
}
"""What may be in `.cache/` after a build."""


def clean(root: Path, project: Project, *arguments: str) -> dict[str, bytes]:
    """The site that a project with the content of another one makes from nothing, at `root`."""
    fresh = Project.copied_to(root)
    overlay(root / "content", project.root / "content")
    run = fresh.run_here(*arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    found = snapshot(fresh.site)
    shutil.rmtree(root)
    return found


def leftovers(project: Project) -> list[str]:
    """What a build left behind that is nobody's."""
    cache = project.root / ".cache"
    found = [path.name for path in cache.iterdir() if path.name not in KEPT]
    found += [path.name for path in project.root.glob(".site*")]
    return found + [path.name for path in cache.glob("pdf/*.part")]


def one_line(said: str, begins: str = "build.py: ") -> bool:
    """Whether a build ended with one line that says why, after its report."""
    lines = [line for line in said.splitlines() if line.split()[:1] not in REPORT]
    return len(lines) == 1 and lines[0].startswith(begins)


REPORT = [["check"], ["note"], ["render"], ["lead"], ["print"], ["build"], ["next"]]


def killed(
    project: Project, after: float, number: int, *arguments: str, all_of_it: bool = True
) -> tuple[int, str]:
    """Start a build and send it (or its whole group) a signal; the exit code and what it said."""
    process = project.start(*arguments)
    time.sleep(after)
    if all_of_it:
        # Its parts may be gone already, and with them the group.
        with_group = process.poll() is None
        if with_group:
            os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    said, _ = process.communicate(timeout=DEADLINE)
    return process.returncode, said


def limited(project: Project, kilobytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a build that can write no file longer than that, as if the disk were full there."""
    command = f'ulimit -f {kilobytes}; exec "$0" build.py "$@"'
    return subprocess.run(
        ["bash", "-c", command, sys.executable, *arguments],
        cwd=project.root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


# --- Edits, as editors make them --------------------------------------------------------------


def rename_over(path: Path, data: bytes) -> None:
    """As Vim and many others: a new file takes the name of the old one."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def write_in_place(path: Path, data: bytes) -> None:
    """As nano: the file is emptied, then written, here in two pieces."""
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        time.sleep(0.002)
        file.write(data[len(data) // 2 :])


def delete_and_create(path: Path, data: bytes) -> None:
    """As some sync clients: for a moment there is no file."""
    path.unlink(missing_ok=True)
    time.sleep(0.002)
    path.write_bytes(data)


WAYS: tuple[Callable[[Path, bytes], None], ...] = (rename_over, write_in_place, delete_and_create)


def variants(project: Project) -> dict[str, list[bytes]]:
    """Files of the small project, each as it is, twice otherwise, and with a fault, which is last:
    the more a file is edited, the further it is from where it began."""

    def said(file: str, *edits: tuple[str, str]) -> list[bytes]:
        text = (project.root / file).read_text(encoding="utf-8")
        assert all(text.count(old) for old, _ in edits), file
        return [text.encode(), *(text.replace(old, new).encode() for old, new in edits)]

    title = "title: {en: The chip race"
    return {
        BRIEF: said(
            BRIEF,
            (title, "title: {en: The other race"),
            (title, "title: {en: A third race"),
            ("topics: [chips]", "topics: [chip]"),
        ),
        "content/entities/companies.yaml": said(
            "content/entities/companies.yaml",
            ("Tencent", "Tencent Holdings"),
            ("Tencent", "Tencent Ltd"),
            ("tencent:", "tencent:\n  nonsense: x"),
        ),
        "templates/words/en.yaml": said(
            "templates/words/en.yaml",
            ("label: English", "label: Anglais"),
            ("label: English", "label: Inglese"),
            ("label: English", "label: [English"),
        ),
    }


def saves(
    project: Project, count: int, chance: random.Random, states: Mapping[str, list[bytes]]
) -> Iterator[None]:
    """Save files so many times, each in a way of some editor; every fourth one or so is faulty."""
    for _ in range(count):
        file = chance.choice(sorted(states))
        chance.choice(WAYS)(project.root / file, chance.choice(states[file]))
        yield


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def made_from(site: Path) -> dict[str, str]:
    """The hashes of the files that a site was made from, as its manifest says."""
    try:
        return manifest.parse((site / manifest.NAME).read_bytes()).inputs
    except FileNotFoundError:
        return {}


# --- The cache --------------------------------------------------------------------------------


def truncate(path: Path, others: list[bytes]) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def fill_with_rubbish(path: Path, others: list[bytes]) -> None:
    path.write_bytes(b"\x00\xff rubbish \n" * 40)


def exchange_with_another(path: Path, others: list[bytes]) -> None:
    """As if the file were of another version: in form, and not what belongs there."""
    path.write_bytes(next((data for data in others if data != path.read_bytes()), b""))


def make_a_folder(path: Path, others: list[bytes]) -> None:
    path.unlink()
    path.mkdir()
    (path / "index.md").write_text("# Not ours\n")


BREAKS = (truncate, fill_with_rubbish, exchange_with_another, make_a_folder)


def break_cache(project: Project, *ways: Callable[[Path, list[bytes]], None]) -> int:
    """Break every file of the cache, in these ways by turns; how many there were."""
    files = sorted(path for path in (project.root / ".cache").rglob("*") if path.is_file())
    by_suffix: dict[str, list[bytes]] = {}
    for path in files:
        by_suffix.setdefault(path.suffix, []).append(path.read_bytes())
    for number, path in enumerate(files):
        ways[number % len(ways)](path, by_suffix[path.suffix])
    return len(files)


def is_killed(code: int, number: int) -> bool:
    """Whether a build ended as it should by a signal, or was done before."""
    # By the signal itself also while Python was only starting.
    return code in (0, -number) or (code == 2 and number != signal.SIGKILL)
