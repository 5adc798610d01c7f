"""A text holds markup that is not allowed, or that would not come out as meant.

In texts there are **bold**, *emphasis*, `code`, [links](https://example.org) and [[entity]]
links. Raw HTML, images and links of other kinds are refused, because anyone can send an edit.
Titles and labels are plain text.

Bad:

    text: See <a href="https://example.org">the report</a>.

Good:

    text: See [the report](https://example.org).
"""

import re
from collections.abc import Iterator

from research_brief.library import Library
from research_brief.many import Ours
from research_brief.problems import Problem
from research_brief.richtext import CODE, ENTITY_LINK, faults, is_plainly_linked
from research_brief.values import UNSAFE, Plain, Text

_SIGNS = "&<[]【】"
_DOUBTFUL = re.compile(rf"[{re.escape(_SIGNS)}{UNSAFE.pattern[1:]}")
"""What a text must hold, outside of whole links to entities, for anything to be wrong in it."""
_WEB_LINK = re.compile(r"\]\([^()\s]*\)")
_STRAY = re.compile(r"\[\[[^\[\]]{0,20}|[^\[\]]{0,20}\]\]|【【.{0,20}|.{0,20}】】")


def check(library: Library) -> Iterator[Problem]:
    if not _may_have(library):
        return
    for _, where, text in library.every(Text):
        for language, words in text.root.items():
            if _DOUBTFUL.search(words):
                find = _faults_of_plain if isinstance(text, Plain) else _faults_of_text
                for fault in find(words):
                    yield (where / language).problem(fault, "rich-text")


def _may_have(library: Library) -> bool:
    """Whether a text may have a fault."""
    ours = Ours.of(library)
    if ours.unsafe:
        return True
    suspects = ours.holding(_SIGNS)
    plain = {
        words
        for _, texts in library.values(Plain)
        for text in texts
        for words in text.root.values()
    }
    return any(
        (words in plain and ENTITY_LINK.search(words)) or _has_fault(words) for words in suspects
    )


def _has_fault(words: str) -> bool:
    mostly = is_plainly_linked(words) and "【" not in words and "】" not in words
    return not mostly and any(_faults_of_text(words))


def _faults_of_text(words: str) -> Iterator[str]:
    # Code comes before links, so that one may be a part of the other.
    if "`" in words or _DOUBTFUL.search(ENTITY_LINK.sub("", words)):
        yield from faults(words)
        yield from _stray(words)


def _stray(words: str) -> Iterator[str]:
    """Brackets that look like a link and are none."""
    rest = _WEB_LINK.sub("]", ENTITY_LINK.sub("", CODE.sub("", words)))
    if rest.count("[") != rest.count("]") or "【【" in rest:
        for stray in _STRAY.findall(rest):
            yield f"'{stray}' is no link; write [[id]] or [[id|label]]"


def _faults_of_plain(words: str) -> Iterator[str]:
    for link in ENTITY_LINK.finditer(words):
        yield f"titles and labels are plain text; write a name in place of '{link[0]}'"
