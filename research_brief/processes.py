"""Work in processes of their own, which end with the one that started them."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib import import_module
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any


class _Deaf(SpawnProcess):
    """A process that does not hear Ctrl+C, which a terminal sends to all of a group: the one that
    started it says that it stops, and the others end with that."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):
            return super().start()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Deaf


CONTEXT = _Context()


def collect_rarely() -> None:
    """Look for garbage less often than Python does by itself: what is read and made here stays to
    the end, and going through it again and again took two fifths of the time of the checks."""
    gc.set_threshold(50_000, 20, 100)


def cores() -> int:
    """How many processes may work at the same time: the cores that this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""What a container may take, as it sees that itself: cgroups of Linux, version 2 and 1."""


def room() -> int:
    """How many bytes of memory processes may take: what the machine has, or less, where a container
    or `ulimit -v` says so."""
    found = [sys.maxsize]
    with suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for limit in LIMITS:
        with suppress(OSError, ValueError):  # `max`
            found.append(int(Path(limit).read_text()))
    with suppress(ImportError):  # Windows has none
        resource = import_module("resource")
        found += [limit for limit in resource.getrlimit(resource.RLIMIT_AS)[:1] if limit > 0]
    return min(found)


def pool(
    jobs: int, begin: Callable[..., None] | None = None, *arguments: Any, fresh: bool = False
) -> ProcessPoolExecutor:
    """Processes for so many jobs, at most one per core; each begins with `begin(*arguments)`.

    If `fresh`, each job has a process of its own. (Not one for several jobs that is replaced
    after them, with which Python 3.11 to 3.13 can hang: python/cpython#115634.)
    """
    return ProcessPoolExecutor(
        max_workers=max(1, min(jobs, cores())),
        mp_context=CONTEXT,
        initializer=_begin,
        initargs=(begin, *arguments),
        max_tasks_per_child=1 if fresh else None,
    )


def _begin(begin: Callable[..., None] | None, *arguments: Any) -> None:
    collect_rarely()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with_parent() -> None:
    """A killed build must leave nothing running that still writes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
