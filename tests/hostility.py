"""Hostile texts in every field of every model: where they are put, and which are taken.

Copies of the content in `desk/` are made, and texts put into all of their fields at once. What is
refused must be refused at its own line; it is taken out again, until nothing is refused any more.
What is left was taken, and must be inert (`inertness.py`).
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hostile_fields import EXTRA, KEY, Hostile, Slot, corpus, marker, slots
from projects import ROOT, Project, overlay

from research_brief import reading, yamlfile
from research_brief.evidence import keeping, receipts
from research_brief.evidence.normalisation import digest, normalise
from research_brief.loading import load_settings
from research_brief.problems import Problem, ProblemsFound
from research_brief.values import Steps

DESK = ROOT / "tests" / "desk" / "content"
SITE = "https://briefs.example.org/desk/"
CODE = "https://code.example.org/desk/briefs"
OWN = "x-"
"""How the ids begin, in `desk/content`, of what every copy has of its own."""
PREFIX = re.compile(r"c\d{3}-")
"""... and in a copy."""
FIELDS = 600
"""More than a copy of the desk has texts and keys."""


# --- Copies of the desk -----------------------------------------------------------------------


@cache
def _desk() -> dict[str, Any]:
    """The files of the desk as data, those of the ledger as text."""
    return {
        path.relative_to(DESK).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(DESK.rglob("*"))
        if path.is_file()
    }


@dataclass
class Copy:
    """What a text has of its own: files as data, by their paths below the content folder."""

    prefix: str
    data: dict[str, Any] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    @classmethod
    @cache
    def of(cls, prefix: str) -> "Copy":
        made = cls(prefix)
        for name, text in _desk().items():
            renamed = re.sub(rf"\b{OWN}(?=[a-z])", prefix, text)
            if name.endswith(".txt"):
                made.addresses += renamed.splitlines()
                continue
            data = yaml.load(renamed, yaml.CBaseLoader)
            if OWN in name:
                made.data[name.replace(OWN, prefix)] = data
            elif own := {key: value for key, value in data.items() if prefix in key}:
                made.data[name] = own
        made.data |= _receipts(made, {})
        return made

    def slots(self) -> list[Slot]:
        return [slot for file, data in self.data.items() for slot in slots(file, data)]


@cache
def shared() -> Mapping[str, Any]:
    """What all copies share: files as data."""
    found = {
        name: yaml.load(text, yaml.BaseLoader)
        for name, text in _desk().items()
        if OWN not in name and name.endswith(".yaml")
    }
    return {
        name: {key: value for key, value in data.items() if OWN not in key}
        for name, data in found.items()
    }


class Writer:
    """Writes data as YAML, a text a line, and knows on which line each stands."""

    def __init__(self, put: Mapping[Steps, str], plain: bool = False) -> None:
        self.put = put
        self.plain = plain  # what is put, without quotation marks
        self.lines: list[str] = []
        self.at: dict[Steps, int] = {}

    def write(self, data: Any, steps: Steps = (), indent: str = "") -> None:
        for key, value in _entries(data):
            here = (*steps, key)
            if isinstance(data, list):
                number_of_line = self._line(f"{indent}-", here, value)
            else:
                name = self._said((*here, KEY), str(key))
                number_of_line = self._line(f"{indent}{name}:", here, value)
                self.at[(*here, KEY)] = number_of_line
            if not isinstance(value, str):
                self.write(value, here, f"{indent}  ")
        if isinstance(data, dict) and (extra := (*steps, EXTRA)) in self.put:
            self.at[extra] = self._line(f"{indent}{self._said(extra, '')}:", extra, "x")

    def _line(self, start: str, steps: Steps, value: Any) -> int:
        said = ""
        if isinstance(value, str):
            said = f" {self._said(steps, value) if steps[-1] != EXTRA else value}"
        elif not value:
            said = " []" if isinstance(value, list) else " {}"
        self.lines.append(f"{start}{said}")
        self.at[steps] = len(self.lines)
        return len(self.lines)

    def _said(self, steps: Steps, otherwise: str) -> str:
        """As JSON, which is YAML; half characters, which UTF-8 has not, as escapes."""
        if self.plain and steps in self.put:
            return self.put[steps]
        text = json.dumps(self.put.get(steps, otherwise), ensure_ascii=False)
        return re.sub("[\ud800-\udfff]", lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _entries(data: Any) -> Iterable[tuple[str | int, Any]]:
    return data.items() if isinstance(data, dict) else enumerate(data)


# --- What is taken ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A text in a field."""

    text: Hostile
    slot: Slot
    marker: str

    @property
    def words(self) -> str:
        return self.text.words.replace("MARK", self.marker)


