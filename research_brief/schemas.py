"""JSON Schemas of the content files, from their models: completion and checks in the editor.

A schema accepts what our reader accepts, as an editor's own YAML parser sees it, and refuses
what can be seen in one file alone. Descriptions are the docstrings of the models.
"""

from inspect import getdoc, getmodule
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from research_brief.addresses import Address, Tombstone
from research_brief.brief import Brief
from research_brief.evidence.receipts import Receipts
from research_brief.models import ENTITY_FILES, SectionBase, Source
from research_brief.sections import kinds
from research_brief.values import Id

Schema = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What the language servers of editors know best; a name, which nobody fetches."""

# Not `"type": "null"`, for which editors would propose to write `null`: to our reader a word.
NOTHING = {
    "description": "Nothing behind a key is as if it were not there.",
    "not": {"type": ["string", "number", "boolean", "array", "object"]},
}
_NOTHING = {"$ref": "#/definitions/Nothing"}


def schemas() -> dict[str, Schema]:
    """The schema of every kind of content file, by its name."""
    found = {"brief": _one(Brief), "section": _section(), "source": _one(Source)}
    found["receipts"] = _one(Receipts)
    found["tombstones"] = _by_id(
        "Tombstones",
        "What is said at addresses that were published and are gone.",
        Address,
        Tombstone,
    )
    return found | {file: _entities(file, model) for file, (_, model) in ENTITY_FILES.items()}


def _one(model: type[BaseModel]) -> Schema:
    """The schema of a file that holds one model."""
    definitions = _definitions(model)
    top = definitions.pop(model.__name__)
    if all(field.is_required() for field in model.model_fields.values()):
        del definitions["Nothing"]
    return {"$schema": DIALECT, **top, "definitions": definitions}


def _entities(file: str, model: type[BaseModel]) -> Schema:
    """The schema of a file of entities by their ids."""
    said = "Each under its id, which is unique over all files of entities."
    return _by_id(file.capitalize(), said, Id, model)


def _by_id(title: str, said: str, id: type[Id], model: type[BaseModel]) -> Schema:
    """The schema of a file that holds a model under each id; it may be empty."""
    return {
        "$schema": DIALECT,
        "title": title,
        "description": said,
        "type": ["object", "null"],
        "propertyNames": id.json_schema(),
        "additionalProperties": {"$ref": f"#/definitions/{model.__name__}"},
        "definitions": _definitions(model),
    }


def _section() -> Schema:
    """The schema of all kinds of section: once `kind` is known, the keys of that kind."""
    known = kinds()
    definitions = _definitions(*known.values())
    definitions["Kind"] = {
        "title": "Kind",
        "description": SectionBase.model_fields["kind"].description,
        "enum": list(known),
        "enumDescriptions": [_purpose(model) for model in known.values()],
    }
    for model in known.values():
        definitions[model.__name__]["properties"]["kind"] = {"$ref": "#/definitions/Kind"}
    return {
        "$schema": DIALECT,
        "title": "Section",
        "description": "A section of a brief.",
        "type": "object",
        "properties": {"kind": {"$ref": "#/definitions/Kind"}},
        "required": ["kind"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/definitions/{model.__name__}"},
            }
            for kind, model in known.items()
        ],
        "definitions": definitions,
    }


def _purpose(model: type[BaseModel]) -> str:
    """What a kind of section is for: the first line of its module, without its name."""
    first, *_ = (getdoc(getmodule(model)) or "").splitlines()
    purpose = first.partition(": ")[2]
    return purpose[:1].upper() + purpose[1:]


def _definitions(*models: type[BaseModel]) -> dict[str, Schema]:
    """The models and all that they hold, by name."""
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/definitions/{model}"
    )
    return {name: _adapted(schema) for name, schema in found["$defs"].items()} | {
        "Nothing": NOTHING
    }


def _adapted(value: Any) -> Any:
    """A schema as pydantic makes it, adapted to our reader and to what editors complete."""
    if isinstance(value, list):
        return [_adapted(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema = {key: _adapted(item) for key, item in value.items()}
    if not schema.get("default", True):
        del schema["default"]  # nobody wants it proposed
    for pattern, values in schema.pop("patternProperties", {}).items():
        # Said of the names, editors complete the values and say what is wrong with a name.
        schema["propertyNames"] = {"pattern": pattern, **schema.get("propertyNames", {})}
        schema["additionalProperties"] = _or_nothing(values)
    for name, field in schema.get("properties", {}).items():
        field.setdefault("title", name.replace("_", " ").title())
        if name not in schema.get("required", []):
            schema["properties"][name] = _or_nothing(field)
    return schema


def _or_nothing(schema: Schema) -> Schema:
    """A value that may be missing behind its key."""
    [value, *_] = schema.pop("anyOf", [{}])
    said = {**value, **schema}  # limits of texts, lists and mappings say nothing of nothing
    choice = {key: said.pop(key) for key in ("type", "enum", "$ref", "anyOf") if key in said}
    if "$ref" in choice:  # or the pointer would show what the value is in general
        choice |= {key: said[key] for key in ("title", "description") if key in said}
    return {**said, "anyOf": [choice, _NOTHING]}
