"""The editors' manual: every rule has a page, on a terminal and on the site."""

import pytest
from projects import Project
from test_faults import OTHER_RULES

from research_brief.checks import checks
from research_brief.manual import Rule, rules


def test_every_rule_that_can_be_met_has_a_page() -> None:
    made_elsewhere = {"template", "fragment", "pdf", "engine", "dead-link", "untold-change"}
    assert set(rules()) == {*checks(), *OTHER_RULES, *made_elsewhere}


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_page_says_what_and_why_with_both_examples(rule: Rule) -> None:
    assert rule.summary.endswith((".", ")."))
    assert rule.explanation
    assert rule.bad
    assert rule.good
    assert rule.bad != rule.good


def test_a_page_as_text_is_wrapped_and_its_examples_are_indented() -> None:
    text = str(rules()["unknown-id"])
    assert text.startswith("[unknown-id]\n\nA claim, entity, source or topic is named")
    assert text.endswith("Bad:\n\n    speaker: gou-tao\n\nGood:\n\n    speaker: guo-tao")
    assert max(map(len, text.split("\n"))) <= 88


def test_check_explains_a_rule(project: Project) -> None:
    run = project.run_here("check", "--explain", "quote-length")
    assert (run.returncode, run.stdout) == (0, f"{rules()['quote-length']}\n")


def test_check_lists_the_rules(project: Project) -> None:
    run = project.run_here("check", "--explain")
    assert run.returncode == 0
    assert [line.split()[0] for line in run.stdout.splitlines()] == sorted(rules())


def test_a_rule_that_does_not_exist_is_guessed(project: Project) -> None:
    run = project.run_here("check", "--explain", "quote-lenght")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "build.py: there is no rule 'quote-lenght'; did you mean 'quote-length'?\n"


@pytest.mark.parametrize("folder", ["", "zh/"])
def test_the_site_shows_every_rule(folder: str, site_of_this_project: Project) -> None:
    page = (site_of_this_project.site / f"{folder}contribute/rules/index.html").read_text("utf-8")
    for rule in rules():
        assert f'<h2 id="{rule}">' in page
    assert ('<div lang="en">' in page) == (folder == "zh/")
