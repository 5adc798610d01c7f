"""Frozen editions: when one is written, that it stays as it was, and what its page shows."""

import re
import shutil
from pathlib import Path

import pytest
from projects import BASE, ROOT, Project, faults_of, overlay, snapshot

from research_brief import pipeline, reading, verbs
from research_brief.addresses import LEDGER
from research_brief.options import Options
from research_brief.pages import Page
from research_brief.problems import ProblemsFound
from research_brief.search import files as search_files
from research_brief.sections import kinds
from research_brief.staging import staged

BRIEF = "content/briefs/first/brief.yaml"
SIGNAL = "content/briefs/first/signal.yaml"
COMPANIES = "content/entities/companies.yaml"
ONE, TWO = "content/editions/first/1", "content/editions/first/2"
CORRECTION = "{date: 2025-10-09, kind: correction, text: {en: It was wrong., zh: 有误。}}"
NOW = Options()


def small(root: Path) -> Project:
    """The small base with this project's templates, to be read by this process."""
    overlay(root, BASE)
    overlay(root / "templates", ROOT / "templates")
    return Project(root)


@pytest.fixture
def base(tmp_path: Path) -> Project:
    return small(tmp_path)


def corrected(project: Project) -> Project:
    """A figure of the brief changed, and a revision that tells of it."""
    project.edit(SIGNAL, "Chips are dear.", "Chips are cheap.")
    project.edit(BRIEF, "sections:", f"revisions: [{CORRECTION}]\nsections:")
    return project


def released(project: Project) -> list[str]:
    """The editions of a release; the ledger of addresses has tests of its own."""
    found = verbs.release(project.root, Options())
    (project.root / LEDGER).unlink()
    return [edition.folder for edition in found.editions]


def pages(project: Project, options: Options = NOW) -> dict[str, Page]:
    """The English pages by their paths."""
    made = pipeline.render(project.root, reading.read(project.root, options))
    return {page.path: page for page in made["en"]}


def files(project: Project) -> dict[str, str]:
    """The English pages as they are staged."""
    content = reading.read(project.root, NOW)
    return staged(pipeline.render(project.root, content)["en"], content.library)


def renamed(project: Project) -> Project:
    """The brief under another id."""
    (project.root / "content/briefs/first").rename(project.root / "content/briefs/newer")
    project.edit("content/briefs/newer/brief.yaml", "sections:", "formerly: [first]\nsections:")
    return project


# --- Freezing --------------------------------------------------------------------------------


def test_the_first_release_freezes_each_brief_and_the_next_one_nothing(base: Project) -> None:
    assert released(base) == [ONE]
    frozen = snapshot(base.root / ONE)
    assert set(frozen) == {
        "edition.yaml",
        "briefs/first/brief.yaml",
        "briefs/first/matrix.yaml",
        "briefs/first/signal.yaml",
        "entities/companies.yaml",
        "entities/organisations.yaml",
        "entities/people.yaml",
        "entities/topics.yaml",
        "sources/daily-2025.yaml",
    }
    for name in ("briefs/first/signal.yaml", "sources/daily-2025.yaml"):
        assert frozen[name] == (base.root / "content" / name).read_bytes()
    assert faults_of(base.root) == []
    assert released(base) == []
    assert snapshot(base.root / ONE) == frozen


def test_an_edition_holds_the_entities_that_its_brief_names_and_no_others(base: Project) -> None:
    base.edit(COMPANIES, "alibaba:", "unheard-of:\n  name: X\n  summary: {en: x, zh: x}\nalibaba:")
    base.edit("content/entities/people.yaml", "en: An expert.", 'en: "An expert on [[alibaba]]."')
    released(base)
    held = (base.root / ONE / "entities/companies.yaml").read_text(encoding="utf-8")
    assert re.findall("^[a-z-]+", held, re.MULTILINE) == ["alibaba", "tencent"]


def test_what_means_the_same_makes_no_edition(base: Project) -> None:
    released(base)
    base.edit(SIGNAL, "text: {en: Chips are dear., zh: 芯片昂贵。}", "text:\n      zh: 芯片昂贵。\n"
              "      en: Chips are dear.  # a comment")  # fmt: skip
    base.edit(COMPANIES, "An internet company.", "A company of the internet.")
    base.edit(BRIEF, "published: 2025-10-01", "published: 2025-10-01\nreview_by: 2026-10-01")
    assert released(base) == []


