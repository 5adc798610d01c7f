"""Dates, names and texts of the content model."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import BASE, ROOT, overlay
from pydantic import BaseModel, TypeAdapter, ValidationError

from research_brief.loading import load, load_settings
from research_brief.models import Claim, Status
from research_brief.sections import kinds
from research_brief.values import EntityRef, FullDate, Id, Name, PartialDate, Steps, Text, Url
from research_brief.walk import Holding, walk

CONTEXT = {"languages": ("en", "zh"), "language": "zh"}


def validated(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value, context=CONTEXT)


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("2018", (2018,)),
        ("2018-09", (2018, 9)),
        ("2018-09-12", (2018, 9, 12)),
        ("2024-02-29", (2024, 2, 29)),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(value: str, numbers: tuple[int, ...]) -> None:
    date = validated(PartialDate, value)
    assert (date, date.numbers) == (value, numbers)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "18",
        "2018-9",
        "2018-13",
        "2018-00",
        "2018-02-30",
        "2023-02-29",
        "2018/09",
        "2018-09-12T10:00",
        "０２０１８",
        "２０１８",
        "2018-0９",
        "2018-",
        "0000",
        " 2018",
        "2018\n",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        validated(PartialDate, value)


@pytest.mark.parametrize("value", ["2018", "2018-09", "2018-02-30"])
def test_a_day_must_be_whole(value: str) -> None:
    with pytest.raises(ValidationError):
        validated(FullDate, value)


@pytest.mark.parametrize("value", ["a", "a1", "t-head", "cntxj-2025-09-15", "x" * 60])
def test_ids_that_can_be_addresses(value: str) -> None:
    assert validated(EntityRef, value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "A",
        "1a",
        "-a",
        "a-",
        "a--b",
        "a_b",
        "a.b",
        "a/b",
        "..",
        "芯",
        "a b",
        "x" * 61,
        "a\n",
        "a#b",
    ],
)
def test_ids_that_cannot_be_addresses(value: str) -> None:
    with pytest.raises(ValidationError):
        validated(EntityRef, value)


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https://a b",
        'https://a"b',
        "https://a\n",
        "x" * 10,
    ],
)
def test_addresses_are_http_only(value: str) -> None:
    with pytest.raises(ValidationError):
        validated(Url, value)


def test_a_plain_string_is_in_the_language_of_its_file() -> None:
    assert validated(Text, "芯片").root == {"zh": "芯片"}


def test_a_plain_name_is_the_same_in_every_language() -> None:
    assert validated(Name, "RISC-V").root == {"en": "RISC-V", "zh": "RISC-V"}


def test_a_missing_language_falls_back_to_the_one_there_is() -> None:
    text = validated(Text, {"zh": "芯片"})
    assert text.best("en") == text.best("zh") == ("zh", "芯片")


def test_walk_finds_every_text_reference_and_date() -> None:
    claim = validated(
        Claim,
        {
            "text": "芯片",
            "status": "stated",
            "speaker": "guo-tao",
            "about": ["t-head"],
            "as_of": "2018",
            "evidence": [
                {"source": "daily", "paragraph": "1", "quote": "芯", "translation": {"en": "chip"}}
            ],
            "rests_on": ["other#claim"],
        },
    )
    assert [".".join(map(str, steps)) for steps, _ in walk(claim)] == [
        "text",
        "speaker",
        "about.0",
        "as_of",
        "evidence.0.source",
        "evidence.0.translation",
        "rests_on.0",
    ]


def looked_through(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """What `walk` finds, found by looking into everything."""
    if isinstance(value, Text | Name | Id | PartialDate):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from looked_through(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, Id):
                yield (*path, key), key
            yield from looked_through(item, (*path, key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from looked_through(item, (*path, number))


def texts_of(data: Any) -> Iterator[str]:
    """Every string in plain data, but those of texts by language."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) or (isinstance(data, dict) and not {"en", "zh"} & data.keys()):
        for item in data.values() if isinstance(data, dict) else data:
            yield from texts_of(item)


CLOSED = {
    *("published", "draft", "supports", "contradicts", "context", *kinds(), *Status),
    *("publication", "correction", "news", "report", "web", "paper"),
}
"""Values from a closed list: nobody says anything by them."""


def test_the_walk_leaves_out_only_what_holds_nothing(tmp_path: Path) -> None:
    golden = ROOT / "tests" / "golden"
    examples = sorted(golden.glob("*/example.yaml"))
    roots = [overlay(tmp_path / path.parent.name, BASE, golden / "common") for path in examples]
    for root, example in zip(roots, examples, strict=True):
        shutil.copy2(example, root / "content" / "briefs" / "example" / "example.yaml")
    met = set()
    for root in (ROOT, *roots):
        for _, _, model in load(root, load_settings(root))[0].models():
            everything = list(looked_through(model, ("x",)))
            assert walk(model, ("x",)) == everything
            holding = Holding(model, ("x",))
            held = dict(holding.values)
            strings, lists = held.pop(str, []), held.pop(list, [])
            assert held == {
                kind: [value for _, value in found] for kind, found in holding.found.items()
            }
            said = {*strings, *(value for _, value in everything if isinstance(value, str))}
            assert said >= set(texts_of(model.model_dump(exclude_none=True))) - CLOSED
            assert all(len(ids) > 1 for ids in lists)
            met.add(type(model))
    assert met >= set(kinds().values())
