"""Files in any encoding, plain or HTML or PDF, become a title, headings, paragraphs, furniture."""

import io
import time
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn
import pytest
import typst

from research_brief.evidence.texts import written
from research_brief.refusals import Refused
from research_brief.sources import layout, pdf_file, plain_text, web_page
from research_brief.sources.furniture import is_furniture, marked
from research_brief.sources.pieces import blocks
from research_brief.sources.reading import decode

SIMPLIFIED = "代工厂涨价\n\n两家代工厂上调报价，客户没有被点名，涨幅为5%。\n"
TRADITIONAL = "代工廠漲價\n\n兩家代工廠上調報價，客戶沒有被點名，漲幅為5%。\n"
ENGLISH = "Foundries raise prices\n\nTwo foundries raise prices – by 5%, says the café’s owner.\n"
RUSSIAN = "Цены растут\n\nДва завода подняли цены, сообщает газета.\n"


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "UTF-8"),
        (SIMPLIFIED, "utf-8-sig", "UTF-8 WITH A BYTE ORDER MARK"),
        (SIMPLIFIED, "utf-16", "UTF-16"),
        ("\ufeff" + SIMPLIFIED, "utf-16-be", "UTF-16"),
        ("\ufeff" + ENGLISH, "utf-32-le", "UTF-32"),
        (SIMPLIFIED, "gb18030", "GB18030"),
        (SIMPLIFIED, "gbk", "GB18030"),
        ("一、背景", "gb18030", "GB18030"),  # so few characters that it could be Big5
        ("Intel 的份额 up 5%", "gb18030", "GB18030"),
        (TRADITIONAL, "gb18030", "GB18030"),
        (TRADITIONAL, "big5", "BIG5"),
        ("晶片", "big5", "BIG5"),
        (ENGLISH, "ascii", "UTF-8"),
        (ENGLISH, "cp1252", "CP1252"),
        (RUSSIAN, "cp1251", "CP1251"),
    ],
)
def test_an_encoding_is_told_and_named(text: str, codec: str, name: str) -> None:
    text = text if codec != "ascii" else text.encode("ascii", "ignore").decode()
    reading = decode(text.encode(codec))
    assert (reading.text, reading.encoding) == (text.removeprefix("\ufeff"), name)


def test_bytes_that_are_not_in_an_odd_encoding_are_refused() -> None:
    # From Python 3.13 on this codec says which byte it is.
    with pytest.raises(Refused, match=r"is not PUNYCODE; say (another|the enc)"):
        decode(b"Title\n\nPara one.\n", "punycode")


@pytest.mark.parametrize("line", ["some words of a line", "一行文字没有换段"])
def test_a_long_paragraph_of_wrapped_lines_takes_no_long_time(line: str) -> None:
    start = time.process_time()
    assert len(plain_text.pieces(f"{line}\n" * 30_000)) == 1
    assert time.process_time() - start < 2


def test_an_encoding_can_be_said() -> None:
    assert decode("日本語".encode("shift_jis"), "Shift-JIS").text == "日本語"
    assert decode("㐂镕".encode("gb18030"), "gb2312").text == "㐂镕"
    assert decode(SIMPLIFIED.encode("utf-16-le"), "utf-16-le").text == SIMPLIFIED


@pytest.mark.parametrize(
    ("raw", "said", "message"),
    [
        (SIMPLIFIED.encode()[:-2] + b"\xff\n", None, "byte 0xe3 on line 3 is not UTF-8"),
        (SIMPLIFIED.encode("gb18030")[:-2] + b"\xff\n", None, "on line 3 is not GB18030"),
        (SIMPLIFIED.encode("utf-16-le"), None, "say --encoding utf-16-le"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "it is no text"),
        (SIMPLIFIED.encode(), "ascii", "byte 0xe4 on line 1 is not ASCII"),
        (SIMPLIFIED.encode(), "klingon", "there is no encoding 'klingon'; expected utf-8"),
        (b"00", "hex", "there is no encoding 'hex'"),
    ],
)
def test_what_cannot_be_read_is_said(raw: bytes, said: str | None, message: str) -> None:
    with pytest.raises(Refused, match=message):
        decode(raw, said)


