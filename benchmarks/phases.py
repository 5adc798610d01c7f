"""Where the CPU of one of our builds goes, for `race.py`: `python phases.py PROJECT [--profile]`.

The project is built in one process, without what was kept of earlier builds and without PDFs.
Prints JSON: the CPU seconds of each phase, without those of the phases within it; or with
`--profile` the functions that took most by themselves, as cProfile counts.
"""
# ruff: noqa: T201 (what it prints is its result)

import argparse
import cProfile
import importlib
import json
import pstats
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from pathlib import Path
from typing import Any, Self

PHASES = {
    "settings and words": (
        "research_brief.loading:load_settings",
        "research_brief.wordbooks:load_words",
        "research_brief.portability:check",
    ),
    "load (YAML, models)": ("research_brief.loading:load",),
    "editions, drafts": (
        "research_brief.editions.reading:with_editions",
        "research_brief.readers:for_readers",
    ),
    "checks": ("research_brief.checks:check",),
    "render": ("research_brief.rendering:render",),
    "citations in pages (citeproc)": ("research_brief.citing.references:references",),
    "old addresses": ("research_brief.redirects:redirects",),
    "exports": ("research_brief.exports:write",),
    "exports: copies in Markdown": ("research_brief.exports.markdown_copies:body",),
    "search (segmentation, index)": ("research_brief.search:files",),
    "stage": ("research_brief.staging:stage",),
    "engine (MkDocs)": ("research_brief.engine:build",),
    "engine: write files": ("mkdocs.utils:write_file",),
    "hosting, manifest": ("research_brief.building:_finish",),
    "hashes of what is read": ("research_brief.inputs:seen", "research_brief.inputs:stamps"),
    "exchange of the sites": ("research_brief.output:put",),
}
"""Functions by the name of their phase. `tests/test_benchmark.py` sees that they are there."""
START, REST = "start and imports", "all else"
TOP = 10


class _Now:
    """In place of a pool of processes: does everything at once, in this one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, job: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(job(*arguments))
        except Exception as error:  # noqa: BLE001 (as a pool does)
            future.set_exception(error)
        return future


def pool(_: int, begin: Callable[..., Any] | None = None, *given: Any, fresh: bool = False) -> _Now:
    """In place of `processes.pool`."""
    if begin is not None:
        begin(*given)
    return _Now()


class Clock:
    """CPU seconds of each phase, those of phases within it left out."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys((START, *PHASES, REST), 0.0)
        self.within = [START]
        self.since = 0.0

    def turn(self) -> None:
        """What passed since the last turn is of the innermost phase."""
        now = time.process_time()
        self.spent[self.within[-1]] += now - self.since
        self.since = now

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose time is counted for the phase."""

        @wraps(function)
        def wrapper(*arguments: Any, **named: Any) -> Any:
            self.turn()
            self.within.append(phase)
            try:
                return function(*arguments, **named)
            finally:
                self.turn()
                self.within.pop()

        return wrapper


def replaced(old: Any, new: Any) -> None:
    """Put a function in the place of another, under whatever name a module of ours has it."""
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").partition(".")[0] in {"research_brief", "mkdocs"}:
            for name, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, name, new)


def functions() -> dict[str, list[Callable[..., Any]]]:
    """The functions of each phase. Raises ImportError or AttributeError for one that is gone."""
    found: dict[str, list[Callable[..., Any]]] = {}
    for phase, names in PHASES.items():
        for name in names:
            module, _, function = name.partition(":")
            found.setdefault(phase, []).append(getattr(importlib.import_module(module), function))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    root: Path = chosen.project.absolute()
    sys.path.insert(0, str(root))
    from research_brief import building, exports, processes, search  # noqa: F401, PLC0415
    from research_brief.options import Options  # noqa: PLC0415

    exports.exports()  # loads the modules of all formats
    found = functions()
    replaced(processes.pool, pool)
    shutil.rmtree(root / ".cache", ignore_errors=True)
    options = Options(pdf=False, side_by_side=False)
    if chosen.profile:
        profile = cProfile.Profile()
        profile.runcall(building.build, root, options)
        print(json.dumps(_top(profile, root), indent=1))
        return
    clock = Clock()
    for phase, its in found.items():
        for function in its:
            replaced(function, clock.timed(phase, function))
    clock.timed(REST, building.build)(root, options)
    print(json.dumps(clock.spent, indent=1))


def _top(profile: cProfile.Profile, root: Path) -> list[tuple[str, int, float, float]]:
    """Of the functions with most CPU of their own: name, calls, seconds alone and in all."""
    stats: Any = pstats.Stats(profile)
    found = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:TOP]
    return [
        (_named(file, line, name, root), calls, alone, whole)
        for (file, line, name), (_, calls, alone, whole, _) in found
    ] + [("all", stats.total_calls, stats.total_tt, stats.total_tt)]


def _named(file: str, line: int, name: str, root: Path) -> str:
    if file == "~":
        return name.strip("<>")
    path = Path(file)
    if path.is_relative_to(root):
        shown = path.relative_to(root).as_posix()
    else:
        shown = "/".join(path.parts[-2:])
    return f"{shown}:{line} {name}"


if __name__ == "__main__":
    main()
