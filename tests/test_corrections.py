"""What becomes of a brief after publication: corrected, retracted, removed, superseded, old."""

import json
import re
from pathlib import Path

import pytest
from projects import BASE, ROOT, Project, faults_of, overlay

from research_brief import hosting, pipeline, reading, verbs
from research_brief.checks import review_by
from research_brief.loading import load, load_settings
from research_brief.options import Options
from research_brief.pages import Page
from research_brief.pdf.documents import Document
from research_brief.search import files as search_files
from research_brief.staging import staged
from research_brief.timeliness import reported

BRIEF = "content/briefs/first/brief.yaml"
SOURCE = "content/sources/daily-2025.yaml"
NOW = Options()
TITLES = {"en": "The chip race", "zh": "芯片竞赛"}


def revision(kind: str, date: str = "2025-11-02", words: str = "It was wrong") -> str:
    return f"  - {{date: {date}, kind: {kind}, text: {{en: {words}., zh: 有误。}}}}\n"


@pytest.fixture
def base(tmp_path: Path) -> Project:
    """The small base, and a second brief beside it, to be read by this process."""
    overlay(tmp_path, BASE)
    overlay(tmp_path / "templates", ROOT / "templates")
    overlay(tmp_path / "content/briefs/second", BASE / "content/briefs/first")
    project = Project(tmp_path)
    title = "{en: Another race, zh: 另一场竞赛}"
    project.edit("content/briefs/second/brief.yaml", "{en: The chip race, zh: 芯片竞赛}", title)
    return project


def revised(project: Project, *revisions: str) -> Project:
    project.edit(BRIEF, "sections:", f"revisions:\n{''.join(revisions)}sections:")
    return project


def pages(project: Project, language: str = "en") -> dict[str, Page]:
    """The pages of a language by their paths."""
    made = pipeline.render(project.root, reading.read(project.root, NOW))
    return {page.path: page for page in made[language]}


