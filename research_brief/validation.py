"""From data to models; from pydantic's findings to faults in plain words, each at its place."""

import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from research_brief.problems import Place, Problem, counted, did_you_mean, listed, printable
from research_brief.values import ID_LENGTH, ID_PATTERN, Steps
from research_brief.yamlfile import KEY, Document

M = TypeVar("M", bound=BaseModel)

MOST = 500
"""Faults of a model that are told."""

_SHAPES = {str: "a text", list: "a list", dict: "a mapping", type(None): "nothing"}


def validate(
    model: type[M],
    document: Document,
    steps: Steps,
    *,
    languages: Sequence[str],
    language: str,
    names: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> M | None:
    """The model of the value at `steps`; faults go to `document.problems` and give None.

    `names` gives the id and kind of an entity by its name, for those who write that instead.
    """
    data = document.data
    for step in steps:
        data = data[step]
    try:
        found = model.model_validate(data, context={"languages": languages, "language": language})
        _slim(found)
        return found
    except ValidationError as error:
        findings = error.errors(include_url=False)
        for finding in findings[:MOST]:
            location: Steps = (*steps, *finding["loc"])
            message = _message(finding["type"], _name(document, location), model, finding)
            if finding["type"] == "bad_id":
                id, kind = names.get(str(finding["input"]).casefold(), ("", ""))
                if kind in finding["ctx"]["kinds"]:
                    message = f"{shown(finding['input'])} is a name; write its id '{id}'"
            place = _place(document, location, finding["type"])
            document.problems.append(Problem(place, message, "schema"))
        if len(findings) > MOST:
            message = f"there are {len(findings):,} such faults here; mend the {MOST} first"
            document.problems.append(Problem(_place(document, steps, ""), message, "schema"))
        return None


def _slim(value: Any) -> None:
    """Let models share what pydantic notes of each: which fields it was given. These sets took a
    fifth of the memory of all content."""
    if isinstance(value, BaseModel):
        given = value.__pydantic_fields_set__
        shared = _GIVEN.setdefault(frozenset(given), given)
        object.__setattr__(value, "__pydantic_fields_set__", shared)
        value = value.__dict__
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        if not isinstance(item, str):
            _slim(item)


_GIVEN: dict[frozenset[str], set[str]] = {}


def _place(document: Document, location: Steps, type: str) -> Place:
    marks = document.marks
    if type == "missing" and (*location, KEY) in marks:
        return Place(document.file, *marks[(*location, KEY)])
    if type == "extra_forbidden":
        location = (*location, KEY)
    while location and location not in marks:
        location = location[:-1]
    return Place(document.file, *marks.get(location, (1, 1)))


def _name(document: Document, location: Steps) -> str:
    """What the editor calls the value at `location`: its key, and its number in a list."""
    value, names = document.data, [""]
    for step in location:
        if isinstance(value, dict) and step != KEY:
            names.append(str(step))
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            names.append(f"{names[-1]} {step + 1}")
            value = value[step]
        else:  # below a text that stands for one in every language
            break
    return names[-1]


def _message(type: str, name: str, model: Any, finding: Any) -> str:
    location: Steps = finding["loc"]
    found, context = finding["input"], finding.get("ctx") or {}
    if type == "extra_forbidden":
        known = _fields(model, location[:-1])
        hint = did_you_mean(name, known) or f"; allowed here: {', '.join(known)}"
        return f"unknown key '{name}'{hint}"
    if type == "unknown_language":
        known = context["wanted"]
        return (
            f"unknown language '{context['found']}'; this site has {listed(known)} "
            "(extra.languages in mkdocs.yml)"
        )
    if type in _WORDS:
        return _WORDS[type](name, found, context)
    return f"'{name}': {finding['msg']}, found {shown(found)}"


def shown(value: Any) -> str:
    """The value as a message quotes it."""
    if isinstance(value, str):
        value = printable(value)
        return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}…'"
    return _SHAPES.get(type(value), "something else")


def _shape(expected: str) -> Callable[[str, Any, Any], str]:
    return lambda name, found, _: f"'{name}' is {shown(found)}; expected {expected}"


