"""Thousands of ways to break the content, each read and checked: `make mutants`.

    python benchmarks/mutants.py --count 10000 --seed 1 --builds 300

Each mutant is the shipped project with one change (`mutations.py`), made from the seed and its own
number, so that `--only 4711` makes one of them again. All are loaded and checked as a build does
it, some are built, without PDFs. What must hold of each:

- what is said of it are faults, and never a traceback;
- each fault is in a file that is there, at a line and column that are in it, in one line;
- it takes at most two seconds of CPU (a timer ends what takes twenty, or sixty of waiting);
- a build that fails leaves `site/` as it was.
"""
# ruff: noqa: T201, S311 (tables are printed; nothing here is secret)

import argparse
import faulthandler
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mutations import KINDS, Mutant
from projects import CODE, ROOT

from research_brief import building, engine, output, reading, yamlfile
from research_brief.options import Options
from research_brief.problems import Problem, ProblemsFound, as_github, as_json, as_text, printable

CPU, LONGEST, WAIT = 2, 20, 60
"""Seconds: of CPU that a check may take, of CPU and of waiting after which it is ended."""
MEMORY = 4_000_000_000
SLICE = 500
SHARES = {
    "content/briefs": 40, "content/entities": 14, "content/sources": 18, "content/addresses.txt": 5,
    "content/tombstones.yaml": 4, "content/editions": 7, "mkdocs.yml": 6, "templates/words": 6,
}  # fmt: skip
"""How often the files below each are chosen."""
EDITIONS = "content/editions"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant; `wrong` says what should not be."""

    number: int
    kind: str
    file: str
    accepted: bool
    seconds: float
    built: bool
    wrong: str = ""


class Slow(BaseException):
    """The time is up. No `except Exception` may take it for an error of the content."""


class Workshop:
    """A copy of the project in a folder of its own, to break, read and mend.

    The frozen editions, which take as long to read as all else, are there for some mutants only.
    """

    def __init__(self, root: Path, seed: int, shares: dict[str, int] = SHARES) -> None:
        self.root, self.seed, self.shares = root, seed, shares
        root.mkdir(parents=True)
        for name in (*CODE, *shares):
            source, target = ROOT / name, root / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
            elif name != "research_brief":
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=ignored)
        there = {path.relative_to(root).as_posix(): path for path in root.rglob("*")}
        self.spare = {name: path.read_bytes() for name, path in there.items() if path.is_file()}
        self.files = sorted(name for name in self.spare if name.startswith((*shares,)))
        self.known = {self.spare[name].decode() for name in self.files}
        self.parsed: dict[str, yamlfile.Document] = {}

    def change(self, number: int) -> tuple[str, str]:
        """Make the mutant of this number; returns its kind and its file."""
        chance = random.Random(f"{self.seed}-{number}")
        [part] = chance.choices([*self.shares], [*self.shares.values()])
        name = chance.choice([name for name in self.files if name.startswith(part)])
        # In turns, so that of every kind there are as many.
        kind = list(KINDS)[number % len(KINDS)]
        KINDS[kind](Mutant(self.root, name, self.files, chance))
        return kind, name

    def mend(self) -> None:
        """Put everything back: a mutation changes files, and what stands beside one."""
        homes = {(self.root / name).parent for name in self.files}
        kept = {above for home in homes for above in (home, *home.parents)}
        kept |= {self.root / name for name in (".cache", "site", "templates", *self.shares)}
        for path in (path for home in homes for path in home.iterdir()):
            name = path.relative_to(self.root).as_posix()
            whole = name in self.spare and path.is_file() and not path.is_symlink()
            if not whole and (path not in kept or name in self.spare):
                output.remove(path)
        for name in self.files:
            output.write_if_changed(self.root / name, self.spare[name])

    def tried(self, number: int, build: bool = False) -> Outcome:
        """Make a mutant, read and check it, build it if so wished, and mend it."""
        kind, name = self.change(number)
        accepted, wrong, started = True, "", time.process_time()
        before = _fingerprint(self.root / "site") if build else ""
        try:
            with limited(), patch.object(yamlfile, "parse", self._parse):
                reading.read(self.root, Options(drafts=True))
                if build:
                    building.build(self.root, Options(pdf=False, side_by_side=False))
        except ProblemsFound as found:
            accepted, wrong = False, self._misplaced(found.problems)
        except engine.EngineFailed:  # mkdocs.yml is the engine's too
            accepted, wrong = False, "" if name == "mkdocs.yml" else "the engine failed"
        except Slow:
            wrong = f"ended after {LONGEST} s of CPU or {WAIT} s: {_frames()}"
        except Exception:  # noqa: BLE001 (it is what is looked for)
            wrong = _frames()
        seconds = time.process_time() - started
        if seconds > CPU and not build and not wrong:
            wrong = f"took {seconds:.1f} s of CPU"
        if build and not accepted and before != _fingerprint(self.root / "site"):
            wrong = "site/ was changed by a build that failed"
        self.mend()
        return Outcome(number, kind, name, accepted, seconds, build, wrong)

    def _parse(self, text: str, document: yamlfile.Document) -> yamlfile.Document:
        """Files that were not changed are parsed once only."""
        if text not in self.known:
            return PARSE(text, document)
        if text not in self.parsed:
            self.parsed[text] = PARSE(text, replace(document, problems=[]))
        kept = self.parsed[text]
        document.data, document.marks = kept.data, kept.marks
        document.problems += kept.problems
        return document

    def _misplaced(self, problems: list[Problem]) -> str:
        """The first fault whose place is not there, or that does not stand in one line."""
        as_text(problems, self.root), as_json(problems), as_github(problems)
        names = {"content", *(printable(path) for path in self._there())}
        lines: dict[str, list[str]] = {}
        for problem in problems:
            place = problem.place
            if not str(problem).isprintable():
                return f"not in one line: {problem!r}"
            if place.file not in names:
                if not (problem.message.startswith("the file is missing") and place.line == 1):
                    return f"there is no such file: {problem}"
                continue
            if (place.line, place.column) == (1, 1):
                continue
            if place.file not in lines:
                lines[place.file] = _lines(self.root / place.file)
            found = lines[place.file]
            if place.line > len(found) or place.column > len(found[place.line - 1]) + 1:
                return f"there is no such place: {problem}"
        return ""

    def _there(self) -> Iterator[str]:
        for path in self.root.rglob("*"):
            yield path.relative_to(self.root).as_posix()


PARSE = yamlfile.parse


def _lines(path: Path) -> list[str]:
    """The lines as editors count them; what is no text counts as one sign."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fingerprint(folder: Path) -> str:
    """What identifies all files below a folder."""
    found = sha256()
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        found.update(f"{path.relative_to(folder)} {sha256(data).hexdigest()}\n".encode())
    return found.hexdigest()


