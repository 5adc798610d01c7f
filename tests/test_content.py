"""The content of this site holds what its method page promises."""

import re

import pytest
from projects import ROOT, faults_of

from research_brief import pipeline
from research_brief.library import ClaimRecord, Library
from research_brief.models import Status
from research_brief.options import Options
from research_brief.wording import Wording

CONTENT = pipeline.read(ROOT, Options(drafts=True))
LIBRARY: Library = CONTENT.library
CLAIMS = LIBRARY.claims
LENGTHS = {"cntxj-2025-09-15": 3194}  # characters; the texts themselves are not ours to keep here
SPOKEN = {Status.STATED, Status.FORECAST, Status.RECOMMENDED}


def test_there_is_content() -> None:
    assert "ai-chip-race" in LIBRARY.briefs
    assert "cntxj-2025-09-15" in LIBRARY.sources
    assert len(CLAIMS) >= 40
    assert len(LIBRARY.entities) >= 20


def test_the_content_has_no_faults_and_no_warnings() -> None:
    assert list(map(str, faults_of(ROOT))) == []


@pytest.mark.parametrize("record", CLAIMS.values(), ids=CLAIMS.keys())
def test_a_claim_says_on_what_it_stands_and_who_says_it(record: ClaimRecord) -> None:
    claim = record.claim
    assert claim.evidence or claim.rests_on
    if claim.status is Status.INFERRED:
        assert claim.rests_on
    else:
        assert claim.evidence
    if claim.status in SPOKEN:
        assert claim.speaker
    assert claim.about
    for number, evidence in enumerate(claim.evidence):
        source = LIBRARY.sources[LIBRARY.source_of(record, number)].source
        assert len(evidence.quote) <= 60
        others = {code for code in LIBRARY.settings.languages if code != source.language}
        assert evidence.translation
        assert others <= set(evidence.translation.root)


def test_only_the_fewest_words_of_a_source_are_quoted() -> None:
    for id in LIBRARY.sources:
        quotes = {
            evidence.quote
            for record in CLAIMS.values()
            for number, evidence in enumerate(record.claim.evidence)
            if LIBRARY.source_of(record, number) == id
        }
        quoted = len(re.sub(r"\s|……|\[…\]", "", "".join(quotes)))
        assert quoted < 0.3 * LENGTHS[id]


@pytest.mark.parametrize("record", CLAIMS.values(), ids=CLAIMS.keys())
def test_no_quotation_has_a_ticker_in_brackets(record: ClaimRecord) -> None:
    for evidence in record.claim.evidence:
        assert not re.search(r"[（(][^）)]*\d\s*[%％][^）)]*[）)]", evidence.quote)
        assert not re.search(r"[（(][^）)]*(?:HK|SZ|SH|US|NASDAQ|NYSE)[^）)]*[）)]", evidence.quote)


@pytest.mark.parametrize("language", LIBRARY.settings.languages)
def test_every_claim_is_said_in_its_language(language: str) -> None:
    wording = Wording(LIBRARY, language, CONTENT.words)
    for record in CLAIMS.values():
        said = wording.bare(record.claim.text)
        han = len(re.findall(r"[\u3400-\u9fff]", said))
        assert (han > len(said) / 3) == (language == "zh"), f"{record.address} in {language}"
