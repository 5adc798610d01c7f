"""Work in processes of their own, which end with the one that started them."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

CONTEXT = multiprocessing.get_context("spawn")


def pool(
    jobs: int, begin: Callable[..., None], *arguments: Any, tasks: int | None = None
) -> ProcessPoolExecutor:
    """Processes for so many jobs, at most one per core; each begins with `begin(*arguments)` and
    is replaced after so many `tasks`."""
    return ProcessPoolExecutor(
        max_workers=max(1, min(jobs, os.cpu_count() or 1)),
        mp_context=CONTEXT,
        initializer=_begin,
        initargs=(begin, *arguments),
        max_tasks_per_child=tasks,
    )


def _begin(begin: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*arguments)


def _end_with_parent() -> None:
    """A killed build must leave nothing running that still writes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
