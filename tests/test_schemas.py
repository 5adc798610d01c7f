"""The JSON Schemas of the content are those of the models, and an independent validator agrees.

Every fault that our reader finds in one file (rules `schema` and `unknown-kind`) the schema of
that file finds as well, and where our reader finds none, it finds none; exceptions are listed.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from projects import BASE, FAULTS, ROOT
from test_faults import CASES, listed, marks

from research_brief import cli, schemas
from research_brief.models import ENTITY_FILES
from research_brief.yamlfile import Document, parse

FOLDER = ROOT / "docs" / "schemas"
SCHEMAS = schemas.schemas()
CONTENT = sorted((ROOT / "content").rglob("*.yaml"))
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))

SEEN = {"schema", "unknown-kind"}
"""The rules whose faults a schema can see."""
UNREADABLE = {"yaml-syntax", "duplicate-key", "encoding", "file"}
"""The rules of files that a schema is not asked about."""
UNSEEN = {
    "unknown-language/content/briefs/first/signal.yaml": "mkdocs.yml names the languages",
    "unknown-language/content/sources/figaro.yaml": "mkdocs.yml names the languages",
}
"""Faults that a schema cannot see, and why."""


def schema_of(path: Path) -> str:
    """The name of the schema for a content file, by its place."""
    if path.parent.name in ("sources", "entities"):
        return "source" if path.parent.name == "sources" else path.stem
    return "brief" if path.name == "brief.yaml" else "section"


def rules_of(case: str, file: str) -> set[str]:
    """The rules of all faults that our reader finds in a file."""
    folder = FAULTS / case
    return {mark[3] for mark in marks(folder) if mark[0] == file} | {
        match[6] for match in listed(folder) if match[1] == file
    }


def fault_files() -> Iterator[tuple[str, Path, set[str]]]:
    """The content files of all fault cases that a schema can read, with their rules."""
    for case in CASES:
        for path in sorted((FAULTS / case / "content").rglob("*.yaml")):
            rules = rules_of(case, path.relative_to(FAULTS / case).as_posix())
            if schema_of(path) in SCHEMAS and not rules & UNREADABLE:
                yield path.relative_to(FAULTS).as_posix(), path, rules


FAULT_FILES = {name: (path, rules) for name, path, rules in fault_files()}
SEEN_FILES = [name for name, (_, rules) in FAULT_FILES.items() if rules & SEEN]
CLEAN_FILES = [name for name, (_, rules) in FAULT_FILES.items() if not rules & SEEN]
EXAMPLES = sorted((ROOT / "tests" / "golden").rglob("*.yaml"))


def checked(*arguments: str | Path) -> dict[str, Any]:
    """What check-jsonschema says."""
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "JSON", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode in (0, 1), run.stderr
    return dict(json.loads(run.stdout))


@cache
def refused(schema: str) -> dict[Path, list[str]]:
    """What the committed schema refuses, in all files of its kind, here and in the tests."""
    everything = [*CONTENT, *EXAMPLES, *(path for path, _ in FAULT_FILES.values())]
    files = [path for path in everything if schema_of(path) == schema]
    assert files
    said = checked("--schemafile", FOLDER / f"{schema}.json", *files)
    assert not said.get("parse_errors")
    found: dict[Path, list[str]] = {}
    for error in said["errors"]:
        deepest = error.get("best_deep_match", error)
        found.setdefault(Path(error["filename"]), []).append(f"{error['path']}: {deepest}")
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_there_is_something_to_look_at() -> None:
    assert set(SCHEMAS) == {"brief", "section", "source", *ENTITY_FILES}
    assert len(SEEN_FILES) > 15
    assert len(CLEAN_FILES) > 20
    assert len(CONTENT) > 10


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        committed = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        assert json.loads(committed) == schema, "run: python build.py schema"


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"], str(tmp_path)) == 0
    for path in FOLDER.iterdir():
        assert (tmp_path / "docs" / "schemas" / path.name).read_bytes() == path.read_bytes()
        assert f"schema  docs/schemas/{path.name}\n" in capsys.readouterr().out


def test_the_schemas_are_schemas() -> None:
    said = checked("--check-metaschema", *sorted(FOLDER.iterdir()))
    assert said["status"] == "ok", said


@pytest.mark.parametrize("name", SCHEMAS)
def test_everything_that_an_editor_can_write_is_described(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["title"]
    assert schema["description"]
    for part in objects({**schema, "if": None}):
        for key, field in part.get("properties", {}).items():
            described = {"const"} == set(field) or (field.get("description") or "$ref" in field)
            assert described, f"{key} has no description"
    for model, definition in schema["definitions"].items():
        assert definition["description"], f"{model} has no description"
        assert len(definition.get("enumDescriptions", [])) == (
            len(definition["enum"]) if "enumDescriptions" in definition else 0
        )
