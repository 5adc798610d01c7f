"""A part of a site: one language alone, as `build.py --lang CODE` makes it.

It is a folder with the files of the language as they stand in the site, and `part.json`: what a
manifest says, and what is needed to put parts together. A part is not to be hosted: it lacks the
security policy, which is made from the scripts of all pages, and the manifest.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from research_brief import manifest
from research_brief.manifest import Digest, File, Made, Manifest
from research_brief.plainfile import Unreadable, read_plain
from research_brief.problems import counted, printable
from research_brief.refusals import Refused
from research_brief.settings import Code, Settings

NAME = "part.json"
LARGEST = 100_000_000  # bytes of it that are read


class Part(Manifest):
    """What a part says of itself."""

    language: Code
    """The one that it has."""
    hidden: list[File]
    """Files that search engines are not to list."""
    state: Digest
    """The hash of all that was read, drafts included, of which nothing else is told."""


def named(folder: Path) -> str:
    """A folder in a message: its path from here, if it is below."""
    here = Path.cwd()
    return printable(str(folder.relative_to(here) if folder.is_relative_to(here) else folder))


def state(read: Mapping[str, str]) -> str:
    """The hash of inputs and their hashes."""
    return sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def written(
    made: Made,
    files: Mapping[str, str],
    read: Mapping[str, str],
    shown: Mapping[str, str],
    language: str,
    hidden: Sequence[str],
) -> str:
    """`part.json` of a finished part with the hashes of its `files`: `read` are the inputs, `shown`
    those that may be told."""
    more = {"language": language, "hidden": hidden, "state": state(read)}
    return manifest.written(made, files, shown, Part, **more)


def read(folder: Path) -> Part:
    """What a part says of itself. It may come from anywhere. Raises Refused if it is none."""
    shown, file = named(folder), folder / NAME
    if not folder.is_dir():
        raise Refused(f"there is no folder {shown}; expected a part, as --lang CODE makes it")
    if not os.path.lexists(file):
        raise Refused(f"{shown} has no {NAME}; expected a part, as --lang CODE makes it")
    try:
        return manifest.parse_as(Part, read_plain(file, LARGEST))
    except (Unreadable, manifest.Unreadable) as error:
        raise Refused(f"{shown}: {NAME}: {error}; build the part again") from None


def lay(folder: Path, part: Part, site: Path, settings: Settings) -> None:
    """Copy the files of a part into a new site, and compare each with its hash. Raises Refused
    where the part is not whole, or has what it should not have."""
    there = dict(_files(folder))
    faults: list[str] = []
    for name, why in there.items():
        if why or name not in part.files or settings.language_of(name) != part.language:
            faults.append(f"{name} {why or 'does not belong to it'}")
            continue
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target)
        with target.open("rb") as copy:
            if file_digest(copy, "sha256").hexdigest() != part.files[name]:
                faults.append(f"{name} is not as it was built")
    faults += [f"{name} is missing" for name in part.files if name not in there]
    if faults:
        more = f", and {counted(len(faults) - 1, 'more fault')}" if faults[1:] else ""
        said = f"{named(folder)} is not the part that was built: {printable(faults[0])}"
        raise Refused(f"{said}{more}; fetch it or build it again")


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of a part in order, each with what is wrong with it. What begins with a dot is of
    the system, or of whoever brought the part here."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(top, name).is_symlink()]
        for name in sorted([*links, *(name for name in names if not name.startswith("."))]):
            path = Path(top, name)
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink():
                yield shown, "is a link"
            elif not path.is_file():
                yield shown, "is no plain file"
            elif shown != NAME:
                yield shown, ""
