"""How much CPU the checks take for each claim: `make benchmark-checks`.

Reading the files is not counted, and the texts of closed sources are not there. Each round checks
content that was just read, so that nothing is remembered of an earlier one; the first round of the
process is left out. Medians.
"""
# ruff: noqa: T201 (tables are printed)

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median

from research_brief.checks import check, checks
from research_brief.editions.reading import with_editions
from research_brief.library import BriefRecord, Library, Where
from research_brief.loading import load, load_settings
from research_brief.processes import collect_rarely
from research_brief.values import Text

ROOT = Path(__file__).resolve().parents[1]
COPIES = (1, 10, 100)
ROUNDS = 20
WALK = "(the walk that they share)"


def library(copies: int) -> Library:
    """The shipped content, with its first brief so many times, under ids of their own."""
    found, _ = with_editions(ROOT, load(ROOT, load_settings(ROOT))[0])
    # As everybody has it: the texts of closed sources are with whoever may hold them.
    sources = {
        id: record if record.is_open else replace(record, text=None)
        for id, record in found.sources.items()
    }
    found = replace(found, sources=sources)
    first = next(iter(found.briefs.values()))
    more = [renamed(first, f"{first.id}-{number}") for number in range(1, copies)]
    return replace(found, briefs=found.briefs | {brief.id: brief for brief in more})


def renamed(brief: BriefRecord, id: str) -> BriefRecord:
    """The brief in another folder."""

    def moved(where: Where) -> Where:
        return where._replace(file=where.file.replace(f"/{brief.id}/", f"/{id}/"))

    sections = [replace(record, where=moved(record.where)) for record in brief.sections]
    return replace(brief, id=id, where=moved(brief.where), sections=tuple(sections))


def seconds(task: Callable[[Library], Iterable[object]], content: Library) -> float:
    started = time.process_time()
    list(task(content))
    return time.process_time() - started


def measured(copies: int) -> dict[str, float]:
    """The microseconds of each check for each claim."""
    whole = library(copies)
    assert not check(whole), "the content has faults; see `make check`"
    rounds: dict[str, list[float]] = {}
    tasks = {WALK: lambda content: content.every(Text), **checks()}
    for _ in range(ROUNDS + 1):
        fresh = replace(whole)  # without what was found out about it
        for name, task in tasks.items():
            rounds.setdefault(name, []).append(seconds(task, fresh) / len(fresh.claims))
    return {name: 1e6 * median(times[1:]) for name, times in rounds.items()}


def main() -> None:
    collect_rarely()  # as the program does
    columns = [measured(copies) for copies in COPIES]
    heads = [f"{copies} brief{'s' * (copies > 1)}" for copies in COPIES]
    print(f"| µs CPU for each claim | {' | '.join(heads)} |")
    print("|---|" + "---:|" * len(heads))
    for name in columns[0]:
        print(f"| {name} | {' | '.join(f'{column[name]:.1f}' for column in columns)} |")
    sums = (f"{sum(column.values()):.1f}" for column in columns)
    print(f"| all | {' | '.join(sums)} |")


if __name__ == "__main__":
    main()
