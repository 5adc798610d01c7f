"""The JSON files: held to their schemas, complete, and no more than the pages show."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from exporting import HOSTILE, SITE, addresses_of_pages, hostile, of, real
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from projects import BASE, ROOT

from research_brief import api_schemas, exports, pipeline, reading
from research_brief.brief import Revision
from research_brief.exports import api
from research_brief.sections import kinds

FOLDER = ROOT / "docs" / "schemas"


def files(publication: exports.Publication) -> dict[str, Any]:
    """Every file by its path, held to its schema."""
    found = {file.path: json.loads(file.text) for file in api.export(publication)}
    for path, content in found.items():
        if path.startswith("api/schema/"):
            Draft202012Validator.check_schema(content)
        else:
            schema = found[urljoin(path, content["$schema"]).removeprefix(SITE)]
            errors = [
                error.message for error in Draft202012Validator(closed(schema)).iter_errors(content)
            ]
            assert errors == [], path
    return found


def closed(schema: Any) -> Any:
    """The schema as one that allows no key that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if isinstance(made.get("properties"), dict) and "required" in made:
        made["unevaluatedProperties"] = False
    if "allOf" not in made and made.get("description", "").startswith(tuple(_of_kinds())):
        del made["unevaluatedProperties"]  # it is a part of a section, which is closed itself
    return made


@cache
def _of_kinds() -> list[str]:
    return [str(model.__doc__) for model in kinds().values()]


def test_the_real_content_is_there_whole() -> None:
    found = files(real())
    assert set(found) == {
        "api/briefs.json", "api/entities.json", "api/briefs/ai-chip-race.json",
        "api/schema/briefs.json", "api/schema/brief.json", "api/schema/entities.json",
    }  # fmt: skip
    library, brief = real().library, found["api/briefs/ai-chip-race.json"]
    record = library.briefs["ai-chip-race"]
    assert [section["id"] for section in brief["sections"]] == list(record.brief.sections)
    assert [claim["id"] for claim in brief["claims"]] == list(record.claims)
    assert [entity["id"] for entity in found["api/entities.json"]["entities"]] == list(
        library.entities
    )
    assert brief["title"]["zh"] == "AI芯片：互联网大厂为何自己造芯"
    assert brief["url"] == {
        "en": f"{SITE}briefs/ai-chip-race/",
        "zh": f"{SITE}zh/briefs/ai-chip-race/",
    }
    claim = next(claim for claim in brief["claims"] if claim["id"] == "behind-before-production")
    assert claim["speaker"]["name"] == {"en": "Shen Jiaqing", "zh": "沈佳庆"}
    assert claim["url"]["zh"] == f"{SITE}zh/briefs/ai-chip-race/#behind-before-production"
    assert claim["evidence"][0]["verified"]
    assert claim["evidence"][0]["verified_on"] == record_day(claim["evidence"][0]["quote"])
    comparison = next(section for section in brief["sections"] if section["kind"] == "comparison")
    assert comparison["subjects"][0]["name"]["zh"]
    assert set(comparison["cells"]) == {subject["id"] for subject in comparison["subjects"]}
    assert not re.search(r"\[\[|\*\*", json.dumps(brief, ensure_ascii=False)), "texts are plain"


def record_day(quote: str) -> str:
    """The day of the receipt of a quotation of the real brief."""
    from research_brief.evidence.normalisation import digest

    receipts = real().library.sources["cntxj-2025-09-15"].receipts
    assert receipts is not None
    return str(receipts.of(digest(quote))[0].on)


def test_the_list_says_of_a_brief_what_its_own_file_says() -> None:
    found = files(real())
    brief = found["api/briefs/ai-chip-race.json"]
    [listed] = found["api/briefs.json"]["briefs"]
    assert {key: brief[key] for key in listed} == listed
    assert listed["claims_count"] == len(brief["claims"])
    assert listed["quotations_count"] == sum(len(claim["evidence"]) for claim in brief["claims"])


def addresses(value: Any, key: str = "") -> set[str]:
    """All addresses on this site in a file."""
    if isinstance(value, dict):
        return {
            a
            for name, item in value.items()
            for a in addresses(item, name if key != "url" else key)
        }
    if isinstance(value, list):
        return {address for item in value for address in addresses(item, key)}
    named = {"url", "json", "$schema"}
    is_file = isinstance(value, str) and value.endswith((".md", ".csv", ".pdf"))
    return {value} if key in named or is_file else set()


@pytest.mark.parametrize("site_url", [SITE, None])
def test_addresses_lead_to_what_is_there(site_url: str | None) -> None:
    publication = real(site_url)
    made = exports.files(publication)
    pages = addresses_of_pages(publication)
    there = (
        pages | set(made) | {f"{path}ai-chip-race.pdf" for path in pages if path.endswith("race/")}
    )
    count = 0
    for path, content in files(publication).items():
        for address in addresses(content) if "schema/" not in path else ():
            target = urljoin(urljoin(SITE, path), address)
            assert bool(site_url) == address.startswith("https://")
            assert target.startswith(SITE)
            assert target.removeprefix(SITE).partition("#")[0] in there, f"{path}: {address}"
            count += 1
    assert count > 300


