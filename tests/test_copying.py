"""Runs of words that stand in a source as well."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import ROOT

from research_brief.checks import copied_text
from research_brief.dealings import quotations
from research_brief.evidence.copying import FEW, Copies
from research_brief.evidence.normalisation import normalise
from research_brief.evidence.standing import all_quoted
from research_brief.library import BriefRecord
from research_brief.loading import load, load_settings

SOURCE = (
    "小客户最好几家一道去买，这样既能压低单价，也能分担订不满产能的损失。"
    "山猫公司推出首款SP-1处理器蓝石200，次年发布蓝石300。"
)
PASSAGE = normalise(SOURCE).text
NAMES = ["山猫公司", "SP-1", "蓝石200", "蓝石300"]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        (
            "所以几家一道去买,这样 既能压低单价,也能分担损失",
            "几家一道去买,这样既能压低单价,也能分担",
        ),
        ("几家一道去买，这样既能压低单价，也能", ""),  # 18 characters
        ("几家一道去买，这样既能压低单价，也能分担", "几家一道去买,这样既能压低单价,也能分担"),
        ("他说“小客户最好几家一道去买，这样既能压低单价，也能分担”。", ""),
        ("2019年山猫公司推出首款SP-1处理器蓝石200，次年发布蓝石300吧", ""),  # names apart, 13
        ("", ""),
    ],
)
def test_runs_of_twenty_characters(text: str, run: str) -> None:
    assert list(Copies([PASSAGE], 20, NAMES).runs(text)) == ([(run, 0)] if run else [])


def test_a_run_does_not_go_over_the_end_of_a_paragraph() -> None:
    halves = [PASSAGE[:12], PASSAGE[12:24]]
    assert not list(Copies(halves, 20).runs(PASSAGE[:24]))


def test_of_many_texts_those_are_suspected_that_have_a_block_whatever_signs_are_between() -> None:
    texts = ["他们造芯片。", f"他说“{PASSAGE[:12]}”", PASSAGE[:4] + "， — " + PASSAGE[4:16], "所以"]
    assert Copies([PASSAGE], 20).suspects(texts) == {texts[1], texts[2]}
    assert Copies([PASSAGE], 20).suspects([PASSAGE[:5], PASSAGE[5:12]]) == set()


@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(5, 40))
def test_every_run_is_found_wherever_it_stands(seed: int, start: int, length: int) -> None:
    """In a long text, by its blocks, as in a short one."""
    chance = random.Random(seed)
    source = "".join(chance.choices("甲乙丙丁戊己庚辛壬癸", k=60))
    other = "".join(chance.choices("子丑寅卯", k=9))
    padding = ["".join(chance.choices("金木水火土", k=60)) for _ in range(FEW)]
    text = other + source[start : start + length] + other
    expected = [source[start : start + length]] if len(source[start : start + length]) >= 20 else []
    for passages in ([source], [source, *padding]):
        assert [run for run, _ in Copies(passages, 20).runs(text)] == expected


def test_every_claim_is_looked_at_once_however_many_sources_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A site has as many sources as briefs: looking at each claim for each is quadratic."""
    library = load(ROOT, load_settings(ROOT))[0]
    [record] = [replace(record, text=None) for record in library.sources.values()]
    copies = {f"copy-{number}": replace(record, id=f"copy-{number}") for number in range(3)}
    library = replace(library, sources={record.id: record, **copies})
    asked: list[str] = []

    def counted(briefs: Iterable[BriefRecord]) -> Iterator[tuple[str, str]]:
        for source, words in quotations(briefs):
            asked.append(words)
            yield source, words

    monkeypatch.setattr(copied_text, "quotations", counted)
    assert list(copied_text.check(library)) == []
    assert asked == [shown.words for shown in all_quoted(library)]
