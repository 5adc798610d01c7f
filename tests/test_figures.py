"""Figures of texts: however they are written, and what only looks like one."""

import re
from pathlib import Path

import pytest

from research_brief.evidence.figures import Figure, Mention, supports
from research_brief.evidence.lexicon import lexicon, reader_of, words_of
from research_brief.evidence.names import is_named, names_holding
from research_brief.evidence.words import Hedge, Words, examples

# A figure is written as in a sum: 8.08% a percentage, m9 a month, d12 a day, (1) only carried.
READ = {
    "en": {
        "rose 8.08%": "8.08%",
        "rose 8.08 per cent": "8.08%",
        "eight percent": "8%",
        "by 3 percentage points": "3%",
        "3–5 years": "3 5",
        "3-5 years": "3 5",
        "3 to 5 per cent": "3% 5%",
        "3%–5%": "3% 5%",
        "3–5 million": "3000000 5000000",
        "1,000 chips": "1000",
        "12,500.5 tonnes": "12500.5",
        "20 million, 2 bn, $3bn": "20000000 2000000000 3000000000",
        "hundred-billion-parameter models": "100000000000",
        "a hundred chips": "100",
        "two hundred and five": "205",
        "two million": "2000000",
        "Twenty-five chips": "25",
        "three five-year plans": "3 5",
        "two and three": "2 3",
        "on 12 September 2025": "d12 m9 2025",
        "September 12, 2025": "m9 d12 2025",
        "Sept. 12": "m9 d12",
        "the 12th of September": "d12 m9",
        "12–14 September": "d12 d14 m9",
        "September 12–14": "m9 d12 d14",
        "in May 2025": "m5 2025",
        "on 7 May": "d7 m5",
        "2025-09-12": "2025 m9 d12",
        "2025-09": "2025 m9",
        "the 5th generation of 7nm": "5 7",
        "one chip, a dozen, the third, both": "(1) (12) (3) (2)",
        # what looks like a figure
        "it may march on in May": "",
        "no ordinals: twenty-first": "(1)",
        "P800, AI5, GPT-4.5, RISC-V, H100": "",
        "RMB99 bn, USD5": "99000000000 5",
        "hundreds of millions, often, tenth": "(10)",
        "someone, tone, weighted, nineteenth": "",
        "[[chip-2025]], [x](https://example.org/2025)": "",
        "[[chip-2025|3 chips]]": "3",
        "see https://example.org/2025?q=1 of 3": "3",
    },
    "zh": {
        "上涨8.08%": "8.08%",
        "百分之八点零八": "8.08%",
        "百分之8": "8%",
        "百分之百": "100%",
        "八成": "80%",
        "三个百分点": "3%",
        "3—5年": "3 5",
        "3至5年": "3 5",
        "三至五年": "3 5",
        "三五年": "3 5",
        "3%—5%": "3% 5%",
        "3-5万": "30000 50000",
        "1,000台": "1000",
        "２０２５年８．０８％": "2025 8.08%",
        "20万、20多万人、2.5亿元": "200000 200000 250000000",
        "千亿参数": "100000000000",
        "三千万用户": "30000000",
        "一亿三千万元": "130000000",
        "两万亿": "2000000000000",
        "2025年9月12日": "2025 m9 d12",
        "二〇二五年九月十二日": "2025 m9 d12",
        "9月12—14日": "m9 d12 d14",
        "9月7日至12日": "m9 d7 d12",
        "三款、两家、十余家、三百二十五人": "3 2 10 325",
        "三重考量": "3",
        "5千克": "5",
        "10日内": "d10",
        "一款、一名、双轨、第三款": "(1) (1) (2) (3)",
        # what looks like a figure
        "一起、一样、一直、统一、万一、十分、百度、三星": "",
        "数百万、几十家、数十亿元": "",
        "千家万户、千万不要、五花八门": "",
        "已成立、不成": "",
    },
    "pt": {"3 chips, 8,5 por cento, dois": "3 8 5", "8.08%": "8.08%"},
}
LETTERS = {"number": "", "percentage": "", "month": "m", "day": "d"}


