"""The site engine: MkDocs with Material, one build per language.

Nothing but this module, `hooks.py` and `mkdocs.yml` knows the engine. It gets a staged tree of
Markdown and what is different in each language, and returns what the engine complained of.
"""

import gc
import logging
import os
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache, FileSystemLoader

from research_brief import portability
from research_brief.inputs import stamp as stamp_of
from research_brief.output import make_way, write_if_changed
from research_brief.page_store import PageStore
from research_brief.refusals import Refused
from research_brief.telling import Edition
from research_brief.tree import Tree

# Material's notice about MkDocs 2 is for people who run MkDocs themselves.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

PAGE_SCRIPTS = {"evidence": "assets/ledger.js", "brief": "assets/aids.js"}
"""Scripts that only one kind of page has."""

SEARCH = {"search": "assets/search.js", "queries": "assets/queries.js"}
"""Our part of the search: the worker, which loads the theme's, and what it loads besides."""

MANY = 1_000
"""Pages made in one language, from which on looking for what they left behind is worth the time."""

_THEMES_WORKER = re.compile(r"assets/javascripts/workers/(search\.\w+\.min\.js)$")
_UNUSED = "assets/javascripts/lunr/"
"""Word cutters and stemmers of many languages and licences, which our index never asks for."""
_THEMES_SCRIPT = re.compile(r"assets/javascripts/bundle\.\w+\.min\.js$")


def apply(config: Any, edition: Edition, docs: Path) -> None:
    """Set what is different in this language on a loaded MkDocs configuration."""
    config.docs_dir = str(docs)
    config.site_name = edition.site_name
    config.site_url = edition.site_url
    config.edit_uri = ""
    # The theme would ask the repository's host for stars and releases, on every page.
    config.repo_url = config.repo_name = None
    config.nav = [{title: path} for title, path in edition.navigation]
    config.theme["language"] = edition.theme_language
    # Where the theme keeps the choice of colours: one for all languages. The theme's own scope
    # differs with the depth of a page, and so would the hash of its script.
    config.extra["scope"] = edition.scope
    config.extra["rb"] = edition.extra
    config.extra["rb_edition"] = edition
    cache = Path(config.config_file_path).parent / ".cache" / "theme"
    config.theme.get_env = partial(_environment, config.theme.get_env, cache)


class _ThemeLoader(FileSystemLoader):
    """Passes by hidden folders when it lists files, as MkDocs does with what was listed: among
    them are the theme's icons, 11,000 files."""

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for top in self.searchpath:
            for folder, within, files in os.walk(top):
                within[:] = [name for name in within if not name.startswith(".")]
                below = Path(folder).relative_to(top)
                found.update((below / name).as_posix() for name in files)
        return sorted(found)


class _Compiled(FileSystemBytecodeCache):
    """Keys that any name of a folder gives, even one that the locale cannot write."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name, ascii(filename))


def _environment(plain: Callable[[], Any], cache: Path) -> Any:
    """The environment of the theme's templates; what it makes of them is kept in a folder."""
    environment = plain()
    environment.loader = _ThemeLoader(environment.loader.searchpath)
    make_way(cache)
    environment.bytecode_cache = _Compiled(str(cache))
    return environment


def pass_by(config: Any, files: Any) -> Any:
    """The files of MkDocs, without what nobody asks for; and with the pages that are kept, and so
    were not staged, where something lists them. As in a `--dirty` build it leaves these out, and
    the files that were copied before."""
    from mkdocs.structure.files import File, Files, file_sort_key

    found = [file for file in files if not file.dest_uri.startswith(_UNUSED)]
    if "rb_job" not in config.extra:  # of plain `mkdocs`, which makes all
        return Files(found)
    job: Job = config.extra["rb_job"]
    pages: list[File] = []
    others: list[File] = []
    for file in found:
        source = not file.is_documentation_page() and file.abs_src_path
        (others if source else pages).append(file)
        stays = False
        if source:
            made_of = f"copy of {source} {stamp_of(Path(source))}"
            name = f"{job.folder}{file.dest_uri}"
            if not (stays := job.site.has(name, made_of)):
                job.site.expect(name, made_of)
        file.is_modified = partial(bool, not stays)
    for name in job.listed(config):
        file = File(name, config.docs_dir, config.site_dir, config.use_directory_urls)
        file.is_modified = partial(bool, False)  # type: ignore[method-assign]
        pages.append(file)
    return Files([*sorted(pages, key=file_sort_key), *others])


