"""From `content/editions/` to the editions of a library, each compared with its hashes.

An edition is loaded as all content is, by the same reader and models, so that it is as safe. Of the
checks only those run on it that keep the site whole: what was frozen cannot be reworded.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from research_brief.checks import duplicate_id, most, rich_text, unknown_id
from research_brief.editions.form import FOLDER, NAME, EditionFile, digest
from research_brief.evidence.keeping import MAX_BYTES
from research_brief.extent import Extent
from research_brief.library import FrozenEdition, Library, Where
from research_brief.loading import load
from research_brief.plainfile import Unreadable, is_link, read_plain
from research_brief.problems import Place, Problem, printable
from research_brief.validation import shown, validate
from research_brief.yamlfile import read

RULE = "altered-edition"
CHECKS = (duplicate_id, rich_text, unknown_id)
RESTORE = "restore it: what was published stays as it was"


def with_editions(root: Path, library: Library) -> tuple[Library, list[Problem]]:
    """The library with the frozen editions of its briefs, and what is wrong with them."""
    reader = _Reader(root, library)
    editions = dict(reader.briefs())
    broken = library.broken | {f"editions:{id}" for id in reader.broken}
    return replace(library, editions=editions, broken=broken), reader.problems


class _Reader:
    def __init__(self, root: Path, library: Library) -> None:
        self.root, self.library = root, library
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def briefs(self) -> Iterator[tuple[str, tuple[FrozenEdition, ...]]]:
        for brief, folders in self._owners().items():
            before = len(self.problems)
            numbers: dict[int, Path] = {}
            for path in (path for folder in folders for path in self._folders(folder)):
                if not re.fullmatch("[1-9][0-9]{0,3}", path.name):
                    message = f"{shown(path.name)} is no number of an edition"
                    self._fault(path, f"{message}; 'build.py release' writes them")
                elif (first := numbers.setdefault(int(path.name), path)) != path:
                    self._fault(path, f"this edition is there already: {self._name(first)}")
            for number in range(1, max(numbers, default=0)):
                if number not in numbers:
                    message = f"edition {number} is missing before {max(numbers)}; {RESTORE}"
                    self._fault(folders[-1], message)
            found = [self._edition(brief, numbers[number]) for number in sorted(numbers)]
            if len(self.problems) > before:
                self.broken.add(brief)
            yield brief, tuple(edition for edition in found if edition)

    def _owners(self) -> dict[str, list[Path]]:
        """The folders of each brief's editions: under its id, and those that it had before."""
        briefs = self.library.briefs
        now = {str(old): id for id, record in briefs.items() for old in record.formerly}
        now |= {id: id for id in briefs}
        found: dict[str, list[Path]] = {}
        for folder in self._folders(self.root / FOLDER):
            if folder.name in now:
                found.setdefault(now[folder.name], []).append(folder)
            elif f"brief:{folder.name}" not in self.library.broken:
                message = f"there is no brief {shown(folder.name)}; restore it: a brief that was"
                message += f" renamed has 'formerly: [{folder.name}]', and one that is to go has a"
                self._fault(folder, f"{message} revision of kind 'removal'")
        return found

    def _edition(self, brief: str, folder: Path) -> FrozenEdition | None:
        """An edition of a brief; None if something is wrong with it."""
        before = len(self.problems)
        path = folder / NAME
        document = read(path, self._name(path))
        about = None
        if not document.problems:
            about = validate(EditionFile, document, (), languages=("en",), language="en")
        self.problems += document.problems
        if about is None:
            return None
        where = Where(document.file, document.marks)
        for key, said, meant in (
            ("brief", about.brief, folder.parent.name),
            ("number", str(about.number), folder.name),
        ):
            if said != meant:
                message = f"this edition says {key} '{said}' and lies under '{meant}'; {RESTORE}"
                self.problems.append((where / key).problem(message, RULE))
        self._compare(folder, about, where)
        if len(self.problems) > before:
            return None
        name = self._name(folder)
        languages = dict.fromkeys([*self.library.settings.languages, *about.languages])
        then, problems = load(self.root, self.library.settings, name, [*languages])
        if about.brief in then.briefs and not problems:
            # Other briefs are none of its own, and whether they are there is not its fault.
            others = Extent.of(then, then.briefs[about.brief]).briefs
            then = replace(then, broken=then.broken | {f"brief:{id}" for id in others})
            problems = [fault for module in CHECKS for fault in most(module.check(then))]
        self.problems += problems
        if problems or about.brief not in then.briefs:
            return None
        if brief != about.brief:  # renamed since
            then = replace(then, briefs={brief: replace(then.briefs[about.brief], id=brief)})
        return FrozenEdition(brief, about.number, about.date, then, where)

    def _compare(self, folder: Path, about: EditionFile, where: Where) -> None:
        """Every file of the edition with its hash."""
        there = {path.relative_to(folder).as_posix(): path for path in self._files(folder)}
        for name in sorted(about.files.keys() - there.keys()):
            message = f"{name} is not there; {RESTORE}"
            self.problems.append((where / "files" / name).problem(message, RULE))
        for name, path in there.items():
            if name not in about.files:
                self._fault(path, f"{shown(path.name)} is no part of this edition; delete it")
            elif _digest(path) != about.files[name]:
                self._fault(path, f"this file of a frozen edition was changed; {RESTORE}")

    def _files(self, folder: Path) -> Iterator[Path]:
        for path in self._entries(folder):
            if path.is_dir():
                yield from self._files(path)
            elif path.name != NAME:
                yield path

    def _folders(self, folder: Path) -> Iterator[Path]:
        for path in self._entries(folder):
            if path.is_dir():
                yield path
            else:
                self._fault(path, f"{shown(path.name)} is not read; expected a folder")

    def _entries(self, folder: Path) -> Iterator[Path]:
        """What stands in a folder, but for what editors and systems leave there."""
        there = not is_link(folder) and folder.is_dir()  # of a link, the folder above tells
        for path in sorted(folder.iterdir()) if there else ():
            if is_link(path):
                self._fault(path, "is a link; content must be real files", "file")
            elif not path.name.startswith((".", "#")) and not path.name.endswith("~"):
                yield path

    def _fault(self, path: Path, message: str, rule: str = RULE) -> None:
        self.problems.append(Problem(Place(self._name(path)), message, rule))

    def _name(self, path: Path) -> str:
        return printable(path.relative_to(self.root).as_posix())


def _digest(path: Path) -> str | None:
    """What identifies a file; None if it cannot be read."""
    try:
        return digest(read_plain(path, MAX_BYTES))
    except Unreadable:
        return None
