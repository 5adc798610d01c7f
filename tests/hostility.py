"""Hostile texts in every field of every model: where they are put, and which are taken.

`hostile.yaml` holds the texts, `desk/content` content in which every field of every model is filled
(that it is, `fields` says, which asks the models). A copy of that content is made for each text, and
the text put into all of its fields at once. What is refused must be refused at its own line; it is
taken out again, until nothing is refused any more. What is left was taken, and must be inert.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import walk_packages
from typing import Annotated, Any, get_args, get_origin

import yaml
from projects import ROOT, overlay
from pydantic import BaseModel, RootModel

import research_brief
from research_brief import pipeline
from research_brief.addresses import Address, Tombstone
from research_brief.brief import Brief
from research_brief.editions.form import EditionFile
from research_brief.evidence import keeping, receipts
from research_brief.evidence.normalisation import digest, normalise
from research_brief.evidence.receipts import Receipts
from research_brief.loading import load, load_settings
from research_brief.models import ENTITY_FILES, Entity, SectionBase, Source
from research_brief.problems import Problem, ProblemsFound
from research_brief.sections import kinds
from research_brief.settings import Settings
from research_brief.values import Model, Text

DESK = ROOT / "tests" / "desk" / "content"
CORPUS = ROOT / "tests" / "hostile.yaml"
SITE = "https://briefs.example.org/desk/"
CODE = "https://code.example.org/desk/briefs"
OWN = "x-"
"""How the ids begin, in `desk/content`, of what every copy has of its own."""
KEPT = "某人"
"""A name without which a claim of the desk would not hold together: it stays."""
MARKER = re.compile("zx[a-y]{5}")
EXTRA = "[extra]"
"""The step of a key that no model knows."""
KEY = "[key]"

Steps = tuple[str | int, ...]


# --- Texts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hostile:
    """A text, its number in the corpus, and whose language it speaks."""

    number: int
    kind: str
    words: str


@cache
def corpus() -> tuple[Hostile, ...]:
    texts = yaml.load(CORPUS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    pairs = [(kind, words) for kind, found in texts.items() for words in found]
    return tuple(Hostile(number, kind, words) for number, (kind, words) in enumerate(pairs, 1))


def marker(number: int) -> str:
    """A word that stands for a number, and in no other text."""
    digits = ""
    for _ in range(5):
        number, digit = divmod(number, 25)
        digits = chr(ord("a") + digit) + digits
    return f"zx{digits}"


# --- Fields -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A text in a file, by the steps to it; a last step KEY means the key that leads there."""

    file: str
    steps: Steps
    field: str  # of a model: `Claim.text en`, `Comparison.criteria key`
    is_rich: bool = False  # whether Markdown in it counts

    @property
    def is_key(self) -> bool:
        return self.steps[-1] in (KEY, EXTRA)


def roots(file: str, data: Any) -> Any:
    """The type of what a file below the content folder holds."""
    if file.endswith(keeping.RECEIPTS):
        return Receipts
    folder, _, name = file.partition("/")
    match folder:
        case "mkdocs.yml":
            return Settings
        case "tombstones.yaml":
            return dict[Address, Tombstone]
        case "sources":
            return Source
        case "entities":
            return dict[str, ENTITY_FILES[Path(name).stem][1]]  # type: ignore[misc]
        case "briefs":
            return Brief if name.endswith("/brief.yaml") else kinds()[data["kind"]]
        case "editions":
            return EditionFile
    raise AssertionError(f"of which model is {file}?")


def slots(file: str, data: Any) -> Iterator[Slot]:
    """Every text and key of a file that an editor can write, each with its field."""
    yield from _slots(file, roots(file, data), data, (), "")


def _slots(
    file: str, kind: Any, data: Any, steps: Steps, name: str, rich: bool = False
) -> Iterator[Slot]:
    rich = rich or _bare(kind, within=False) is Text
    kind = _bare(kind)
    if isinstance(data, str):
        if KEPT not in data:
            yield Slot(file, steps, name, rich)
    elif isinstance(data, list):
        [inner] = get_args(kind)
        for number, item in enumerate(data):
            yield from _slots(file, inner, item, (*steps, number), name)
    elif get_origin(kind) is dict:
        _, inner = get_args(kind)
        for key, value in data.items():
            yield Slot(file, (*steps, key, KEY), f"{name} key")
            more = f" {key}" if isinstance(value, str) and key in ("en", "zh") else ""
            yield from _slots(file, inner, value, (*steps, key), f"{name}{more}", rich)
    else:
        yield Slot(file, (*steps, EXTRA), f"{kind.__name__} key")
        for key, value in data.items():
            if key in kind.model_fields:  # the settings stand among those of the engine
                inner = kind.model_fields[key].annotation
                yield from _slots(file, inner, value, (*steps, key), f"{kind.__name__}.{key}")