def recall(config: Any, files: Any) -> None:
    """Tell of pages that MkDocs has not read what its templates ask of them."""
    if job := config.extra.get("rb_job"):
        for name in job.listed(config):
            if job.kept[name]:
                files.get_file_from_path(name).page.meta = {"robots": "noindex"}


def is_driven(config: Any) -> bool:
    """Whether a build was started by us, or by plain `mkdocs`."""
    return "rb_edition" in config.extra


def is_alone(config: Any) -> bool:
    """Whether we started a build in which no hook and no plugin of others may ask what a page was
    rendered to, or change it."""
    return bool(config.extra.get("rb_alone"))


def is_our_theme(config: Any) -> bool:
    """Whether pages are made by the theme of the project, and not by another that was set."""
    return Path(config.theme.dirs[0]) == Path(config.config_file_path).parent / "templates/theme"


def skip_indexing(config: Any) -> None:
    """Take our pages out of the theme's own search indexer; the index is ours."""
    for plugin in config.plugins.values():
        if hasattr(plugin, "search_index"):
            config.plugins.events["page_context"].remove(plugin.on_page_context)


def stamp(config: Any, files: Any) -> None:
    """Put a hash of what they hold into the names of our style sheet and scripts, as the theme does
    with its own: what has another content has another address, and may be kept for ever."""
    scripts = config.extra["rb_scripts"] = {**PAGE_SCRIPTS, **SEARCH}
    for listed in (config.extra_css, config.extra_javascript, scripts):
        for number, path in [*(listed.items() if listed is scripts else enumerate(listed))]:
            # One with further settings is no text, and keeps its name.
            if isinstance(path, str) and (file := files.get_file_from_path(path)):
                stem, dot, suffix = path.rpartition(".")
                digest = sha256(file.content_bytes).hexdigest()[:8]
                file.dest_uri = listed[number] = f"{stem}.{digest}{dot}{suffix}"
    # The theme reads the address of its worker from the page; ours is told what it is to load.
    for file in files:
        if found := _THEMES_WORKER.match(file.dest_uri):
            ours, queries = scripts["search"], Path(scripts["queries"]).name
            config.extra["rb_search"] = (found[0], f"{ours}#{found[1]}#{queries}")
        if _THEMES_SCRIPT.match(file.dest_uri):
            config.extra["rb_theme"] = file.dest_uri


def tidy(html: str) -> str:
    """Remove what the Nu HTML checker refuses in the theme's page: autocomplete on checkboxes."""
    # There are two, at the beginning of the page.
    return re.sub(r'(<input class="md-toggle"[^>]*?) autocomplete="off"', r"\1", html, count=2)


def finish(config: Any) -> None:
    """Put our search index in the place of the theme's, and take away the packed sitemap, which
    bears the time of the build (hosts pack by themselves)."""
    site = Path(config.site_dir)
    for path, text in config.extra["rb_edition"].search_files().items():
        write_if_changed(site / path, text)
    (site / "sitemap.xml.gz").unlink(missing_ok=True)


class EngineFailed(Refused):
    """The engine stopped: the installation or `mkdocs.yml` is at fault, not the content."""


