"""The tables of `race.py`, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from measuring import Cost

BESIDE = ("Hugo", "MkDocs + Material")
"""Whose CPU that of all is divided by, task by task."""


def race(
    results: Mapping[tuple[str, str], Sequence[Cost]], sites: Mapping[str, int]
) -> Iterator[str]:
    """A line for each task of each contestant."""
    cpu = {key: median(cost.cpu for cost in costs) for key, costs in results.items()}
    beside = [name for name in BESIDE if any(who == name for who, _ in results)]
    heads = [f"CPU / {name}" for name in beside]
    shown = ["wall s", "memory MB", "written MB", "site MB"]
    yield f"| | | CPU s | {' | '.join([*heads, *shown])} |"
    yield f"|---|---|{'---:|' * (1 + len(heads) + len(shown))}"
    last = ""
    for (who, task), costs in sorted(results.items(), key=lambda it: [*sites].index(it[0][0])):
        ratios = [
            f"{cpu[who, task] / cpu[other, task]:.2f}" if cpu.get((other, task)) else ""
            for other in beside
        ]
        cells = [
            f"{cpu[who, task]:.2f}",
            *ratios,
            f"{median(cost.wall for cost in costs):.2f}",
            f"{median(cost.memory for cost in costs) / 1e6:,.0f}",
            f"{median(cost.written for cost in costs) / 1e6:,.1f}" if costs[0].written else "",
            f"{sites[who] / 1e6:,.1f}" if who != last else "",
        ]
        yield f"| {who if who != last else ''} | {task} | {' | '.join(cells)} |"
        last = who


def phases(spent: Mapping[str, float]) -> Iterator[str]:
    """Where the CPU of a build went."""
    whole = sum(spent.values())
    yield "| phase of ours, no caches, in one process | CPU s | share |"
    yield "|---|---:|---:|"
    for phase, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield f"| {phase} | {seconds:.2f} | {100 * seconds / whole:.1f} % |"
    yield f"| all | {whole:.2f} | |"


def profile(functions: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The functions with most CPU of their own."""
    yield "| function, under cProfile, which takes as long again | calls | s alone | s in all |"
    yield "|---|---:|---:|---:|"
    for name, calls, alone, whole in functions:
        yield f"| `{name}` | {calls:,} | {alone:.2f} | {whole:.2f} |"


def search(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What a reader loads before the first result."""
    heads = ["index KB", "gzip KB", "loaded before the first result KB", "gzip KB", "s to it"]
    heads += ["rest KB", "gzip KB", "s to all"]
    yield f"| search | {' | '.join(heads)} |"
    yield f"|---|{'---:|' * len(heads)}"
    for language, it in found.items():
        sizes = [f"{it[name] / 1000:,.0f}" for name in ("index", "packed", "loaded", "squeezed")]
        rest = [f"{it[name] / 1000:,.0f}" for name in ("rest", "rest packed")]
        cells = [*sizes, f"{it['seconds']:.1f}", *rest, f"{it['whole']:.1f}"]
        yield f"| {language} | {' | '.join(cells)} |"
