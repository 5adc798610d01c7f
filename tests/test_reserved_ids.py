"""Any word may be an id: those that mean something to JavaScript, Python, templates, file systems
and static sites are words like others.

A site of copies of the desk (`hostility.py`) whose ids are such words is, but for them, the same as
one whose ids are words of which nobody knows anything.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from browsing import Visit, profile
from hostility import DESK, desk_project
from playwright.sync_api import Browser
from projects import Project, overlay, snapshot
from searching import ASK, LISTEN, READY
from web_tools import served

from research_brief import pipeline, verbs
from research_brief.options import Options

pytestmark = [pytest.mark.build, pytest.mark.web]

WORDS = (
    # JavaScript: what every object, list, document and window has
    "constructor prototype to-string length name parent self location history status event origin"
    " close open stop print body forms title undefined null nan true"
    # Python and Jinja: what every mapping and template has
    " items keys values get copy pop update clear loop super caller none lambda class"
    # MkDocs, hosts and file systems
    " index readme search assets feed sitemap zh en site briefs tombstones con aux"
).split()
COPIES = range(2)
UNKNOWN_TO_IDS = ("__proto__", "hasOwnProperty", "toString", "valueOf")
"""More words for the search."""
NAMES = (
    "x-brief x-company x-former-company x-former-organisation x-former-person x-former-product"
    " x-former-source x-former-term x-former-topic x-gone x-nobody x-once x-organisation x-other"
    " x-parent x-person x-product x-source x-term x-topic x-retracted x-removed gone"
    # within a brief
    " account stated inferred matrix motives motive obstacles obstacle remedy chronology first"
    " old-account old-matrix old-motives old-motive old-obstacles old-obstacle old-remedy"
    " old-chronology old-paragraphs"
).split()
"""All ids of the desk but for those that are keys as well."""
TEXTS = (".html", ".json", ".xml", ".csv", ".md", ".txt", ".bib", ".ris")
OF_ONE = re.compile(r"manifest\.json|(zh/)?(data/)?index\.(html|md)")
"""Files of hashes, and pages that show the first of its kind."""
WORD = re.compile(r"[\w-]+")
ANSWER = f"""word => Promise.race([
  ({ASK})(word), new Promise((_, refuse) => setTimeout(refuse, 15000, "no answer"))])"""
NAME = re.compile(rf"(?<![\w-])(?<!status: )({'|'.join(NAMES)})(?![\w-])")


def unknown(copy: int) -> dict[str, str]:
    """Other ids for those of the desk, of which nobody knows anything."""
    return {name: f"q{copy}{name}".replace("-", "") for name in NAMES}


def known(copy: int) -> dict[str, str]:
    """... and words that mean something."""
    shift = copy * len(WORDS) // len(COPIES)
    return {name: WORDS[(n + shift) % len(WORDS)] for n, name in enumerate(NAMES)}


def content(ids: Mapping[str, str]) -> dict[str, str]:
    """The files of the desk with other ids."""
    files = {
        path.relative_to(DESK).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(DESK.rglob("*"))
        if path.is_file()
    }
    files["sources/x-source.yaml"] += "unverified: {en: Why not., zh: 缘由。}\n"
    brief = "briefs/x-brief/brief.yaml"
    files[brief] = files[brief].replace("A takeaway.", '"Of [[x-term]]."')
    return {renamed(name, ids): renamed(text, ids) for name, text in files.items()}


def renamed(text: str, ids: Mapping[str, str]) -> str:
    return NAME.sub(lambda found: ids[found[1]], text)


def site(root: Path, copies: Iterable[Mapping[str, str]]) -> Project:
    """The site of some copies of the desk, with an edition of each brief."""
    project = desk_project(root)
    files: dict[str, str] = {}
    shared: dict[str, dict[str, Any]] = {}
    for name, text in [item for each in copies for item in content(each).items()]:
        if name == "addresses.txt":
            files[name] = "".join(sorted({*(files.get(name, "") + text).splitlines(True)}))
        elif name == "tombstones.yaml" or name.startswith("entities/"):
            shared.setdefault(name, {}).update(yaml.load(text, yaml.BaseLoader))
        else:
            files[name] = text
    as_yaml = {name: json.dumps(data, ensure_ascii=False) for name, data in shared.items()}
    overlay(project.root / "content", files, as_yaml)
    with patch.object(pipeline, "check"):  # the build does the same
        verbs.release(project.root, Options())
    run = project.run_here("--no-pdf")
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Project]:
    """One with unknown words for ids, and one with known ones."""
    root = tmp_path_factory.mktemp("ids")
    return site(root / "unknown", map(unknown, COPIES)), site(root / "known", map(known, COPIES))


def test_what_is_made_of_them_is_the_same(sites: tuple[Project, Project]) -> None:
    words = {other: known(copy)[name] for copy in COPIES for name, other in unknown(copy).items()}
    others = re.compile("|".join(sorted(words, key=len, reverse=True)))

    def known_instead(text: str) -> str:
        return others.sub(lambda found: words[found[0]], text)

    first, second = (snapshot(project.site) for project in sites)
    first = {known_instead(path): data for path, data in first.items()}
    assert first.keys() == second.keys()
    compared = [path for path in first if path.endswith(TEXTS) and not OF_ONE.fullmatch(path)]
    assert len(compared) > 300
    for path in compared:
        wanted, found = known_instead(first[path].decode()), second[path].decode()
        # Not in the same order, which is that of ids where titles are the same.
        assert Counter(WORD.findall(found)) == Counter(WORD.findall(wanted)), path


def test_scripts_take_them_for_words(sites: tuple[Project, Project], browser: Browser) -> None:
    ids = [known(copy) for copy in COPIES]
    pages = [
        page.format(**{name.replace("-", "_"): id for name, id in each.items()})
        for each in ids
        for page in ("briefs/{x_brief}/", "zh/briefs/{x_brief}/editions/1/",
                     "companies/{x_company}/", "terms/{x_term}/", "sources/{x_source}/")
    ]  # fmt: skip
    with served(sites[1].site) as address, profile(browser) as context:
        context.add_init_script(LISTEN)
        visit = Visit(context.new_page()).listen()
        page = visit.page
        for path in pages:
            page.goto(f"{address}{path}")
        for each in ids:
            page.goto(f"{address}briefs/{each['x-brief']}/")
            page.locator("a.rb-term").first.hover()
            assert "A definition." in page.locator("[popover]:popover-open").inner_text()
            query = f"about={each['x-company']}&section={each['account']}"  # no section
            page.goto(f"{address}briefs/{each['x-brief']}/evidence/?{query}")
            rows = page.locator(".rb-ledger tr[data-status]:visible")
            assert [rows.count(), page.locator(".rb-filters output").inner_text()[0]] == [1, "1"]
        page.goto(f"{address}?q=")
        page.wait_for_function(READY)
        answers = {word: page.evaluate(ANSWER, word)[1] for word in (*WORDS, *UNKNOWN_TO_IDS)}
        assert visit.complaints == []
    found = {ids[0][name] for name in ("account", "motive", "obstacle", "remedy")}
    assert {word for word in found if not answers[word]} == set()