@dataclass
class Job:
    """One language to build: from which staged folder into which site; and whom to tell of each
    page. Pages that the store has are not made again, if `lay` is asked for each before it is
    staged."""

    edition: Edition
    staged: Path
    site: Tree
    store: PageStore
    count: Callable[[], None] = lambda: None
    keys: dict[str, str] = field(default_factory=dict)
    """Those of the store, by staged file, of the pages that are to be made."""
    kept: dict[str, bool] = field(default_factory=dict)
    """The others, and whether search engines are to pass them by."""

    @property
    def folder(self) -> str:
        """Where the language stands below the site, with a slash behind it."""
        return f"{self.edition.folder}/".lstrip("/")

    @property
    def target(self) -> Path:
        """The folder of the language in the new site."""
        return self.site.folder / self.edition.folder

    @cached_property
    def _key(self) -> Callable[[str, str], str]:
        told = {name: it for name, it in vars(self.edition).items() if name != "search_files"}
        return self.store.keying(told)

    def place(self, name: str) -> str:
        """Where the page of a staged file is in the site: all of ours are called `index.md`."""
        return f"{self.folder}{name.removesuffix('.md')}.html"

    def lay(self, name: str, digest: str, hidden: bool) -> bool:
        """Whether the finished page is kept of what has this digest; then it is put into its place,
        where it is not yet."""
        place, key = self.place(name), self._key(name, digest)
        if not self.site.has(place, key):
            if (page := self.store.get(key)) is None:
                self.site.expect(place, key)
                self.keys[name] = key
                return False
            self.site.put(place, page, key)
        self.kept[name] = hidden
        return True

    def put(self, name: str, page: bytes) -> None:
        """Put a finished page where readers and the next build find it."""
        key = self.keys[name]
        self.site.put(self.place(name), page, key)
        self.store.put(key, page)

    def listed(self, config: Any) -> Iterable[str]:
        """The pages that are kept and of which MkDocs must know all the same: all of them for the
        sitemap, which there is only with an address, and for templates of others."""
        if config.site_url or config.extra_templates:
            return self.kept
        return [path for _, path in self.edition.navigation if path in self.kept]


def take(config: Any, page: Any, html: str) -> str:
    """Take a finished page from MkDocs, and return what is left for it to write: nothing, where we
    started it and nobody changes the page after us. What we put there is not read again."""
    if job := config.extra.get("rb_job"):
        job.count()
        if is_alone(config) and html.strip():
            job.put(page.file.src_uri, html.encode("utf-8", errors="xmlcharrefreplace"))
            return ""
    return html


def build(
    root: Path, jobs: Sequence[Job], progress: Callable[[int], None] = lambda pages: None
) -> list[str]:
    """Build each edition from what was staged for it, one after the other; returns the warnings.

    `progress` is called with the number of finished pages. Raises EngineFailed.
    """
    done = count(1)

    def count_one() -> None:
        progress(next(done))

    warnings = []
    for job in jobs:
        job.count = count_one
        warnings += _build_one(root, job)
        if len(job.keys) > MANY:
            gc.collect()  # what MkDocs knows of pages goes round in circles
    for job in jobs:
        if job.folder:
            # Hosts serve the 404 page of the root only; it speaks all languages.
            (job.target / "404.html").unlink(missing_ok=True)
    return warnings


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith("A 'dirty' build"):  # we know which pages it leaves out
            self.messages.append(message)


def _build_one(root: Path, job: Job) -> list[str]:
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    collector, edition = _Collector(), job.edition
    logging.getLogger("mkdocs").addHandler(collector)
    try:
        config = load_config(
            config_file=str(root / "mkdocs.yml"),
            docs_dir=str(job.staged),
            site_dir=str(job.target),
            watch=[],  # is for `mkdocs serve`, and stops a build when a folder is missing
        )
        apply(config, edition, job.staged)
        config.extra["rb_job"] = job
        config.extra["rb_alone"] = not portability.reads_more(root)
        config.plugins.on_startup(command="build", dirty=False)  # to others it is a whole one
        mkdocs_build(config, dirty=True)  # or it would empty its folder
        config.plugins.on_shutdown()
    except (MkDocsException, SystemExit) as error:
        raise EngineFailed(f"{edition.language}: {error} {'; '.join(collector.messages)}") from None
    except Exception as error:
        if spot := _spot(error, root):  # a fault of the theme's templates, not of ours
            raise EngineFailed(f"{spot}: {type(error).__name__}: {error}") from None
        raise
    finally:
        logging.getLogger("mkdocs").removeHandler(collector)
    return [f"{edition.language}: {message}" for message in collector.messages]


def _spot(error: Exception, root: Path) -> str:
    """The file and line of the theme's template that an error was raised in, if it was."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    frames.append((getattr(error, "filename", None) or "", getattr(error, "lineno", None)))
    for file, line in reversed(frames):
        if file.endswith(".html"):
            path = Path(file)
            shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else file
            return f"{shown}:{line}"
    return ""
