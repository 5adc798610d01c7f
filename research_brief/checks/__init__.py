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
from research_brief.values import Model, Steps, walk

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


def everything(library: Library) -> Iterator[tuple[str, Where, Steps, object]]:
    """Every text, id, reference and date: (the brief's id or "", where it stands, its path, it)."""
    models: list[tuple[str, Where, Model]] = []
    models += [("", record.where, record.entity) for record in library.entities.values()]
    models += [("", record.where, record.source) for record in library.sources.values()]
    for brief in library.briefs.values():
        models.append((brief.id, brief.where, brief.brief))
        models += [(brief.id, record.where, record.section) for record in brief.sections]
    for id, sections in library.strays.items():
        models += [(id, record.where, record.section) for record in sections]
    for id, where, model in models:
        for steps, value in walk(model):
            yield id, where.below(steps), steps, value