def bare(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def whole(page: Page) -> str:
    return "".join(page.fragments)


def documents(project: Project) -> dict[str, Document]:
    """What would be typeset in English, by path."""
    content = reading.read(project.root, NOW)
    made = {"en": pipeline.render(project.root, content)["en"]}
    return {item.path: item for item in pipeline.documents(project.root, content, made, NOW)}


# --- Corrected ------------------------------------------------------------------------------


def test_the_newest_correction_stands_at_the_top_and_all_revisions_at_the_end(
    base: Project,
) -> None:
    revised(
        base,
        revision("publication", "2025-10-01", "First published"),
        revision("clarification", "2025-10-09", "It was unclear"),
        revision("correction", "2025-11-02", "A name was wrong"),
        revision("update", "2025-12-01", "Something was added"),
    )
    page = pages(base)["briefs/first"]
    top, end = (
        bare(page.intro),
        bare(next(part.html for part in page.parts if part.id == "revisions")),
    )
    assert "△ Correction, 2 November 2025: A name was wrong. See all 2 changes" in top
    assert "Updated on 1 December 2025." in top
    assert "unclear" not in top
    assert "First published" not in top
    for words in ("First published.", "It was unclear.", "A name was wrong.", "Something was"):
        assert words in end
    # The same fragments are typeset.
    said = json.dumps(documents(base)["briefs/first/first.pdf"].values, ensure_ascii=False)
    assert said.count("A name was wrong.") == 2


def test_a_brief_that_was_only_published_says_nothing_at_its_top(base: Project) -> None:
    before = pages(base)["briefs/first"].intro
    revised(base, revision("publication", "2025-10-01", "First published"))
    assert pages(base)["briefs/first"].intro == before
    assert "rb-notice" not in before


# --- Retracted ------------------------------------------------------------------------------


@pytest.fixture
def retracted(base: Project) -> Project:
    return revised(base, revision("retraction", words="The figures were wrong"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_retracted_brief_keeps_its_page_and_says_so_everywhere(
    retracted: Project, language: str
) -> None:
    made = pages(retracted, language)
    title = {"en": "Retracted: The chip race", "zh": "【已撤回】芯片竞赛"}[language]
    page = made["briefs/first"]
    assert page.title == title
    assert {"signal", "matrix"} <= {part.id for part in page.parts}
    when = {"en": "× Retracted on 2 November 2025", "zh": "× 本简报已于2025年11月2日撤回"}
    assert bare(page.intro).startswith(when[language])
    assert {"en": "The figures were wrong.", "zh": "有误。"}[language] in page.intro
    assert ".pdf" not in whole(page)
    for path in ("", "briefs", "topics/chips", "sources/daily-2025", "briefs/second"):
        assert not re.search(f'">{TITLES[language]}<', whole(made[path])), path
    assert title in whole(made["briefs"])
    assert page.entries[0].title == title
    assert [path for path, item in made.items() if not item.indexed] == [
        "briefs/first",
        "briefs/first/evidence",
    ]


def test_nothing_offers_what_a_retracted_brief_said(retracted: Project) -> None:
    made = pages(retracted)
    assert "brief:second#builds" in whole(made["companies/tencent"])
    assert "brief:first#" not in whole(made["companies/tencent"])
    assert "brief:first" not in made[""].parts[0].html  # the newest brief
    assert "brief:first" not in whole(made["briefs/second"])  # related briefs
    library = reading.read(retracted.root, NOW).library
    assert [brief.id for brief in library.collected] == ["second"]
    found = documents(retracted)
    assert {"briefs/first/first.pdf", "briefs/collection.pdf"} <= set(found)
    assert found["briefs/first/first.pdf"].values["title"] == "Retracted: The chip race"
    assert "first" not in {brief["id"] for brief in found["briefs/collection.pdf"].values["briefs"]}


def test_hosts_are_told_to_list_no_pdf_of_a_retracted_brief(tmp_path: Path) -> None:
    settings = load_settings(overlay(tmp_path, BASE))
    (tmp_path / "assets").mkdir()
    hidden = ["briefs/first/first.pdf"]
    told = hosting.headers(tmp_path, settings, "", preview=False, hidden=hidden)
    assert "\n/briefs/first/first.pdf\n  X-Robots-Tag: noindex\n" in told
    # In a preview this holds for everything, and one file has one rule for one header.
    told = hosting.headers(tmp_path, settings, "", preview=True, hidden=hidden)
    assert told.count("X-Robots-Tag") == 1


def test_without_any_brief_that_stands_there_is_still_a_site(base: Project) -> None:
    revised(base, revision("retraction"))
    second = (base.root / BRIEF).read_text(encoding="utf-8").replace("retraction", "removal")
    (base.root / "content/briefs/second/brief.yaml").write_text(second, encoding="utf-8")
    content = reading.read(base.root, NOW)
    for made in pipeline.render(base.root, content).values():
        assert "collection.pdf" not in "".join(staged(made, content.library, {}).values())
    assert set(documents(base)) == {"briefs/first/first.pdf"}


# --- Removed --------------------------------------------------------------------------------


@pytest.fixture
def removed(base: Project) -> Project:
    verbs.release(base.root, Options())
    return revised(base, revision("removal", words="The rights holder asked for it"))


def test_of_a_removed_brief_only_title_dates_and_reason_stay(removed: Project) -> None:
    content = reading.read(removed.root, NOW)
    made = pipeline.render(removed.root, content)["en"]
    found = {page.path: page for page in made}
    page = found["briefs/first"]
    assert (page.title, page.parts, page.indexed) == ("Removed: The chip race", (), False)
    reason = "× Removed on 2 November 2025 The rights holder asked for it."
    assert bare(page.above + page.intro) == f"Brief · published on 1 October 2025 {reason}"
    assert "briefs/first/evidence" not in found
    assert "briefs/first/first.pdf" not in documents(removed)
    # Its words are nowhere: no page, no search, no edition.
    assert "first#" not in "".join(map(whole, made))
    ours = [page for page in made if page.path.startswith("briefs/first")]
    assert {page.path for page in ours} == {"briefs/first", "briefs/first/editions/1"}
    made_of = [search_files(ours, content.library), staged(made, content.library)]
    said = "".join(text for files in made_of for text in files.values())
    assert "Who builds chips" not in "".join(map(whole, ours))
    assert "Removed: The chip race" in said
    assert bare(found["briefs/first/editions/1"].intro).endswith(reason)
    assert list(content.library.briefs["first"].claims) == []


def test_the_files_of_a_removed_brief_may_go_as_well(removed: Project) -> None:
    removed.edit(BRIEF, "sections: [signal, matrix]", "sections: []")
    removed.edit(BRIEF, "    claims: [builds]\n", "    claims: [second#builds]\n")
    for name in ("signal", "matrix"):
        (removed.root / f"content/briefs/first/{name}.yaml").unlink()
    assert faults_of(removed.root) == []
    assert pages(removed)["briefs/first"].title == "Removed: The chip race"


def test_a_brief_that_was_not_removed_has_sections(base: Project) -> None:
    revised(base, revision("retraction"))
    base.edit(BRIEF, "sections: [signal, matrix]", "sections: []")
    [fault] = [fault for fault in faults_of(base.root) if fault.place.file == BRIEF]
    assert "'sections' has 0 entries; at least 1 needed" in fault.message


def test_there_is_no_pdf_of_a_removed_brief_to_ask_for(removed: Project) -> None:
    with pytest.raises(pipeline.Unknown, match="brief 'first' was removed"):
        verbs.print_one(removed.root, "first", "en", Options())


# --- Superseded, and due for a review ---------------------------------------------------------


def test_a_superseded_brief_leads_to_the_other_one_on_its_page_and_in_lists(base: Project) -> None:
    base.edit(BRIEF, "sections:", "superseded_by: second\nsections:")
    made = pages(base)
    notice = '→</span> Superseded by <a href="brief:second">Another race</a>'
    assert notice in made["briefs/first"].intro
    assert whole(made["briefs"]).count(notice) == 1
    assert made["briefs/first"].indexed


def test_the_day_of_review_is_shown_and_only_asked_for_by_name(base: Project) -> None:
    base.edit(BRIEF, "sections:", "review_by: 2026-01-31\nsections:")
    assert "To be reviewed by 31 January 2026." in bare(whole(pages(base)["briefs/first"]))
    assert faults_of(base.root) == []  # on any day
    library = load(base.root, load_settings(base.root))[0]
    assert list(review_by.due(library, "2026-01-31")) == []
    [fault] = review_by.due(library, "2026-02-01")
    assert str(fault).startswith(f"{BRIEF}:11:12: error: was to be reviewed by 2026-01-31")


def test_check_due_fails_where_a_review_is_due(base: Project) -> None:
    base.edit(BRIEF, "sections:", "review_by: 2026-01-31\nsections:")
    assert base.run_here("check", "--due", "2026-01-31").returncode == 0
    run = base.run_here("check", "--due", "2026-02-01")
    assert run.returncode == 1
    assert "[review-by]" in run.stdout
    assert base.run_here("check", "--due", "tomorrow").returncode == 2
    assert base.run_here("check", "--due").returncode == 1  # today


# --- As of when it speaks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "dates", "said"),
    [
        ("2026-11-23", "published: 2025-09-15", ("2025-09", "2025-09")),
        ("2025-12-31", "published: 2025-09-15", None),
        ("2026-01-01", "published: 2025-09-15", ("2025-09", "2025-09")),
        ("2026-11-23", "", None),
        ("2026-11-23", "republished: {by: daily, on: 2025-09-15}", ("2025-09", "2025-09")),
        ("2026-04-01", "published: 2025", ("2025", "2025")),
        ("2026-03-31", "published: 2025", None),
    ],
)
def test_an_old_text_is_said_to_be_old(
    published: str, dates: str, said: tuple[str, str] | None, base: Project
) -> None:
    base.edit(SOURCE, "published: 2025-09-15", dates)
    base.edit(BRIEF, "published: 2025-10-01", f"published: {published}")
    library = load(base.root, load_settings(base.root))[0]
    assert reported(library, library.briefs["first"], ["daily-2025"]) == said


def test_several_sources_are_a_span_of_time(base: Project) -> None:
    weekly = (base.root / SOURCE).read_text(encoding="utf-8")
    other = weekly.replace("2025-09-15", "2024-11-02")
    overlay(base.root, {"content/sources/weekly-2024.yaml": other})
    base.edit(BRIEF, "sources: [daily-2025]", "sources: [daily-2025, weekly-2024]")
    base.edit(BRIEF, "published: 2025-10-01", "published: 2026-11-23")
    said = "Describes what was reported between November 2024 and September 2025."
    assert said in bare(pages(base)["briefs/first"].intro)
    assert "所述为2024年11月至2025年9月间报道的情况。" in bare(
        pages(base, "zh")["briefs/first"].intro
    )
    base.edit("content/sources/weekly-2024.yaml", "published: 2024-11-02", "")
    assert "reported between" not in bare(pages(base)["briefs/first"].intro)