def test_line_ends_and_invisible_signs_are_put_right() -> None:
    assert decode("a\r\nb\rc\u2028d\u200b\xade".encode()).text == "a\nb\nc\nde"


# --- Plain text -----------------------------------------------------------------------------


def plain(text: str) -> list[str]:
    return written(blocks(plain_text.pieces(text))).split("\n\n")


def test_every_line_of_a_chinese_text_is_a_paragraph() -> None:
    text = (
        "两家代工厂上调报价\n[ 示例报 | 张三 | 2026/11/2 8:11:21 ]\n\n"
        "　　两家代工厂上调报价，" + "客户没有被点名，" * 9 + "涨幅为5%。\n"
        "　　甲公司(12.340, 0.560, 4.75%)没有回应。\n\n"
        "　　为何涨价？\n\n　　成本与需求的两重压力\n\n"
        "　　“别无选择。”\n　　“真的。”他说。\n\n"
        "1作者：张三 来源：示例报 编辑：李四\n\n声明：①凡本报注明来源的内容，版权均属本报。"
    )
    assert plain(text) == [
        "# 两家代工厂上调报价",
        "~~[ 示例报 | 张三 | 2026/11/2 8:11:21 ]~~",
        "两家代工厂上调报价，" + "客户没有被点名，" * 9 + "涨幅为5%。",
        "甲公司~~(12.340, 0.560, 4.75%)~~没有回应。",
        "## 为何涨价？ 成本与需求的两重压力",
        "“别无选择。”",
        "“真的。”他说。",
        "~~1作者：张三 来源：示例报 编辑：李四~~",
        "~~声明：①凡本报注明来源的内容，版权均属本报。~~\n",
    ]


def test_wrapped_lines_are_joined_and_words_mended_where_it_is_certain() -> None:
    text = """\
*** START OF THIS TEXT ***

THE MILL

by Jane Doe

CHAPTER I

It was a bright day in the valley, and the wheels were not turn-
ing. The miller, who had a well-known temper, looked at them; turning
to his son, he said that it was the same old story, and that the re-
sult was known.
   "The wheels," said the son, "have never been well-
known for turning in a drought." And he went away.

CHAPTER II
In which it rains

The rain came in the night. By the year 1850 the mill was gone, and
nobody knew it.
"""
    prose = (
        "It was a bright day in the valley, and the wheels were not turning. The miller, who had a "
        "well-known temper, looked at them; turning to his son, he said that it was the same old "
        "story, and that the re-sult was known."
    )
    speech = '"The wheels," said the son, "have never been well-known for turning in a drought."'
    assert plain(text) == [
        "~~*** START OF THIS TEXT ***~~",
        "# THE MILL",
        "~~by Jane Doe~~",
        "## CHAPTER I",
        prose,
        f"{speech} And he went away.",
        "## CHAPTER II In which it rains",
        "The rain came in the night. By the year 1850 the mill was gone, and nobody knew it.\n",
    ]


def test_wrapped_chinese_lines_are_joined_with_nothing() -> None:
    lines = "两家代工厂上调报价，客户没有被点名，\n涨幅为百分之五，理由是成本上升；客户\n没有回应。"
    assert plain(f"涨价\n\n{lines}\n") == ["# 涨价", lines.replace("\n", "") + "\n"]


def test_short_lines_that_are_no_headings() -> None:
    long = "The foundries raise their prices, and nobody knows by how much. " * 3
    verse = "\n\n".join(["So much depends", "upon a red", "wheel barrow", "glazed with rain"])
    found = plain(f"Title\n\n{long}\n\n- a bullet\n\nThe reasons:\n\n{verse}\n\n{long}\n\nThe end")
    assert [line for line in found if line.startswith("#")] == ["# Title"]


def test_prose_at_the_beginning_is_no_title_and_marks_of_the_source_are_escaped() -> None:
    assert plain("# It begins ~~so~~ with prose.\n\nAnd ends.\n") == [
        "\\# It begins \\~~so\\~~ with prose.",
        "And ends.\n",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-02 08:11 来源：示例报",
        "https://news.example.org/2026/a.html",
        "责任编辑：李四",
        "免责声明：以上内容仅供参考。",
        "未经本报许可，不得转载或者复制",
        "京ICP备00000000号",
        "© 2026 Example Gazette. All rights reserved.",
        "This site uses cookies to improve your visit.",
        "Share this article",
        "Share on | Print | E-mail",
        "Subscribe to our newsletter",
        "相关阅读：代工厂扩产",
        "上一篇：代工厂扩产",
        "By Jane Doe",
        "* * *",
    ],
)
def test_furniture(words: str) -> None:
    assert is_furniture(words)


