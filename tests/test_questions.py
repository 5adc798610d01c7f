"""A reader who never saw the article finds in the brief what it answers, in both languages.

`questions.yaml`: a question, the claims that answer it, and words that must stand in them;
where it matters, who says it (`speaker`) and how surely (`status`).
"""

from typing import Any

import pytest
from projects import ROOT

from research_brief import pipeline
from research_brief.options import Options
from research_brief.wording import Wording
from research_brief.yamlfile import read

BRIEF = "ai-chip-race"
CONTENT = pipeline.read(ROOT, Options())
FILE = read(ROOT / "tests" / "questions.yaml", "tests/questions.yaml")
QUESTIONS: list[dict[str, Any]] = FILE.data
LANGUAGES = ("en", "zh")
KEYS = {"question", "claims", "answer"}


def test_there_are_forty_questions_and_more_each_once() -> None:
    assert FILE.problems == []
    assert len(QUESTIONS) >= 40
    for language in LANGUAGES:
        assert len({item["question"][language] for item in QUESTIONS}) == len(QUESTIONS)


def test_every_section_answers_some_question() -> None:
    brief = CONTENT.library.briefs[BRIEF]
    asked = {brief.claims[id].section for item in QUESTIONS for id in item["claims"]}
    assert {record.id for record in brief.sections if record.section.claims} <= asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: str(item["question"]["en"]))
def test_the_brief_answers(item: dict[str, Any], language: str) -> None:
    assert KEYS <= set(item) <= KEYS | {"speaker", "status"}
    claims = CONTENT.library.briefs[BRIEF].claims
    assert item["claims"]
    assert [id for id in item["claims"] if id not in claims] == []
    records = [claims[id] for id in item["claims"]]
    wording = Wording(CONTENT.library, language, CONTENT.words)
    said = "\n".join(wording.bare(record.claim.text) for record in records)
    assert item["answer"][language]
    missing = [
        words for words in item["answer"][language] if words.casefold() not in said.casefold()
    ]
    assert missing == [], said
    if "speaker" in item:
        assert item["speaker"] in {record.claim.speaker for record in records}
    if "status" in item:
        assert item["status"] in {record.claim.status.value for record in records}
