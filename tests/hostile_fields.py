"""Hostile texts, and the fields of the models that they are put into.

`hostile.yaml` holds the texts, `desk/content` content in which every field of every model is
filled; that it is, `fields` says, which asks the models.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Annotated, Any, get_args, get_origin

import yaml
from projects import ROOT
from pydantic import BaseModel, RootModel

import research_brief
from research_brief.addresses import Address, Tombstone
from research_brief.brief import Brief
from research_brief.editions.form import EditionFile
from research_brief.evidence import keeping
from research_brief.evidence.receipts import Receipts
from research_brief.models import ENTITY_FILES, Entity, SectionBase, Source
from research_brief.sections import kinds
from research_brief.settings import Settings
from research_brief.values import Model, Steps, Text

CORPUS = ROOT / "tests" / "hostile.yaml"
KEPT = "某人"
"""A name without which a claim of the desk would not hold together: it stays."""
MARKER = re.compile("zx[a-y]{5}")
EXTRA = "[extra]"
"""The step of a key that no model knows."""
KEY = "[key]"


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
    # The lexicon is a part of the program; a manifest is read by `verify` only (test_verify.py),
    # what a part says by `join` (test_parts.py).
    others = ("research_brief.evidence.words", "research_brief.manifest", "research_brief.parts")
    return {
        f"{kind.__name__}.{name}"
        for kind in found
        if kind not in bases and kind.__module__ not in others
        for name, field in kind.model_fields.items()
        if not _holds_a_model(field.annotation)
    }


def _holds_a_model(kind: Any) -> bool:
    kind = _bare(kind)
    if parts := get_args(kind):
        return any(map(_holds_a_model, parts))
    return isinstance(kind, type) and issubclass(kind, BaseModel)
