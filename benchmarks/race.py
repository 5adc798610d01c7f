"""How fast a site is built, beside other generators with the same pages: `make benchmark`.

So many generated briefs (`generator.py`, seed 1) are a project; what it stages for its engine is
given to the others. Every task runs in a process of its own, the contestants take turns, and the
tables are medians. They are printed and written to `.cache/benchmark.md`. README.md here says more.

    PYTHONPATH=tests:. python benchmarks/race.py --briefs 100 --rounds 3
"""
# ruff: noqa: S603, T201 (the processes are ours, tables are printed)

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import contestants
import generator
import measuring
import peers
import tables
from contestants import HERE, ROOT, Contestant
from measuring import Cost, Failed
from projects import Project

PEERS: Mapping[str, Callable[[], tuple[str, peers.Lay]]] = {
    "mkdocs": lambda: peers.mkdocs(sys.executable),
    "zensical": peers.zensical,
    "hugo": peers.hugo,
    "eleventy": peers.eleventy,
}
SEED = 1
Results = dict[tuple[str, str], list[Cost]]
"""What each contestant took for each task, round by round."""


class Race:
    """Contestants in a folder, and what they took so far."""

    def __init__(self, folder: Path, tasks: Sequence[str], say: Callable[[str], None]) -> None:
        self.folder, self.tasks, self.say = folder, tasks, say
        self.results: Results = {}
        self.failures: dict[tuple[str, str], str] = {}
        self.sites: dict[str, int] = {}
        self.edits = count(1)

    def take(self, who: str, task: str, measured: Callable[[], Cost]) -> None:
        """Measure a task, or note why it cannot be; it is not tried again then."""
        if (who, task) in self.failures:
            return
        try:
            cost = measured()
        except Failed as error:
            self.failures[who, task] = str(error)
            self.say(f"{who}, {task}: FAILED: {error}")
            return
        self.results.setdefault((who, task), []).append(cost)
        self.say(f"{who}, {task}: {cost.cpu:.2f} s CPU, {cost.wall:.2f} s")

    def round(self, all_of_them: Sequence[Contestant]) -> None:
        """Every task once by every contestant, who take turns within each."""
        for task in TASKS:
            for one in all_of_them if task.name in self.tasks else ():
                if task.name == "check" and "check" not in one.others:
                    continue
                if task.is_anew:
                    one.clear()
                self.take(one.name, task.title, partial(task.measured, self, one))
        for one in all_of_them:
            self.sites[one.name] = measuring.size(*(one.folder / site for site in one.sites))

    def run(self, one: Contestant, command: Sequence[str]) -> Cost:
        return measuring.measure(command, one.folder, self.folder / "log")

    def checked(self, one: Contestant) -> Cost:
        return self.run(one, one.others["check"])

    def built(self, one: Contestant) -> Cost:
        return self.run(one, one.build)

    def edited(self, one: Contestant) -> Cost:
        one.edit(next(self.edits))
        return self.run(one, one.build)

    def served(self, one: Contestant) -> Cost:
        """An edit while the site is served; the first edit after the start is not counted."""
        port = str(measuring.free_port())
        address = f"http://127.0.0.1:{port}/{one.page}"
        command = [part.replace("PORT", port) for part in one.serve]
        with measuring.serving(command, one.folder, self.folder / "log") as server:
            server.shows(address, "<")
            for _ in range(2):
                cost = server.edit(lambda: one.edit(next(self.edits)), address)
        return cost


@dataclass(frozen=True)
class Task:
    """Something to measure; `is_anew` is what begins without anything of earlier builds."""

    name: str
    title: str
    measured: Callable[[Race, Contestant], Cost]
    is_anew: bool = False


TASKS = (
    Task("check", "check, no caches", Race.checked, is_anew=True),
    Task("check", "check again", Race.checked),
    Task("full", "no caches", Race.built, is_anew=True),
    Task("same", "nothing changed", Race.built),
    Task("edit", "after one edit", Race.edited),
    Task("serve", "edit while served", Race.served),
)
"""In this order, because each goes on from the state that the one before left."""


