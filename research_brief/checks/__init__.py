"""The checks: one rule a module, found by themselves.

A module `research_brief/checks/SOME_RULE.py` has `check(library)`, which yields problems of
the rule `some-rule`; its docstring is the rule's page in the editors' manual: what and why,
then a bad and a good example.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from research_brief.library import Library, Where
from research_brief.problems import Problem
from research_brief.values import Steps

Check = Callable[[Library], Iterator[Problem]]


def checks() -> dict[str, Check]:
    """Every check by the id of its rule."""
    return {
        module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}").check
        for module in iter_modules(__path__)
    }


def check(library: Library) -> list[Problem]:
    """What all checks find, in the order of files and lines."""
    return sorted({problem for run in checks().values() for problem in run(library)})


def everything(library: Library) -> list[tuple[str, Where, Steps, object]]:
    """Every text, id, reference and date: (the brief's id or "", where it stands, its path, it)."""
    return library.everything
