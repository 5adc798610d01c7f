"""The way to another engine: what compares two builds finds what differs, and our templates keep
to what Jinja and MiniJinja have in common. The whole comparison: `make second-engine`."""

import importlib.util
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from projects import ROOT

from research_brief import portability

THEME = ROOT / "templates" / "theme"
TEMPLATES = sorted(
    path for path in THEME.rglob("*") if path.suffix in {".html", ".xml"} and path.is_file()
)
PAGE = """<!doctype html><html lang="en"><head><title>One – Desk</title>
<meta name="description" content="What one is"><link rel="icon" href="../icon.svg"></head><body>
<header><a href="..">Desk</a></header><nav class="md-nav--secondary"><a href="#why">Why</a></nav>
<main><article class="md-content__inner"><h1 id="top">One</h1><p>Some <b>words</b>.</p>
<h2 id="why">Why</h2><p><a href="../two/#there">Two</a></p></article></main>
<footer><a href="../two/">Two</a></footer></body></html>"""
TWO = PAGE.replace('id="why"', 'id="there"').replace("../two/#there", "./")


def load(name: str) -> ModuleType:
    """A script of `benchmarks/`, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


comparing = load("comparing")


def laid(folder: Path, one: str = PAGE, two: str | None = TWO, found: str = "one/") -> Path:
    for name, text in {"one": one, "two": two}.items():
        if text is not None:
            (folder / name).mkdir(parents=True)
            (folder / name / "index.html").write_text(text, encoding="utf-8")
    (folder / "icon.svg").write_text("<svg/>", encoding="utf-8")
    index = {"docs": [{"location": found}]}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def differing(ours: Path, theirs: Path) -> dict[str, str]:
    found = comparing.compare(ours, theirs, ours / "index.json", theirs / "index.json")
    return {difference.aspect: difference.page for difference in found}


def test_what_is_the_same_does_not_differ(tmp_path: Path) -> None:
    spaced = PAGE.replace("<p>Some <b>words</b>", "<p>\n  Some   <b>words</b>")
    own = spaced.replace("<h1", '<a id="__skip"></a><h1')
    assert differing(laid(tmp_path / "a"), laid(tmp_path / "b", own)) == {}


@pytest.mark.parametrize(
    ("old", "new", "aspects"),
    [
        ("<title>One", "<title>Other", {"titles"}),
        ("What one is", "What it is", {"head"}),
        ("<h2 id", "<h3 id", {"headings", "markup"}),
        ('h2 id="why"', 'h2 id="wherefore"', {"headings", "ids", "markup"}),
        ('<a href="#why">Why', '<a href="#top">Why', {"contents"}),
        ("../two/#there", "../two/", {"links", "markup"}),
        ("../two/#there", "../two/#nowhere", {"links", "markup", "targets"}),
        ("../icon.svg", "../gone.svg", {"head", "targets"}),
        ("Some <b>", "Other <b>", {"text", "markup"}),
        ("<b>words</b>", "<i>words</i>", {"markup"}),
        ('<a href="../two/">Two</a></footer>', "</footer>", {"around"}),
    ],
)
def test_what_differs_is_found(tmp_path: Path, old: str, new: str, aspects: set[str]) -> None:
    assert PAGE.count(old) == 1
    found = differing(laid(tmp_path / "a"), laid(tmp_path / "b", PAGE.replace(old, new)))
    assert set(found) == aspects
    assert {*found.values()} == {"one/index.html"}


def test_a_page_that_is_lost_is_found(tmp_path: Path) -> None:
    found = differing(laid(tmp_path / "a"), laid(tmp_path / "b", two=None, found="two/"))
    assert {"pages", "targets", "search", "entries"} == set(found)


def test_only_aspects_that_are_told_are_found() -> None:
    assert set(comparing.ESSENTIAL) < set(comparing.ASPECTS)
    root = comparing.html.document_fromstring(PAGE)
    facts = comparing.facts("one/index.html", root, {}, [])
    assert {*facts, "pages", "search", "entries"} == set(comparing.ASPECTS)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_of_the_theme_calls_no_method_of_python(path: Path) -> None:
    """MiniJinja has the filters and tests of Jinja, and no methods of strings, lists and dicts."""
    calls: Callable[[str], list[str]] = re.compile(r"\.\s*([a-z_]+)\(").findall
    code = " ".join(re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"), re.DOTALL))
    # `lang.t` and `item.render` are macros of the theme.
    assert set(calls(code)) <= {"t", "render"}


def test_the_features_are_those_of_the_theme() -> None:
    spec = importlib.util.find_spec("material")
    assert spec
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "templates"
    files = [*folder.rglob("*.html"), *folder.glob("assets/javascripts/bundle*.js")]
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in files if ".icons" not in path.parts
    )
    assert {name for name in portability.FEATURES if f'"{name}"' not in text} == set()


def test_our_own_settings_keep_both_ways_open() -> None:
    assert portability.check(ROOT) == []
    shipped = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert shipped["plugins"] == ["search"]
    assert shipped["theme"]["features"]
    assert shipped["hooks"] == [portability.OURS]
