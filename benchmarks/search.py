"""How well and how fast the search answers: `make search-score`.

The shipped brief and 200 generated ones (`generator.py`) are built, without PDFs, in a folder of
their own; then every query of `tests/search_queries.yaml` is entered into the search field of the
home page in real Chromium, and what is shown is compared with what must be found. With `--site` a
site that is there already is asked.
"""
# ruff: noqa: T201 (tables are printed)

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import first_search  # noqa: E402
import generator  # noqa: E402
import searching  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from projects import Project  # noqa: E402
from web_tools import CHROMIUM, LANGUAGES, QUIET, served  # noqa: E402

EVERY = 4
"""Of so many queries one is typed letter by letter as well."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--briefs", type=int, default=200, help="generated briefs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--site", type=Path, help="a site that was built already")
    chosen = parser.parse_args()
    if chosen.site:
        report(chosen.site)
        return
    with tempfile.TemporaryDirectory() as folder:
        project = Project.copied_to(Path(folder) / "project").with_content(ROOT / "content")
        generator.write(project.root / "content", chosen.briefs, chosen.seed)
        started = time.monotonic()
        subprocess.run([sys.executable, "build.py", "--no-pdf"], cwd=project.root, check=True)
        print(f"\nBuilt in {time.monotonic() - started:.0f} s.\n")
        report(project.site)


def report(site: Path) -> None:
    """Ask all queries, and print the tables."""
    answers: dict[str, list[tuple[searching.Answer, str]]] = {"list": [], "held_out": []}
    keys: list[float] = []
    ready: dict[str, float] = {}
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for language, folder in LANGUAGES.items():
            root = address + folder
            page = browser.new_context().new_page()
            page.add_init_script(searching.LISTEN)
            started = time.monotonic()
            page.goto(root)
            page.wait_for_function(searching.READY, timeout=120_000)
            ready[language] = time.monotonic() - started
            searching.ask(page, next(searching.queries()))  # of a large index the rest comes then
            page.wait_for_timeout(100)
            page.wait_for_function(first_search.ALL, timeout=120_000)
            for name, found in answers.items():
                queries = [it for it in searching.queries(name) if it.language == language]
                found += [(searching.ask(page, query), root) for query in queries]
                keys += [ms for query in queries[::EVERY] for ms in searching.typed(page, query)]
        browser.close()
    table(answers)
    every = [answer.milliseconds for found in answers.values() for answer, _ in found]
    print(f"\nFrom input to results, warm: {spread(every)}; letter by letter: {spread(keys)}.\n")
    print("| index | KB | gzip KB | page opened to first answer, s |\n|---|---:|---:|---:|")
    for language, folder in LANGUAGES.items():
        files = [*(site / folder / "search").glob("rest.*"), site / folder / first_search.INDEX]
        data = b"".join(file.read_bytes() for file in files)
        sizes = f"{len(data) / 1000:,.0f} | {len(gzip.compress(data, 9)) / 1000:,.0f}"
        print(f"| {language} | {sizes} | {ready[language]:.1f} |")
    for found in answers.values():
        for answer, root in found:
            if not (answer.has_page(root) and answer.has_claim(root)):
                print(f"\nmissed ({answer.query.language}): {answer.query.query}", end="")
    print()


Answers = list[tuple[searching.Answer, str]]


def table(answers: dict[str, Answers]) -> None:
    heads = "queries | page | claim | both | none | other language"
    print(f"| | | {heads} |\n|---|---|{'---:|' * 6}")
    listed = answers["list"]
    kinds = dict.fromkeys(answer.query.kind for answer, _ in listed)
    for language in LANGUAGES:
        for kind in kinds:
            row(kind, language, [it for it in listed if it[0].query.kind == kind], language)
    for name, found in answers.items():
        for language in LANGUAGES:
            row(f"**{name.replace('_', ' ')}**", language, found, language)
        row(f"**{name.replace('_', ' ')}**", "", found)


def row(name: str, shown: str, answers: Answers, language: str = "") -> None:
    """A line of the table: how many of the answers are as they must be."""
    found = [it for it in answers if not language or it[0].query.language == language]
    if not found:
        return
    with_claim = [it for it in found if it[0].query.claim]
    cells = (
        str(len(found)),
        share(found, lambda answer, root: answer.has_page(root)),
        share(with_claim, lambda answer, root: answer.has_claim(root)),
        share(found, lambda answer, root: answer.has_page(root) and answer.has_claim(root)),
        share(found, lambda answer, root: not answer.links),
        share(found, lambda answer, root: answer.is_foreign(root)),
    )
    print(f"| {name} | {shown} | {' | '.join(cells)} |")


def share(answers: Answers, test: Callable[[searching.Answer, str], bool]) -> str:
    if not answers:
        return ""
    return f"{100 * sum(test(*it) for it in answers) / len(answers):.1f} %"


def spread(times: Iterable[float]) -> str:
    ordered = sorted(times)
    most = ordered[len(ordered) * 95 // 100]
    return f"median {median(ordered):.0f} ms, 95 % within {most:.0f}, at most {ordered[-1]:.0f}"


if __name__ == "__main__":
    main()
