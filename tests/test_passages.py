"""Addresses that lead to a passage: as the specification of text fragments has them."""

from urllib.parse import unquote

import pytest

from research_brief.evidence.passages import HAN, WORDS, passage_address

PAGE = "https://example.org/a?b=c"
LONG = " ".join(f"w{number}" for number in range(2 * WORDS + 1))
LONG_CHINESE = "".join(chr(0x4E00 + number) for number in range(2 * HAN + 1))


@pytest.mark.parametrize(
    ("quotation", "sought"),
    [
        ("腾讯自研芯片", "腾讯自研芯片"),
        ("涨幅……8.08%", "涨幅,8.08%"),
        ("3—5年……可能导致……落后", "3—5年,落后"),
        ("chips […] cost … more", "chips,more"),
        ("…… 成本高昂 ……", "成本高昂"),
        ("研发 AI 芯片", "研发 AI 芯片"),
        (LONG.removesuffix(f" w{2 * WORDS}"), LONG.removesuffix(f" w{2 * WORDS}")),
        (LONG, "w0 w1 w2 w3 w4 w5 w6 w7,w9 w10 w11 w12 w13 w14 w15 w16"),
        (f"{LONG} … end", "w0 w1 w2 w3 w4 w5 w6 w7,end"),
        (LONG_CHINESE[:-1], LONG_CHINESE[:-1]),
        (LONG_CHINESE, f"{LONG_CHINESE[:HAN]},{LONG_CHINESE[-HAN:]}"),
    ],
)
def test_the_first_and_the_last_words_are_looked_for(quotation: str, sought: str) -> None:
    assert unquote(passage_address(PAGE, quotation)) == f"{PAGE}#:~:text={sought}"


@pytest.mark.parametrize(
    ("words", "encoded"),
    [
        ("a-b", "a%2Db"),
        ("a, b", "a%2C%20b"),
        ("R&D", "R%26D"),
        ("8%", "8%25"),
        ("#1 \"x\" <y> 'z'", "%231%20%22x%22%20%3Cy%3E%20%27z%27"),
        ("3—5年", "3%E2%80%945%E5%B9%B4"),
    ],
)
def test_signs_with_a_meaning_of_their_own_are_encoded(words: str, encoded: str) -> None:
    assert passage_address(PAGE, words) == f"{PAGE}#:~:text={encoded}"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/#part", "https://example.org/#part:~:text=x"),
        ("https://example.org/#!/route", "https://example.org/#!/route:~:text=x"),
        ("https://example.org/#:~:text=old", "https://example.org/#:~:text=x"),
        ("https://example.org/#part:~:text=old", "https://example.org/#part:~:text=x"),
    ],
)
def test_a_fragment_of_the_page_is_kept(url: str, address: str) -> None:
    assert passage_address(url, "x") == address


def test_without_words_it_is_the_address_of_the_page() -> None:
    assert passage_address(PAGE, "……") == PAGE
