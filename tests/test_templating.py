"""Templates say what they are told, however it is done: quickly, and one excerpt after another."""

from pathlib import Path

import pytest
from markupsafe import Markup
from projects import ROOT

from research_brief.library import Library
from research_brief.loading import load_settings
from research_brief.problems import ProblemsFound
from research_brief.templating import Templates
from research_brief.wording import Wording

MACROS = """{% set at_top = name %}
{% macro said(words, more="-") %}{{ words | marked }}{{ more }}{{ at_top }}{{ name }}{% endmacro %}
"""
PAGE = """{% block both %}
{% import "macros/own.html" as imported %}
{{ own.said("<a>") }} {{ imported.said("<b>", more="&") }} {{ old is defined }}
{% endblock %}
{% block fault %}{{ own.said() }}{% endblock %}
{% block words %}{{ words.items }} {{ words.title }} {{ words.where }}{% endblock %}
"""


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    for name, text in (("macros/own.html", MACROS), ("pages/page.html", PAGE)):
        (tmp_path / "templates" / name).parent.mkdir(parents=True)
        (tmp_path / "templates" / name).write_text(text, encoding="utf-8")
    return Templates(tmp_path / "templates")


def test_what_was_taught_before_is_forgotten(templates: Templates) -> None:
    plain = {"marked": lambda words: words}
    templates.teach(plain, {"name": 1, "old": True})
    assert not templates.problems
    again = templates.again()
    again.teach(plain, {"name": 2, "old": True})
    assert again.block("pages/page.html", "both", {}) == "&lt;a&gt;-22 &lt;b&gt;&amp;22 True"
    again.teach({"marked": lambda words: Markup("<i>{}</i>").format(words)}, {"name": 3})
    said = again.block("pages/page.html", "both", {})
    assert said == "<i>&lt;a&gt;</i>-33 <i>&lt;b&gt;</i>&amp;33 False"


class _Odd(dict[str, str]):
    where = "of the class"


def test_names_of_all_dictionaries_are_no_keys_and_others_are(templates: Templates) -> None:
    words = _Odd(items="a key", title="<x>", where="a key")
    templates.teach({"marked": str}, {"name": 1, "words": words})
    said = templates.block("pages/page.html", "words", {})
    assert said.startswith("&lt;built-in method items")
    assert said.endswith("&lt;x&gt; a key")


def test_a_macro_that_lacks_a_value_is_a_fault_at_its_line(templates: Templates) -> None:
    templates.teach({"marked": lambda words: words}, {"name": 1, "old": 1})
    assert templates.block("pages/page.html", "fault", {}) == ""
    [problem] = templates.problems
    assert str(problem).startswith("templates/macros/own.html:2:1: error: parameter 'words'")


@pytest.mark.parametrize(
    "pattern",
    ["{a} & {b}", Markup("<b>{a}</b>&amp;{b}"), "{{a}} {a}{a}", "{a!r} {b}", "{a:09}", "{a.real}"],
)
def test_words_are_filled_as_by_the_formatter_of_markup(pattern: str) -> None:
    settings = load_settings(ROOT)
    wording = Wording(Library(settings, {}, {}, {}), "en", {"en": {}})
    for values in ({"a": 7, "b": "<&>"}, {"a": 0, "b": Markup("<i>{a}</i>")}):
        said = wording.fill(pattern, **values, c="x")
        assert said == Markup.escape(pattern).format(**values)
        assert type(said) is Markup


@pytest.mark.parametrize("pattern", ["{a} {x}", "{", "{}"])
def test_a_word_that_cannot_be_filled_is_a_fault(pattern: str) -> None:
    wording = Wording(Library(load_settings(ROOT), {}, {}, {}), "en", {"en": {}})
    with pytest.raises(ProblemsFound, match="cannot be filled; the places"):
        wording.fill(pattern, a="<", b=1)
