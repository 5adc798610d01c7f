"""`source add`: a file becomes the text of a source, and a description to fill in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from research_brief import output
from research_brief.evidence.keeping import MAX_BYTES, text_files
from research_brief.evidence.texts import SourceText, written
from research_brief.problems import counted
from research_brief.refusals import Refused
from research_brief.settings import Settings
from research_brief.sources import layout, pdf_file, plain_text, reading, web_page
from research_brief.sources.describing import described, differences, language_of
from research_brief.sources.pieces import Piece, blocks
from research_brief.sources.showing import counts
from research_brief.sources.skeletons import checked_id, shown

LARGEST = 50_000_000
"""The largest file that is read, in bytes."""
LISTED = 10
_PLAIN, _WEB, _PDF = ("", ".txt", ".text"), (".html", ".htm", ".xhtml"), (".pdf",)


@dataclass(frozen=True)
class Wish:
    """What is to be added, and how."""

    file: Path
    id: str
    is_open: bool = False  # its licence allows to publish the text
    language: str | None = None
    encoding: str | None = None
    replace: bool = False


@dataclass(frozen=True)
class _Extract:
    how: str
    pieces: list[Piece]
    said: dict[str, str]
    left_out: list[str]


def add(root: Path, settings: Settings, wish: Wish) -> list[str]:
    """Write the text, and the description if there is none; returns lines that say what was done.

    Raises Refused (nothing was written), or OSError.
    """
    id = checked_id(wish.id)
    target = _target(root, id, wish)
    extract = _extract(wish.file, _bytes(wish.file), wish.encoding)
    text = SourceText(target, written(blocks(extract.pieces)))
    if not text.passages:
        raise Refused(f"{wish.file}: there are no words in it")
    if len(text.raw.encode()) > MAX_BYTES:
        raise Refused(f"{wish.file}: its text has more than {MAX_BYTES:,} bytes; split it")
    language = wish.language or language_of(text)
    lines = [f"read    {wish.file}: {extract.how}", f"found   {counts(text)}"]
    lines += _cut("marked", "as furniture, never to be quoted", text.furniture)
    lines += _cut("left out", "at the edges of pages", tuple(extract.left_out))
    description = Path("content", "sources", f"{id}.yaml")
    if (root / description).exists():
        lines += differences(root, description.as_posix(), text)
    else:
        guessed = wish.language is None
        skeleton = described(text, settings, language, guessed, extract.said, is_open=wish.is_open)
        output.write_if_changed(root / description, skeleton)
        lines.append(f"wrote   {description.as_posix()}: fill in what is TO DO there")
    output.write_if_changed(root / target, text.raw)
    lines += [
        f"wrote   {target}: a proposal, whose marks are yours to mend",
        f"next    python build.py source show {id}: is each paragraph, heading and piece of",
        f"        furniture what it should be? If not, edit {target}:",
        "        '# ' begins the title, '## ' a heading, ~~…~~ is furniture",
        f"        python build.py source verify {id}, once its description is filled in",
    ]
    return lines


def _target(root: Path, id: str, wish: Wish) -> str:
    """Where the text is to go, if nothing is lost by it."""
    closed, opened = text_files(id)
    target, other = (opened, closed) if wish.is_open else (closed, opened)
    if (root / other).exists():
        advice = "leave out --open" if wish.is_open else "say --open"
        raise Refused(f"the text is already in {other}; {advice}, or delete it there")
    if (root / target).exists() and not wish.replace:
        raise Refused(f"{target} is already there, perhaps edited; --replace writes over it")
    return target


def _bytes(file: Path) -> bytes:
    if not file.exists():
        raise Refused(f"{file}: there is no such file")
    if file.is_dir():
        raise Refused(f"{file}: it is a folder; expected a file")
    if not file.is_file():
        raise Refused(f"{file}: it is no file that can be read twice; save it first")
    if (size := file.stat().st_size) > LARGEST:
        raise Refused(f"{file}: it has {size:,} bytes; at most {LARGEST:,} are read: split it")
    if not size:
        raise Refused(f"{file}: the file is empty")
    return file.read_bytes()


def _extract(file: Path, raw: bytes, encoding: str | None) -> _Extract:
    kind = ".pdf" if raw.startswith(b"%PDF-") else file.suffix.casefold()
    try:
        if kind in _PDF:
            if encoding:
                raise Refused("a PDF has no encoding to be said; leave out --encoding")
            pages = pdf_file.read(raw)
            pieces, left_out = layout.pieces(pages)
            return _Extract(f"PDF, {counted(len(pages), 'page')}", pieces, {}, left_out)
        if kind in _WEB:
            page = web_page.read(raw, encoding)
            return _Extract(f"web page, {page.reading.encoding}", page.pieces, page.said, [])
        if kind in _PLAIN:
            read = reading.decode(raw, encoding)
            return _Extract(f"text, {read.encoding}", plain_text.pieces(read.text), {}, [])
    except Refused as error:
        raise Refused(f"{file}: {error}") from None
    raise Refused(f"{file}: files of the kind '{kind}' are not read; expected .txt, .html or .pdf")


def _cut(what: str, how: str, words: tuple[str, ...]) -> Iterator[str]:
    """What was marked or left out, the same words once."""
    different = list(dict.fromkeys(words))
    if different:
        yield f"{what:8}{counted(len(words), 'piece')} {how}:"
        yield from (f"        {shown(one)}" for one in different[:LISTED])
    if len(different) > LISTED:
        yield f"        … and {len(different) - LISTED} more"
