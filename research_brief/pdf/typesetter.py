"""Typst, which sets the documents: a compiler with our fonts and nothing of the machine's.

The files conform to PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2); Typst refuses what
does not: a character without a glyph, a drawing without a text, a skipped heading level.
"""

import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import typst

STANDARDS: list[Any] = ["ua-1", "a-2a"]
MAIN = "main.typ"
CARD = "card.typ"
OWN_FONTS = Path(__file__).parents[2] / "templates" / "pdf" / "fonts"
"""Where a desk puts fonts of its own, for signs that ours lack."""
_DRY = b"""#set document(title: "x")
#set text(font: ("Libertinus Serif", "Noto Serif SC"))
#for sign in json(bytes(sys.inputs.data)) [#sign ]"""
_UNSEEN = re.compile(r'the text `"(.+?)"` could not be displayed')
_MESSAGE = re.compile(r"^(?:error|warning): (.+)(?:\n +┌─ .*?([\w-]+\.typ:\d+:\d+))?", re.MULTILINE)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_JOINER = "\u2060"  # of a sign without a glyph before it, which is told of itself


class Refused(Exception):
    """Typst would not set the document, or had doubts; `reasons` says why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class Typesetter:
    """A compiler for documents of the templates in a folder; keep it, it remembers its work."""

    def __init__(self, templates: Path, main: str = MAIN) -> None:
        self.compiler = typst.Compiler(
            input=str(templates / main),
            root=str(templates),
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )

    def typeset(self, values: dict[str, Any], timestamp: int) -> bytes:
        """The PDF of a document; the same bytes for the same values. Raises Refused."""
        with _refusals():
            pdf, warnings = self.compiler.compile_with_warnings(
                format="pdf",
                sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
                pdf_standards=STANDARDS,
                timestamp=timestamp,
            )
        if warnings:
            raise Refused([said for item in warnings for said in _messages(item.diagnostic)])
        assert isinstance(pdf, bytes)
        return _packed(pdf)

    def draw(self, values: dict[str, Any]) -> bytes:
        """A page as a PNG, a pixel for each point; the same bytes for the same values. Raises
        Refused."""
        inputs = {"data": json.dumps(values, ensure_ascii=False)}
        with _refusals():
            png = self.compiler.compile(format="png", ppi=72, sys_inputs=inputs)
        assert isinstance(png, bytes)
        return png


def unseen(signs: Iterable[str]) -> set[str]:
    """Those of the signs (single characters) that no font can show."""
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    inputs = {"data": json.dumps(sorted(signs), ensure_ascii=False)}
    try:
        compiler.compile(input=_DRY, format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS)
    except typst.TypstError as error:
        return set("".join(_signs(error.diagnostic or error.message)))
    return set()


def _signs(diagnostic: str) -> list[str]:
    """The signs without a glyph that Typst's diagnostics name, some with marks on them."""
    found = _UNSEEN.findall(diagnostic)
    return [_ESCAPE.sub(lambda code: chr(int(code[1], 16)), signs) for signs in found]


@contextmanager
def _refusals() -> Iterator[None]:
    """Typst's errors, and its crashes, as Refused."""
    try:
        yield
    except typst.TypstError as error:
        raise Refused(_messages(error.diagnostic or error.message)) from None
    except BaseException as error:
        # A panic of Rust is no Exception, but it must not end more than this document.
        if type(error).__name__ != "PanicException":
            raise
        raise Refused([f"Typst crashed ({error}); shorter or plainer words may help"]) from None


def typeset_to(
    files: Sequence[tuple[Path, dict[str, Any], int]], templates: Path
) -> list[list[str]]:
    """Typeset documents (values, timestamp) to files, PDFs or PNGs, each whole or not at all.

    Returns for each why it was refused, or nothing.
    """
    typesetters = {".pdf": Typesetter(templates), ".png": Typesetter(templates, CARD)}
    refused = []
    for file, values, timestamp in files:
        typesetter = typesetters[file.suffix]
        try:
            made = (
                typesetter.draw(values)
                if file.suffix == ".png"
                else typesetter.typeset(values, timestamp)
            )
        except Refused as error:
            refused.append(error.reasons)
            continue
        part = file.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(made)
            part.replace(file)
        finally:  # on a full disk, what there is of it is in the way
            part.unlink(missing_ok=True)
        refused.append([])
    return refused


def tools() -> str:
    """What a file depends on besides its values and templates: what makes it, and how."""
    packages = ("typst", "pikepdf", "pylopdf-fonts-zh-cn")
    return " ".join([*(f"{package} {version(package)}" for package in packages), *STANDARDS])


def pages_of(pdf: Path) -> int:
    """How many pages a PDF has."""
    # Read here, because pikepdf takes no path that the locale cannot write.
    with pikepdf.open(io.BytesIO(pdf.read_bytes())) as document:
        return len(document.pages)


@cache
def _fonts() -> typst.Fonts:
    """Noto Serif SC and Noto Sans SC, Libertinus and DejaVu Sans Mono (in Typst), our own."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    assert spec is not None
    assert spec.origin is not None
    folders = [Path(spec.origin).parent, *([OWN_FONTS] if OWN_FONTS.is_dir() else [])]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def _messages(diagnostic: str) -> list[str]:
    """The messages of Typst's diagnostics, each with the spot of the template it arose at."""
    found = [
        f"no font can show '{signs}' ({' '.join(f'U+{ord(sign):04X}' for sign in signs)})"
        for signs in _signs(diagnostic)
        if signs != _JOINER
    ]
    found += [
        f"{message} (at templates/pdf/{spot})" if spot else message
        for message, spot in _MESSAGE.findall(diagnostic)
        if not _UNSEEN.search(message)
    ]
    return list(dict.fromkeys(found)) or [diagnostic.strip()]


def _packed(pdf: bytes) -> bytes:
    """The file with its objects in compressed streams: less than half as large."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )
    return packed.getvalue()