def _choice(name: str, found: Any, context: Any) -> str:
    known = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
    if not isinstance(found, str):
        return f"'{name}' is {shown(found)}; expected {listed(known)}"
    hint = did_you_mean(found, known) or f"; expected {listed(known)}"
    return f"{name} {shown(found)} is unknown{hint}"


def _wanted(name: str, found: Any, context: Any) -> str:
    if context["refers"]:
        return _misnamed(found, context["wanted"])
    # Of words, as they stand in a title, an id can be made.
    plain = isinstance(found, str) and re.fullmatch(r"[\w .&-]+", found)
    id = "-".join(re.findall("[a-z0-9]+", found.casefold())) if plain else ""
    hint = f", such as '{id}'" if re.fullmatch(ID_PATTERN, id) and len(id) <= ID_LENGTH else ""
    return f"{shown(found)} cannot be an id; expected {context['wanted']}{hint}"


def _misnamed(found: str, wanted: str) -> str:
    """What is wrong with a reference that cannot be an id."""
    if stem := re.fullmatch(r"(.+)\.ya?ml", found):
        return f"{shown(found)} is a file; write '{stem[1]}'"
    parts = re.split("[，、;； ]+", found)
    if len(parts) > 1 and all(re.fullmatch(ID_PATTERN, part) for part in parts):
        return f"{shown(found)} is not one id; write them with ', ' between: {', '.join(parts)}"
    if re.fullmatch(ID_PATTERN, straight := re.sub("[\u2010-\u2015－_]", "-", found.casefold())):
        return f"{shown(found)} is not written as ids are; write '{straight}'"
    return f"{shown(found)} cannot be an id; expected {wanted}"


_WORDS: dict[str, Callable[[str, Any, Any], str]] = {
    "missing": lambda name, *_: f"'{name}' is missing or empty; add it",
    "string_type": _shape("a text"),
    "dict_type": _shape("a mapping of keys to values"),
    "model_type": _shape("a mapping of keys to values"),
    "list_type": _shape("a list: a line beginning with '- ' for each item"),
    "enum": _choice,
    "literal_error": _choice,
    "bad_id": _wanted,
    "bad_date": lambda name, found, context: (
        f"'{name}' {shown(found)} is no date; expected {context['wanted']}"
    ),
    "bad_url": lambda name, found, _: (
        f"'{name}' {shown(found)} is no address; expected https://… or http://…"
    ),
    "bool_type": _shape("true or false"),
    "bool_parsing": _shape("true or false"),
    "string_too_short": lambda name, *_: f"'{name}' is empty; write the text or delete the key",
    "string_too_long": lambda name, found, context: (
        f"'{name}' has {len(found)} characters; at most {context['max_length']} are allowed"
    ),
    "too_long": lambda name, found, context: (
        f"'{name}' has {len(found):,} entries; "
        f"at most {context['max_length']} are allowed: divide it"
    ),
    "too_short": lambda name, _, context: (
        f"'{name}' has {counted(context['actual_length'], 'entry', 'entries')}; "
        f"at least {context['min_length']} needed: add it"
    ),
    "repeated_language": lambda name, *_: f"'{name}' lists a language twice; delete one",
    "bad_form": lambda name, found, context: (
        f"'{name}' is {shown(found)}; expected {context['wanted']}"
    ),
}


def _fields(model: Any, location: Steps) -> list[str]:
    """The keys that are allowed at `location` of a model."""
    kind: Any = model
    for step in location:
        kind = _model_in(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(str(step))
            kind = field.annotation if field else None
        else:
            kind = get_args(kind)[-1] if get_args(kind) else None
    kind = _model_in(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, RootModel):
        return list(kind.model_fields)
    return []


def _model_in(kind: Any) -> Any:
    """The type itself without `| None` and `Annotated`."""
    if get_origin(kind) is typing.Annotated:
        return _model_in(get_args(kind)[0])
    if get_origin(kind) in (typing.Union, types.UnionType):
        return _model_in(next(arg for arg in get_args(kind) if arg is not type(None)))
    return kind
