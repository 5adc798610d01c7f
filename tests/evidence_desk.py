"""A desk with sources of its own: two made-up texts, a brief that quotes both, its receipts."""

from pathlib import Path

from projects import BASE, overlay

from research_brief.checks import check
from research_brief.evidence import verifying
from research_brief.library import Library
from research_brief.loading import load, load_settings
from research_brief.problems import Problem

GAZETTE = """\
# 两家代工厂上调报价

~~[ 示例网 | 2026-11-02 | 本站声明：未经许可，禁止转载 ]~~

11月2日，两家代工厂宣布上调报价，涨幅分别为3.5%和12%。此前有消息称，第三家代工厂也在考虑跟进，但尚未决定。

## 为何涨价

“成本涨了一倍。”分析师林远说，产能可能要到2027年才会宽松~~(12.30, +0.45, 3.80%)~~，小客户最难受。

一位不愿具名的采购经理说，他们并不打算减少订单。“我们没有别的选择。”他说，自研芯片需要3—5年周期。

## 有何对策

林远建议，小客户可以联合采购，并尽量使用成熟制程；这样做能省下多少，还没有人算过。他认为，报价上调会持续到明年年底，之后会不会回落，要看新厂何时投产、需求是否降温。
"""
OPEN = """\
# On the price of chips

Foundries set their prices once a year. In 2026 two of them may raise prices by 12%, “reluctantly”.

Small customers, which buy less than 1,000 wafers a year, are hit hardest; they cannot wait.
"""
SOURCES = {
    "content/entities/people.yaml": """\
guo-tao: {name: {en: Guo Tao, zh: 郭涛}, summary: {en: An expert., zh: 一位专家。}}
lin-yuan: {name: {en: Lin Yuan, zh: 林远}, summary: {en: An analyst., zh: 一位分析师。}}
""",
    "content/sources/gazette.yaml": """\
kind: news
title: {en: Two foundries raise their prices, zh: 两家代工厂上调报价}
language: zh
publisher: daily
published: 2026-11-02
rights: {en: All rights reserved., zh: 版权所有。}
paragraphs: ["11月2日，两家", “成本涨了, 一位不愿, 林远建议]
""",
    "content/sources/open-letter.yaml": """\
kind: report
title: {en: On the price of chips, zh: 谈芯片价格}
language: en
publisher: daily
published: 2026-10-01
rights: {en: In the public domain., zh: 属于公有领域。}
quotable: 100
paragraphs: [Foundries se, Small custom]
""",
    "content/sources/open-letter.txt": OPEN,
    ".sources/gazette.txt": GAZETTE,
}
BRIEF = {
    "content/briefs/prices/brief.yaml": """\
language: en
title: {en: What foundries charge, zh: 代工价格}
summary: {en: Two foundries raise their prices., zh: 两家代工厂涨价。}
sources: [gazette, open-letter]
editors: [The desk]
published: 2026-11-03
sections: [rise]
""",
    "content/briefs/prices/rise.yaml": """\
kind: narrative
title: {en: The rise, zh: 涨价}
paragraphs:
  - text: {en: What is known., zh: 已知的情况。}
    claims: [rates, capacity, warned]
claims:
  rates:
    text: {en: Two foundries raise prices by 3.5% and 12%., zh: 两家代工厂分别提价3.5%和12%。}
    status: account
    evidence:
      - paragraph: 1
        quote: 两家代工厂宣布上调报价……3.5%和12%
        translation: {en: two foundries announce that they raise their quotes … 3.5% and 12%}
  capacity:
    text:
      en: Capacity may not ease before 2027.
      zh: 产能也许2027年才会缓解。
    status: forecast
    speaker: lin-yuan
    evidence:
      - paragraph: 2
        quote: 产能可能要到2027年才会宽松
        translation: {en: capacity may ease only in 2027}
        attribution: 分析师林远
  warned:
    text: {en: Two foundries may raise prices by 12%., zh: 两家代工厂可能提价12%。}
    status: account
    evidence:
      - source: open-letter
        paragraph: 1
        quote: two of them may raise prices by 12%
        translation: {zh: 其中两家可能提价12%}
""",
}
RISE = "content/briefs/prices/rise.yaml"
RECEIPTS = "content/sources/gazette.receipts.yaml"
TODAY = "2026-11-05"


def desk(root: Path, *, verified: bool = True) -> Path:
    """The desk at `root`, with the closed text at hand, and receipts if it is `verified`."""
    overlay(root, BASE, SOURCES, BRIEF)
    if verified:
        verify(root)
    return root


def library(root: Path) -> tuple[Library, list[Problem]]:
    """All that can be read at `root`, and its faults."""
    found, problems = load(root, load_settings(root))
    return found, sorted(problems + check(found))


def faults(root: Path) -> list[str]:
    """The faults of all content at `root`, as lines."""
    return [str(problem) for problem in library(root)[1]]


def verify(root: Path, source: str = "gazette", today: str = TODAY) -> verifying.Outcome:
    """Compare a source with its text, and write the receipts."""
    outcome = verifying.verify(library(root)[0], source, today)
    verifying.write(root, outcome)
    return outcome


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace a passage that must be there."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def without_text(root: Path) -> Path:
    """The same as others have it: without the closed text."""
    (root / ".sources" / "gazette.txt").unlink()
    return root
