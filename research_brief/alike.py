"""What the theme makes alike on many pages, made once: half of the time of a page went into it.

A part of the theme asks of a page nothing but where it stands: how deep, and below which page of
the navigation. That holds for the pages which are not in the navigation themselves, nearly all.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

PARTS = ("sections", "tabs", "search", "palette")
"""The parts, by the names of their templates in the theme's folder `partials`."""


def make_once(environment: Any) -> None:
    """Keep what the templates of the theme say alike, as long as their environment is there."""
    for name in PARTS:
        template = environment.get_template(f"partials/{name}.html")
        template.root_render_func = partial(_kept, template.root_render_func, {})
    # All pages of a language have the same words.
    words = environment.get_template("partials/language.html")
    words.make_module = partial(_spoken, words.make_module, [])


def _kept(
    make: Callable[[Any], Iterator[str]], made: dict[Any, str], context: Any
) -> Iterator[str]:
    """The pieces of a part; it is made if it was not yet made for such a page."""
    page, navigation = context["page"], context["nav"]
    if page is None or page in navigation.pages:
        yield from make(context)
        return
    above = page.url.split("/")
    key = len(above), above[0]
    if key not in made:
        made[key] = "".join(make(context))
    yield made[key]


def _spoken(make: Callable[..., Any], made: list[Any], *context: Any) -> Any:
    """The module of the theme's words, each of which it tells once."""
    if not made:
        made.append(make(*context))
        made[0].t = cache(made[0].t)
    return made[0]
