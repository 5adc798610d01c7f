"""`new brief`: a draft that is sound from the beginning, with an example for every paragraph.

Of the source's text it holds no more than the first characters of paragraphs and headings, in
comments that are to go: what is committed may be read by all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from research_brief import output
from research_brief.checks.duplicate_id import RESERVED
from research_brief.evidence.texts import SourceText
from research_brief.models import Status
from research_brief.problems import counted, did_you_mean
from research_brief.refusals import Refused
from research_brief.settings import Settings
from research_brief.sources.showing import held
from research_brief.sources.skeletons import (
    beginning,
    checked_id,
    in_languages,
    scalar,
    shown,
    slugged,
    to_do,
)
from research_brief.yamlfile import read

HEADING = 40
SECTIONS, EXAMPLES = 50, 500
"""Nobody reads a longer draft; the rest of a long source is written by hand."""
_NUMBERED = re.compile("(part|paragraph)-[0-9]+$|rb-")
"""Ids that are given here, or taken by the page."""


@dataclass
class _Part:
    """What becomes a section: a heading of the source and the paragraphs under it."""

    id: str
    heading: str = ""  # as a comment
    paragraphs: dict[str, str] = field(default_factory=dict)  # their beginnings by number


def draft(root: Path, settings: Settings, id: str, source: str, title: str | None) -> list[str]:
    """Write the folder of a brief; returns lines that say what was done.

    Raises Refused (nothing was written), or OSError.
    """
    folder = Path("content", "briefs", checked_id(id))
    if (root / folder).exists():
        raise Refused(f"{folder.as_posix()} is already there; choose another id, or delete it")
    description = f"content/sources/{checked_id(source)}.yaml"
    if not (root / description).is_file():
        known = [path.stem for path in (root / "content" / "sources").glob("*.yaml")]
        hint = did_you_mean(source, known) or (
            f": 'python build.py source add FILE --id {source}' begins one"
        )
        raise Refused(f"there is no source '{source}'{hint}")
    data = read(root / description, description).data
    language = data.get("language") if isinstance(data, dict) else None
    others = [code for code in settings.languages if code != language]
    try:
        parts, note = _parts(held(root, source)), ""
    except Refused as error:
        parts, note = [_Part("part-1")], str(error)
    files = {"brief": _brief(settings, source, title, parts)} | {
        part.id: _section(settings, part, others, note) for part in parts
    }
    for name, text in files.items():
        output.write_if_changed(root / folder / f"{name}.yaml", text)
    made = counted(len(parts), "section")
    lines = [f"wrote   {folder.as_posix()}/: brief.yaml and {made}: {_list(parts)}"]
    if note:
        lines.append(f"        without examples: {note}")
    lines.append("next    replace what is TO DO, uncomment what is of use; then: build.py check")
    return lines


def _list(parts: list[_Part]) -> str:
    ids = [part.id for part in parts]
    return ", ".join(ids if len(ids) <= 8 else [*ids[:7], "…"])


def _parts(text: SourceText) -> list[_Part]:
    """The parts of the source's text: what stands before its first heading, and under each."""
    parts: list[_Part] = []
    taken = {"brief", *RESERVED}
    for number, passage in list(text.passages.items())[: EXAMPLES + SECTIONS]:
        if number == "h0":
            continue
        if number.startswith("h") or not parts:
            if len(parts) == SECTIONS:
                break
            words = passage.words if number.startswith("h") else ""
            name = slugged(words)
            if not name or name in taken or _NUMBERED.match(name):
                name = f"part-{len(parts) + 1}"
            taken.add(name)
            parts.append(_Part(name, f"{number}: {shown(words, HEADING)}" if words else ""))
        if not number.startswith("h"):
            parts[-1].paragraphs[number] = beginning(passage.words)
    return parts or [_Part("part-1")]


def _brief(settings: Settings, source: str, title: str | None, parts: list[_Part]) -> str:
    languages = settings.languages
    titles = to_do(languages, "the title of the brief", "简报标题")
    if title:
        titles[languages[0]] = title
    summaries = to_do(languages, "what it says, in two sentences", "用两三句话说明内容")
    today = date.today()  # noqa: DTZ011 (the day where the editor is)
    lines = [
        "# yaml-language-server: $schema=../../../docs/schemas/brief.json",
        "# A draft: python build.py serve shows it, readers do not see it. Take out 'status' to",
        "# publish. For topics, takeaways, key_figures and revisions see another brief.yaml.",
        f"language: {languages[0]}",
        "status: draft",
        "title:",
        *in_languages(titles, "  "),
        "summary:",
        *in_languages(summaries, "  "),
        f"sources: [{source}]",
        "editors:",
        f"  - {{{', '.join(f'{c}: {scalar(n)}' for c, n in settings.extra.name.root.items())}}}",
        f"published: {today.isoformat()}  # the day of publication",
        "sections:",
        *(f"  - {part.id}" for part in parts),
    ]
    return "\n".join(lines) + "\n"


def _section(settings: Settings, part: _Part, others: list[str], note: str) -> str:
    languages = settings.languages
    first = next(iter(part.paragraphs), "1")
    lines = [
        "# yaml-language-server: $schema=../../../docs/schemas/section.json",
        *([f"# Heading {part.heading}"] if part.heading else []),
        "# TO DO: a name for this file (then list it so in brief.yaml), and a title of our own",
        "kind: narrative",
        "title:",
        *in_languages(to_do(languages, "a title", "标题"), "  "),
        *([f"# No examples here: {note}"] if note else []),
        "# To use an example, take '# ' from the beginning of its lines.",
        "paragraphs:",
        *_commented(_paragraph(languages, first)),
        "claims:",
        *_guide(),
    ]
    for paragraph, words in (part.paragraphs or {"1": ""}).items():
        lines += ["", f"# Paragraph {paragraph}: {words} …" if words else "# An example"]
        lines += _commented(_claim(languages, others, paragraph))
    return "\n".join(lines) + "\n"


def _guide() -> Iterator[str]:
    """What the words of an example mean, once for all of them."""
    yield "# A claim has a name of its own, by which it is linked to: one that says what it says."
    yield "# status:"
    for status in Status:
        yield f"#   {status.value}: {status.meaning}"
    yield "# speaker: the id of who says it, for the last statuses but 'inferred'"
    yield "# about: ids of content/entities/"
    yield "# quote: verbatim, the fewest words that carry the claim; …… for what is left out"


def _commented(lines: Iterator[str]) -> Iterator[str]:
    return (f"# {line}" for line in lines)


def _paragraph(languages: tuple[str, ...], number: str) -> Iterator[str]:
    yield "  - text:"
    yield from _folded(to_do(languages, "our own words", "我们自己的话"), "      ")
    yield f"    claims: [paragraph-{number}]"


def _claim(languages: tuple[str, ...], others: list[str], number: str) -> Iterator[str]:
    yield f"  paragraph-{number}:"
    yield "    text:"
    yield from _folded(to_do(languages, "the statement, in our words", "用我们的话陈述"), "      ")
    yield "    status: account"
    yield "    about: []"
    yield "    evidence:"
    yield f"      - paragraph: {number}"
    yield "        quote: >-"
    yield "          TO DO"
    if others:
        yield "        translation:"
        yield from _folded(to_do(others, "the quotation, translated", "译出引文"), "          ")


def _folded(texts: dict[str, str], indent: str) -> Iterator[str]:
    """A text in several languages, in the form that takes all signs without quotation marks."""
    for language, words in texts.items():
        yield f"{indent}{language}: >-"
        yield f"{indent}  {words}"
