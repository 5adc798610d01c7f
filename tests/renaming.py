"""Content as data, in which things get other ids: what editors do by hand, done at random."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from projects import overlay

from research_brief.brief import Brief
from research_brief.models import ENTITY_FILES
from research_brief.sections import kinds

KEYWORDS = {*kinds(), *Brief.model_fields}.union(*(kind.model_fields for kind in kinds().values()))
"""Words that are keys or kinds as well, and cannot be replaced everywhere."""

Thing = tuple[str, str]
"""A kind (`brief`, `section`, `claim`, `part`, `entity`, `source`) and an id."""


@dataclass
class Files:
    """The files below `content/` as data, by their path there; other files as they are."""

    data: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, content: Path) -> "Files":
        found = cls()
        for path in sorted(content.rglob("*")):
            name = path.relative_to(content).as_posix()
            written = name.startswith("editions/") or name.endswith(".receipts.yaml")
            if path.suffix == ".yaml" and not written:  # by editors
                found.data[name] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
            elif path.is_file():
                found.texts[name] = path.read_bytes()
        return found

    def write(self, content: Path) -> Path:
        """All files, JSON being YAML, below a folder."""
        data = {
            name: json.dumps(value, ensure_ascii=False, indent=1) if value else ""
            for name, value in self.data.items()
        }
        return overlay(content, {**data, **self.texts})

    # --- What is there ----------------------------------------------------------------------

    def sections(self) -> Iterator[tuple[str, str, Any]]:
        """Every section: its brief, its id, its data."""
        for name, value in self.data.items():
            folder, *rest = name.split("/")
            if folder == "briefs" and rest[1] != "brief.yaml":
                yield rest[0], rest[1].removesuffix(".yaml"), value

    def things(self) -> dict[Thing, Any]:
        """Everything that has an id, with its data."""
        found: dict[Thing, Any] = {}
        for name, value in self.data.items():
            folder, *rest = name.split("/")
            if folder == "entities":
                found |= {("entity", id): entity for id, entity in (value or {}).items()}
            elif folder == "sources":
                found["source", rest[0].removesuffix(".yaml")] = value
            elif rest[1:] == ["brief.yaml"]:
                found["brief", rest[0]] = value
        for _, id, section in self.sections():
            found["section", id] = section
            found |= {("claim", key): claim for key, claim in section.get("claims", {}).items()}
            parts = section.get("factors", {}) | section.get("challenges", {})
            remedies = [part.get("remedies", {}) for part in parts.values()]
            for group in (parts, *remedies):
                found |= {("part", key): part for key, part in group.items()}
        return found

    def plain(self) -> list[Thing]:
        """The things whose id is that of nothing else, so that it can be replaced everywhere."""
        ids = [id for _, id in self.things()]
        return [
            thing
            for thing in self.things()
            if ids.count(thing[1]) == 1 and thing[1] not in KEYWORDS
        ]

    # --- What editors do --------------------------------------------------------------------

    def rename(self, thing: Thing, new: str, *, formerly: bool = True) -> None:
        """Give a thing another id, wherever it is named; what it was called stands at it."""
        kind, old = thing
        if formerly:
            self.things()[thing].setdefault("formerly", []).append(old)
        self.data = {self._path(kind, name, old, new): v for name, v in self.data.items()}
        self.texts = {self._path(kind, name, old, new): v for name, v in self.texts.items()}
        self.data = {
            name: value if name == "tombstones.yaml" else _replaced(value, old, new)
            for name, value in self.data.items()
        }

    @staticmethod
    def _path(kind: str, name: str, old: str, new: str) -> str:
        pattern = {
            "brief": rf"^(briefs/){old}(/)",
            "section": rf"^(briefs/[^/]+/){old}(\.yaml)$",
            "source": rf"^(sources/){old}(\.)",
        }.get(kind)
        return re.sub(pattern, rf"\g<1>{new}\g<2>", name) if pattern else name


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    if isinstance(value, dict):
        return {
            new if key == old else key: item if key == "formerly" else _replaced(item, old, new)
            for key, item in value.items()
        }
    if isinstance(value, str):
        whole = "#".join(new if part == old else part for part in value.split("#"))
        return re.sub(rf"(?<=\[\[){old}(?=[|\]])", new, whole)
    return value


def address_of(files: Files, thing: Thing) -> str:
    """Where a thing is on the site."""
    kind, id = thing
    if kind in ("brief", "source"):
        return f"{kind}s/{id}/"
    if kind == "entity":
        [folder] = [f for f in ENTITY_FILES if id in (files.data.get(f"entities/{f}.yaml") or {})]
        return f"{folder}/{id}/"
    for brief, section, data in files.sections():
        parts = data.get("factors", {}) | data.get("challenges", {})
        remedies = {key for part in parts.values() for key in part.get("remedies", {})}
        if id in {section, *data.get("claims", {}), *parts, *remedies}:
            return f"briefs/{brief}/#{id}"
    raise AssertionError(thing)
