"""The sites that `race.py` has built: ours, and the same pages by other generators.

Ours is a project of generated briefs. The others get the Markdown that it stages for its engine,
laid out as each wants it, and settings as small as they can be.
"""

import json
import re
import shutil
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EDITED = "briefs/study-1"
CLAIM = re.compile(r"(^    text:\n      en: ['\"]?)(?:Edited \w+, )?", re.MULTILINE)
"""The place where the text of the first claim begins, in a section of a brief."""
PARAGRAPH = re.compile(r"(<p\b[^>]*>)(?:Edited \w+, )?")
"""The place where the first paragraph begins, in a staged page."""


@dataclass(frozen=True)
class Contestant:
    """A generator with its project: commands, and what a first build has not."""

    name: str
    folder: Path
    build: Sequence[str]
    serve: Sequence[str]  # `PORT` is put in
    page: str  # the path of the edited page when it is served
    edited: Path
    place: re.Pattern[str]
    made: Sequence[str]  # folders of a build
    sites: Sequence[str]  # those among them that are published
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)  # further commands

    def clear(self) -> None:
        """Forget every build."""
        for name in self.made:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def edit(self, number: int) -> str:
        """Edit one claim (ours) or paragraph; the word that its page has from now on."""
        word = f"Edited {_letters(number)},"
        text = self.edited.read_text(encoding="utf-8")
        text, count = self.place.subn(rf"\g<1>{word} ", text, count=1)
        assert count, self.edited
        self.edited.write_text(text, encoding="utf-8")
        return word


def _letters(number: int) -> str:
    """A word for a number: figures would have to be supported by evidence."""
    return "".join(string.ascii_lowercase[int(digit)] for digit in str(number))


def ours(folder: Path, python: str) -> Contestant:
    """The project in `folder`."""
    command = [python, "build.py"]
    return Contestant(
        "Research Brief",
        folder,
        build=[*command, "--no-pdf"],
        serve=[*command, "serve", "--port", "PORT"],
        page=f"{EDITED}/",
        edited=folder / "content" / EDITED / "narrative.yaml",
        place=CLAIM,
        made=(".cache", "site"),
        sites=("site",),
        others={"check": [*command, "check"], "pdf": command},
    )


def hugo(
    folder: Path, staged: Mapping[str, Path], program: str, titles: Mapping[str, str]
) -> Contestant:
    """Both languages in one site of Hugo: pages are `NAME.md`, or `_index.md` with pages below."""
    shutil.copytree(HERE / "hugo", folder)
    for language, docs in staged.items():
        for path in docs.rglob("index.md"):
            below = path.parent.relative_to(docs)
            is_list = len(below.parts) < 2 and any(it.is_dir() for it in path.parent.iterdir())
            name = below / "_index.md" if is_list else below.with_suffix(".md")
            target = folder / "content" / language / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    languages = {
        language: {"contentDir": f"content/{language}", "title": titles[language], "weight": place}
        for place, language in enumerate(staged, 1)
    }
    settings = json.loads((folder / "hugo.json").read_text()) | {"languages": languages}
    (folder / "hugo.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    return Contestant(
        "Hugo",
        folder,
        build=[program, "--quiet"],
        serve=[program, "server", "--bind", "127.0.0.1", "--port", "PORT"],
        page=f"{EDITED}/",
        edited=folder / "content" / next(iter(staged)) / f"{EDITED}.md",
        place=PARAGRAPH,
        made=("public", "resources"),
        sites=("public",),
    )


def eleventy(folder: Path, staged: Mapping[str, Path], program: Sequence[str]) -> Contestant:
    """Both languages in one site of Eleventy, the first at its root."""
    folder.mkdir(parents=True)
    for name in ("eleventy.config.js", "_includes"):
        source = HERE / "eleventy" / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    for place, (language, docs) in enumerate(staged.items()):
        target = folder / "content" / (language if place else "")
        shutil.copytree(docs, target, dirs_exist_ok=True)
    return Contestant(
        "Eleventy",
        folder,
        build=[*program, "--quiet"],
        serve=[*program, "--serve", "--quiet", "--port", "PORT"],
        page=f"{EDITED}/",
        edited=folder / "content" / EDITED / "index.md",
        place=PARAGRAPH,
        made=("_site",),
        sites=("_site",),
    )


def mkdocs_like(
    name: str,
    folder: Path,
    languages: Sequence[str],
    program: Sequence[str],
    lay: Callable[[str, Path], Any],
) -> Contestant:
    """A site for each language by a program that reads `mkdocs.yml`; both are built at once."""
    for language in languages:
        lay(language, folder / language)
    first, *more = languages
    parts = [f"(cd {code} && {' '.join(program)} build)" for code in languages]
    waits = " && ".join(f"wait $p{place}" for place, _ in enumerate(languages))
    begun = " ".join(f"{part} & p{place}=$!;" for place, part in enumerate(parts))
    return Contestant(
        name,
        folder,
        build=["sh", "-c", f"{begun} {waits}"],
        serve=["sh", "-c", f"cd {first} && exec {' '.join(program)} serve -a 127.0.0.1:PORT"],
        page=f"{EDITED}/",
        edited=folder / first / "docs" / EDITED / "index.md",
        place=PARAGRAPH,
        made=[f"{code}/{part}" for code in (first, *more) for part in ("site", ".cache")],
        sites=[f"{code}/site" for code in (first, *more)],
    )
