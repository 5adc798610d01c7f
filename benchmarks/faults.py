"""Everything that may befall a build, in full: `make faults` (about half an hour on two cores).

Each part says what it did and what held; the first thing that does not hold ends the run with a
traceback that shows it. `--seed` repeats a run. Parts that need root or mounts say so where they
cannot be done, and how else the same was tried. `tests/test_breaking.py` holds a small sample.
"""
# ruff: noqa: S311, S603, S607 (chance that can be repeated; programs of the system)

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from breaking import (
    BREAKS,
    BRIEF,
    WAYS,
    break_cache,
    clean,
    digest,
    is_killed,
    killed,
    leftovers,
    limited,
    made_from,
    one_line,
    saves,
    variants,
)
from projects import Project, snapshot, until
from test_serve import serving, state

from research_brief import building, freshness, hosted
from research_brief import serving as preview

OTHER = "The other race"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--saves", type=int, default=200)
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    options = parser.parse_args()
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            started = time.monotonic()
            project = Project.copied_to(Path(folder) / "研究 desk").with_content()
            told = PARTS[name](project, Path(folder), options)
            say(f"{name}: {told} ({time.monotonic() - started:.0f} s)")


def built(project: Project, *arguments: str) -> dict[str, bytes]:
    run = project.run_here(*arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    assert leftovers(project) == [], leftovers(project)
    return snapshot(project.site)


def forget(project: Project) -> None:
    """Let the next build not know that the last one stands: else it would have nothing to do."""
    (project.root / ".cache" / freshness.BUILT).unlink(missing_ok=True)


def kills(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """A build is killed at a random moment; the site is one of the two that there were, and the
    next build is right."""
    chance = random.Random(options.seed)
    states = {"The chip race": b"", OTHER: b""}
    sites = []
    text = (project.root / BRIEF).read_text(encoding="utf-8")
    for number, title in enumerate(states):
        (project.root / BRIEF).write_text(text.replace("The chip race", title), encoding="utf-8")
        states[title] = (project.root / BRIEF).read_bytes()
        sites.append(clean(folder / f"clean {number}", project))
    started = time.monotonic()
    assert project.run().returncode == 0
    whole = time.monotonic() - started
    cut, early = 0, 0
    for number in range(options.kills):
        (project.root / BRIEF).write_bytes(states["The chip race" if number % 2 else OTHER])
        signals = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
        kind, everyone = signals[number % 3], chance.random() < 0.7
        after = chance.uniform(0.1, whole * 1.05)
        code, said = killed(project, after, kind, all_of_it=everyone)
        assert is_killed(code, kind), (code, said)
        assert "Traceback" not in said, said
        assert code != 2 or one_line(said, "build.py: stopped"), said
        found = snapshot(project.site)
        assert found in sites, f"kill {number} after {after:.2f} s: a site of neither content"
        cut += code != 0
        early += found != sites[1 - number % 2]
        if not everyone:
            time.sleep(0.5)  # its children end by themselves
        assert built(project) == sites[1 - number % 2], f"the build after kill {number}"
    return (
        f"{options.kills} builds were sent a signal within {whole:.1f} s, {cut} were cut off,"
        f" {early} before the exchange; always a whole site, and the next build right"
    )


# --- A full disk ------------------------------------------------------------------------------


@contextmanager
def mounted(*arguments: str, at: Path) -> Iterator[bool]:
    """Something mounted at a folder; whether that is allowed here."""
    run = subprocess.run(["mount", *arguments, str(at)], capture_output=True, check=False)
    try:
        yield run.returncode == 0
    finally:
        if run.returncode == 0:
            subprocess.run(["umount", "--lazy", str(at)], check=True)


def full_disk(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """A disk that fills up at different moments, and files that cannot grow."""
    disk = folder / "disk"
    disk.mkdir()
    tried = 0
    with mounted("-t", "tmpfs", "-o", "size=400m", "none", at=disk) as allowed:
        if allowed:
            there = Project(disk / "研究 desk")
            shutil.copytree(project.root, there.root)
            before = built(there)
            needed = sum(map(len, before.values())) // 1024
            for part in (0, 0.001, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8):
                there.edit(BRIEF, "chip race", "chip race too")
                shutil.rmtree(there.root / ".cache")  # what goes would leave room for what is new
                used = shutil.disk_usage(disk).used // 1024
                size = f"remount,size={used + int(part * needed)}k"
                subprocess.run(["mount", "-o", size, str(disk)], check=True)
                run = there.run()
                assert (run.returncode, "No space left" in run.stderr) == (2, True), run
                assert one_line(run.stderr), run.stderr
                assert snapshot(there.site) == before
                assert leftovers(there) == [], leftovers(there)
                subprocess.run(["mount", "-o", "remount,size=400m", str(disk)], check=True)
                before = built(there)
                tried += 1
            assert before == clean(folder / "clean", there)
    before = built(project)
    for kilobytes in (0, 4, 20, 60, 200):
        forget(project)
        run = limited(project, kilobytes)
        assert (run.returncode, one_line(run.stderr)) == (2, True), run
        assert snapshot(project.site) == before
        shutil.rmtree(project.root / ".cache")
    assert built(project) == before
    where = f"{tried} times on a disk that fills up" if tried else "no mounts are allowed here"
    return f"{where}; 5 times with files that cannot grow; the site stays, the next build is right"


def read_only(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """Places that cannot be written."""
    before = built(project)
    forget(project)
    done = []

    def refused(what: str, *, user: str | None = None) -> None:
        run = subprocess.run(
            [sys.executable, "build.py", "--no-pdf"],
            cwd=project.root,
            capture_output=True,
            text=True,
            user=user,
            check=False,
        )
        assert (run.returncode, one_line(run.stderr)) == (2, True), run
        assert snapshot(project.site) == before
        done.append(what)

    site = project.site
    with mounted("--bind", str(site), at=site) as allowed:
        if allowed:
            refused("the site is a mount")
            subprocess.run(["mount", "-o", "remount,ro,bind", str(site)], check=True)
            refused("the site can only be read")
    with mounted("--bind", str(project.root), at=project.root) as allowed:
        if allowed:
            subprocess.run(["mount", "-o", "remount,ro,bind", str(project.root)], check=True)
            refused("the project can only be read")
    if not done:
        done.append("no mounts are allowed here")
    if os.geteuid() == 0 and _can_run_python("nobody"):
        for path in (folder, project.root):
            path.chmod(0o755)
        refused("somebody else's project", user="nobody")
    else:
        done.append("nobody else can run Python here")
    cache = project.root / ".cache"
    shutil.rmtree(cache)
    cache.write_text("")
    refused("a file for .cache/")
    cache.unlink()
    assert built(project) == before
    return "; ".join(done)


def _can_run_python(user: str) -> bool:
    try:
        run = subprocess.run([sys.executable, "-c", "import jinja2"], user=user, check=False)
    except (PermissionError, LookupError):
        return False
    return run.returncode == 0


def two_at_once(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """Two builds that begin together: one works, the other says so."""
    wanted, both = clean(folder / "clean", project), 0
    for _ in range(5):
        forget(project)
        first, second = project.start(), project.start()
        ends = [(process.communicate()[0], process.returncode) for process in (first, second)]
        codes = sorted(code for _, code in ends)
        assert codes in ([0, 0], [0, 2]), ends
        both += codes == [0, 0]
        for said, code in ends:
            assert code == 0 or one_line(said, "build.py: another build"), said
        assert snapshot(project.site) == wanted
        assert leftovers(project) == []
    return f"5 pairs, of which {both} came one after the other"


def edits(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """Content that changes while it is built: what comes out is of one state, or nothing is."""
    chance = random.Random(options.seed)
    states = {file: found[:2] for file, found in variants(project).items()}
    known: dict[tuple[int, ...], dict[str, bytes]] = {}
    outcomes = {"built": 0, "told to run again": 0, "faults": 0}
    for _ in range(20):
        stop = threading.Event()

        def edit(stop: threading.Event = stop, pause: float = chance.uniform(0.3, 4)) -> None:
            while not stop.wait(pause):
                file = chance.choice(sorted(states))
                chance.choice(WAYS)(project.root / file, chance.choice(states[file]))

        editor = threading.Thread(target=edit)
        before = snapshot(project.site)
        editor.start()
        run = project.run("--no-pdf")
        stop.set()
        editor.join()
        assert "Traceback" not in run.stdout + run.stderr, run
        if run.returncode == 0:
            outcomes["built"] += 1
            made = made_from(project.site)
            state = tuple(
                [digest(data) for data in found].index(made[file])
                for file, found in sorted(states.items())
            )
            if state not in known:
                fresh = Project(folder / "state")
                shutil.copytree(project.root, fresh.root)
                for number, file in zip(state, sorted(states), strict=True):
                    (fresh.root / file).write_bytes(states[file][number])
                known[state] = built(fresh, "--no-pdf")
                shutil.rmtree(fresh.root)
            assert snapshot(project.site) == known[state]
        else:
            again = run.returncode == 2
            outcomes["told to run again" if again else "faults"] += 1
            assert not again or one_line(run.stderr), run.stderr
            assert not again or "run it again" in run.stderr, run.stderr
            assert snapshot(project.site) == before
        assert leftovers(project) == []
    return ", ".join(f"{what} {count}" for what, count in outcomes.items())


def cache(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """Every file of the cache is broken, in each way."""
    wanted, count = built(project), 0
    for way in BREAKS:
        count = break_cache(project, way)
        assert built(project) == wanted, way.__name__
    for name in ("pdf", "pages", "new-pages", "staged", "yaml", "new-site", "old-site", "lock"):
        forget(project)
        path = project.root / ".cache" / name
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        path.write_text("not a folder")
        assert built(project) == wanted, name
    return f"{count} files, each cut off, filled with rubbish, exchanged, made a folder: no matter"


def burst(project: Project, folder: Path, options: argparse.Namespace) -> str:
    """Saves in quick order while the preview runs."""
    chance = random.Random(options.seed)
    states = variants(project)
    with serving(project) as address:
        for _ in saves(project, options.saves, chance, states):
            time.sleep(chance.choice((0, 0, 0.01, 0.05, 0.3)))
        for file, found in states.items():
            chance.choice(WAYS)(project.root / file, found[2])
        wanted = previewed(folder / "clean", project)
        site = project.root / preview.WORK / "site"
        until(lambda: not state(address)["faults"] and snapshot(site) == wanted, "the last state")
        builds = int(str(state(address)["build"]))
        for file in states:  # and now with a fault in the end
            chance.choice(WAYS)(project.root / file, states[file][3])
        until(lambda: "error" in str(state(address)["faults"]), "the faults")
        time.sleep(1)
        assert snapshot(site) == wanted
        copy = hosted.Folder(site)
        assert [*hosted.compare(copy, hosted.manifest_of(copy, "").files)] == []
        time.sleep(1)
        last = state(address)
        assert "Traceback" not in str(last["faults"])
    return f"{options.saves} saves, {builds} builds; the last state is shown, then its faults"


def previewed(root: Path, project: Project) -> dict[str, bytes]:
    """What the preview should show, made from nothing."""
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns(".cache"))
    options = preview.Preview(root, strict=False, say=say).options
    building.build(root, options)
    found = snapshot(root / options.site)
    shutil.rmtree(root)
    return found


Part = Callable[[Project, Path, argparse.Namespace], str]
PARTS: dict[str, Part] = {
    "kills": kills,
    "full-disk": full_disk,
    "read-only": read_only,
    "two-at-once": two_at_once,
    "edits": edits,
    "cache": cache,
    "burst": burst,
}

if __name__ == "__main__":
    main()
