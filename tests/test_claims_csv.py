"""The tables of claims: read back by Python's csv, and harmless in a spreadsheet."""

import csv
import io
import re

from exporting import HOSTILE, SITE, hostile, real
from hypothesis import given
from hypothesis import strategies as st

from research_brief import exports
from research_brief.exports import claims_csv
from research_brief.exports.claims_csv import COLUMNS, guarded

FORMULA = set("=+-@\t\r＝＋－＠")


def rows(publication: exports.Publication) -> dict[str, list[dict[str, str]]]:
    """The rows of every table by its path."""
    found = {}
    for file in claims_csv.export(publication):
        assert file.text.encode("utf-8").startswith(b"\xef\xbb\xbf")
        text = file.text.encode("utf-8").decode("utf-8-sig")
        assert not re.search("(?<!\r)\n", re.sub('"[^"]*"', "", text)), (
            "RFC 4180: lines end in CRLF"
        )
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert table[0] == list(COLUMNS)
        assert {len(row) for row in table} == {len(COLUMNS)}
        assert not [cell for row in table for cell in row if cell[:1] in FORMULA and cell]
        found[file.path] = [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]
    return found


def unguarded(cell: str) -> str:
    """As the page on data tells programs to do it."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r＝＋－＠]", cell) else cell


@given(cells=st.lists(st.text(st.sampled_from("'=+-@\t\r＝a,\"中"), max_size=6), min_size=1))
def test_a_guarded_cell_is_no_formula_and_gives_back_what_was_there(cells: list[str]) -> None:
    row = dict(zip(COLUMNS, cells, strict=False))
    made = guarded(row)
    assert not [cell for cell in made if cell[:1] in FORMULA and cell]
    assert [unguarded(cell) for cell in made] == [row.get(name, "") for name in COLUMNS]


def test_every_quotation_of_the_brief_is_in_the_table() -> None:
    found = rows(real())
    assert set(found) == {
        f"{folder}briefs/ai-chip-race/ai-chip-race-claims.csv" for folder in ("", "zh/")
    }
    brief = real().briefs[0]
    for path, table in found.items():
        quotes = [item.quote for record in brief.claims.values() for item in record.claim.evidence]
        assert [unguarded(row["quote"]) for row in table if row["quote"]] == quotes
        assert {row["claim"] for row in table} == set(brief.claims)
        language = "zh" if path.startswith("zh/") else "en"
        for row in table:
            claim = brief.claims[row["claim"]].claim
            assert row["text"] == real().wordings[language].bare(claim.text)
            assert (
                row["url"]
                == f"{SITE}{'zh/' * (language == 'zh')}briefs/ai-chip-race/#{row['claim']}"
            )
        assert {row["verified"] for row in table} == {"yes"}
    assert {
        row["status_name"] for row in found["zh/briefs/ai-chip-race/ai-chip-race-claims.csv"]
    } >= {"报道"}


def test_without_an_address_permalinks_are_relative_to_the_table() -> None:
    [row, *_] = rows(real(None))["zh/briefs/ai-chip-race/ai-chip-race-claims.csv"]
    assert row["url"] == "../../../zh/briefs/ai-chip-race/#baidu-share"


def test_whatever_a_source_is_called_it_is_a_cell() -> None:
    found = rows(hostile())
    for number, words in enumerate(HOSTILE):
        for folder in ("", "zh/"):
            table = found[f"{folder}briefs/h{number}/h{number}-claims.csv"]
            assert {unguarded(row["source_title"]) for row in table} == {words}


def test_every_column_is_explained_in_every_language() -> None:
    for wording in real().wordings.values():
        assert list(wording.words["data"]["columns"]) == list(COLUMNS)