def mentions(language: str, text: str, names: re.Pattern[str] | None = None) -> list[Mention]:
    return reader_of(language).mentions([text], names).get(0, [])


def figures(language: str, text: str) -> set[Figure]:
    return {mention.figure for mention in mentions(language, text)}


def written(language: str, text: str) -> str:
    found = []
    for figure, _, force in mentions(language, text):
        value = f"{figure.value.normalize():f}" + "%" * (figure.kind == "percentage")
        sign = LETTERS[figure.kind] + value
        found.append(f"({sign})" if force == "carried" else sign)
    return " ".join(found)


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in READ.items() for text in texts]
)
def test_figures_are_read(language: str, text: str) -> None:
    assert written(language, text) == READ[language][text]


@pytest.mark.parametrize("language", READ)
def test_texts_in_a_row_are_read_as_if_each_were_alone(language: str) -> None:
    texts = [*READ[language], *reversed(READ[language])]
    each = {
        number: found for number, text in enumerate(texts) if (found := mentions(language, text))
    }
    assert reader_of(language).mentions(texts, None) == each
    assert each


def test_a_name_that_is_taken_out_leaves_no_figure_behind() -> None:
    names = names_holding(["Nine"], {"Nine"})
    assert mentions("en", "tenNine", names) == []
    assert mentions("en", "[[abcTwo, twohttps://example.org") == []
    found = reader_of("en").mentions(["a tenNine", "ten ninth", "ten", "５ and 6"], names)
    assert {number: [it.written for it in its] for number, its in found.items()} == {
        1: ["ten", "ninth"],
        2: ["ten"],
        3: ["５", "6"],
    }


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("8.08 per cent", "百分之八点零八"),
        ("hundred-billion-parameter", "千亿参数"),
        ("200,000", "20万"),
        ("12 September 2025", "2025年9月12日"),
        ("three to five years", "三至五年"),
        ("30 million", "三千万"),
    ],
)
def test_a_figure_is_the_same_in_both_languages(english: str, chinese: str) -> None:
    assert figures("en", english) == figures("zh", chinese) != set()


def test_a_percentage_a_number_and_a_month_are_not_the_same() -> None:
    [percentage], [number], [month], [day] = (
        figures("zh", text) for text in ("8%", "8款", "8月", "8日")
    )
    assert not any(supports({one}, other) for one in (percentage, month) for other in (number, day))
    assert supports({day}, number)
    assert supports({number}, day)
    assert not supports({day}, month)


def test_names_with_figures_are_taken_out_whole() -> None:
    names = names_holding(["玄铁910", "P800", "三星", "Baidu"], {"9", "8", "三"})
    assert names is not None
    assert names.pattern.count("|") == 2
    assert mentions("zh", "玄铁910与P800", names) == []
    assert [it.written for it in mentions("zh", "三星的玄铁9101和3款", names)] == ["9101", "3"]
    assert names_holding(["Baidu"], {"9"}) is None
    assert names_holding(["Baidu"], ()) is None


def test_a_latin_name_is_a_word_of_its_own() -> None:
    assert is_named(["Ali"], "says Ali, in short")
    assert is_named(["guo tao"], "Guo Tao’s view")
    assert is_named(["郭涛"], "专家郭涛说")
    assert not is_named(["Ali"], "Alibaba says")
    assert not is_named(["Ali"], "the equaliser")


# --- The word lists ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", lexicon())
def test_every_list_of_a_language_can_be_used(language: str) -> None:
    words = words_of(language)
    assert set(words.hedges) == set(words_of("en").hedges)
    for pattern in (words.hedge, words.negation, words.rumour, words.agreement):
        assert pattern.exact.pattern
    for kind, hedge in words.hedges.items():
        assert words.hedge_words[kind].exact.pattern
        for entry in (*hedge.markers, *hedge.others):
            re.compile(entry)
        assert examples(hedge.markers), "a message needs words to show"
    assert reader_of(language).numerals.figure.pattern


