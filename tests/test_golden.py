"""Golden pages: what the templates make of an example of every kind of section.

`golden/KIND/` is a brief of one section; the rest stands in `golden/common`. Changed a
template? `make golden` writes the expectations anew; then read the difference, line by line.
"""

from pathlib import Path

import pytest
from projects import BASE, ROOT, faults_of, overlay

from research_brief import pipeline
from research_brief.fragment import parse, to_html
from research_brief.options import Options
from research_brief.sections import kinds

GOLDEN = ROOT / "tests" / "golden"
FOLDERS = sorted(folder.name for folder in GOLDEN.iterdir() if folder.name != "common")


def project(kind: str, root: Path) -> Path:
    settings = {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()}
    overlay(root, GOLDEN / "common", settings)
    overlay(root / "templates", ROOT / "templates")
    return overlay(
        root / "content" / "briefs" / "example",
        {"example.yaml": (GOLDEN / kind / "example.yaml").read_bytes()},
    ).parents[2]


def rendered(root: Path) -> dict[str, str]:
    """The section of the example in every language, as it is staged, by its golden file's name."""
    pages = pipeline.render(root, pipeline.read(root, Options()))
    found = {}
    for language in pages:
        [page] = [page for page in pages[language] if page.kind == "brief"]
        [html] = [part.html for part in page.parts if part.id == "example"]
        tree, wrong = parse(html)
        assert wrong == []
        found[f"expected.{language}.html"] = f"{to_html(tree)}\n"
    return found


def test_there_is_a_golden_folder_for_every_kind_and_no_other() -> None:
    assert set(FOLDERS) == set(kinds())


@pytest.mark.parametrize("kind", FOLDERS)
def test_sections_are_shown_as_in_the_golden_files(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = rendered(project(kind, tmp_path))
    if request.config.getoption("--update-golden"):
        overlay(GOLDEN / kind, found)
    expected = {
        path.name: path.read_text(encoding="utf-8") for path in (GOLDEN / kind).glob("expected.*")
    }
    assert sorted(found) == sorted(expected) == ["expected.en.html", "expected.zh.html"]
    for name, html in expected.items():
        assert found[name] == html, f"golden/{kind}/{name}: see 'make golden'"


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_example_lacks_a_text_in_one_language_and_has_no_other_fault(
    kind: str, tmp_path: Path
) -> None:
    assert {problem.rule for problem in faults_of(project(kind, tmp_path))} == {
        "missing-translation"
    }
    marked = [
        path.name
        for path in (GOLDEN / kind).glob("expected.*.html")
        if 'class="rb-only"' in path.read_text(encoding="utf-8")
    ]
    assert marked
