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
from projects import FAULTS, ROOT
from pydantic import BaseModel
from test_faults import CASES, listed, marks

from research_brief import cli, schemas
from research_brief.models import ENTITY_FILES, Person, Source
from research_brief.sections import kinds
from research_brief.validation import validate
from research_brief.yamlfile import Document, parse

FOLDER = ROOT / "docs" / "schemas"
SCHEMAS = schemas.schemas()
CONTENT = sorted(
    path
    for path in (ROOT / "content").rglob("*.yaml")
    if path.relative_to(ROOT).parts[1] != "editions"  # which nobody edits
)
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
WIRED: dict[str, list[str]] = SETTINGS["yaml.schemas"]

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
    if path.name.endswith(".receipts.yaml"):
        return "receipts"
    if path.name == "edition.yaml":  # written by the program only
        return "edition"
    if path.name == "tombstones.yaml":
        return "tombstones"
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
            read = schema_of(path) in SCHEMAS and not path.name.endswith(".receipts.yaml")
            if read and not rules & UNREADABLE:
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
    assert not said.get("parse_errors"), said
    found: dict[Path, list[str]] = {}
    for error in said["errors"]:
        deepest = error.get("best_deep_match", error)
        found.setdefault(Path(error["filename"]), []).append(f"{error['path']}: {deepest}")
    return found


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema, but for conditions, which describe nothing."""
    if isinstance(value, dict):
        yield value
        value = [item for key, item in value.items() if key != "if"]
    if isinstance(value, list):
        for item in value:
            yield from parts(item)


def test_there_is_something_to_look_at() -> None:
    assert set(SCHEMAS) == {"brief", "receipts", "section", "source", "tombstones", *ENTITY_FILES}
    assert len(SEEN_FILES) > 15
    assert len(CLEAN_FILES) > 15
    assert {schema_of(path) for path in CONTENT} == set(SCHEMAS)


def test_the_committed_schemas_are_those_of_the_models() -> None:
    # Those of what the site hands out are in test_api.py, that of the manifest in test_verify.py.
    kept = {path.stem for path in FOLDER.iterdir() if not path.stem.startswith("api-")}
    kept.remove("manifest")
    assert kept == set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        committed = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        assert json.loads(committed) == schema, "run: python build.py schema"


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"], str(tmp_path)) == 0
    said = capsys.readouterr().out
    for path in FOLDER.iterdir():
        assert (tmp_path / "docs" / "schemas" / path.name).read_bytes() == path.read_bytes()
        assert f"schema  docs/schemas/{path.name}\n" in said


def test_the_schemas_are_schemas() -> None:
    said = checked("--check-metaschema", *sorted(FOLDER.iterdir()))
    assert said["status"] == "ok", said


@pytest.mark.parametrize("name", SCHEMAS)
def test_everything_that_an_editor_can_write_is_described(name: str) -> None:
    schema = SCHEMAS[name]
    described = {"the file": schema, **schema["definitions"]}
    for part in parts(schema):
        described |= part.get("properties", {})
    kind = {"$ref": "#/definitions/Kind"}  # described there
    assert [
        key for key, part in described.items() if part != kind and not part["description"]
    ] == []
    for part in parts(schema):
        if "enumDescriptions" in part:
            assert len(part["enumDescriptions"]) == len(part["enum"])
            assert all(part["enumDescriptions"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_needs_no_network(name: str) -> None:
    definitions = {f"#/definitions/{model}" for model in SCHEMAS[name]["definitions"]}
    references = {part["$ref"] for part in parts(SCHEMAS[name]) if "$ref" in part}
    assert references == definitions
    assert not any("$id" in part for part in parts(SCHEMAS[name]))


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_first_line_of_a_content_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    assert (path.parent / named[1]).resolve() == FOLDER / f"{schema_of(path)}.json"


def test_vs_code_finds_the_schema_of_every_content_file() -> None:
    for path in CONTENT:
        file = path.relative_to(ROOT)
        found = [
            schema
            for schema, patterns in WIRED.items()
            if any(file.match(pattern) for pattern in patterns)
            and not any(file.match(pattern[1:]) for pattern in patterns if pattern[0] == "!")
        ]
        assert found == [f"docs/schemas/{schema_of(path)}.json"]
    assert set(WIRED) == {f"docs/schemas/{name}.json" for name in SCHEMAS}


@pytest.mark.parametrize(
    "path", [*CONTENT, *EXAMPLES], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_content_without_faults_is_accepted(path: Path) -> None:
    assert refused(schema_of(path)).get(path, []) == []


@pytest.mark.parametrize("name", CLEAN_FILES)
def test_a_file_whose_faults_a_schema_cannot_see_is_accepted(name: str) -> None:
    path, _ = FAULT_FILES[name]
    assert refused(schema_of(path)).get(path, []) == []


@pytest.mark.parametrize("name", SEEN_FILES)
def test_a_file_with_faults_is_refused(name: str) -> None:
    path, _ = FAULT_FILES[name]
    found = refused(schema_of(path)).get(path, [])
    assert (found == []) == (name in UNSEEN)


# --- Single values: what our reader says of them, the schema says -------------------------------

SECTION = """\
kind: narrative
title: A title
{}
"""
CLAIM = """\
kind: narrative
title: A title
claims:
  first: {{text: Words, status: account, {}}}
