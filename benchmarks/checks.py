"""How much CPU the checks take for each claim: `make benchmark-checks`.

Reading the files is not counted, and the texts of closed sources are not there. Each round checks
content as if it was just read, so that nothing is remembered of an earlier one; the first round of
the process is left out. Medians.
"""
# ruff: noqa: T201 (tables are printed)

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from research_brief.checks import check, checks
from research_brief.editions.reading import with_editions
from research_brief.evidence.normalisation import digest
from research_brief.evidence.receipts import Receipts
from research_brief.library import BriefRecord, Library, Where
from research_brief.loading import load, load_settings
from research_brief.processes import collect_rarely
from research_brief.values import Text

ROOT = Path(__file__).resolve().parents[1]
COPIES = (1, 10, 100)
ROUNDS = 20
WALK = "(claims and walk, which they share)"


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


def unknown(content: Library) -> Library:
    """The same content without what was found out about it."""
    digest.cache_clear()
    briefs = {id: replace(record) for id, record in content.briefs.items()}
    sources = {
        id: replace(
            record,
            receipts=record.receipts and Receipts.model_validate(record.receipts.model_dump()),
        )
        for id, record in content.sources.items()
    }
    return replace(content, briefs=briefs, sources=sources)


def walk(content: Library) -> Iterator[object]:
    """What all checks begin with."""
    yield content.claims
    yield from content.values(Text)


def seconds(task: Callable[[Library], Iterable[object]], content: Library) -> float:
    started = time.process_time()
    list(task(content))
    return time.process_time() - started


def measured(copies: int) -> dict[str, float]:
    """The microseconds of each check for each claim."""
    whole = library(copies)
    assert not check(whole), "the content has faults; see `make check`"
    rounds: dict[str, list[float]] = {}
    tasks = {WALK: walk, **checks()}
    for _ in range(ROUNDS + 1):
        fresh = unknown(whole)
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
