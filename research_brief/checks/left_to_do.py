"""A text is still what `new brief` or `source add` put there, and readers would see it.

They write `TO DO: …` (in Chinese 待填) where only an editor knows what to say. A draft and
its source may have such texts, because readers do not see them; what is published may not.

Bad:

    title: {en: "TO DO: the title of the brief", zh: 待填：简报标题}

Good:

    title: {en: What foundries charge, zh: 代工价格}
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.many import Ours
from research_brief.problems import Problem
from research_brief.sources.skeletons import UNFILLED, shown
from research_brief.values import Text

SHOWN = 40
"""Characters of a text that a message shows."""


def check(library: Library) -> Iterator[Problem]:
    beginnings = tuple(UNFILLED.values())
    holding = Ours.of(library).holding(beginnings)
    left = {words for words in holding if words.startswith(beginnings)}
    if not left:
        return
    published = [record for record in library.briefs.values() if record.brief.status != "draft"]
    used = {id for record in published for id in record.brief.sources}
    files = {library.sources[id].where.file for id in used if id in library.sources}
    drafts = library.briefs.keys() - {record.id for record in published}
    for id, where, text in library.every(Text):
        if id in drafts or (id not in library.briefs and where.file not in files):
            continue
        hint = "; until then the brief stays 'status: draft'"
        for language, words in text.root.items():
            if words in left:
                message = f"'{shown(words, SHOWN)}' is still to be replaced by our own words{hint}"
                yield (where / language).problem(message, "left-to-do")
