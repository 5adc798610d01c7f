"""PDF files as the programs of readers see them: words by PDFium, structure by pikepdf."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, NameTree, OutlineItem

_SOFT = re.compile("[\\s\u00ad\u200b\u2010\u2011\u2060\x02\ufffe-]+")


def bare(words: str) -> str:
    """Words without what setting them may change: spaces, hyphens, compatible forms of signs."""
    return _SOFT.sub("", unicodedata.normalize("NFKC", words))


@dataclass(frozen=True)
class Element:
    """A piece of the structure: its role and those it stands in, the text that tells what it
    shows, what it says (each run with its language), and the page that it leads to, from 0."""

    role: str
    within: tuple[str, ...]
    alt: str
    runs: tuple[tuple[str, str], ...]
    target: int | None

    @property
    def words(self) -> str:
        return "".join(words for _, words in self.runs)

    def words_in(self, language: str) -> list[str]:
        """What it says in a language, each run without a break."""
        runs = groupby(self.runs, key=lambda run: run[0])
        return ["".join(words for _, words in run) for code, run in runs if code == language]


class Pdf:
    """A PDF file, read."""

    def __init__(self, file: Path | bytes) -> None:
        data = file if isinstance(file, bytes) else file.read_bytes()
        self.file = pikepdf.open(io.BytesIO(data))
        document = pypdfium2.PdfDocument(data)
        self.pages: list[str] = []
        self._pieces: dict[tuple[int, int], str] = {}
        for number, page in enumerate(document):
            text = page.get_textpage()
            self.pages.append(text.get_text_range())
            kinds = [pdfium.FPDF_PAGEOBJ_TEXT]
            for piece in page.get_objects(filter=kinds, max_depth=9, textpage=text):
                place = number, pdfium.FPDFPageObj_GetMarkedContentID(piece.raw)
                self._pieces[place] = self._pieces.get(place, "") + piece.extract()
        document.close()

    # --- Words ------------------------------------------------------------------------------

    @cached_property
    def bare(self) -> list[str]:
        """What each page says, bare."""
        return [bare(page) for page in self.pages]

    def says(self, words: str) -> bool:
        """Whether the words stand on a page, or begin on one and end on the next."""
        wanted = bare(words)
        if any(wanted in page for page in self.bare):
            return True
        return any(
            wanted[:cut] in one and wanted[cut:] in two
            for one, two in pairwise(self.bare)
            for cut in range(1, len(wanted))
        )

    # --- Structure --------------------------------------------------------------------------

    @cached_property
    def elements(self) -> list[Element]:
        """The structure in reading order, each element before those within it."""
        return list(self._elements(self.file.Root.StructTreeRoot.K, ()))

    def of(self, role: str) -> list[Element]:
        return [element for element in self.elements if element.role == role]

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {page.objgen: number for number, page in enumerate(self.file.pages)}

    @cached_property
    def _languages(self) -> dict[tuple[int, int], str]:
        """The language of each piece that has one of its own."""
        marks: list[tuple[int, Any]] = [
            (number, instruction.operands[1])
            for number, page in enumerate(self.file.pages)
            for instruction in pikepdf.parse_content_stream(page, "BDC")
        ]
        return {
            (number, int(mark.MCID)): str(mark.Lang)
            for number, mark in marks
            if "/MCID" in mark and "/Lang" in mark
        }

    def _elements(self, node: Any, within: tuple[str, ...]) -> Iterator[Element]:
        for item in node if isinstance(node, Array) else [node]:
            if not (isinstance(item, Dictionary) and "/S" in item):
                continue
            inner = item.get("/K", Array())
            role, alt = str(item.S)[1:], str(item.get("/Alt", ""))
            runs = tuple(self._runs(item, str(self.file.Root.Lang), -1))
            yield Element(role, within, alt, runs, self._target(inner))
            yield from self._elements(inner, (*within, role))

    def _runs(self, node: Any, language: str, page: int) -> Iterator[tuple[str, str]]:
        if isinstance(node, Array):
            for item in node:
                yield from self._runs(item, language, page)
        elif isinstance(node, Dictionary):
            page = self._numbers[node.Pg.objgen] if "/Pg" in node else page
            inner = node.get("/MCID", node.get("/K", Array()))
            yield from self._runs(inner, str(node.get("/Lang", language)), page)
        else:
            place = page, int(node)
            yield self._languages.get(place, language), self._pieces.get(place, "")

    def _target(self, inner: Any) -> int | None:
        """Where the link leads that an element holds, if it holds one."""
        for item in inner if isinstance(inner, Array) else [inner]:
            if isinstance(item, Dictionary) and "/Dest" in item.get("/Obj", {}):
                return self._page(item.Obj.Dest)
        return None

    # --- Bookmarks and links ----------------------------------------------------------------

    @cached_property
    def outline(self) -> list[tuple[int, str]]:
        """The bookmarks with their depths."""

        def walk(items: list[OutlineItem], depth: int) -> Iterator[tuple[int, str]]:
            for item in items:
                yield depth, item.title
                yield from walk(item.children, depth + 1)

        with self.file.open_outline() as outline:
            return list(walk(list(outline.root), 1))

    @cached_property
    def links(self) -> list[Any]:
        """The annotations that are links, of all pages."""
        notes = (note for page in self.file.pages for note in page.get("/Annots", Array()))
        return [note for note in notes if note.Subtype == "/Link"]

    @property
    def addresses(self) -> list[str]:
        """Where links to the web lead."""
        return [str(link.A.URI) for link in self.links if "/A" in link]

    @property
    def targets(self) -> list[int]:
        """The pages, from 0, that links within the file lead to."""
        return [self._page(link.Dest) for link in self.links if "/Dest" in link]

    def _page(self, place: Any) -> int:
        """The page of a place in the file, or of the name of one."""
        place = place if isinstance(place, Array) else self._names[str(place)]
        return self._numbers[place[0].objgen]

    @cached_property
    def _names(self) -> NameTree:
        return NameTree(self.file.Root.Names.Dests)


def pictures(data: bytes) -> Iterator[Any]:
    """The pages of a file as readers see them."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.render(scale=2).to_pil()
