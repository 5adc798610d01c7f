"""The same content gives the same bytes, wherever and by whomever it is built: `make reproducible`.

The shipped brief and ten generated ones are built in surroundings that differ in folder, locale,
time zone, user, umask, hash seed, number of cores and time of day, and every file is compared.
Surroundings that this machine lacks are named. `tests/test_build.py` compares one small pair.
"""
# ruff: noqa: S603 (programs of the system)

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import generator
from projects import ROOT, Project, snapshot

ADDRESS = ("--site-url", "https://briefs.example.org/")  # with it there are pictures and feeds
BESIDES = 10
"""Generated briefs, for what shows only among many names."""
SAME = {"PATH", "HOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH"}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Surroundings:
    """Where and how a site is built."""

    folder: str
    environment: Mapping[str, str]
    command: Sequence[str] = ()  # what runs Python
    umask: int = 0o022
    user: str | None = None
    python: str = sys.executable
    lacks: list[str] = field(default_factory=list)

    def built(self, under: Path) -> dict[str, bytes]:
        project = Project.copied_to(under / self.folder).with_content(ROOT / "content")
        generator.write(project.root / "content", BESIDES, seed=1)
        if self.user:
            for path in (project.root, *project.root.rglob("*")):
                shutil.chown(path, self.user)
        kept = {name: value for name, value in os.environ.items() if name in SAME}
        run = subprocess.run(
            [*self.command, self.python, "build.py", *ADDRESS],
            cwd=project.root,
            env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **self.environment},
            umask=self.umask,
            user=self.user,
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        modes = {oct(path.stat().st_mode & 0o777) for path in project.site.rglob("*")}
        assert modes == {"0o755", "0o644"}, modes  # whoever serves them can read them
        return snapshot(project.site)


def turkish(under: Path, charset: str) -> dict[str, str]:
    """A Turkish locale (i and I are no pair in it), made for this run, if that can be."""
    folder = under / "locales"
    folder.mkdir(exist_ok=True)
    name = f"tr_TR.{charset}"
    made = ["localedef", "-i", "tr_TR", "-f", charset, str(folder / name)]
    if shutil.which("localedef") and subprocess.run(made, capture_output=True, check=False):
        return {"LOCPATH": str(folder), "LC_ALL": name} if (folder / name).is_dir() else {}
    return {}


def all_surroundings(under: Path) -> dict[str, Surroundings]:
    one, two = turkish(under, "UTF-8"), turkish(under, "ISO-8859-9")
    faked = shutil.which("faketime")
    tied = shutil.which("taskset")
    python, packages = python_of("nobody")
    other = "nobody" if python else None
    return {
        "plain": Surroundings("plain", {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}),
        "far away": Surroundings(
            "研究 desk's",
            {
                "TZ": "Pacific/Kiritimati",
                "PYTHONHASHSEED": "4242",
                "DONT_FAKE_MONOTONIC": "1",
                **one,
            },
            [
                *((tied, "-c", "0") if tied else ()),
                *((faked, "-f", "+400d") if faked else ()),
            ],
            umask=0o077,
            lacks=[
                *([] if one else ["a Turkish locale"]),
                *([] if faked else ["faketime"]),
                *([] if tied else ["taskset"]),
            ],
        ),
        "old": Surroundings(
            "old",
            {
                "LC_ALL": "C",
                "TZ": "Etc/GMT+12",
                "PYTHONUTF8": "0",
                "PYTHONCOERCECLOCALE": "0",
                "HOME": "/nonexistent",
                **packages,
            },
            umask=0o027,
            user=other,
            python=python or sys.executable,
            lacks=[] if other else ["another user who can run Python"],
        ),
        "of another encoding": Surroundings(
            "研究 desk",
            {"PYTHONUTF8": "0", "TZ": "Asia/Shanghai", **two},
            lacks=[] if two else ["a locale that is not UTF-8"],
        ),
    }


def python_of(user: str) -> tuple[str, dict[str, str]]:
    """A Python that another user can run, with our packages, and what it must be told; "" if none.

    That of a root's own home is closed to others, the system's is not."""
    packages = {"PYTHONPATH": sysconfig.get_path("purelib")}
    for python, told in ((sys.executable, {}), ("/usr/bin/python3", packages)):
        try:
            run = subprocess.run(
                [python, "-c", "import typst, rjieba, pydantic"],
                user=user,
                env={**os.environ, **told},
                capture_output=True,
                check=False,
            )
        except (OSError, LookupError, ValueError):
            continue
        if run.returncode == 0:
            return python, told
    return "", {}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*", help="besides the plain one")
    only = parser.parse_args().only
    differ = 0
    first: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="reproducible-") as folder:
        under = Path(folder)
        under.chmod(0o755)
        for name, surroundings in all_surroundings(under).items():
            if only and name not in ("plain", *only):
                continue
            started = time.monotonic()
            found = surroundings.built(under)
            first = first or found
            names = sorted(first.keys() | found.keys())
            other = [path for path in names if first.get(path) != found.get(path)]
            differ += len(other)
            lacks = f" (not here: {', '.join(surroundings.lacks)})" if surroundings.lacks else ""
            seconds = time.monotonic() - started
            say(f"{name}: {len(found)} files, {len(other)} differ, {seconds:.0f} s{lacks}")
            for path in other:
                say(f"  {path}")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