@pytest.mark.parametrize(
    "entries",
    [
        ["plans?(?= to)", "planned", "m(?:ay|ight)", "part of", "a|b"],
        ["some", "[a-z]+n't", "some of", "so", "s?x", "so|me"],
        ["e\\.g", "(?-i:may)", "maybe", "may"],
    ],
)
def test_words_grouped_by_their_initials_are_found_as_in_a_row(entries: list[str]) -> None:
    words = Words(longest_quotation=60, longest_copy=20, words_apart=True)
    plain = re.compile(rf"\b(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
    for text in (
        "he Plans to",
        "some of it",
        "Maybe may",
        "a x or sx so",
        "isn't m",
        "part of me",
        "e.g ",
    ):
        found, expected = words.pattern(*entries).search(text), plain.search(text)
        assert (found and found.span()) == (expected and expected.span()), text


FOUND = {
    "en": {
        "possibility": ["it may rise", "might"],
        "attempt": ["is trying to", "plans to build"],
        "report": ["is reported to have", "Reports say"],
        "part": ["one of the reasons"],
        "open": ["A, B and others", "such as A"],
        "approximation": ["about 20", "nearly all"],
    },
    "zh": {
        "possibility": ["可能引发", "有望"],
        "attempt": ["尝试用", "计划推出", "拟收购"],
        "report": ["有消息称", "被曝", "据报道"],
        "part": ["主要因素之一", "大多是", "部分企业"],
        "open": ["甲、乙等公司", "甲、乙等", "等多家"],
        "approximation": ["约20%", "左右"],
    },
}
INNOCENT = {
    "en": ["on 12 May 2025", "by May", "Maybelline", "a plan", "the news", "like this", "some"],
    "zh": [
        "不可能", "尽可能", "等待", "平等", "等级", "高等", "同等", "对等", "等于",
        "甲、乙等三家公司", "组成部分", "五年计划", "虚拟", "模拟", "制约", "附近", "有意义",
        "传统", "传输", "宣传",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", FOUND)
def test_hedges_are_found_with_their_class(language: str) -> None:
    markers = words_of(language).hedge_markers
    for kind, texts in FOUND[language].items():
        for text in texts:
            assert [k for k, it in markers.items() if it.search(text)] == [kind], text
    found = {text: words_of(language).hedge.search(text) for text in INNOCENT[language]}
    assert {text: match[0] for text, match in found.items() if match} == {}


def test_a_language_without_a_block_has_limits_by_its_script() -> None:
    assert (words_of("ja").longest_quotation, words_of("ja").longest_copy) == (60, 20)
    assert (words_of("pt-BR").longest_quotation, words_of("pt-BR").longest_copy) == (150, 60)
    assert words_of("zh-Hant") is words_of("zh")
    assert words_of("pt").hedges == {}
    assert not words_of("pt").hedge.search("may")


def test_a_mistake_in_the_lists_is_said_plainly() -> None:
    hedges = {"open": Hedge(markers=("等", "(等"))}
    broken = Words(longest_quotation=1, longest_copy=1, hedges=hedges)
    with pytest.raises(ValueError, match=r"in '\(等'"):
        _ = broken.hedge


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "en: {longest_quotation: many, longest_copy: 1}",
            "(?s)lexicon.yaml: en: .*longest_quotation",
        ),
        ("en: {longest_quotation: 1, longest_copy: 1, hedge: [may]}", "(?s)hedge.*not permitted"),
        ("en: [", "lexicon.yaml:1:6: error: not valid YAML"),
    ],
)
def test_a_block_of_another_form_is_refused(block: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yaml"
    path.write_text(block, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        lexicon.__wrapped__(path)


@pytest.mark.parametrize(
    "text", ["it may", "in May", "MIGHT", "May it could", "Mighty", "no", "ſeems", "İt might"]
)
def test_a_marker_finds_what_its_pattern_finds(text: str) -> None:
    marker = words_of("en").hedge
    found, wanted = marker.search(text), marker.exact.search(text)
    assert (found and found.span()) == (wanted and wanted.span())
    assert (found and found[0]) == (wanted and wanted[0])