def _bare(kind: Any, within: bool = True) -> Any:
    """The type without `None` and `Annotated`; `within` models that are only a mapping."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0], within)
    if within and isinstance(kind, type) and issubclass(kind, RootModel):
        return _bare(kind.model_fields["root"].annotation)
    if get_origin(kind) not in (None, dict, list) and (parts := get_args(kind)):
        found = [part for part in parts if part is not type(None)]
        return _bare(found[0], within) if len(found) == 1 else kind
    return kind


def fields() -> set[str]:
    """Every field of every model that content or settings are made of, but for those that only
    hold other models."""
    for module in walk_packages(research_brief.__path__, "research_brief."):
        import_module(module.name)
    found: list[type[BaseModel]] = [Model, Settings]
    for kind in found:
        found += [each for each in kind.__subclasses__() if each not in found]
    bases = (Model, SectionBase, Entity)  # whose fields their subclasses have
    ours = "research_brief.evidence.words"  # the lexicon is a part of the program
    return {
        f"{kind.__name__}.{name}"
        for kind in found
        if kind not in bases and kind.__module__ != ours
        for name, field in kind.model_fields.items()
        if not _holds_a_model(field.annotation)
    }


def _holds_a_model(kind: Any) -> bool:
    kind = _bare(kind)
    if parts := get_args(kind):
        return any(map(_holds_a_model, parts))
    return isinstance(kind, type) and issubclass(kind, BaseModel)


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


def shared() -> dict[str, Any]:
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


@dataclass
class Trial:
    """Texts in fields, on their way to being refused or taken."""

    cases: list[Case]
    refused: dict[Case, list[Problem]] = field(default_factory=dict)
    elsewhere: list[Problem] = field(default_factory=list)  # faults that follow from others
    rounds: int = 0

    @property
    def taken(self) -> list[Case]:
        return [case for case in self.cases if case not in self.refused]

    def settle(self, faults: Callable[[list[Case]], tuple[list[Problem], "Lines"]]) -> "Trial":
        """Take out what is refused until nothing is. Fails where a refusal names no line of it."""
        while True:
            found, lines = faults(self.taken)
            errors = [problem for problem in found if problem.level == "error"]
            if not errors:
                return self
            self.rounds += 1
            hit = False
            for problem in errors:
                case = lines.get((problem.place.file, problem.place.line))
                if case is None:
                    self.elsewhere.append(problem)
                else:
                    self.refused.setdefault(case, []).append(problem)
                    hit = True
            assert hit, "refused, but at no line of it:\n" + "\n".join(map(str, errors[:20]))


Lines = Mapping[tuple[str, int], Case]
"""The case that stands on a line of a file."""


def alone(texts: Iterable[Hostile]) -> list[Case]:
    """Each text in every field of a copy of its own."""
    return [
        Case(text, slot, marker(text.number * 600 + number))
        for text in texts
        for number, slot in enumerate(Copy.of(prefix(text.number)).slots())
    ]


def spread(count: int) -> list[Case]:
    """All texts over the fields of so many copies, in each field another one."""
    cases = []
    texts = corpus()
    for copy in range(1, count + 1):
        for number, slot in enumerate(Copy.of(prefix(copy)).slots()):
            text = texts[(number * count + copy) % len(texts)]
            cases.append(Case(text, slot, marker(copy * 600 + number)))
    return cases


def prefix(number: int) -> str:
    """How the ids of a copy of the desk begin."""
    return f"c{number:03}-"


def prefixes(cases: Iterable[Case]) -> set[str]:
    """The copies in which the cases stand, those in files that all share left aside."""
    return {found[0] for case in cases if (found := re.search(r"c\d{3}-", case.slot.file))}


def write(root: Path, cases: Iterable[Case], copies: Iterable[str]) -> Lines:
    """The content of a project: copies of the desk with the texts in their fields."""
    put: dict[str, dict[Steps, Case]] = {}
    for case in cases:
        put.setdefault(case.slot.file, {})[case.slot.steps] = case
    data, addresses = shared(), []
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


def faults(root: Path, settings: Settings) -> list[Problem]:
    """What is wrong with the content of a project."""
    return pipeline.loaded(root, settings)[1]
