"""What a program costs with all processes that it starts: CPU, time, memory, bytes written. Linux.

CPU and bytes written are what the kernel says of processes that ended (`getrusage(2)`); those whose
parent ended without waiting for them come to this process and are counted too (`prctl(2)`,
PR_SET_CHILD_SUBREAPER). Memory is the sum of what all processes had resident at one time, looked at
thirty times a second at first and ever more rarely, to four times: pages that they share count for
each. Of servers CPU comes from `/proc`,
in hundredths of a second.
"""
# ruff: noqa: S310, S603 (the processes are ours, and so are the addresses)

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h
_BLOCK = 512  # bytes of `ru_oublock`
LOOKS = (1 / 30, 1 / 4)
"""Seconds between two looks at the memory: at first, and at most. A look takes milliseconds."""
DEADLINE = 3600
STILL = 1.0
"""Seconds without any CPU after which a server counts as idle."""


class Failed(Exception):
    """A program did not do what is measured; with the last lines that it said."""


@dataclass(frozen=True)
class Cost:
    """Seconds and bytes. A server's bytes written are not known."""

    cpu: float
    wall: float
    memory: int
    written: int = 0


def measure(command: Sequence[str], folder: Path, log: Path) -> Cost:
    """Run a program to its end. Raises Failed if it says so by its code."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    started = time.perf_counter()
    process = _started(command, folder, log)
    with _watched(process.pid) as most:
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    usages = [used, *_left_behind()]
    if process.returncode:
        raise Failed(f"{command[0]} ended with {process.returncode}: {_last(log)}")
    return Cost(
        cpu=sum(usage.ru_utime + usage.ru_stime for usage in usages),
        wall=wall,
        memory=max(most[0], used.ru_maxrss * 1024),
        written=sum(usage.ru_oublock for usage in usages) * _BLOCK,
    )


def _left_behind() -> Iterator["os._RusageT"]:  # type: ignore[name-defined]
    """What processes used whose parents did not wait for them."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield usage
        else:
            time.sleep(0.01)
    raise Failed("a process was left running")


@contextmanager
def serving(command: Sequence[str], folder: Path, log: Path) -> Iterator["Server"]:
    """A server that is ended at the end, with all that it started."""
    process = _started(command, folder, log)
    try:
        with _watched(process.pid) as most:
            yield Server(process, most, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass(frozen=True)
class Server:
    """A program that serves a site and follows edits."""

    process: subprocess.Popen[bytes]
    most: list[int]
    log: Path

    def shows(self, address: str, word: str) -> float:
        """The seconds until a page has a word. Raises Failed when the server ends or is too late.

        It is asked ever more rarely, so that asking takes little.
        """
        began = time.monotonic()
        while (past := time.monotonic() - began) < DEADLINE:
            with (
                suppress(OSError, http.client.HTTPException),
                urllib.request.urlopen(address, timeout=DEADLINE) as answer,
            ):
                if word in answer.read().decode(errors="replace"):
                    return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(max(0.03, past / 30))
        raise Failed(
            f"{self.process.args!r} does not show {word!r} at {address}: {_last(self.log)}"
        )

    def idle(self) -> float:
        """Wait until it does nothing; the CPU seconds so far."""
        before, since = self.cpu(), time.monotonic()
        while time.monotonic() - since < STILL:
            time.sleep(0.1)
            if (now := self.cpu()) - before > 1.5 / _TICK:
                before, since = now, time.monotonic()
        return before

    def edit(self, edit: Callable[[], str], address: str) -> Cost:
        """From an edit, which tells the word to wait for, to the new page and until it is idle."""
        before = self.idle()
        word = edit()
        wall = self.shows(address, word)
        return Cost(self.idle() - before, wall, self.most[0])

    def cpu(self) -> float:
        """CPU seconds of its processes, and of those of theirs that ended."""
        ticks = 0
        for pid in tree(self.process.pid):
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))  # utime stime cutime cstime
        return ticks / _TICK


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


def tree(pid: int) -> list[int]:
    """A process and all processes below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def size(*folders: Path) -> int:
    """The bytes of all files below folders."""
    files = (path for folder in folders for path in folder.rglob("*"))
    return sum(path.stat().st_size for path in files if path.is_file())


def _started(command: Sequence[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _environment() -> Mapping[str, str]:
    dropped = {"CI", "GITHUB_ACTIONS", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """The most memory that a process and those below it have at one time, while this lasts."""
    most, ended = [0], Event()

    def watch() -> None:
        began = time.monotonic()
        while not ended.wait(max(LOOKS[0], min(LOOKS[1], (time.monotonic() - began) / 200))):
            resident = 0
            for one in tree(pid):
                with suppress(OSError):
                    resident += int(Path(f"/proc/{one}/statm").read_text().split()[1])
            most[0] = max(most[0], resident * _PAGE)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _last(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
