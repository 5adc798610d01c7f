"""The passages of a source's text by their numbers, as an editor reads and copies them."""

from collections.abc import Iterator
from pathlib import Path

from research_brief.evidence.keeping import MAX_BYTES, text_files
from research_brief.evidence.texts import FURNITURE, SourceText
from research_brief.problems import counted, did_you_mean
from research_brief.refusals import Refused
from research_brief.sources.skeletons import checked_id

MARK = "~~"


def held(root: Path, id: str) -> SourceText:
    """The text of a source, open or closed. Raises Refused if it is not here or cannot be read."""
    closed, opened = text_files(checked_id(id))
    for name in (opened, closed):
        path = root / name
        if not path.is_file():
            continue
        if path.stat().st_size > MAX_BYTES:
            raise Refused(f"{name} is too large: at most {MAX_BYTES:,} bytes are read")
        try:
            return SourceText(name, path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise Refused(f"{name} is not UTF-8 at byte {error.start}; add it anew") from None
    known = sorted({path.stem for folder in (".sources", "content/sources")
                    for path in (root / folder).glob("*.txt")})  # fmt: skip
    advice = did_you_mean(id, known) or (
        f", or in {opened} if it is open: 'python build.py source add FILE --id {id}' puts it there"
    )
    raise Refused(f"the text of '{id}' is not here; expected it in {closed}{advice}")


def lines(text: SourceText) -> Iterator[str]:
    """The text line by line: `12  words`, and `~~  words` for what cannot be quoted."""
    passages = iter(text.passages.values())
    for block in text.blocks:
        inside = FURNITURE.findall(block.words)
        if block.kind == "furniture" or not FURNITURE.sub("", block.words).strip():
            yield f"{MARK:>5}  {block.words}"
            continue
        passage = next(passages)
        yield f"{passage.number:>5}  {passage.words}"
        for words in inside:
            yield f"{MARK:>5}  {words}"


def counts(text: SourceText) -> str:
    """What a text has: `the title, 3 headings, 20 paragraphs, 4,731 characters`."""
    numbers = list(text.passages)
    headings = sum(number.startswith("h") for number in numbers if number != "h0")
    return ", ".join(
        [
            "the title" if "h0" in numbers else "no title",
            counted(headings, "heading"),
            counted(len(prose(text)), "paragraph"),
            f"{text.length:,} characters",
        ]
    )


def prose(text: SourceText) -> list[str]:
    """The words of the paragraphs of prose, the first one first."""
    return [found.words for found in text.passages.values() if not found.number.startswith("h")]
