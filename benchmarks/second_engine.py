"""The site by another engine, beside that by MkDocs: `make second-engine`.

What `build.py` stages is built by Zensical too, and both sites are compared page by page. Says
what is the same and what differs, writes every difference into `.cache/second-engine/`, and ends
with 1 if a reader would lose something. What it means: docs/second-engine.md.
"""
# ruff: noqa: S603, T201 (the processes are ours, tables are printed)

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from comparing import ASPECTS, ESSENTIAL, Difference, compare

from research_brief import building, pipeline
from research_brief.engine import PAGE_SCRIPTS
from research_brief.options import Options
from research_brief.telling import Edition

ROOT = Path(__file__).resolve().parent.parent
WORK = Path(".cache/second-engine")
ADDRESS = "https://desk.example/"
"""An address of the site, so that what depends on it is compared too."""
NOT_FOR_MKDOCS_ONLY = ("hooks", "watch", "repo_url", "edit_uri")
"""Settings that are left out: Zensical runs no hooks, and the rest is what engine.py unsets."""
ITS_OWN = ("partials/search.html",)
"""Parts of our theme that the other engine does by other means."""


def settings(edition: Edition, root: Path, bundle: str) -> dict[str, Any]:
    """`mkdocs.yml` as a file for one language: what `engine.apply` and the hooks set in memory."""
    text = (root / "mkdocs.yml").read_text(encoding="utf-8")
    shipped: dict[str, Any] = yaml.safe_load(text)
    kept = {key: value for key, value in shipped.items() if key not in NOT_FOR_MKDOCS_ONLY}
    return kept | {
        "docs_dir": "docs",
        "site_dir": "site",
        "site_name": edition.site_name,
        "site_url": edition.site_url,
        "nav": [{title: path} for title, path in edition.navigation],
        "theme": shipped["theme"]
        | {"custom_dir": "theme", "language": edition.theme_language, "variant": "classic"},
        "extra": shipped["extra"]
        | {
            "scope": edition.scope,
            "rb": edition.extra,
            "rb_theme": bundle,
            "rb_scripts": PAGE_SCRIPTS,
            # Its search has a worker of its own; nothing is put in its place.
            "rb_search": ["\0", "\0"],
        },
    }


def lay(edition: Edition, staged: Path, folder: Path, bundle: str) -> None:
    """A project for the other engine: it reads nothing outside its folder, and empties `.cache`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(staged, folder / "docs")
    shutil.copytree(ROOT / "templates" / "theme", folder / "theme")
    for name in ITS_OWN:
        (folder / "theme" / name).unlink()
    data = settings(edition, ROOT, bundle)
    # JSON is YAML.
    (folder / "mkdocs.yml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def installed(python: str) -> tuple[str, str]:
    """The version of Zensical in an environment, and the name of its theme's script."""
    code = (
        "import zensical, pathlib; from importlib.metadata import version\n"
        "theme = pathlib.Path(zensical.__file__).parent / 'templates'\n"
        "[script] = theme.glob('assets/javascripts/bundle.*.min.js')\n"
        "print(version('zensical'), script.relative_to(theme).as_posix())"
    )
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    found, script = run.stdout.split()
    return found, script


def table(found: dict[str, list[Difference]], pages: dict[str, int]) -> list[str]:
    """A line for each aspect: on how many pages it is the same, and on how many it differs."""
    heads = "".join(f"| {code}: same | differs " for code in found)
    lines = [f"| {'aspect':9} {heads}|", f"|---|{'---:|---:|' * len(found)}"]
    for aspect in ASPECTS:
        cells = ""
        for code, differences in found.items():
            mine = [difference for difference in differences if difference.aspect == aspect]
            if aspect in {"pages", "search", "entries"}:
                differ = sum(len(it.ours) + len(it.theirs) for it in mine)
                cells += f"| {'all' if not mine else '–'} | {differ} "
            else:
                cells += f"| {pages[code] - len(mine)} | {len(mine)} "
        lines.append(f"| {aspect:9} {cells}|")
    return lines


def told(differences: Iterable[Difference], limit: int = 8) -> list[str]:
    """The differences, those that are alike on many pages once."""
    alike = Counter((it.aspect, it.ours, it.theirs) for it in differences)
    first = {(it.aspect, it.ours, it.theirs): it.page for it in reversed(list(differences))}
    lines = []
    for key, count in alike.items():
        aspect, ours, theirs = key
        lines.append(
            f"{aspect}: {first[key] or 'the site'}" + f" and {count - 1} more" * (count > 1)
        )
        for sign, items in (("-", ours), ("+", theirs)):
            lines += [f"  {sign} {item[:160]}" for item in items[:limit]]
            lines += [f"  {sign} … {len(items) - limit} more"] * (len(items) > limit)
    return lines


def is_known(difference: Difference) -> bool:
    """Whether it is a link to the Markdown copy of a page, which Zensical leads to the page."""
    copies = [item for item in difference.ours if item.partition(" ")[0].endswith(".md")]
    return difference.aspect == "links" and [*difference.ours] == copies != []


def main(python: str) -> int:
    version, bundle = installed(python)
    options = Options(
        work=WORK / "work", site=WORK / "site", site_url=ADDRESS, pdf=False, side_by_side=False
    )
    shutil.rmtree(ROOT / options.work, ignore_errors=True)  # so that all pages are staged
    built = building.build(ROOT, options)
    site = ROOT / options.site
    old = pipeline.old_pages(ROOT, built.content, built.pages)
    for path in old:  # are ours, whatever the engine
        (site / path).unlink()
    found: dict[str, list[Difference]] = {}
    pages: dict[str, int] = {}
    for edition, staged in built.editions:
        folder = ROOT / WORK / "zensical" / edition.language
        lay(edition, staged, folder, bundle)
        began = time.monotonic()
        command = [python, "-m", "zensical", "build", "--strict"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        took = time.monotonic() - began
        if run.returncode:
            print(f"zensical {version}, {edition.language}: failed\n{run.stdout}{run.stderr}")
            return 1
        ours = _alone(site, edition, [other for other, _ in built.editions])
        theirs = folder / "site"
        if edition.folder:
            (theirs / "404.html").unlink()  # as engine.py does
        code = edition.language
        found[code] = compare(
            ours, theirs, ours / "search/search_index.json", theirs / "search.json"
        )
        pages[code] = len(list(theirs.rglob("*.html")))
        print(f"zensical {version}, {code}: {pages[code]} pages in {took:.1f} s")
        list_of_all = ROOT / WORK / f"differences.{code}.txt"
        list_of_all.write_text("\n".join(told(found[code], limit=10_000)) + "\n", encoding="utf-8")
    print(*table(found, pages), sep="\n")
    for code, differences in found.items():
        print(f"\n{code}:", *told(differences), sep="\n")
    lost = [
        difference
        for differences in found.values()
        for difference in differences
        if difference.aspect in ESSENTIAL and not is_known(difference)
    ]
    print(f"\n{len(lost)} differences that a reader would miss something by")
    return 1 if lost else 0


def _alone(site: Path, edition: Edition, editions: list[Edition]) -> Path:
    """The pages of one language apart from those of the others, whose folders lie within."""
    folder = ROOT / WORK / "alone" / edition.language
    shutil.rmtree(folder, ignore_errors=True)
    others = {other.folder for other in editions if other.folder and other is not edition}
    shutil.copytree(
        site / edition.folder,
        folder,
        ignore=lambda where, names: (
            others & set(names) if Path(where) == site and not edition.folder else set()
        ),
    )
    return folder


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).absolute())))