"""
EVIDENCE = """\
kind: narrative
title: A title
claims:
  first: {{text: Words, status: account, evidence: [{{quote: Words, {}}}]}}
"""
CELL = """\
kind: comparison
title: A title
subjects: [alibaba]
criteria: {{builds: Builds}}
cells: {{alibaba: {{builds: {}}}}}
"""
PERSON = """\
somebody: {{name: A name, summary: Words, {}}}
"""
SOURCE = """\
{{kind: web, title: A title, language: en, publisher: daily, rights: Words, {}}}
"""
VALUES: list[tuple[str, type[BaseModel], str, list[str], list[str]]] = [
    (
        "section", kinds()["narrative"], SECTION,
        ["intro:", "claims:", "claims: {first: }", "paragraphs: [{text: 1.10}]"],
        ["events: []", "paragraphs: [{}]", "paragraphs: [Words]", "claims: {First: {}}"],
    ),
    (
        "section", kinds()["narrative"], CLAIM,
        [
            "as_of: 2018", "as_of: 2018-09", "as_of: 2018-09-12", "as_of: ",
            "speaker: guo-tao", "speaker: ", "about: ", "rests_on: [claim, brief#claim]",
            "derived: 2018", "derived: {en: 1.10, zh: }",
        ],
        [
            "as_of: 18", "as_of: 2018-13", "as_of: 2018-9", "as_of: [2018]",
            "speaker: Guo", "speaker: 3", f"speaker: {'a' * 61}", "about: [a, '']",
            "rests_on: [brief#claim#again]", "derived: {english: Words}", "derived: ''",
        ],
    ),
    (
        "section", kinds()["narrative"], EVIDENCE,
        ["paragraph: 18", "paragraph: h2", "paragraph: 0", "paragraph: 1, stance: ", "paragraph: "],
        ["paragraph: 1.5", "paragraph: 10000", "paragraph: p1", "stance: maybe"],
    ),
    (
        "section", kinds()["comparison"], CELL,
        ["not-reported", "{text: Three}", "{text: {en: 3}, claims: [a]}", ""],
        ["not-known", "{}", "{claims: [builds]}", "[]"],
    ),
    (
        "people", Person, PERSON,
        ["aliases: [2018, A name]", "original: zh", "unnamed: true", "unnamed: yes", "unnamed: 1"],
        ["aliases: 2018", "original: Chinese", "unnamed: 2", "unnamed: maybe", "founded: 2018"],
    ),
    (
        "source", Source, SOURCE,
        [
            "published: 2018", "republished: {by: daily, on: 2025-09-15}",
            "url: 'https://example.org/a?b#c'", "paragraphs: [2018, 第一段]",
        ],
        [
            "published: yesterday", "republished: {by: daily, on: 2025-02-30}",
            "republished: {by: daily, on: 2025}", "url: example.org",
            "paragraphs: [the first paragraph]",
        ],
    ),
]  # fmt: skip


def read_by_us(model: type[BaseModel], text: str) -> bool:
    """Whether our reader finds no fault."""
    document = parse(text, Document("text"))
    steps = ("somebody",) if model is Person else ()
    validate(model, document, steps, languages=("en", "zh"), language="en")
    return not document.problems


@pytest.mark.parametrize(("schema", "model", "template", "good", "bad"), VALUES)
def test_the_schema_says_of_a_value_what_our_reader_says(
    schema: str,
    model: type[BaseModel],
    template: str,
    good: list[str],
    bad: list[str],
    tmp_path: Path,
) -> None:
    values = {tmp_path / f"{number}.yaml": value for number, value in enumerate([*good, *bad])}
    for path, value in values.items():
        path.write_text(template.format(value), encoding="utf-8")
        assert read_by_us(model, template.format(value)) == (value in good), value
    said = checked("--schemafile", FOLDER / f"{schema}.json", *values)
    assert {values[Path(error["filename"])] for error in said["errors"]} == set(bad)