Lines = Mapping[tuple[str, int], Case]
"""The case that stands on a line of a file."""
Told = tuple[list[Problem], Lines]
"""What was found wrong, and what stands where."""


@dataclass
class Trial:
    """Texts in fields: what was refused, each with its faults, and what was taken."""

    cases: list[Case]
    refused: dict[Case, list[Problem]] = field(default_factory=dict)
    elsewhere: list[Problem] = field(default_factory=list)  # faults that follow from others

    @property
    def taken(self) -> list[Case]:
        return [case for case in self.cases if case not in self.refused]

    @property
    def problems(self) -> list[Problem]:
        return [problem for found in self.refused.values() for problem in found] + self.elsewhere

    def settle(self, told: Callable[[list[Case]], Told]) -> "Trial":
        """Take out what is refused until nothing is. Fails where no refusal names a line of it."""
        while True:
            found, lines = told(self.taken)
            errors = [problem for problem in found if problem.level == "error"]
            if not errors:
                return self
            before = len(self.refused)
            for problem in errors:
                case = lines.get((problem.place.file, problem.place.line))
                if case is None:
                    self.elsewhere.append(problem)
                else:
                    self.refused.setdefault(case, []).append(problem)
            assert len(self.refused) > before, "refused, but at no line of it:\n" + "\n".join(
                map(str, errors[:20])
            )


CONSEQUENCES = (
    "these receipts cannot be read",  # as a whole
    "'sections' has 0 entries",  # of a brief whose revision of kind `removal` cannot be read
    "is not shown: list it under 'sections'",  # a section whose entry was taken by another id
    "is no subject; add it",  # the same, of a comparison
)
"""What is said of a line because of another one."""


def follows(problem: Problem) -> bool:
    """Whether a fault follows from one at another line."""
    return any(words in problem.message for words in CONSEQUENCES)


def prefix(number: int) -> str:
    """How the ids of a copy of the desk begin."""
    return f"c{number:03}-"


def alone(texts: Iterable[Hostile]) -> list[Case]:
    """Each text in every field of a copy of its own."""
    return [
        Case(text, slot, marker(text.number * FIELDS + number))
        for text in texts
        for number, slot in enumerate(Copy.of(prefix(text.number)).slots())
    ]


def spread(count: int) -> list[Case]:
    """All texts over the fields of so many copies, in each field another one."""
    texts = corpus()
    return [
        Case(texts[(number * 7 + copy * 173) % len(texts)], slot, marker(copy * FIELDS + number))
        for copy in range(1, count + 1)
        for number, slot in enumerate(Copy.of(prefix(copy)).slots())
    ]


Spot = tuple[str, Steps]
"""A text of the desk, whichever copy of it."""


def packed(taken: Iterable[Case], count: int) -> list[Case]:
    """What was taken, in fewer copies: every text somewhere, then as many fields as there are."""
    fields: dict[Hostile, list[Spot]] = {}
    for case in taken:
        fields.setdefault(case.text, []).append(_spot(case.slot))
    plain = Counter(_spot(case.slot) for case in taken if not case.slot.is_rich)
    # A name or title that took several texts takes most others too; a trial will tell.
    easy = [spot for spot, number in plain.items() if number > 4]
    held = _placed({text: [*spots, *easy] for text, spots in fields.items()}, count)
    for text, spots in fields.items():
        for spot in spots:
            if len(held[spot]) < count and text not in held[spot]:
                held[spot].append(text)
    return [
        Case(held[_spot(slot)].pop(), slot, marker(copy * FIELDS + number))
        for copy in range(1, count + 1)
        for number, slot in enumerate(Copy.of(prefix(copy)).slots())
        if held.get(_spot(slot))
    ]


