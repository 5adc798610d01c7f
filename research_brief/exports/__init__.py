"""What machines read: the files beside the pages, one format per module.

A module `research_brief/exports/SOME_FORMAT.py` has `export(publication)`, which yields the files
of its format, each with its path below the root of the site; it is found by itself. Templates link
to a file as `file:PATH`, below the root of their language, or as `file:/PATH`, below the site's.

Addresses within a file are absolute where the site knows its own (`site_url`), and else relative to
the file itself, so that `urljoin(address of the file, address in it)` is right either way.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from research_brief.excerpts import Excerpts
from research_brief.extent import named_by
from research_brief.library import BriefRecord, Library
from research_brief.page_store import Noted, PageStore
from research_brief.pages import Page
from research_brief.settings import Wordbook
from research_brief.tree import Tree
from research_brief.wording import Wording


@dataclass(frozen=True)
class File:
    """A file of the site: its path below the site's root, and how its text (UTF-8, `\\n`) is made,
    and of what, if that identifies it."""

    path: str
    make: Callable[[], str]
    made_of: str = ""
    is_copy: bool = False  # of a page

    @property
    def text(self) -> str:
        """What is in it, made anew each time."""
        return self.make()

    @classmethod
    def of(cls, path: str, text: str) -> "File":
        """That of a text."""
        return cls(path, lambda: text)


@dataclass(frozen=True)
class Publication:
    """What is exported: the library, and the pages of the languages that are made, which are not
    always all (`wordings` are)."""

    library: Library
    words: Mapping[str, Wordbook]
    pages: Mapping[str, Sequence[Page]]
    pdf: bool = True  # whether PDFs are made beside them
    store: PageStore | None = None  # what was made of a page before
    noted: dict[str, Noted[Any]] = field(init=False, repr=False, default_factory=dict)
    memo: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What one format makes and another one uses as well."""

    @cached_property
    def briefs(self) -> list[BriefRecord]:
        """The briefs of which machines are told, newest first. This is the one place that decides.

        Drafts are not in the library but in a preview, which shows them to all.
        """
        return self.library.newest_briefs

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        """Texts, names and dates in each language, the main one first."""
        return {
            code: Wording(self.library, code, self.words)
            for code in self.library.settings.languages
        }

    @property
    def made(self) -> list[Wording]:
        """Those of the languages that are made: files that stand below the folder of a language are
        wanted of these only."""
        return [self.wordings[code] for code in self.pages]

    def kept(
        self,
        format: str,
        record: BriefRecord,
        make: Callable[["Publication", BriefRecord, str], Iterable[File]],
        language: str = "",
    ) -> Iterator[File]:
        """The files that a format makes of a brief, in one language or in all: from the store, if
        the brief and all that it names are as they were. They are made of an excerpt, and so
        cannot tell of more."""
        excerpts = Excerpts.of(self.library)

        def texts() -> dict[str, str]:
            excerpt = excerpts.of_brief(record).naming(self._named, self.library)
            part = replace(self, library=excerpt.library, store=None)
            files = make(part, part.library.briefs[record.id], language)
            return {file.path: file.text for file in files}

        if self.store is None:
            yield from itertools.starmap(File.of, texts().items())
            return
        digest = excerpts.outline_of(record).digest
        made_of = [format, record.id, language, self.pdf, digest, self._words]
        key = self.store.key(made_of)

        @cache
        def kept() -> dict[str, str]:
            assert self.store
            text = self.store.text(key, lambda: json.dumps(texts(), ensure_ascii=False))
            found: dict[str, str] = json.loads(text)
            return found

        # Which files it makes is noted: most of them stand in the site already, and are not read.
        paths = self.known(f"exports {language}").get(key, lambda: [*kept()])
        for path in paths:
            yield File(path, partial(lambda path: kept()[path], path), f"{key} {path}")

    def known(self, name: str) -> Noted[Any]:
        """What the last build noted under a name."""
        if name not in self.noted:
            self.noted[name] = Noted(self.store, name)
        return self.noted[name]

    def keep(self) -> None:
        """Note for the next build what this one asked for."""
        for noted in self.noted.values():
            noted.keep()

    @cached_property
    def _named(self) -> set[str]:
        """The entities that the interface words of any language name."""
        return named_by(self.library, dict(self.words))

    @cached_property
    def _words(self) -> list[str]:
        """What identifies these."""
        return [self.library.entities[id].digest for id in sorted(self._named)]

    def path(self, language: str, path: str) -> str:
        """The path below the site's root of what stands at `path` below a language's."""
        return f"{self.library.settings.folder(language)}/{path}".lstrip("/")

    def address(self, path: str, origin: str) -> str:
        """The address, in the file at `origin`, of what stands at `path`, both below the root."""
        root = self.library.settings.base(self.library.settings.languages[0])
        return f"{root or '../' * origin.count('/')}{path}" or "./"


Export = Callable[[Publication], Iterator[File]]


def exports() -> dict[str, Export]:
    """Every format by the name of its module."""
    return {
        module.name: import_module(f"{__name__}.{module.name}").export
        for module in iter_modules(__path__)
    }


def files(publication: Publication) -> dict[str, str]:
    """All files of all formats: their texts by their paths."""
    return {file.path: file.text for file in _each(publication, exports().values())}


def write(publication: Publication, site: Tree) -> list[str]:
    """Put all files of the languages that are made into a site, each as soon as it is made: the
    texts of all would not fit into memory. Copies of pages are left: they are put when these pages
    are staged, for which they are parsed as well. Returns the paths of all files."""
    settings, found = publication.library.settings, []
    for file in _each(publication, exports().values()):
        if not file.is_copy and settings.language_of(file.path) in publication.pages:
            put(file, site)
        found.append(file.path)
    return found


def put(file: File, site: Tree) -> None:
    """Put a file into a site, where it does not stand yet."""
    if not (file.made_of and site.has(file.path, file.made_of)):
        site.put(file.path, file.text, file.made_of)


def _each(publication: Publication, formats: Iterable[Export]) -> Iterator[File]:
    seen: set[str] = set()
    for export in formats:
        for file in export(publication):
            assert file.path not in seen, f"two exports make {file.path}"
            seen.add(file.path)
            yield file
