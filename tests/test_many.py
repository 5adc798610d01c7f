"""Many texts, looked through in a row, hold what each of them holds."""

import sys

import pytest

from research_brief.many import COMMON, CONTROLS, Many
from research_brief.richtext import ODD, seen
from research_brief.values import UNSAFE

PLAIN = ["Tencent builds chips.", "腾讯造芯。", "3–5 years", "a\nb"]
MARKED = ["[[t-head]] 3", "**8**%", "`8`", "a & b", "x_y_z", "[r](https://example.org/7)", "\\*"]
ODDITIES = ["10²", "8\u200d9", "\u202ea"]


@pytest.mark.parametrize("texts", [PLAIN, [*PLAIN, *MARKED], [*PLAIN, *MARKED, *ODDITIES]])
def test_each_text_is_seen_as_if_it_were_alone(texts: list[str]) -> None:
    many = Many(texts)
    assert [many.seen(words) for words in texts] == list(map(seen, texts))
    assert many.unsafe == [words for words in texts if UNSAFE.search(words)]
    assert many.all_seen(texts[1:]) == {words: seen(words) for words in texts[1:]}
    held = many.holding("[&")
    assert sorted(held) == sorted(words for words in texts if "[" in words or "&" in words)


def test_the_common_encoding_has_none_of_the_signs_that_are_looked_for() -> None:
    signs = map(chr, range(sys.maxunicode + 1))
    for sign in filter(lambda sign: ODD.match(sign) or UNSAFE.match(sign), signs):
        try:
            assert sign.encode(COMMON) in {bytes([control]) for control in CONTROLS}
        except UnicodeEncodeError:
            continue
