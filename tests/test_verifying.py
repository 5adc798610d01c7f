"""`source verify`: what it compares, writes and says, and when it leaves receipts alone."""

import re
from pathlib import Path

import pytest
from evidence_desk import GAZETTE, RECEIPTS, RISE, desk, edit, faults, library, verify, without_text
from projects import overlay
from test_receipts import QUOTE

from research_brief.cli import main
from research_brief.evidence.budget import Share, shares
from research_brief.evidence.standing import quoted_words
from research_brief.evidence.texts import SourceText
from research_brief.refusals import Refused


def test_the_verb_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = desk(tmp_path, verified=False)
    assert main(["source", "verify"], str(root)) == 0  # all whose text is here
    said = capsys.readouterr().out
    assert "verify  gazette: 8 of 8 quotations and other words are in its text" in said
    assert f"new     {QUOTE}" in said
    assert f"write   {RECEIPTS}" in said
    assert "open    the text stands in content/" in said

    edit(root, RISE, "上调报价", "上调售价")
    assert main(["source", "verify", "gazette"], str(root)) == 1
    found = capsys.readouterr()
    assert "altered 1 not as the text has them: see the faults" in found.out
    assert "gone    1 receipt of words that nothing quotes now" in found.out
    assert f"{RISE}:12:16: error: the words are not in paragraph 1 of gazette" in found.out


def test_the_verb_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = without_text(desk(tmp_path))
    (root / "content/sources/open-letter.txt").unlink()
    for arguments, words in (
        (["gazette"], "the text of gazette is not here"),
        (["gazete"], "there is no source 'gazete'; did you mean 'gazette'?"),
        ([], "the text of no source is here"),
    ):
        assert main(["source", "verify", *arguments], str(root)) == 2
        assert words in capsys.readouterr().err


def test_what_an_ellipsis_leaves_out_is_pointed_at(tmp_path: Path) -> None:
    root = desk(tmp_path, verified=False)
    edit(root, RISE, QUOTE, "两家代工厂宣布上调报价……3.5%和12%……第三家")
    edit(root, RISE, "产能可能要到2027年才会宽松", "分析师林远……2027年")
    [note] = verify(root).notes
    assert note.startswith(f"{RISE}:12:16: note: a sentence ends in the words left out; ")
    edit(root, RISE, "两家代工厂宣布上调报价……3.5%和12%……第三家", "第三家……决定")
    [note] = verify(root).notes
    assert note.startswith(f"{RISE}:12:16: note: '尚未' is among the words left out; ")


def test_verifying_tells_what_is_new_and_gone_and_keeps_days(tmp_path: Path) -> None:
    root = desk(tmp_path, verified=False)
    first = verify(root, today="2026-11-05")
    assert (first.compared, first.missing, len(first.new), first.gone) == (8, 0, 8, 0)
    edit(root, RISE, QUOTE, "两家代工厂宣布上调报价")
    second = verify(root, today="2026-12-24")
    assert (second.missing, second.new, second.gone) == (0, ["两家代工厂宣布上调报价"], 1)
    receipts = (root / RECEIPTS).read_text(encoding="utf-8")
    assert receipts.count("on: 2026-12-24") == 1
    assert receipts.count("on: 2026-11-05") == 7
    assert verify(root, today="2027-01-01").new == []
    assert (root / RECEIPTS).read_text(encoding="utf-8") == receipts


def test_words_that_are_not_there_get_no_receipt(tmp_path: Path) -> None:
    root = desk(tmp_path, verified=False)
    edit(root, RISE, "上调报价", "上调售价")
    assert verify(root).missing == 1
    assert len(faults(root)) == 1
    assert len(faults(without_text(root))) == 1


def test_verifying_without_the_text_says_where_it_is_expected(tmp_path: Path) -> None:
    root = without_text(desk(tmp_path))
    with pytest.raises(Refused, match=r"expected it in \.sources/gazette\.txt"):
        verify(root)


def test_the_text_of_another_source_leaves_the_receipts_alone(tmp_path: Path) -> None:
    root = desk(tmp_path)
    before = (root / RECEIPTS).read_bytes()
    overlay(root, {".sources/gazette.txt": "# Something else\n\nNothing of it is quoted.\n"})
    with pytest.raises(Refused, match="is it the text of another source"):
        verify(root)
    assert (root / RECEIPTS).read_bytes() == before


def test_two_briefs_share_a_source(tmp_path: Path) -> None:
    root = desk(tmp_path, verified=False)
    for name in ("brief", "rise"):
        text = (root / f"content/briefs/prices/{name}.yaml").read_text(encoding="utf-8")
        overlay(root, {f"content/briefs/again/{name}.yaml": text})
    both = "两家代工厂宣布上调报价,涨幅分别为3.5%和12%"
    edit(root, "content/briefs/again/rise.yaml", QUOTE, both)
    assert verify(root).compared == 11
    assert faults(root) == []
    (found, _) = library(root)
    gazette = shares(found)["gazette"]
    source = SourceText("", GAZETTE)
    words = ("产能可能要到2027年才会宽松", "分析师林远", both)
    assert gazette == Share(sum(map(len, words)), source.length)


def test_a_brief_on_two_sources_says_where_each_quotation_stands(tmp_path: Path) -> None:
    found, _ = library(without_text(desk(tmp_path)))
    stands = {
        (shown.source.id, shown.words[:4]): shown.standing
        for record in found.briefs["prices"].claims.values()
        for shown in quoted_words(found, record)
    }
    days = {key: stand and stand.on for key, stand in stands.items()}
    assert days == {
        ("gazette", "两家代工"): "2026-11-05",
        ("gazette", "产能可能"): "2026-11-05",
        ("gazette", "分析师林"): "2026-11-05",
        ("open-letter", "two "): None,
    }
    assert all(stands.values())


def test_too_much_of_a_source(tmp_path: Path) -> None:
    root = desk(tmp_path)
    edit(root, "content/sources/gazette.yaml", "kind: news", "quotable: 13\nkind: news")
    [fault] = faults(root)
    assert re.search(
        "1[345].[0-9] % of gazette is quoted, 39 of 2[0-9]+ characters; at most 13", fault
    )
