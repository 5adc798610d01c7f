"""The form of a frozen edition: `content/editions/BRIEF/NUMBER/`, written by `build.py release`.

The folder has the layout of `content/` and holds what the brief's page was made from: the files of
the brief and of its sources byte by byte, and of the entities those that it names, however far.
Beside them stands `edition.yaml`, of the form number 1:

    format: 1
    brief: ID
    number: N               editions of a brief are numbered from 1, without a gap
    date: DATE              of the brief's last revision, or of its publication
    languages: [en, zh]     of the site at that time, for texts that are written without a code
    files:
      PATH: SHA-256         of every other file in the folder, in the order of their paths

The SHA-256 (FIPS 180-4) is that of the bytes with every CR LF written as LF, so that it is the same
in every checkout. It finds what was changed by mistake; whoever changes an edition on purpose can
change its hash as well, which a reviewer sees.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from research_brief.values import CODE, BriefRef, Form, FullDate, Model
from research_brief.yamlfile import written as as_yaml

FORMAT = 1
NAME = "edition.yaml"
FOLDER = "content/editions"
HEADER = "# Written by `python build.py release`. A frozen edition is never edited.\n"

Digest = Annotated[str, Form("^[0-9a-f]{64}$", "64 hexadecimal digits")]
File = Annotated[str, Form("^[a-z]+(/[a-z0-9-]+)*/[a-z0-9.-]+$", "the path of a file: sources/…")]


class EditionFile(Model):
    """`edition.yaml`: which edition of which brief a folder holds, and its files."""

    format: Annotated[int, Field(ge=1, le=FORMAT)]
    """The number of the form."""

    brief: BriefRef
    """The id of the brief."""

    number: Annotated[int, Field(ge=1)]
    """The number of the edition."""

    date: FullDate
    """The day of the brief's last revision, or of its publication."""

    languages: list[Annotated[str, CODE]] = Field(min_length=1)
    """The languages of the site, the main one first."""

    files: dict[File, Digest]
    """The SHA-256 of every file by its path."""


def folder_of(brief: str, number: int) -> str:
    """Where an edition is kept, from the project's folder."""
    return f"{FOLDER}/{brief}/{number}"


def digest(data: bytes) -> str:
    """What identifies a file, whatever its line ends."""
    return sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def written(about: EditionFile) -> str:
    """The file `edition.yaml`."""
    files: Mapping[str, str] = dict(sorted(about.files.items()))
    return HEADER + as_yaml({**about.model_dump(mode="json"), "files": files})