def test_a_change_that_a_revision_tells_of_makes_the_next_edition(base: Project) -> None:
    released(base)
    assert released(corrected(base)) == [TWO]
    about = (base.root / TWO / "edition.yaml").read_text(encoding="utf-8")
    assert "number: 2\ndate: '2025-10-09'\n" in about
    assert released(base) == []


def test_a_change_that_no_revision_tells_of_is_refused_and_nothing_is_written(
    base: Project,
) -> None:
    released(base)
    overlay(base.root / "content/briefs/second", base.root / "content/briefs/first")
    base.edit(SIGNAL, "Chips are dear.", "Chips are cheap.")
    before = snapshot(base.root / "content")
    with pytest.raises(ProblemsFound) as found:
        released(base)
    assert str(found.value) == (
        f"{BRIEF}:1:1: error: the brief is not as in edition 1 of 2025-10-01 (first#cost text"
        " changed), and no revision tells of it; add one here: kind, date, what was changed and why"
        " [untold-change]"
    )
    assert snapshot(base.root / "content") == before


def test_an_old_revision_tells_of_no_new_change(base: Project) -> None:
    released(base)
    released(corrected(base))
    base.edit(SIGNAL, "Chips are cheap.", "Chips are free.")
    with pytest.raises(ProblemsFound, match=rf"{BRIEF}:11:1: .*edition 2 of 2025-10-09"):
        released(base)


def test_drafts_and_removed_briefs_are_not_frozen(base: Project) -> None:
    base.edit(BRIEF, "language: en", "language: en\nstatus: draft")
    assert released(base) == []
    base.edit(BRIEF, "status: draft", "revisions: [{date: 2025-10-02, kind: removal, text: x}]")
    assert released(base) == []


def test_nothing_is_frozen_where_content_is_at_fault(base: Project) -> None:
    base.edit(SIGNAL, "status: stated", "status: state")
    with pytest.raises(ProblemsFound, match="schema"):
        released(base)
    assert not (base.root / "content/editions").exists()


def test_the_verb_says_what_it_wrote(project: Project) -> None:
    project.with_content()
    run = project.run_here("release")
    assert run.returncode == 0
    assert run.stdout.startswith(f"wrote   {ONE}/: 9 files\nadded   ./\n")
    assert run.stdout.endswith(f" in {LEDGER}; commit them\n")
    assert "all is as it was released" in project.run_here("release").stdout


def test_the_page_of_an_edition_that_was_altered_is_not_called_lost(project: Project) -> None:
    project.with_content().run_here("release")
    project.edit(f"{ONE}/briefs/first/signal.yaml", "Chips are dear.", "Chips are cheap.")
    assert [fault.rule for fault in faults_of(project.root)] == ["altered-edition"]


# --- Reading ---------------------------------------------------------------------------------


def test_line_ends_and_marks_of_other_systems_are_no_change(base: Project) -> None:
    released(base)
    for path in (base.root / ONE).rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert faults_of(base.root) == []


def test_links_among_editions_are_refused(base: Project, tmp_path: Path) -> None:
    released(base)
    try:
        (base.root / "content/editions/linked").symlink_to(base.root / "content/briefs")
        (base.root / ONE / "linked.yaml").symlink_to(base.root / BRIEF)
    except OSError:
        pytest.skip("this system allows no symbolic links here")
    assert [str(problem) for problem in faults_of(base.root)] == [
        f"content/editions/{name}:1:1: error: is a link; content must be real files [file]"
        for name in ("first/1/linked.yaml", "linked")
    ]


def test_what_begins_with_a_dot_is_an_edition_that_was_never_finished(base: Project) -> None:
    released(base)
    shutil.copytree(base.root / ONE, base.root / "content/editions/first/.2")
    assert faults_of(base.root) == []
    assert released(corrected(base)) == [TWO]
    assert not (base.root / "content/editions/first/.2").exists()


