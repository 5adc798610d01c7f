"""JSON Schemas (2020-12) of the files below `/api/`, from their forms and the kinds of section.

The types of `api_forms.py` are the one description there is: mypy holds what is written to them,
and this module says them in JSON Schema, with the docstrings under the keys as descriptions. So it
does with the models of the sections, in the form in which their values are written: texts by
language, entities by their names.
"""

import ast
import inspect
from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from research_brief import api_forms
from research_brief.models import SectionBase
from research_brief.sections import kinds
from research_brief.values import EntityRef, Model, Name, PartialDate, Text

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, type] = {
    "briefs": api_forms.Briefs,
    "brief": api_forms.Brief,
    "entities": api_forms.Entities,
}
"""The form of each file by the name of its schema."""
ADDRESSES = (
    "Addresses are absolute where the site knows its own, and else relative to the address of the "
    "file that they stand in."
)
_SIMPLE = {int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def api_schemas() -> dict[str, Schema]:
    """The schema of each file by its name."""
    return {name: _file(form) for name, form in FILES.items()}


def _file(form: type) -> Schema:
    definitions: dict[str, Schema] = {}
    _of(form, definitions)
    top = definitions.pop(form.__name__)
    top["properties"]["$schema"] |= {"description": "The address of this schema."}
    top["properties"]["schema_version"] |= {"description": api_forms.VERSIONED}
    about = f"{top.pop('description')} {ADDRESSES}"
    definitions |= _sections(definitions) if api_forms.Section.__name__ in definitions else {}
    return {
        "$schema": DIALECT,
        "description": about,
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(kind: Any, into: dict[str, Schema]) -> Schema:
    """The schema of a type; those of the forms and models in it are added to `into`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is None:
        return _of_plain(kind, into)
    if origin is Annotated:
        return _of(inner[0], into)
    if origin is Literal:
        return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": _of(inner[0], into)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(inner[1], into)}
    assert origin in (Union, UnionType), f"{kind} has no form in JSON"
    return {"anyOf": [_of(choice, into) for choice in inner]}


def _of_plain(kind: Any, into: dict[str, Schema]) -> Schema:
    if kind is Any:
        return {}
    if is_typeddict(kind):
        return _form(kind, into)
    if issubclass(kind, Text | Name):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if issubclass(kind, EntityRef):
        return _form(api_forms.Named, into)
    if issubclass(kind, Model):
        return _model(kind, into)
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if issubclass(kind, PartialDate):
        return {"type": "string", "pattern": f"^{kind.form}$"}
    return {"type": "string" if issubclass(kind, str) else _SIMPLE[kind]}


def _form(form: Any, into: dict[str, Schema]) -> Schema:
    """A form; all its keys are always there, and more may come."""
    if form.__name__ not in into:
        into[form.__name__] = {}  # for one that holds itself
        said = _docstrings()
        properties = {}
        for name, kind in get_type_hints(form, include_extras=True).items():
            properties[name] = schema = _of(kind, into)
            if text := said.get((form.__name__, name)):
                schema["description"] = text
        into[form.__name__] = _object(inspect.getdoc(form), properties)
    return {"$ref": f"#/$defs/{form.__name__}"}


def _model(model: type[Model], into: dict[str, Schema]) -> Schema:
    """A model within a section; its kind stands ahead of its name."""
    name = f"{model.__module__.rpartition('.')[2]}.{model.__name__}"
    if name not in into:
        into[name] = {}
        into[name] = _object(inspect.getdoc(model), _fields(model, into))
    return {"$ref": f"#/$defs/{name}"}


def _fields(model: type[Model], into: dict[str, Schema], without: Any = ()) -> dict[str, Schema]:
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for name, field in model.model_fields.items():
        if name not in without:
            found[name] = _of(hints[name], into)
            if field.description:
                found[name]["description"] = field.description
    return found


def _object(about: str | None, properties: dict[str, Schema]) -> Schema:
    required = list(properties)
    return {
        "description": about,
        "type": "object",
        "properties": properties,
        "required": required,
    }


def _sections(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The section with the keys of its kind, and what these hold."""
    found: dict[str, Schema] = {}
    base = definitions[api_forms.Section.__name__]
    base["properties"]["kind"] = {"enum": list(kinds())}
    base["allOf"] = []
    for kind, model in kinds().items():
        name = f"{kind}.{model.__name__}"
        own = _fields(model, found, without=SectionBase.model_fields)
        found[name] = _object(inspect.getdoc(model), own)
        base["allOf"].append(
            {
                "if": {"properties": {"kind": {"const": kind}}},
                "then": {"$ref": f"#/$defs/{name}"},
            }
        )
    return found


@cache
def _docstrings() -> dict[tuple[str, str], str]:
    """The docstrings under the keys of the forms, by form and key; they are in the source only."""
    found: dict[tuple[str, str], str] = {}
    for form in ast.parse(inspect.getsource(api_forms)).body:
        if isinstance(form, ast.ClassDef):
            bases = {base.id for base in form.bases if isinstance(base, ast.Name)}
            found |= {(form.name, key): text for (of, key), text in found.items() if of in bases}
            found |= {(form.name, key): text for key, text in _keys(form)}
    return found


def _keys(form: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The keys of a form that have a docstring, with it."""
    for key, text in zip(form.body, form.body[1:], strict=False):
        if isinstance(key, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(key.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            yield key.target.id, " ".join(str(text.value.value).split())
