"""The description of a source that was just added: what is known, and what is TO DO."""

import re
from collections.abc import Iterator
from pathlib import Path

from research_brief.evidence.normalisation import normalise
from research_brief.evidence.texts import SourceText
from research_brief.problems import counted
from research_brief.refusals import Refused
from research_brief.settings import Settings
from research_brief.sources.showing import prose
from research_brief.sources.skeletons import beginning, in_languages, scalar, shown, to_do
from research_brief.yamlfile import HAN, read

MOST = 9999
"""The last paragraph that can be cited, and so the last whose beginning is of use."""
LISTED = 5
SAMPLE = 100_000
"""Characters that tell the language."""


def language_of(text: SourceText) -> str:
    """The language of a text, as far as its letters tell. Raises Refused if they do not."""
    words = text.raw[:SAMPLE]
    letters = sum(sign.isalpha() for sign in words)
    if re.search("[\u3041-\u30ff]", words):
        return "ja"
    if len(HAN.findall(words)) > 0.2 * letters:
        return "zh"
    if len(re.findall("[A-Za-z]", words)) > 0.95 * letters:
        return "en"
    raise Refused("the language cannot be told from the letters; say it: --language fr")


def described(
    text: SourceText,
    settings: Settings,
    language: str,
    guessed: bool,
    said: dict[str, str],
    *,
    is_open: bool,
) -> str:
    """The description as a file: valid, but for what only the editor knows."""
    found = "; ".join(f"{name}: {shown(value, 200)}" for name, value in said.items())
    languages = list(dict.fromkeys((language, *settings.languages)))
    titles = to_do(languages, "the title, translated", "译出标题")
    if "h0" in text.passages:
        titles[language] = shown(text.passages["h0"].words, 1000)
    rights = to_do(
        settings.languages,
        "the licence that allows to publish the text, and its address"
        if is_open
        else "who holds the rights, and on what terms we quote",
        "允许刊出全文的许可及其网址" if is_open else "权利人是谁，本站依据什么引用",
    )
    openings = [scalar(beginning(words)) for words in prose(text)[:MOST]]
    lines = [
        "# yaml-language-server: $schema=../../docs/schemas/source.json",
        "# Replace what is TO DO; what is not known is left out, never guessed.",
        *([f"# Found in the page, not checked: {found}"] if found else []),
        "kind: news  # TO DO: news, report, paper, book, speech, dataset or web",
        "title:",
        *in_languages(titles, "  "),
        f"language: {language}{'  # guessed from the letters' if guessed else ''}",
        "publisher: to-do  # TO DO: the id of the company or organisation that published it first",
        "# authors: [id, id]  # people of content/entities/people.yaml",
        "# editor: id",
        "# published: 2018-09-12  # or 2018-09, or 2018",
        "# republished: {by: id, on: 2018-09-12}  # if that is the text that was read",
        "# url: https://…",
        "# archived: https://…",
        "# contact: where the rights holder is reached",
        "rights:",
        *in_languages(rights, "  "),
        "# How each paragraph of prose begins, for readers who look a passage up. If the marks in",
        "# the text are changed, these have to be mended, too.",
        "paragraphs:",
        *(f"  - {words}" for words in openings),
    ]
    return "\n".join(lines) + "\n"


def differences(root: Path, name: str, text: SourceText) -> Iterator[str]:
    """Where the paragraphs of a description that is there already do not fit the text."""
    data = read(root / name, name).data
    listed = data.get("paragraphs") if isinstance(data, dict) else None
    openings = [str(words) for words in listed] if isinstance(listed, list) else []
    paragraphs = prose(text)
    wrong = [
        f"        paragraph {number} begins '{beginning(words)}', not '{shown(opening)}'"
        for number, (words, opening) in enumerate(zip(paragraphs, openings, strict=False), 1)
        if not normalise(words).text.startswith(normalise(opening).text)
    ]
    if len(openings) != len(paragraphs):
        has = counted(len(paragraphs), "paragraph")
        wrong.append(f"        it lists the beginnings of {len(openings)}, the text has {has}")
    fits = "and its paragraphs do not fit:" if wrong else "and its paragraphs fit"
    yield f"kept    {name}: it is as it was, {fits}"
    yield from wrong[:LISTED]
    if len(wrong) > LISTED:
        yield f"        … and {len(wrong) - LISTED} more"
