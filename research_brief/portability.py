"""What of `mkdocs.yml` only one of the two engines would heed, told at its place.

Material for MkDocs ends in May 2027. Zensical, its successor, reads the same file and leaves out
what it does not know without a word; so does Material with features. What both know was read off
Zensical 0.0.73 (`zensical/config.py`) and the templates and scripts of both themes; what the two
make of our pages is compared by `make second-engine` (docs/second-engine.md).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from research_brief.library import Where
from research_brief.problems import Problem, did_you_mean
from research_brief.validation import shown
from research_brief.yamlfile import KEY, read

RULE = "one-engine"
OURS = "hooks.py"
"""The hook that prepares pages for MkDocs; for Zensical `benchmarks/second_engine.py` does it."""

PLUGINS = frozenset(
    "api-autonav autorefs awesome-nav blog callouts exclude gh-admonitions glightbox"
    " include-markdown literate-nav llmstxt macros markdown-exec markdownextradata meta mike minify"
    " mkdocs-audio mkdocs-autoapi mkdocs-nav-weight mkdocs-video mkdocstrings offline privacy"
    " redirects rss search social table-reader tags".split()
)
"""The plugins that Zensical has of its own, by their names in MkDocs."""

SEARCH_OPTIONS = frozenset(
    "fields indexing jieba_dict jieba_dict_user lang min_search_length pipeline"
    " prebuild_index".split()
)
"""Settings of the search that Zensical leaves out."""

FEATURES = frozenset(
    "announce.dismiss content.action.edit content.action.view content.code.annotate"
    " content.code.copy content.code.select content.footnote.tooltips content.lazy"
    " content.tabs.link content.tooltips header.autohide navigation.expand navigation.footer"
    " navigation.indexes navigation.instant navigation.instant.prefetch navigation.instant.preview"
    " navigation.instant.progress navigation.path navigation.prune navigation.sections"
    " navigation.tabs navigation.tabs.sticky navigation.top navigation.tracking search.highlight"
    " search.share toc.follow toc.integrate".split()
)
"""The features that both themes have."""

DEPENDS = "delete it, or the site depends on one engine (docs/second-engine.md)"


def check(root: Path) -> list[Problem]:
    """Warnings about the settings of the project at `root`, whose file must be YAML already."""
    document = read(root / "mkdocs.yml", "mkdocs.yml")
    data = document.data if isinstance(document.data, dict) else {}
    where = Where(document.file, document.marks)
    theme = data.get("theme")
    features = theme.get("features") if isinstance(theme, dict) else None
    return [
        *_plugins(data.get("plugins"), where / "plugins"),
        *_hooks(data.get("hooks"), where / "hooks"),
        *_features(features, where / "theme" / "features"),
    ]


def reads_more(root: Path) -> bool:
    """Whether the engine may read what we do not know of, so that nobody can tell whether a page
    would be made the same again: other hooks and plugins, another theme, other settings."""
    document = read(root / "mkdocs.yml", "mkdocs.yml")
    data = document.data if isinstance(document.data, dict) else {}
    theme = data.get("theme")
    return (
        "INHERIT" in data
        or not isinstance(theme, dict)
        or theme.get("custom_dir") != "templates/theme"
        or {name for name, *_ in _named(data.get("hooks"), Where("", {}))} != {OURS}
        or {name for name, *_ in _named(data.get("plugins"), Where("", {}))} - {"search"} != set()
    )


def _plugins(plugins: Any, where: Where) -> Iterator[Problem]:
    for name, options, place in _named(plugins, where):
        plugin = name.removeprefix("material/")
        if plugin not in PLUGINS:
            message = f"the plugin {shown(name)} is left out by Zensical without a word"
            message += did_you_mean(plugin, PLUGINS) or f"; {DEPENDS}"
            yield (place / KEY).problem(message, RULE, "warning")
        elif plugin == "search" and isinstance(options, dict):
            for option in sorted(SEARCH_OPTIONS & options.keys()):
                message = f"the setting '{option}' of the search is left out by Zensical without"
                message += " a word, and our index does not ask for it: delete it"
                yield (place / option / KEY).problem(message, RULE, "warning")


def _hooks(hooks: Any, where: Where) -> Iterator[Problem]:
    for name, _, place in _named(hooks, where):
        if name != OURS:
            message = f"the hook {shown(name)} is not run by Zensical; {DEPENDS}"
            yield place.problem(message, RULE, "warning")


def _features(features: Any, where: Where) -> Iterator[Problem]:
    for name, _, place in _named(features, where):
        if name not in FEATURES:
            message = f"the feature {shown(name)} is not in the themes of both engines"
            message += did_you_mean(name, FEATURES) or f"; {DEPENDS}"
            yield place.problem(message, RULE, "warning")


def _named(value: Any, where: Where) -> Iterator[tuple[str, Any, Where]]:
    """The names in a list (of names or mappings) or a mapping, with their settings and places."""
    if isinstance(value, dict):
        yield from ((str(name), options, where / name) for name, options in value.items())
    for number, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield from _named(item, where / number)
        else:
            yield str(item), None, where / number
