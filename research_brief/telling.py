"""What the engine is told of one language, beyond `mkdocs.yml`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from research_brief.pages import Page
from research_brief.settings import Settings, Wordbook

NAVIGATION = ("", "briefs", "companies", "people", "products", "glossary", "sources", "method")
"""The pages of the header, in order: index pages only, or every page would list all others."""


@dataclass(frozen=True)
class Edition:
    """What is different in one language: all that the engine is told beyond `mkdocs.yml`."""

    language: str
    theme_language: str
    site_name: str
    site_url: str
    scope: str  # the path of the whole site on its host, as far as it is known
    folder: str  # of this language below the site's root: "" or "zh"
    navigation: tuple[tuple[str, str], ...]  # title and staged file
    extra: dict[str, Any]  # for the theme's templates, as `config.extra.rb`
    search_files: Callable[[], Mapping[str, str]]  # makes them, by their paths below `folder`


def edition(
    settings: Settings,
    words: dict[str, Wordbook],
    language: str,
    pages: Sequence[Page],
    search_files: Callable[[], Mapping[str, str]],
    *,
    preview: bool = False,
    feed: bool = False,
) -> Edition:
    """What the engine must know to build `pages` in `language`; a preview is not for indexes, and
    not every site has a `feed` at its root."""
    folders = {code: settings.folder(code) for code in settings.languages}
    here, book = folders[language], words[language]
    up = "../" if here else ""
    languages = [
        {
            "code": code,
            "label": words[code]["language"]["label"],
            "html": words[code]["language"]["html"],
            "root": "" if code == language else up + (f"{folders[code]}/" if folders[code] else ""),
            "address": settings.base(code),
        }
        for code in settings.languages
    ]
    there = {page.path for page in pages}
    return Edition(
        language=language,
        theme_language=book["language"]["material"],
        site_name=escape(settings.extra.name.best(language)[1]),
        site_url=settings.base(language),
        scope=urlsplit(settings.base(settings.languages[0])).path or "/",
        folder=here,
        navigation=tuple(
            (escape(book["navigation"][path or "home"]), f"{path}/index.md".lstrip("/"))
            for path in NAVIGATION
            if path in there
        ),
        # MkDocs puts values into its HTML as they are, so all of them are escaped here.
        extra=_escaped(
            {
                "language": {**book["language"], "code": language},
                "words": book,
                "all_words": [words[code] for code in settings.languages],
                "languages": languages,
                "preview": preview,
                "feed": feed,
                "contact": settings.extra.contact,
                "repository": settings.repo_url,
                "content_licence": settings.extra.content_licence.model_dump(),
                "code_licence": settings.extra.code_licence.model_dump(),
            }
        ),
        search_files=search_files,
    )


def _escaped(value: Any) -> Any:
    """The value with every text in it escaped for HTML."""
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return escape(value) if isinstance(value, str) else value