def _placed(fields: Mapping[Hostile, Sequence[Spot]], count: int) -> dict[Spot, list[Hostile]]:
    """Each text in one of its fields, where so many have room; those that hold a field move on to
    another of theirs if they must (Kuhn, "The Hungarian Method", 1955)."""
    held: dict[Spot, list[Hostile]] = {spot: [] for spots in fields.values() for spot in spots}

    def place(text: Hostile, seen: set[Spot]) -> bool:
        for spot in fields[text]:
            if spot in seen:
                continue
            seen.add(spot)
            if len(held[spot]) < count:
                held[spot].append(text)
                return True
            for other in [*held[spot]]:
                if place(other, seen):
                    held[spot].remove(other)
                    held[spot].append(text)
                    return True
        return False

    for text in fields:
        place(text, set())
    return held


def _spot(slot: Slot) -> Spot:
    steps = (PREFIX.sub(OWN, step) if isinstance(step, str) else step for step in slot.steps)
    return PREFIX.sub(OWN, slot.file), tuple(steps)


def prefixes(cases: Iterable[Case]) -> set[str]:
    """The copies in which the cases stand, those in files that all share left aside."""
    return {found[0] for case in cases if (found := PREFIX.search(case.slot.file))}


def tried(root: Path, cases: list[Case]) -> Trial:
    """The cases in the content of the project at `root`, where what was taken then stands."""
    settings, copies = load_settings(root), prefixes(cases)

    def told(left: list[Case]) -> Told:
        lines = write(root, left, copies)
        return reading.loaded(root, settings)[1], lines

    return Trial(cases).settle(told)


def write(root: Path, cases: Iterable[Case], copies: Iterable[str]) -> Lines:
    """The content of a project: copies of the desk with the texts in their fields."""
    put: dict[str, dict[Steps, Case]] = {}
    for case in cases:
        put.setdefault(case.slot.file, {})[case.slot.steps] = case
    data, addresses = {**shared()}, []
    for name in sorted(copies):
        copy = Copy.of(name)
        addresses += copy.addresses
        for file, its_data in (copy.data | _receipts(copy, put)).items():
            data[file] = {**data.get(file, {}), **its_data}
    lines: dict[tuple[str, int], Case] = {}
    files = {"addresses.txt": "".join(f"{address}\n" for address in sorted(addresses))}
    for file, its_data in data.items():
        its_cases = put.get(file, {})
        writer = Writer({steps: case.words for steps, case in its_cases.items()})
        writer.write(its_data)
        files[file] = "\n".join(writer.lines) + "\n"
        for steps, case in its_cases.items():
            lines[f"content/{file}", writer.at[steps]] = case
    shutil.rmtree(root / "content", ignore_errors=True)
    overlay(root / "content", files)
    return lines