@pytest.mark.parametrize(
    "words",
    [
        "Share prices rose by 5%",
        "Print is dead, the editor says",
        "By the end of the year it was over",
        "声明发表之后，股价上涨。",
        "编辑部搬家了",
        "2026年11月2日，两家代工厂上调报价。",
        "Comments by experts differ",
        "The site says that its cookies are home-made.",
        "所谓版权所有，" + "是指作品的作者享有的各项权利，" * 12,
    ],
)
def test_no_furniture(words: str) -> None:
    assert not is_furniture(words)


def test_only_share_prices_are_marked_inside_a_paragraph() -> None:
    words = "甲（1,234.00，-1.50，-0.12%）与乙(2018, 2019)、f(1, 2, 3)"
    assert marked(words) == "甲~~（1,234.00，-1.50，-0.12%）~~与乙(2018, 2019)、f(1, 2, 3)"


# --- Web pages ------------------------------------------------------------------------------

PAGE = """<?xml version="1.0" encoding="{charset}"?>
<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}"><title>芯片涨价了 - 示例网</title>
<meta property="og:site_name" content="示例网"></head><body>
<nav><ul><li><a href="/">首页</a></li><li><a href="/news">新闻</a></li></ul></nav>
<main><article><h1>芯片涨价了</h1><p class="meta">作者：张三 来源：示例网</p>
<p>两家代工厂上调报价，客户没有被点名，<b>涨幅</b>为百分之五，如<a href="/">甲厂</a>。</p>
<h2>为什么涨价</h2><p>理由是成本上升，<br>也是需求旺盛。<br>分析师这样说。</p>
<ul><li>材料成本。</li><li>人工<i>成本</i>。</li></ul>
<blockquote><p>“我们别无选择。”一名高管说。</p></blockquote>
<table><tr><th>公司</th><th>涨幅</th></tr><tr><td>甲厂</td><td>5%</td></tr></table>
</article></main><footer><p>版权所有 © 2026 示例网</p><p>联系我们</p></footer></body></html>"""


@pytest.mark.parametrize(("charset", "name"), [("utf-8", "UTF-8"), ("gb2312", "GB18030")])
def test_the_main_text_of_a_page(charset: str, name: str) -> None:
    codec = "gb18030" if charset == "gb2312" else charset  # as browsers read it
    page = web_page.read(PAGE.format(charset=charset).encode(codec))
    assert (page.reading.encoding, page.said["site"]) == (name, "示例网")
    assert written(blocks(page.pieces)).split("\n\n") == [
        "# 芯片涨价了",
        "两家代工厂上调报价，客户没有被点名，涨幅为百分之五，如甲厂。",
        "## 为什么涨价",
        "理由是成本上升，也是需求旺盛。",
        "分析师这样说。",
        "材料成本。",
        "人工成本。",
        "“我们别无选择。”一名高管说。",
        "公司 涨幅",
        "甲厂 5%\n",
    ]


def test_a_page_in_big5_that_does_not_say_so() -> None:
    title, _, prose = TRADITIONAL.strip().partition("\n\n")
    page = web_page.read(f"<h1>{title}</h1><p>{prose}</p>".encode("big5"))
    assert [piece.words for piece in page.pieces] == [title, prose]


def test_a_page_that_lies_about_its_encoding_is_read_all_the_same() -> None:
    assert web_page.read(PAGE.format(charset="gbk").encode("utf-8")).pieces[0].words == "芯片涨价了"


def test_an_old_page_of_line_breaks() -> None:
    html = (
        "<html><head><title>代工厂涨价_示例网</title></head><body><h1>代工厂涨价</h1>"
        "<div id=content>"
        "　　两家代工厂上调报价，客户没有被点名。<br><br>　　理由是成本上升，分析师这样预测。<br>"
        "　　<b>为什么涨价</b><br>　　未来几个月还会继续上涨，理由是需求旺盛。</div></body></html>"
    )
    assert written(blocks(web_page.read(html.encode("gb18030")).pieces)).split("\n\n") == [
        "# 代工厂涨价",
        "两家代工厂上调报价，客户没有被点名。",
        "理由是成本上升，分析师这样预测。",
        "## 为什么涨价",
        "未来几个月还会继续上涨，理由是需求旺盛。\n",
    ]