def test_words_of_an_edition_are_not_checked_again_and_what_is_unsafe_is(base: Project) -> None:
    released(base)
    file = base.root / ONE / "briefs/first/signal.yaml"
    about = base.root / ONE / "edition.yaml"

    def altered(new: str) -> list[str]:
        from research_brief.editions.form import digest

        before = digest(file.read_bytes())
        text = file.read_text(encoding="utf-8")
        assert "Chips are dear." in text or "Chips cost" in text or "Chips <b>" in text
        file.write_text(re.sub("Chips [^,]*", new, text), encoding="utf-8")
        said = about.read_text(encoding="utf-8").replace(before, digest(file.read_bytes()))
        about.write_text(said, encoding="utf-8")
        return [problem.rule for problem in faults_of(base.root)]

    assert altered("Chips cost 12 dollars.") == []  # which no quotation says
    assert altered("Chips <b>cost</b> 12 dollars.") == ["rich-text", "rich-text"]


def test_an_edition_may_name_claims_of_briefs_that_are_no_more(base: Project) -> None:
    other = (base.root / BRIEF).read_text(encoding="utf-8")
    base.edit(BRIEF, "claims: [builds]", "claims: [builds, other#builds]")
    overlay(base.root / "content/briefs/other", base.root / "content/briefs/first")
    (base.root / "content/briefs/other/brief.yaml").write_text(other, encoding="utf-8")
    assert released(base) == ["content/editions/first/1", "content/editions/other/1"]
    linked = files(base)["briefs/first/editions/1/index.md"]
    assert 'href="../../../../briefs/other/#builds"' in linked
    for folder in ("briefs", "editions"):
        shutil.rmtree(base.root / "content" / folder / "other")
    base.edit(BRIEF, "claims: [builds, other#builds]", "claims: [builds]")
    left = files(base)["briefs/first/editions/1/index.md"]
    assert '<sup class="rb-marks"><a ' in left
    assert "<span>builds</span></sup>" in left


def test_every_form_of_edition_that_was_ever_written_is_still_read(tmp_path: Path) -> None:
    """When this fails, a change of the models has left editions behind: see CONTRIBUTING.md."""
    golden = ROOT / "tests" / "golden" / "common"
    overlay(tmp_path, golden, {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()})
    overlay(tmp_path / "templates", ROOT / "templates")
    overlay(tmp_path / "content/editions", ROOT / "tests" / "editions")
    section = (ROOT / "tests/golden/narrative/example.yaml").read_bytes()
    overlay(tmp_path / "content/briefs/example", {"example.yaml": section})
    content = reading.read(tmp_path, NOW)
    [edition] = content.library.editions["example"]
    assert {record.section.kind for record in edition.record.sections} == set(kinds())
    for language, made in pipeline.render(tmp_path, content).items():
        [page] = [page for page in made if page.path == "briefs/example/editions/1"]
        assert {part.id for part in page.parts} >= {*kinds(), "takeaways", "sources", "revisions"}
        assert staged(made, content.library), language


# --- The page of an edition ------------------------------------------------------------------


def test_an_edition_shows_what_was_published_and_leads_to_what_is(base: Project) -> None:
    released(base)
    released(corrected(base))
    made = pages(base)
    old, new, current = (made[f"briefs/first{path}"] for path in ("/editions/1", "/editions/2", ""))
    whole = {page: "".join(page.fragments) for page in (old, new, current)}
    assert "Chips are dear." in whole[old]
    assert "Chips are cheap." in whole[new]
    assert "edition 1 of <time" in old.intro
    assert "superseded by edition 2" in old.intro
    assert "the current edition" in new.intro
    for page in (old, new):
        assert 'href="brief:first"' in page.intro
        assert page.entries == ()
        assert not page.indexed
        assert page.canonical == "briefs/first"
    history = current.parts[[part.id for part in current.parts].index("revisions")].html
    assert re.findall('href="page:briefs/first/editions/(.)"', history) == ["1", "2"]
    found = search_files([*made.values()], reading.read(base.root, NOW).library)
    assert "editions" not in found["search/search_index.json"]


def test_the_editions_of_a_removed_brief_lead_to_the_one_in_its_place(base: Project) -> None:
    shutil.copytree(base.root / "content/briefs/first", base.root / "content/briefs/second")
    released(base)
    removal = "{date: 2026-01-02, kind: removal, text: {en: By law., zh: 依法。}}"
    base.edit(BRIEF, "sections:", f"superseded_by: second\nrevisions: [{removal}]\nsections:")
    made = pages(base)
    for path in ("", "/editions/1"):
        assert 'href="brief:second"' in made[f"briefs/first{path}"].intro


