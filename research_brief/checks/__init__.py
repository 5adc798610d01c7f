"""The checks: one rule a module, found by themselves.

A module `research_brief/checks/SOME_RULE.py` has `check(library)`, which yields problems of
the rule `some-rule`; its docstring is the rule's page in the editors' manual: what and why,
then a bad and a good example.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from research_brief.library import Library
from research_brief.problems import Problem

MOST = 500
"""Problems of one rule that are looked for."""

Check = Callable[[Library], Iterator[Problem]]


def checks() -> dict[str, Check]:
    """Every check by the id of its rule."""
    return {
        module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}").check
        for module in iter_modules(__path__)
    }


def check(library: Library) -> list[Problem]:
    """What all checks find, in the order of files and lines."""
    return sorted({problem for run in checks().values() for problem in most(run(library))})


def most(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The first problems of a rule, and where there are more, a line that says so: whoever broke a
    name that all use reads no thousand lines, and finding words alike takes its time."""
    for number, problem in enumerate(problems):
        if number == MOST:
            message = f"there are more faults of this rule; mend the {MOST} that are shown first"
            yield replace(problem, message=message)
            return
        yield problem