def _receipts(copy: Copy, put: Mapping[str, Mapping[Steps, Case]]) -> dict[str, Any]:
    """The receipts of a copy's quotations, whatever they say: anybody can write such a file."""
    text, found = "a" * 64, []
    source = f"{copy.prefix}source"

    def said(file: str, *steps: str | int) -> str:
        if case := put.get(file, {}).get(steps):
            return " ".join(case.words.split())
        value = copy.data[file]
        for step in steps:
            value = value[step]
        return str(value)

    file = f"sources/{source}.yaml"
    shown = [("h0", said(file, "title", "en"))]
    shown += [(str(n + 1), said(file, "paragraphs", n)) for n in range(2)]
    file = f"briefs/{copy.prefix}brief/paragraphs.yaml"
    for claim, number in (("account", 0), ("stated", 0)):
        where = ("claims", claim, "evidence", number)
        item = copy.data[file]["claims"][claim]["evidence"][number]
        shown.append((item["paragraph"], said(file, *where, "quote")))
        if "attribution" in item:
            paragraph = item.get("attribution_paragraph", item["paragraph"])
            shown.append((paragraph, said(file, *where, "attribution")))
    for paragraph, words in dict.fromkeys(shown):
        span = (0, len(normalise(words).text))
        made = receipts.receipt(text, 10_000, digest(words), paragraph, [span], "2025-10-01")
        found.append(made.model_dump(mode="json"))
    made_file = {"format": "1", "normalisation": "1", "text": text, "characters": "10000"}
    return {f"sources/{source}{keeping.RECEIPTS}": {**made_file, "receipts": found}}


# --- Settings, and YAML without quotation marks -------------------------------------------------

ENGINE = "# ---- The engine"


def desk_project(root: Path) -> Project:
    """A copy of this project at addresses, so that nothing is left out, without content."""
    project = Project.copied_to(root)
    project.edit("mkdocs.yml", 'site_url: ""', f"site_url: {SITE}")
    project.edit("mkdocs.yml", 'repo_url: ""', f"repo_url: {CODE}")
    project.edit("mkdocs.yml", 'contact: ""', "contact: desk@example.org")
    project.edit("mkdocs.yml", "  content_l", "  report_uri: issues/new?title={title}\n  content_l")
    return project


def settings_of(root: Path) -> tuple[dict[str, Any], str]:
    """What a desk changes in the settings of a project, as data, and the rest as text."""
    own, _, engine = (root / "mkdocs.yml").read_text(encoding="utf-8").partition(ENGINE)
    return yaml.load(own, yaml.BaseLoader), ENGINE + engine


def settings_cases(root: Path, texts: Sequence[Hostile]) -> list[Case]:
    """Each setting with one of the texts, in turn."""
    found = slots("mkdocs.yml", settings_of(root)[0])
    return [
        Case(texts[number % len(texts)], slot, marker(number))
        for number, slot in enumerate(found)
        # Without languages the others mean nothing; other keys are the engine's.
        if slot.field not in ("Desk.languages", "Settings key")
    ]


def tried_settings(root: Path, cases: list[Case], before: tuple[dict[str, Any], str]) -> Trial:
    """The cases in the settings of the project at `root`, where what was taken then stands."""
    data, engine = before

    def told(left: list[Case]) -> Told:
        writer = Writer({case.slot.steps: case.words for case in left})
        writer.write(data)
        text = "\n".join([*writer.lines, engine])
        (root / "mkdocs.yml").write_text(text, encoding="utf-8")
        lines = {("mkdocs.yml", writer.at[case.slot.steps]): case for case in left}
        try:
            load_settings(root)
        except ProblemsFound as error:
            return error.problems, lines
        return [], lines

    return Trial(cases).settle(told)


def tried_plain(root: Path, case: Case) -> tuple[list[Problem], int, int]:
    """What is wrong with a file of one copy in which a text stands as it is, without quotation
    marks; on which line it stands, and how many lines there are."""
    copies = prefixes([case]) or {prefix(1)}
    file = case.slot.file
    data = {name: value for copy in copies for name, value in Copy.of(copy).data.items()}[file]
    writer = Writer({case.slot.steps: case.words}, plain=True)
    writer.write(shared().get(file, {}) | data)
    text = "\n".join(writer.lines) + "\n"
    problems = yamlfile.parse(text, yamlfile.Document(f"content/{file}")).problems
    if not problems:  # it is data, whatever it says
        write(root, [], copies)
        (root / "content" / file).write_text(text, encoding="utf-8")
        problems = reading.loaded(root, load_settings(root))[1]
    return problems, writer.at[case.slot.steps], len(writer.lines)