def test_an_edition_of_a_retracted_brief_says_why_in_words_of_today(base: Project) -> None:
    released(base)
    terms = "later: {name: {en: Later term, zh: 后来}, summary: {en: x, zh: x}}"
    (base.root / "content/entities/terms.yaml").write_text(terms, encoding="utf-8")
    said = "{date: 2026-01-02, kind: retraction, text: {en: 'See [[later]].', zh: x}}"
    base.edit(BRIEF, "sections:", f"revisions: [{said}]\nsections:")
    made = pages(base)
    for path in ("", "/editions/1"):
        assert '<a href="entity:later">Later term</a>' in made[f"briefs/first{path}"].intro


def test_the_numbers_of_claims_elsewhere_are_those_of_today(base: Project) -> None:
    released(base)
    base.edit(SIGNAL, "[builds, cost]", "[cost, builds]")
    made = pages(base)
    for path in ("briefs/first", "companies/tencent"):
        whole = "".join(made[path].fragments)
        assert {*re.findall(r'#builds" aria-label="Claim (\d)', whole)} == {"2"}, path


def test_an_edition_leads_to_no_file_and_to_no_page_that_is_gone(base: Project) -> None:
    released(base)
    base.edit(SIGNAL, "status: stated\n    speaker: guo-tao", "status: account")
    base.edit(BRIEF, "sections:", f"revisions: [{CORRECTION}]\nsections:")
    (base.root / "content/entities/people.yaml").unlink()
    made = files(base)
    old, current = made["briefs/first/editions/1/index.md"], made["briefs/first/index.md"]
    assert "<span>Guo Tao</span>" in old
    assert 'href="../../../../companies/tencent/"' in old
    assert 'robots: "noindex"\ncanonical: "briefs/first/"\n' in old
    assert "rb-actions" not in old
    assert "evidence/" not in old
    assert "edit:" not in old
    assert "robots" not in current
    assert "canonical" not in current


def test_editions_of_a_draft_are_shown_in_the_preview_only(base: Project) -> None:
    released(base)
    base.edit(BRIEF, "language: en", "language: en\nstatus: draft")
    assert "briefs/first/editions/1" not in pages(base)
    assert "briefs/first/editions/1" in pages(base, Options(drafts=True))


def test_an_edition_keeps_a_language_that_the_site_gave_up(base: Project) -> None:
    released(base)
    base.edit("mkdocs.yml", "[en, zh]", "[zh]")
    for path in (base.root / "content").glob("[!e]*/**/*.yaml"):
        text = path.read_text(encoding="utf-8").replace("language: en", "language: zh")
        path.write_text(re.sub(r"en: [^,{}]*, (?=zh)|translation: .*", "", text), "utf-8")
    for path in (base.root / "content/entities").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"en: [^,{}]*, (?=zh)", "", text), "utf-8")
    content = reading.read(base.root, NOW)
    assert content.library.editions["first"][0].record.brief.title.root["en"] == "The chip race"


# --- A brief of another name ------------------------------------------------------------------


def test_the_editions_of_a_renamed_brief_stay_its_own(base: Project) -> None:
    released(base)
    renamed(base)
    found = pages(base)
    assert {"briefs/newer", "briefs/newer/editions/1"} <= found.keys()
    assert found["briefs/newer/editions/1"].canonical == "briefs/newer"
    assert "briefs/first/editions/1" not in found
    assert faults_of(base.root) == []
    assert released(base) == []  # it says what it said
    base.edit("content/briefs/newer/signal.yaml", "Chips are dear.", "Chips are cheap.")
    base.edit(
        "content/briefs/newer/brief.yaml", "sections:", f"revisions: [{CORRECTION}]\nsections:"
    )
    assert released(base) == ["content/editions/newer/2"]
    assert "briefs/newer/editions/2" in pages(base)


def test_two_first_editions_of_one_brief_are_a_fault(base: Project) -> None:
    released(base)
    renamed(base)
    shutil.copytree(base.root / ONE, base.root / "content/editions/newer/1")
    [fault] = [fault for fault in faults_of(base.root) if "already" in fault.message]
    assert fault.place.file == "content/editions/newer/1"
    assert "content/editions/first/1" in fault.message