def project(folder: Path, briefs: int) -> Contestant:
    """A project of ours with so many generated briefs."""
    made = Project.copied_to(folder)
    generator.write(made.root / "content", briefs, SEED)
    return contestants.ours(made.root, sys.executable)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--briefs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pdfs", type=int, default=0, help="briefs to be built with PDFs, once")
    parser.add_argument("--only", default="", help=f"peers, of: {', '.join(PEERS)}; or 'none'")
    parser.add_argument("--tasks", default="check,full,same,edit,serve")
    parser.add_argument("--no-phases", action="store_true", help="leave out the profile of ours")
    parser.add_argument("--search", action="store_true", help="search in Chromium as well")
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "benchmark")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "benchmark.md")
    chosen = parser.parse_args()
    lines: list[str] = []
    for line in report(chosen):
        print(line, flush=True)
        lines.append(line)
        chosen.output.parent.mkdir(parents=True, exist_ok=True)
        chosen.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(chosen: argparse.Namespace) -> Iterator[str]:
    """The lines of the report, as they become known."""
    folder: Path = chosen.folder
    shutil.rmtree(folder, ignore_errors=True)
    race = Race(folder, chosen.tasks.split(","), _say)
    load = os.getloadavg()[0]
    mine = project(folder / "ours", chosen.briefs)
    race.run(mine, mine.build)  # Python is compiled; and the others are given what is staged:
    staged = staged_in(mine.folder)  # all pages, and later only those that were made again
    pages = sum(1 for docs in staged.values() for _ in docs.rglob("*.md"))
    yaml, markdown = measuring.size(mine.folder / "content"), measuring.size(*staged.values())
    racers, versions, missing = entered(chosen.only, folder, staged)
    for _ in range(chosen.rounds):
        race.round([mine, *racers])
    rounds = f"medians of {chosen.rounds} rounds" if chosen.rounds > 1 else "one round"
    yield f"{chosen.briefs:,} briefs in {yaml / 1e6:.1f} MB of YAML; {pages:,} pages in"
    yield f"{len(staged)} languages, staged as {markdown / 1e6:.1f} MB of Markdown; {rounds}."
    yield f"Load average {load:.1f} before and {os.getloadavg()[0]:.1f} after; {_machine()}."
    yield f"{'; '.join(versions)}."
    yield f"`{' '.join(['python', *sys.argv])}`"
    yield from (f"Not there: {reason}" for reason in missing)
    yield ""
    yield from tables.race(race.results, race.sites)
    yield from (f"\n{who}, {task}: failed: {why}" for (who, task), why in race.failures.items())
    if not chosen.no_phases:
        yield ""
        yield from tables.phases(_json("phases.py", mine.folder))
        yield ""
        yield from tables.profile(_json("phases.py", mine.folder, "--profile"))
    if chosen.search:
        yield ""
        yield from tables.search(_json("first_search.py", mine.folder / "site"))
    if chosen.pdfs:
        yield ""
        yield from printed(race, folder / "pdfs", chosen.pdfs)


def staged_in(project: Path) -> dict[str, Path]:
    """The staged pages of each language, those of the root first; none before a build."""
    folder = project / ".cache" / "staged"
    return {path.name: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def entered(
    only: str, folder: Path, staged: Mapping[str, Path]
) -> tuple[list[Contestant], list[str], list[str]]:
    """The other contestants, all versions, and what is not installed, with the reason."""
    racers: list[Contestant] = []
    versions = [f"Research Brief at {_commit()} with Python {platform.python_version()}"]
    missing: list[str] = []
    for name in only.split(",") if only else PEERS:
        if name not in PEERS:
            continue
        try:
            named, lay = PEERS[name]()
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            missing.append(f"{name} ({error})")
            continue
        versions.append(named)
        racers.append(lay(folder / name, staged))
    return racers, versions, missing


def printed(race: Race, folder: Path, briefs: int) -> Iterator[str]:
    """What PDFs take: a project of few briefs, without and with them, then with one edit."""
    mine = project(folder, briefs)
    race.run(mine, mine.others["check"])  # compiles the Python
    mine.clear()
    name = f"with {briefs} briefs"
    race.take(name, "no PDFs", lambda: race.run(mine, mine.build))
    race.take(name, "PDFs, no caches", lambda: race.run(mine, mine.others["pdf"]))
    race.take(name, "PDFs, nothing changed", lambda: race.run(mine, mine.others["pdf"]))
    mine.edit(next(race.edits))
    race.take(name, "PDFs, after one edit", lambda: race.run(mine, mine.others["pdf"]))
    mine_only = {key: costs for key, costs in race.results.items() if key[0] == name}
    yield from tables.race(mine_only, {name: measuring.size(mine.folder / "site")})


def _json(script: str, *arguments: object) -> Any:
    """What a script beside this one prints."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def _commit() -> str:
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "?"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    return f"{platform.system()} {platform.machine()}, {cores} cores"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