def _frames() -> str:
    lines = traceback.format_exc().strip().splitlines()
    return " | ".join(line.strip() for line in [*lines[-5:]])


@contextmanager
def limited() -> Iterator[None]:
    """End what takes too long, of CPU or of waiting."""

    def stop(*_: Any) -> None:
        raise Slow

    timers = {signal.SIGPROF: signal.ITIMER_PROF, signal.SIGALRM: signal.ITIMER_REAL}
    before = {number: signal.signal(number, stop) for number in timers}
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    signal.setitimer(signal.ITIMER_REAL, WAIT)
    try:
        yield
    finally:
        for number, timer in timers.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])


WORKSHOPS: list[Workshop]


def _begin(folder: str, seed: int, builds: bool) -> None:
    """Prepare a process: its own copy of the project, with a good site, and bounds."""
    global WORKSHOPS, LONGEST, WAIT  # noqa: PLW0603 (of this process)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 (what MkDocs says of its builds)
    home = Path(tempfile.mkdtemp(dir=folder))
    light = {name: share for name, share in SHARES.items() if name != EDITIONS}
    WORKSHOPS = [Workshop(home / "whole", seed), Workshop(home / "light", seed, light)]
    if builds:
        LONGEST, WAIT = 120, 600
        building.build(WORKSHOPS[0].root, Options(pdf=False, side_by_side=False))


def _try(number: int) -> Outcome:
    faulthandler.dump_traceback_later(4 * WAIT, exit=True)  # where no timer gets through
    try:
        return WORKSHOPS[number % 4 > 0].tried(number)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _build(number: int) -> Outcome:
    return WORKSHOPS[0].tried(number, build=True)


def run(numbers: Sequence[int], seed: int, *, builds: bool) -> list[Outcome]:
    """Try the mutants of these numbers on all cores.

    If a process dies, those of its slice are tried again, alone: then it was the mutant.
    """
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        for at in range(0, len(numbers), SLICE):
            part = numbers[at : at + SLICE]
            try:
                found += _slice(part, folder, seed, builds, os.cpu_count() or 1)
            except BrokenProcessPool:
                found += _slice(part, folder, seed, builds, 1)
            wrong = [one.number for one in found if one.wrong]  # if it is cut off
            print(f"{len(found)} of {len(numbers)}, wrong: {wrong}", file=sys.stderr, flush=True)
    return found


def _slice(
    numbers: Sequence[int], folder: str, seed: int, builds: bool, workers: int
) -> list[Outcome]:
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (folder, seed, builds)) as pool:
        return list(pool.map(_build if builds else _try, numbers, chunksize=5))


def table(outcomes: list[Outcome]) -> str:
    """The mutants by their kinds."""
    lines = ["| kind | tried | refused | accepted | slowest, CPU s |", "|---|---:|---:|---:|---:|"]
    for kind in [*KINDS, "all"]:
        mine = [one for one in outcomes if kind in (one.kind, "all")]
        if mine:
            accepted = sum(one.accepted for one in mine)
            slowest = max(one.seconds for one in mine)
            refused = len(mine) - accepted
            lines.append(f"| {kind} | {len(mine)} | {refused} | {accepted} | {slowest:.2f} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="mutants that are checked")
    parser.add_argument("--builds", type=int, default=0, help="mutants that are built as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the one mutant of this number")
    chosen = parser.parse_args()
    wrong: list[Outcome] = []
    for count, builds in ((chosen.count, False), (chosen.builds, True)):
        if count:
            started = time.monotonic()
            numbers = range(count) if chosen.only is None else [chosen.only]
            found = run(numbers, chosen.seed, builds=builds)
            print(f"\n{'built' if builds else 'checked'} in {time.monotonic() - started:.0f} s\n")
            print(table(found), flush=True)
            wrong += [one for one in found if one.wrong]
    print(f"\nwrong: {len(wrong)}")
    causes = Counter(one.wrong for one in wrong)
    for one in wrong:
        if causes.pop(one.wrong, 0):
            print(f"  --only {one.number} ({one.kind}, {one.file}): {one.wrong}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
