"""How much CPU the checks take for each claim: `make benchmark-checks`.

Reading the files is not counted, and the texts of closed sources are not there. Each round checks
content as if it was just read, so that nothing is remembered of an earlier one; the first round of
the process is left out. Medians.
"""
# ruff: noqa: T201, S301 (tables are printed; what is unpickled was pickled here)

import pickle
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import generator

from research_brief import richtext, values
from research_brief.checks import check, checks
from research_brief.editions.reading import with_editions
from research_brief.evidence.normalisation import digest
from research_brief.library import BriefRecord, Library, Where
from research_brief.loading import load, load_settings
from research_brief.processes import collect_rarely
from research_brief.values import Text

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 20
OTHERS = 30
"""Generated briefs beside the shipped one."""
WALK = "(claims and walk, which they share)"


def shipped(root: Path = ROOT) -> Library:
    """The content of a project, as everybody has it: the texts of closed sources are with whoever
    may hold them."""
    found, _ = with_editions(root, load(root, load_settings(root))[0])
    sources = {
        id: record if record.is_open else replace(record, text=None)
        for id, record in found.sources.items()
    }
    # Reading asks for the claims of each brief, and they are to be put together anew.
    briefs = {id: replace(brief) for id, brief in found.briefs.items()}
    return replace(found, briefs=briefs, sources=sources)


def copied(times: int) -> Library:
    """The shipped content, with its first brief so many times, under ids of their own."""
    found = shipped()
    first = next(iter(found.briefs.values()))
    more = [renamed(first, f"{first.id}-{number}") for number in range(1, times)]
    return replace(found, briefs=found.briefs | {brief.id: brief for brief in more})


def renamed(brief: BriefRecord, id: str) -> BriefRecord:
    """The brief in another folder."""

    def moved(where: Where) -> Where:
        return where._replace(file=where.file.replace(f"/{brief.id}/", f"/{id}/"))

    sections = [replace(record, where=moved(record.where)) for record in brief.sections]
    return replace(brief, id=id, where=moved(brief.where), sections=tuple(sections))


def mixed() -> Library:
    """The shipped content beside briefs of which each says something else."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
        shutil.copytree(ROOT / "content", root / "content")
        generator.write(root / "content", OTHERS, seed=1)
        return shipped(root)


COLUMNS: dict[str, Callable[[], Library]] = {
    "1 brief": lambda: copied(1),
    "10 copies": lambda: copied(10),
    "100 copies": lambda: copied(100),
    f"{1 + OTHERS} different": mixed,
}


def forget() -> None:
    """Let go of what was found out about words and names in an earlier round. What is made of the
    lexicon is not of the content, and stays."""
    for remembered in (digest, richtext._converted, values._numbers):
        remembered.cache_clear()
    re.purge()  # of patterns, only those that are made of names are asked for by `re.compile`


def walk(content: Library) -> Iterator[object]:
    """What all checks begin with."""
    yield content.claims
    yield from content.values(Text)


def seconds(task: Callable[[Library], Iterable[object]], content: Library) -> float:
    started = time.process_time()
    list(task(content))
    return time.process_time() - started


def measured(content: Library) -> dict[str, float]:
    """The microseconds of each check for each claim."""
    just_read = pickle.dumps(content)
    assert not check(content), "the content has faults; see `make check`"
    rounds: dict[str, list[float]] = {}
    tasks = {WALK: walk, **checks()}
    for _ in range(ROUNDS + 1):
        fresh: Library = pickle.loads(just_read)
        forget()
        for name, task in tasks.items():
            rounds.setdefault(name, []).append(seconds(task, fresh) / len(fresh.claims))
    return {name: 1e6 * median(times[1:]) for name, times in rounds.items()}


def main() -> None:
    collect_rarely()  # as the program does
    columns = [measured(content()) for content in COLUMNS.values()]
    print(f"| µs CPU for each claim | {' | '.join(COLUMNS)} |")
    print("|---|" + "---:|" * len(columns))
    for name in columns[0]:
        print(f"| {name} | {' | '.join(f'{column[name]:.1f}' for column in columns)} |")
    sums = (f"{sum(column.values()):.1f}" for column in columns)
    print(f"| all | {' | '.join(sums)} |")


if __name__ == "__main__":
    main()
