"""From the content folder to the library, or to faults: files, folders and names.

content/briefs/BRIEF/brief.yaml and its sections, content/sources/SOURCE.yaml,
content/entities/{companies,organisations,people,products,terms,topics}.yaml,
content/addresses.txt, content/tombstones.yaml

Frozen editions below content/editions/ have the same form, and are for `editions/reading.py`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from research_brief import ledger
from research_brief.addresses import LEDGER, TOMBSTONES
from research_brief.brief import Brief
from research_brief.evidence import keeping
from research_brief.evidence.keeping import RECEIPTS, TEXT
from research_brief.folders import Folders
from research_brief.held import Held, Record
from research_brief.library import (
    BriefRecord,
    EntityRecord,
    Library,
    SectionRecord,
    SourceRecord,
    Where,
)
from research_brief.models import ENTITY_FILES, SectionBase, Source
from research_brief.plainfile import is_link
from research_brief.problems import (
    Place,
    Problem,
    ProblemsFound,
    did_you_mean,
    listed,
    printable,
)
from research_brief.sections import kinds
from research_brief.settings import Settings
from research_brief.validation import shown, validate
from research_brief.values import ID_LENGTH, ID_PATTERN, Id
from research_brief.wordbooks import is_mapping
from research_brief.yamlfile import KEY, Document, read

MAX_CLAIMS = 1000
"""Claims of a brief; the page of so many has 3 MB."""


def load_settings(root: Path) -> Settings:
    """The settings in `mkdocs.yml`. Raises ProblemsFound."""
    document = read(root / "mkdocs.yml", "mkdocs.yml")
    settings = None
    if not document.problems and is_mapping(document):
        extra = document.data.get("extra")
        codes = extra.get("languages") if isinstance(extra, dict) else None
        languages = [str(code) for code in codes] if codes and isinstance(codes, list) else ["en"]
        settings = validate(Settings, document, (), languages=languages, language=languages[0])
    if settings is None or document.problems:
        raise ProblemsFound(document.problems)
    return settings


def load(
    root: Path,
    settings: Settings,
    content: str = "content",
    languages: Sequence[str] = (),
    held: Held | None = None,
    only: Collection[str] = (),
    folders: Folders | None = None,
) -> tuple[Library, list[Problem]]:
    """All of the folder `content` below `root`, as far as it can be read, with every fault found.

    `languages` are those that texts may be in, if others than the site's; `held` is what was made
    of the same folder before, `folders` are the briefs that need not be read. Briefs may be `only`
    some: others are as those that cannot be read.
    """
    spoken = tuple(languages) or settings.languages
    loader = _Loader(root, settings, content, spoken, held, only, folders)
    return loader.load(), loader.problems


@dataclass
class _Loader:
    root: Path
    settings: Settings
    content: str
    languages: tuple[str, ...]
    held: Held | None = None
    only: Collection[str] = ()
    folders: Folders | None = None
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    strays: dict[str, tuple[SectionRecord, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # to ids and kinds

    def load(self) -> Library:
        content = self.root / self.content
        besides = {"editions", *(Path(name).name for name in (LEDGER, TOMBSTONES))}
        if self.content != "content":
            besides = {"edition.yaml"}
        self._refuse_strangers(content, {"briefs", "sources", "entities", *besides})
        if content.is_symlink():
            return Library(self.settings, {}, {}, {})
        entities = dict(self._entities(content / "entities"))
        sources = dict(self._sources(content / "sources"))
        briefs = dict(self._briefs(content / "briefs"))
        if self.folders:
            self.folders.settle()
        broken, strays = frozenset(self.broken), self.strays
        library = Library(self.settings, briefs, sources, entities, broken, strays)
        return self._with_addresses(library) if self.content == "content" else library

    def _with_addresses(self, library: Library) -> Library:
        addresses, faults = ledger.read(self.root)
        tombstones, others = ledger.read_tombstones(self.root, self.settings)
        self.problems += faults + others
        broken = {name for name, f in (("ledger", faults), ("tombstones", others)) if f}
        return replace(
            library, broken=library.broken | broken, ledger=addresses, tombstones=tombstones
        )

    def _read(self, path: Path, *, optional: bool = False) -> Document | None:
        """The file if it is a mapping. Only an `optional` one may be empty: no content yet."""
        document = read(path, self._name(path))
        if not document.problems:
            if document.data not in (None, ""):
                if is_mapping(document):
                    return document
            elif not optional:
                document.fault((1, 1), "the file is empty; write it, or delete it", "file")
        self.problems += document.problems
        return None

    def _name(self, path: Path) -> str:
        """The path as messages show it."""
        return printable(path.relative_to(self.root).as_posix())

    def _fault(self, path: Path, message: str, rule: str = "file") -> None:
        self.problems.append(Problem(Place(self._name(path)), message, rule))

    def _entities(self, folder: Path) -> Iterator[tuple[str, EntityRecord]]:
        first: dict[str, Place] = {}
        self._refuse_strangers(folder, {f"{name}.yaml" for name in ENTITY_FILES})
        if folder.is_symlink():
            self.broken.add("entities")
            return
        for name, (kind, model) in ENTITY_FILES.items():
            path = folder / f"{name}.yaml"
            if not path.exists():
                continue
            before = len(self.problems)
            document = self._read(path, optional=True)
            if document is None:
                if len(self.problems) > before:
                    self.broken.add("entities")
                continue
            for id in document.keys:
                where = Where(document.file, document.marks, (id,))
                if not self._check_id(id, where):
                    self.broken.add("entities")
                    continue
                if id in first:
                    message = f"entity '{id}' stands already at {first[id]}"
                    message += "; ids are unique over all kinds"
                    self.problems.append(where.problem(message, "duplicate-id"))
                    continue
                first[id] = where.place
                if id not in document.data:
                    message = f"'{id}' is empty; write its name and summary, or delete it"
                    self.problems.append((where / KEY).problem(message, "schema"))
                    self.broken.add(f"entity:{id}")
                    continue
                entity = self._validated(model, document, (id,))
                if entity is None:
                    self.broken.add(f"entity:{id}")
                else:
                    for called in entity.names:
                        self.names.setdefault(called.casefold(), (id, kind))
                    yield id, self._same(EntityRecord(id, kind, name, entity, where))

    def _sources(self, folder: Path) -> Iterator[tuple[str, SourceRecord]]:
        known = set()
        for path in self._files(folder, ".yaml", (RECEIPTS, TEXT)):
            known.add(path.stem)
            proper = self._check_name(path, path.stem)
            self.broken.add(f"source:{path.stem}")
            document = self._read(path)
            source = self._validated(Source, document, ()) if document else None
            if document and source and proper:
                self.broken.discard(f"source:{path.stem}")
                where = Where(document.file, document.marks)
                record = SourceRecord(path.stem, source, where)
                record, problems = keeping.equipped(self.root, record, self.content)
                self.problems += problems
                if problems:
                    self.broken.add(f"receipts:{path.stem}")
                yield path.stem, self._same(record)
        beside = () if folder.is_symlink() else (TEXT, RECEIPTS)
        for path in sorted(path for suffix in beside for path in folder.glob(f"*{suffix}")):
            if (id := path.name.partition(".")[0]) not in known and not path.is_symlink():
                self._fault(path, f"there is no source '{id}'{did_you_mean(id, known)}")

    def _briefs(self, folder: Path) -> Iterator[tuple[str, BriefRecord]]:
        for path in self._files(folder, "", ()):
            if self.only and path.name not in self.only:
                self.broken.add(f"brief:{path.name}")
                continue
            read, later = partial(self._brief, path), partial(self._brief_alone, path)
            if self.folders:
                record = self.folders.brief(path, self.languages, read, later)
            else:
                record, _ = read()
            if record:
                yield path.name, record

    def _brief_alone(self, path: Path) -> tuple[BriefRecord | None, bool]:
        """The same as if nothing else were loaded."""
        return _Loader(self.root, self.settings, self.content, self.languages)._brief(path)

    def _brief(self, path: Path) -> tuple[BriefRecord | None, bool]:
        """The brief in a folder, as far as it can be read, and whether it is without fault."""
        before = len(self.problems)
        proper = self._check_name(path, path.name)
        about = path / "brief.yaml"
        if not is_link(about) and not about.is_file():
            self._fault(about, "the file is missing; a brief begins with it")
            return None, False
        self.broken.add(f"brief:{path.name}")
        document = self._read(about)
        brief = self._validated(Brief, document, ()) if document else None
        sections = tuple(self._sections(path, brief, document))
        if not (document and brief and proper):
            self.strays[path.name] = sections
            return None, False
        if len(sections) == len(brief.sections):
            self.broken.discard(f"brief:{path.name}")
        where = Where(document.file, document.marks)
        record = self._same(BriefRecord(path.name, brief, where, sections))
        if len(record.claims) > MAX_CLAIMS:
            message = f"the brief has {len(record.claims):,} claims"
            message += f"; at most {MAX_CLAIMS:,} make one page: divide it"
            self.problems.append((where / "sections").problem(message, "schema"))
        return record, len(self.problems) == before

    def _sections(
        self, folder: Path, brief: Brief | None, document: Document | None
    ) -> Iterator[SectionRecord]:
        found = {path.stem: path for path in self._files(folder, ".yaml", ())}
        found.pop("brief", None)
        if brief is None or document is None:
            # The sections cannot be shown, but their faults can.
            said = document.data.get("language") if document else None
            language = said if isinstance(said, str) else self.languages[0]
            for id, path in found.items():
                if record := self._section(id, path, language):
                    yield record
            return
        where = Where(document.file, document.marks) / "sections"
        proper = [id for id in found if _is_id(id)]
        meant: set[str] = set(brief.sections)
        for number, id in enumerate(brief.sections):
            if id in brief.sections[:number]:
                message = f"section '{id}' is listed twice; delete one"
                self.problems.append((where / number).problem(message, "unknown-section"))
            elif id not in found:
                meant |= {name for name in proper if f"'{name}'" in did_you_mean(id, proper)}
                hint = did_you_mean(id, proper) or f"; expected a file {id}.yaml beside brief.yaml"
                hint = "; brief.yaml is the brief itself" if id == "brief" else hint
                message = f"section '{id}' has no file{hint}"
                self.problems.append((where / number).problem(message, "unknown-section"))
            elif record := self._section(id, found[id], brief.language):
                yield record
        for id in found.keys() - meant:
            if not _is_id(id):
                self._check_name(found[id], id)
                continue
            message = f"section {shown(id)} is not shown"
            message += ": list it under 'sections' in brief.yaml, or delete it"
            self._fault(found[id], message, "unlisted-section")

    def _section(self, id: str, path: Path, language: str) -> SectionRecord | None:
        self._check_name(path, id)
        document = self._read(path)
        if document is None:
            return None
        where, known = Where(document.file, document.marks), kinds()
        name = document.data.get("kind")
        if not isinstance(name, str) or name not in known:
            if name is None:
                message = f"'kind' is missing; expected {listed(known)}"
            elif not isinstance(name, str):
                message = f"'kind' is {shown(name)}; expected {listed(known)}"
            else:
                hint = did_you_mean(shown(name), known) or f"; expected {listed(known)}"
                message = f"unknown kind of section {shown(name)}{hint}"
            self.problems.append((where / "kind").problem(message, "unknown-kind"))
            return None
        section: SectionBase | None = self._validated(known[name], document, (), language)
        return self._same(SectionRecord(id, section, where)) if section else None

    def _validated(
        self, model: Any, document: Document, steps: tuple[str, ...], language: str | None = None
    ) -> Any:
        before = len(document.problems)
        languages = self.languages
        if language is None and isinstance(document.data.get("language"), str):
            language = document.data["language"]
        if model is Source and language:  # a source may carry its title in its own language
            languages = tuple(dict.fromkeys((*languages, language)))
        language = language or languages[0]
        data = document.data[steps[0]] if steps else document.data
        made_by = (model, languages, language)
        if self.held and (known := self.held.model(document.file, steps, data, made_by)):
            return known
        found = validate(
            model, document, steps, languages=languages, language=language, names=self.names
        )
        self.problems += document.problems[before:]
        if self.held and found:
            self.held.keep(document.file, steps, data, made_by, found)
        return found

    def _same(self, record: Record) -> Record:
        """The record, or what was held of it."""
        return self.held.record(record) if self.held else record

    def _files(self, folder: Path, suffix: str, others: tuple[str, ...]) -> Iterator[Path]:
        """The files with the suffix, or the folders if it is empty; anything else is a fault."""
        for path in self._entries(folder):
            if others and path.name.endswith(others) and path.is_file():
                continue
            if path.is_file() == bool(suffix) and path.suffix == suffix:
                yield path
            else:
                stem = printable(path.name.partition(".")[0])
                expected = f"a file {stem}{suffix}" if suffix else "a folder for each brief"
                self._fault(path, f"{shown(path.name)} is not content; expected {expected}")

    def _refuse_strangers(self, folder: Path, known: set[str]) -> None:
        for path in self._entries(folder):
            if path.name not in known:
                hint = did_you_mean(path.name, known) or f"; expected {listed(sorted(known))}"
                self._fault(path, f"{shown(path.name)} is not read{hint}")

    def _entries(self, folder: Path) -> Iterator[Path]:
        """What stands in a folder, but for what editors and systems leave there."""
        if is_link(folder):  # of what it leads to, nothing is read or told
            self._fault(folder, "is a link; content must be real files")
            return
        if folder.exists() and not folder.is_dir():
            self._fault(folder, "is a file; expected a folder")
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if is_link(path):
                self._fault(path, "is a link; content must be real files")
            elif not path.name.startswith((".", "#")) and not path.name.endswith("~"):
                yield path

    def _check_name(self, path: Path, id: str) -> bool:
        if not _is_id(id):
            hint = f"; rename it to {slug}{path.suffix}" if (slug := _slug(id)) else ""
            message = f"the name {shown(id)} cannot be an address; expected {Id.wanted()}{hint}"
            self._fault(path, message)
        return _is_id(id)

    def _check_id(self, id: str, where: Where) -> bool:
        if not _is_id(id):
            hint = f"; write '{slug}'" if (slug := _slug(id)) else ""
            message = f"{shown(id)} cannot be an id; expected {Id.wanted()}{hint}"
            self.problems.append((where / "[key]").problem(message, "schema"))
        return _is_id(id)


def _slug(name: str) -> str:
    """The id that a name was probably meant to be; empty if that cannot be told."""
    slug = "-".join(re.findall("[a-z0-9]+", name.casefold()))
    return slug if name.isascii() and _is_id(slug) else ""


def _is_id(name: str) -> bool:
    return len(name) <= ID_LENGTH and re.fullmatch(ID_PATTERN, name) is not None
