"""What stands on a page and is not the text: credits, notices, buttons, share prices.

A proposal, for an editor who looks at it: what is taken for furniture wrongly costs a paragraph its
number, so a pattern fits whole short blocks rather than words inside prose.
"""

import re

from research_brief.sources.widths import width

_PEOPLE = (
    "作者|记者|本报记者|通讯员|撰文|文|图|摄影|来源|稿源|文章来源|编辑|责任编辑|责编|主编|编审|校对|审核|监制|"
    "author|editor|source|reporter|photo|photograph|image|credit|reporting by|editing by|written by"
)
_DATE = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?)?"
_SITE = r"(?:https?://|www\.)[^\s\]】）)]+"

WHOLE = {
    # A line with the site, its address or the day, in brackets: [ 某某网 | 2025/9/15 8:11:21 ]
    rf"[\[［【(（].*(?:[|｜]|{_SITE}|{_DATE}).*[\]］】)）]": 120,
    # A day, alone or before credits; an address alone
    rf"{_DATE}(?:\s.*[:：].*)?": 120,
    _SITE: 300,
    # 作者：…… 来源：…… 编辑：……; Source: …
    rf"[\W\d]{{0,4}}(?:{_PEOPLE})\s*[:：/丨|｜].*": 120,
    r"by (?-i:[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,4})(?:, .{0,40})?": 80,
    # Notices of rights
    r"[\W\d]{0,4}(?:特别|免责|版权|重要|郑重)?(?:声明|申明)\s*[:：].*": 4000,
    r".*(?:版权所有|版权归.{1,20}所有|违者必究).*": 300,
    r".*未经.{0,12}(?:许可|授权|同意|允许).{0,40}(?:转载|摘编|复制).*": 300,
    r".*\ball rights reserved\b.*|(?:©|\(c\)|copyright\b).*\d{4}.*": 300,
    r".*\b(?:may|must) not be (?:reproduced|republished|redistributed|copied|distributed)\b.*": 300,
    r".*[京沪粤浙苏]?ICP[备证].*": 300,
    # What a reader may click on
    r"(?:分享(?:到|至)?|收藏|点赞|打印|订阅|关注我们|扫码|扫描二维码|返回(?:首页|顶部)|上一[篇页]|下一[篇页]|"
    r"相关(?:阅读|新闻|文章|推荐)|延伸阅读|推荐阅读|热门(?:推荐|文章)|阅读原文|点击(?:查看|下载|阅读)|广告)"
    r"(?:[:：|｜ ].*)?": 80,
    r"(?:share|tweet|print|e-?mail|subscribe|sign (?:up|in)|log ?in|follow us|read (?:more|next)|"
    r"related (?:articles?|stories|news)|advertisement|sponsored|back to top|skip to content|"
    r"comments|cookie (?:policy|settings)|privacy policy|terms of (?:use|service))"
    r"(?:[:|].*| (?:this|on|via|to|now|today|for|here|with|article|page|story)\b.*| [|(].*)?": 80,
    r".*\b(?:we|this (?:site|website)) uses? cookies\b.*|accept (?:all )?cookies": 400,
    # Lines of a project that gives texts away, and lines without words
    r"\*\*\*.*\*\*\*": 200,
    r"[\W_]+": 200,
}
"""Patterns of whole blocks, each with the width up to which it is believed."""

INSIDE = [
    # The price of a share, its change, and that in per cent: (12.340, 0.560, 4.75%)
    r"[(（]\s*[-+]?[\d,.]+\s*[,，]\s*[-+]?[\d,.]+\s*[,，]\s*[-+]?[\d.]+\s*[%％]\s*[)）]",
]
"""Patterns of furniture inside a paragraph."""

_WHOLE = [(re.compile(pattern, re.IGNORECASE), limit) for pattern, limit in WHOLE.items()]
_INSIDE = re.compile("|".join(INSIDE))


def is_furniture(words: str) -> bool:
    """Whether a whole block looks like furniture."""
    columns = width(words)
    return any(columns <= limit and pattern.fullmatch(words) for pattern, limit in _WHOLE)


def marked(words: str) -> str:
    """The words of a paragraph as they are kept, with the furniture in them as `~~…~~`."""
    return _INSIDE.sub(lambda found: f"~~{found[0]}~~", words.replace("~~", "\\~~"))
