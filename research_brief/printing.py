"""What becomes of printed files in a build: where they lie, what is said of them, which hide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from research_brief.library import Library
from research_brief.pdf.press import Printed
from research_brief.problems import counted
from research_brief.redirects import former_pdfs
from research_brief.tree import Tree
from research_brief.wording import Wording

PDF = ".pdf"
"""What the names of PDFs end in."""


def said(printed: Iterable[Printed], wording: Wording) -> dict[str, str]:
    """What links say of the files, by their paths: `20 pages, 345 KB`, and what pictures show."""
    words = wording.words
    return {
        item.document.path: wording.filled(
            words["between"]["aside"],
            first=wording.count(words["counts"]["pages"], item.pages),
            next=f"{item.size / 1000:,.0f} KB",
        )
        if item.document.suffix == PDF
        else str(item.document.values["text"])
        for item in printed
    }


def summary(printed: Iterable[Sequence[Printed]]) -> str:
    """`4 PDFs, 80 pages`, with the pictures if there are any."""
    found = [item for items in printed for item in items]
    pdfs = [item for item in found if item.document.suffix == PDF]
    parts = [counted(len(pdfs), "PDF"), counted(sum(item.pages for item in pdfs), "page")]
    if pictures := len(found) - len(pdfs):
        parts.append(counted(pictures, "picture"))
    return ", ".join(parts)


def lay(printed: Iterable[Printed], library: Library, site: Tree, folder: str) -> None:
    """Lay the files of a language into a site, below its folder, also where they were before."""
    for item in printed:
        for path in _paths(item, library):
            name = f"{folder}/{path}".lstrip("/")
            if not site.has(name, item.file.name):  # which ends in a hash of its bytes
                site.put(name, item.file.read_bytes(), item.file.name)


def withdrawn(printed: Mapping[str, Iterable[Printed]], library: Library) -> Iterator[str]:
    """The files of briefs that were withdrawn, below the site's root: whoever has their address
    finds what became of them, and no search engine lists them."""
    for language, items in printed.items():
        for item in items:
            brief = library.briefs.get(item.document.brief)
            for path in _paths(item, library) if brief and brief.withdrawn else ():
                yield f"{library.settings.folder(language)}/{path}".lstrip("/")


def _paths(item: Printed, library: Library) -> list[str]:
    if item.document.suffix != PDF:
        return [item.document.path]
    return [item.document.path, *former_pdfs(library, item.document.brief)]
