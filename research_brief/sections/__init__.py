"""The kinds of section: one module each, found by themselves.

A module `research_brief/sections/KIND.py` holds one subclass of `SectionBase` named like
it (`Comparison` in `comparison.py`), and `templates/sections/KIND.html` shows it.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from research_brief.models import SectionBase


@cache
def kinds() -> dict[str, type[SectionBase]]:
    """Every kind of section, by its name."""
    found = {}
    for module in iter_modules(__path__):
        contents = import_module(f"{__name__}.{module.name}")
        found[module.name] = getattr(contents, module.name.capitalize())
    return found