def test_every_file_that_is_named_is_made() -> None:
    made = exports.files(real())
    named = json.loads(made["api/briefs.json"])["briefs"][0]["files"]
    assert named["json"].removeprefix(SITE) in made
    for form in ("markdown", "csv", "bibtex", "ris", "csl_json"):
        assert set(named[form]) == {"en", "zh"}
        assert all(address.removeprefix(SITE) in made for address in named[form].values()), form


def test_a_brief_that_was_withdrawn_says_so_and_is_not_cited() -> None:
    whole = real()
    [record] = whole.library.briefs.values()
    last = Revision.model_validate(
        {"date": "2026-12-01", "kind": "retraction", "text": {"en": "Wrong.", "zh": "有误。"}}
    )
    said = record.brief.model_copy(update={"revisions": [*record.brief.revisions, last]})
    library = replace(whole.library, briefs={record.id: replace(record, brief=said)})
    gone = exports.Publication(library, whole.words, whole.pages)
    listed = files(gone)["api/briefs.json"]["briefs"][0]
    assert listed["withdrawn"] == "retraction"
    assert [listed["files"][form] for form in ("pdf", "bibtex", "ris", "csl_json")] == [{}] * 4
    assert files(whole)["api/briefs.json"]["briefs"][0]["withdrawn"] is None


def test_without_pdfs_none_is_named() -> None:
    whole = real()
    bare = exports.Publication(whole.library, whole.words, whole.pages, pdf=False)
    assert files(bare)["api/briefs.json"]["briefs"][0]["files"]["pdf"] == {}
    assert files(whole)["api/briefs.json"]["briefs"][0]["files"]["pdf"]["zh"].endswith("race.pdf")


def test_whatever_a_text_says_it_is_a_text() -> None:
    found = files(hostile())
    for number, words in enumerate(HOSTILE):
        brief = found[f"api/briefs/h{number}.json"]
        assert brief["title"] == {"en": words, "zh": words}
        assert brief["sections"][1]["criteria"]["chips"]["zh"] == words


def test_nothing_private_gets_out(tmp_path: Path) -> None:
    """Neither the text of a source, nor drafts, nor a path of this machine."""
    text = "腾讯自研芯片已有三款，其余的话不曾引用。\n\n郭涛说成本高昂，这句也没有人引用过。\n"
    draft = (BASE / "content/briefs/first/brief.yaml").read_text("utf-8") + "status: draft\n"
    trees = {
        ".sources/daily-2025.txt": text,
        "content/briefs/secret/brief.yaml": draft.replace("The chip race", "Under wraps"),
        **{
            f"content/briefs/secret/{name}.yaml": (
                BASE / f"content/briefs/first/{name}.yaml"
            ).read_text("utf-8")
            for name in ("signal", "matrix")
        },
    }
    publication = of(tmp_path, trees)
    assert publication.library.sources["daily-2025"].text is not None
    for path, said in exports.files(publication).items():
        assert "其余的话" not in said, path
        assert "没有人引用" not in said, path
        assert str(tmp_path) not in said, path
        assert "Under wraps" not in said, path
        assert "secret" not in path + said, path
    assert "api/briefs/secret.json" in exports.files(of(tmp_path, drafts=True)), "in a preview"


def test_the_committed_schemas_are_those_of_the_forms() -> None:
    made = api_schemas.api_schemas()
    kept = {path.stem.removeprefix("api-"): path for path in FOLDER.glob("api-*.json")}
    assert set(kept) == set(made) == set(api_schemas.FILES)
    for name, schema in made.items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        assert kept[name].read_text("utf-8") == text, "run 'python build.py schema'"


def test_every_kind_of_section_is_described_with_its_own_keys() -> None:
    definitions = api_schemas.api_schemas()["brief"]["$defs"]
    assert len(kinds()) >= 5
    for kind, model in kinds().items():
        described = definitions[f"{kind}.{model.__name__}"]
        own = set(model.model_fields) - set(definitions["Section"]["properties"]) - {"formerly"}
        assert set(described["properties"]) == own
        assert described["description"]


def test_a_file_that_departs_is_refused() -> None:
    """The schemas are no empty words."""
    found = files(real())
    validator = Draft202012Validator(closed(found["api/schema/brief.json"]))
    brief = found["api/briefs/ai-chip-race.json"]
    spoiled: list[dict[str, Any]] = [
        {"claims": [{}]},
        {"schema_version": "2.0"},
        {"surprise": 1},
        {"sections": [{**brief["sections"][1], "cells": 3}]},
    ]
    for spoil in spoiled:
        assert not validator.is_valid(brief | spoil), spoil


def test_the_same_content_gives_the_same_bytes() -> None:
    again = pipeline.render(ROOT, reading.Content(real().library, dict(real().words), []))
    publication = exports.Publication(real().library, real().words, again)
    assert exports.files(publication) == exports.files(real())
