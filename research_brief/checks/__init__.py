"""The checks: one rule a module, found by themselves.

A module `research_brief/checks/SOME_RULE.py` has `check(library)`, which yields problems of
the rule `some-rule`; its docstring is the rule's page in the editors' manual: what and why,
then a bad and a good example.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from research_brief.library import Library
from research_brief.problems import Problem

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
