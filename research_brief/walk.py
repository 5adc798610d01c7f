"""The walk through a model: every text, id, reference and date in it, with its path or without.

What is to be found in a type is asked once for each type, because all content is walked.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, cached_property, partial
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from research_brief.values import Id, Model, Name, PartialDate, Steps, Text

Found = list[tuple[Steps, Any]]
Held = dict[type, list[Any]]
Walker = Callable[[Any, Steps, Found], None]


def walk(value: Any, path: Steps = ()) -> Found:
    """Every text, reference and date in a model, with its path; keys of mappings as well."""
    found: Found = []
    _walker(type(value))(value, path, found)
    return found


class Holding:
    """A model, and what `walk` finds in it by class."""

    def __init__(self, model: Model, path: Steps) -> None:
        self._model, self._path = model, path
        self.values: Held = defaultdict(list)
        """Without paths, in half of the time, because few ask for them; besides, under `str` every
        other string, and under `list` every list of two or more ids."""
        _gather_fields(model, self.values)

    @cached_property
    def found(self) -> dict[type, Found]:
        """With their paths."""
        found: defaultdict[type, Found] = defaultdict(list)
        for path, value in walk(self._model, self._path):
            found[type(value)].append((path, value))
        return found


def _gather_fields(model: Model, found: Held) -> None:
    values = model.__dict__
    for name in _NAMES[type(model)]:
        if item := values[name]:
            kind = type(item)
            if gather := _GATHERERS[kind]:
                gather(item, found)
            else:
                found[kind].append(item)


def _gather_mapping(items: dict[Any, Any], found: Held) -> None:
    for key, item in items.items():
        if isinstance(key, Id):
            found[type(key)].append(key)
        kind = type(item)
        if gather := _GATHERERS[kind]:
            gather(item, found)
        else:
            found[kind].append(item)


def _gather_list(items: Sequence[Any], found: Held) -> None:
    for item in items:
        kind = type(item)
        if gather := _GATHERERS[kind]:
            gather(item, found)
        else:
            found[kind].append(item)
    if len(items) > 1 and isinstance(items[0], Id):
        found[list].append(items)


def _pass_by(value: Any, found: Held) -> None:
    pass


class _Gatherers(dict[type, Callable[[Any, Held], None] | None]):
    """What gathers from values of a type, None for what is looked for itself; and `_Names`: the
    fields of a model in which something may be found. Both are worked out once for each type."""

    def __missing__(self, kind: type) -> Callable[[Any, Held], None] | None:
        walker = _walker(kind)
        is_leaf = walker is _take or kind is str
        self[kind] = None if is_leaf else _OF_WALKERS.get(walker, _gather_fields)
        return self[kind]


class _Names(dict[type, tuple[str, ...]]):
    def __missing__(self, kind: type[Model]) -> tuple[str, ...]:
        fields = kind.model_fields.items()
        self[kind] = tuple(name for name, field in fields if _holds(field.annotation, str))
        return self[kind]


_GATHERERS, _NAMES = _Gatherers(), _Names()


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


def _holds(annotation: Any, *besides: type) -> bool:
    """Whether something may be found in values of a type; in doubt, it is looked for."""
    if annotation in besides:
        return True
    if get_origin(annotation) is Literal:
        return False
    if get_origin(annotation) is Annotated:  # what else it says is about the same value
        return _holds(get_args(annotation)[0], *besides)
    if parts := get_args(annotation):
        return any(_holds(part, *besides) for part in parts)
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


_OF_WALKERS: dict[Walker, Callable[[Any, Held], None]] = {
    _mapping: _gather_mapping,
    _list: _gather_list,
    _pass: _pass_by,
}
