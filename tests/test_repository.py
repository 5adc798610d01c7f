"""Links to edit and to report: to the very line, and only where there is somewhere to go."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from projects import BASE, ROOT, faults_of, overlay

from research_brief import pipeline, staging
from research_brief.loading import load_settings
from research_brief.options import Options
from research_brief.repository import edit_address, report_address
from research_brief.settings import Settings

REPOSITORY = "https://code.example/desk/briefs"
MAIL = "desk@example.org"
SITE = "https://briefs.example.org/"


def settings(**changes: object) -> Settings:
    found = load_settings(BASE)
    extra: dict[str, object] = {
        key: changes.pop(key) for key in ("contact", "report_uri") if key in changes
    }
    desk = found.extra.model_copy(update=extra)
    return found.model_copy(update={"extra": desk, **changes})


def staged(content: Path, **changes: object) -> dict[str, str]:
    """The Markdown of a project's main language under other settings."""
    read = pipeline.read(content, Options(drafts=True))
    extra = {key: changes.pop(key) for key in ("contact",) if key in changes}
    desk = read.library.settings.extra.model_copy(update=extra)
    changed = read.library.settings.model_copy(update={"extra": desk, **changes})
    library = replace(read.library, settings=changed)
    pages = pipeline.render(ROOT, replace(read, library=library))
    return staging.staged(pages["en"], library)


def links(page: str, scheme: str = "https") -> list[str]:
    actions = re.findall(r'<p class="rb-actions">.*?</p>', page, re.DOTALL)
    found = [href for part in actions for href in re.findall('href="([^"]+)"', part)]
    return [href.replace("&amp;", "&") for href in found if href.startswith(scheme)]


def test_a_line_is_edited_where_the_repository_says() -> None:
    file = "content/briefs/a b/芯.yaml"
    there = settings(repo_url=REPOSITORY)
    assert edit_address(there, file, 7) == (
        f"{REPOSITORY}/edit/main/content/briefs/a%20b/%E8%8A%AF.yaml#L7"
    )
    assert edit_address(settings(repo_url=f"{REPOSITORY}/", edit_uri="-/edit/next/"), "x", 1) == (
        f"{REPOSITORY}/-/edit/next/x#L1"
    )
    assert edit_address(settings(contact=MAIL), file, 7) is None


def test_a_report_is_an_issue_filled_in() -> None:
    found = report_address(settings(repo_url=REPOSITORY), "first#a&b", f"{SITE}first/#a&b")
    assert found is not None
    assert found.startswith(f"{REPOSITORY}/issues/new?template=problem.yml&title=Problem%3A%20")
    assert parse_qs(urlsplit(found).query)["claim"] == ["first#a&b"]
    assert parse_qs(urlsplit(found).query)["permalink"] == [f"{SITE}first/#a&b"]


def test_another_host_takes_reports_in_its_own_form() -> None:
    form = "-/issues/new?issue[title]={title}&issue[description]={permalink}"
    found = report_address(settings(repo_url=REPOSITORY, report_uri=form), "first#a", SITE)
    assert found == (
        f"{REPOSITORY}/-/issues/new?issue[title]=Problem%3A%20first%23a"
        "&issue[description]=https%3A%2F%2Fbriefs.example.org%2F"
    )


def test_without_a_repository_a_report_is_a_mail() -> None:
    found = report_address(settings(contact=MAIL), "first#a", f"{SITE}first/#a")
    assert found is not None
    assert found.startswith(f"mailto:{MAIL}?subject=Problem%3A%20first%23a&body=")
    assert f"{SITE}first/#a" in unquote(found)
    assert report_address(settings(), "first#a", "") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("site_name", 'edit_uri: "../edit"\nsite_name', "expected a path: edit/main/"),
        ("site_name", 'edit_uri: "//evil.example/"\nsite_name', "expected a path: edit/main/"),
        ("  languages", '  report_uri: "new?{claims}"\n  languages', "{title}, {claim}"),
        ("  languages", '  report_uri: "new?{title:9999999}"\n  languages', "{title}, {claim}"),
        ("  languages", '  contact: "a@b.c?bcc=x"\n  languages', "an e-mail address"),
        ("site_name", 'site_url: "https://[x"\nsite_name', "no address"),
        ("site_name", 'site_url: "https://a.b:99999/"\nsite_name', "no address"),
        ("  languages", '  report_uri: "new? x"\n  languages', "{title}, {claim}"),
        ("  languages", '  report_uri: "new?{title.x}"\n  languages', "{title}, {claim}"),
    ],
)
def test_a_setting_that_cannot_be_an_address_is_a_fault(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    text = (BASE / "mkdocs.yml").read_text(encoding="utf-8")
    assert old in text
    [fault] = faults_of(overlay(tmp_path, BASE, {"mkdocs.yml": text.replace(old, new, 1)}))
    assert message in fault.message


def test_every_claim_of_this_project_leads_to_its_line() -> None:
    pages = staged(ROOT, repo_url=REPOSITORY, site_url=SITE)
    page = pages["briefs/ai-chip-race/index.md"]
    edits = [href for href in links(page) if "/edit/" in href]
    reports = [href for href in links(page) if "/issues/" in href]
    claims = re.findall('<article class="rb-claim rb-[a-z]+" id="([a-z0-9-]+)"', page)
    assert len(edits) == len(reports) == len(claims) > 60
    for claim, edit, report in zip(claims, edits, reports, strict=True):
        file, _, line = edit.removeprefix(f"{REPOSITORY}/edit/main/").partition("#L")
        assert (ROOT / file).read_text("utf-8").split("\n")[int(line) - 1] == f"  {claim}:"
        query = parse_qs(urlsplit(report).query)
        assert query["claim"] == [f"ai-chip-race#{claim}"]
        assert query["permalink"] == [f"{SITE}briefs/ai-chip-race/#{claim}"]
    elsewhere = [name for name in pages if name != "briefs/ai-chip-race/index.md"]
    assert not any(links(pages[name]) for name in elsewhere)


def test_every_page_leads_to_what_says_it() -> None:
    for name, page in staged(ROOT, repo_url=REPOSITORY).items():
        if "/editions/" in name:
            assert "\nedit: " not in page, "nobody edits what was frozen"
            continue
        edit = re.search(rf'^edit: "{REPOSITORY}/edit/main/(.+?)#L(\d+)"$', page, re.MULTILINE)
        assert edit, name
        lines = (ROOT / edit[1]).read_text(encoding="utf-8").split("\n")
        assert 1 <= int(edit[2]) <= len(lines)
        if name.startswith("companies/") and name.count("/") == 2:
            assert lines[int(edit[2]) - 1] == f"{name.split('/')[1]}:"


@pytest.mark.parametrize("contact", [None, MAIL])
def test_what_is_not_offered_is_left_out(contact: str | None) -> None:
    pages = staged(ROOT, contact=contact)
    page = pages["briefs/ai-chip-race/index.md"]
    assert not links(page)
    assert bool(links(page, "mailto:")) == bool(contact)
    assert not re.search("^edit:", page, re.MULTILINE)
    assert bool(re.search("^report:", page, re.MULTILINE)) == bool(contact)
