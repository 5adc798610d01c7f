"""The walk through a model: every text, id, reference and date in it, with its path.

What is to be found in a type is asked once for each type, because all content is walked.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, partial
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from research_brief.values import Id, Model, Name, PartialDate, Steps, Text

Found = list[tuple[Steps, Any]]
Walker = Callable[[Any, Steps, Found], None]


def walk(value: Any, path: Steps = ()) -> Found:
    """Every text, reference and date in a model, with its path; keys of mappings as well."""
    found: Found = []
    _walker(type(value))(value, path, found)
    return found


def _chosen(kind: type) -> Walker:
    if issubclass(kind, (Text, Name, Id, PartialDate)):
        return _take
    if issubclass(kind, Model):
        fields = kind.model_fields.items()
        return partial(_fields, [name for name, field in fields if _holds(field.annotation)])
    if issubclass(kind, dict):
        return _mapping
    return _list if issubclass(kind, (list, tuple)) else _pass


_walker: Callable[[type], Walker] = cache(_chosen)


def _holds(annotation: Any) -> bool:
    """Whether something may be found in values of a type; in doubt, it is looked for."""
    if get_origin(annotation) is Literal:
        return False
    if parts := get_args(annotation):
        return any(map(_holds, parts))
    plain = isinstance(annotation, type) and issubclass(annotation, StrEnum)
    return not plain and annotation not in (str, int, bool, NoneType)


def _take(value: Any, path: Steps, found: Found) -> None:
    found.append((path, value))


def _pass(value: Any, path: Steps, found: Found) -> None:
    pass


def _fields(names: Sequence[str], value: Model, path: Steps, found: Found) -> None:
    values = vars(value)
    for name in names:
        if item := values[name]:
            _walker(type(item))(item, (*path, name), found)


def _mapping(value: dict[Any, Any], path: Steps, found: Found) -> None:
    for key, item in value.items():
        below = (*path, key)
        if isinstance(key, Id):
            found.append((below, key))
        _walker(type(item))(item, below, found)


def _list(value: Sequence[Any], path: Steps, found: Found) -> None:
    for number, item in enumerate(value):
        _walker(type(item))(item, (*path, number), found)