@pytest.mark.parametrize("html", ["<html></html>", "no page", "<nav><a href='/'>Home</a></nav>"])
def test_a_page_without_text(html: str) -> None:
    with pytest.raises(Refused, match="no main text"):
        web_page.read(html.encode())


# --- PDFs -----------------------------------------------------------------------------------

FONTS = typst.Fonts(
    include_system_fonts=False, font_paths=[Path(next(iter(pylopdf_fonts_zh_cn.__path__)))]
)
COMPILER = typst.Compiler(font_paths=FONTS, ignore_system_fonts=True)
STYLE = """#set page(width: 105mm, height: 80mm, margin: 15mm, header: [The Journal of Wheels],
  footer: context [Page #counter(page).display() of 2])
#set par(justify: true, first-line-indent: 1.5em)
#set text(lang: "en", hyphenate: true, size: 10pt)
"""


def pdf(source: str) -> bytes:
    raw = COMPILER.compile(input=source.encode(), format="pdf")
    assert isinstance(raw, bytes)
    return raw


def words_of(raw: bytes) -> tuple[list[str], list[str]]:
    pieces, left_out = layout.pieces(pdf_file.read(raw))
    return written(blocks(pieces)).strip().split("\n\n"), left_out


def test_a_pdf_without_its_headers_and_footers_across_its_pages() -> None:
    long = "The wheels of the valley turn the whole night and nobody in the valley knows why, "
    raw = pdf(
        f"{STYLE}#align(center, text(16pt)[The mill on the hill])\n\n"
        "The first paragraph of all.\n\n"
        f"#heading[Why it turns]\n{long * 6}so they say.\n\nAnother one ends it."
    )
    found, left_out = words_of(raw)
    assert found == [
        "# The mill on the hill",
        "The first paragraph of all.",
        "## Why it turns",
        f"{long * 6}so they say.",
        "Another one ends it.",
    ]
    numbers = ["Page 1 of 2", "Page 2 of 2"]
    assert left_out == [line for number in numbers for line in ("The Journal of Wheels", number)]


def test_words_that_a_line_breaks_are_mended_where_the_text_has_them_whole() -> None:
    # The column is so narrow that both words are broken.
    raw = pdf(
        "#set page(width: 32mm, height: 200mm, margin: 5mm)\n"
        '#set text(lang: "en", hyphenate: true)\n'
        "Much extraordinariness and unquestionability.\n\n#text(size: 4pt)[extraordinariness]"
    )
    found, _ = words_of(raw)
    assert "extraordinariness" in found[0]
    assert "unquestionability" not in found[0]
    assert "unquestionability" in found[0].replace("-", "")


def test_chinese_in_a_pdf_is_joined_with_nothing() -> None:
    sentence = "两家代工厂上调报价，客户没有被点名，涨幅为百分之五。"
    raw = pdf(
        '#set page(paper: "a6", numbering: "1")\n#set text(lang: "zh", font: "Noto Serif SC")\n'
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true)\n"
        f"= 代工厂为何涨价\n{sentence * 3}\n\n{sentence * 2}\n\n== 接下来\n{sentence}"
    )
    found, _ = words_of(raw)
    assert found == ["# 代工厂为何涨价", sentence * 3, sentence * 2, "## 接下来", sentence]


def test_a_pdf_that_cannot_be_read() -> None:
    picture = pdf("#rect(width: 5cm, height: 5cm, fill: blue)")
    with pytest.raises(Refused, match=r"there is no text in it: .* \(OCR\)"):
        pdf_file.read(picture)
    with pytest.raises(Refused, match="cannot be read as a PDF"):
        pdf_file.read(b"%PDF-1.7\nbroken")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(picture)) as document:
        encryption = pikepdf.Encryption(owner="a", user="b")
        document.save(locked, encryption=encryption)
    with pytest.raises(Refused, match="it is encrypted"):
        pdf_file.read(locked.getvalue())
