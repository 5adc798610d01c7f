"""What `build.py diff` says: on a table of prepared edits, of revisions, and of hostile content."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hostile_fields import corpus
from markdown_it import MarkdownIt
from projects import BASE, ROOT, Project, overlay, receipts_for

from research_brief.brief import Brief
from research_brief.cli import main
from research_brief.library import BriefRecord, Library, SectionRecord
from research_brief.loading import load, load_settings
from research_brief.meaning import comment, libraries, published, reports, trees, words
from research_brief.meaning.changes import Change, Notice, Subject
from research_brief.meaning.review import Review
from research_brief.models import Status
from research_brief.values import Model, Name, Text

BRIEF = "content/briefs/first/brief.yaml"
SIGNAL = "content/briefs/first/signal.yaml"
MATRIX = "content/briefs/first/matrix.yaml"
COMPANIES = "content/entities/companies.yaml"
PEOPLE = "content/entities/people.yaml"
SOURCE = "content/sources/daily-2025.yaml"

SECOND = {
    f"content/briefs/second/{name}": (BASE / "content/briefs/first" / name).read_text("utf-8")
    for name in ("brief.yaml", "signal.yaml", "matrix.yaml")
}
SHARE = """\
  share:
    text: {en: The share rose 8.08%., zh: 股价上涨8.08%。}
    status: account
    evidence:
      - paragraph: 2
        quote: 涨幅8.08%
"""
FIGURE = """\
key_figures:
  - value: 8.08%
    label: {en: rise, zh: 涨幅}
    claim: share
"""
START = {
    SIGNAL: [("paragraphs:\n", SHARE + "paragraphs:\n")],
    BRIEF: [("sections:", FIGURE + "sections:")],
}
"""What the base lacks: a claim with a figure, and a key figure."""

Edits = dict[str, list[tuple[str, str]]]


def edited(root: Path, edits: Edits, added: dict[str, str] | None = None) -> Path:
    """The project at `root` with passages replaced, which must be there, and files added."""
    for file, replacements in edits.items():
        text = (root / file).read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, f"{old!r} is not in {file}"
            text = text.replace(old, new)
        (root / file).write_text(text, encoding="utf-8")
    return overlay(root, added or {})


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small base with some figures; not to be changed."""
    return edited(overlay(tmp_path_factory.mktemp("start"), BASE), START)


def library(root: Path) -> Library:
    return load(root, load_settings(root))[0]


def said(old: Library, new: Library) -> list[str]:
    """The lines about the content, without pages."""
    found = libraries.compare(old, new)
    result = Review("base", "head", found.changes, found.notices, [], [], [], {}, "")
    return reports.as_text(result).split("\n")


CASES = yaml.safe_load((ROOT / "tests" / "meaning.yaml").read_text(encoding="utf-8"))
"""Prepared edits of the start: passages to replace and files to add, and what is said of them."""
FILES = {
    file.rpartition("/")[2]: file for file in (BRIEF, SIGNAL, MATRIX, COMPANIES, PEOPLE, SOURCE)
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["edit"])
def test_an_edit_is_told_exactly(case: dict[str, Any], start: Path, tmp_path: Path) -> None:
    edits = {
        FILES.get(file, file): [(passage["old"], passage["new"]) for passage in passages]
        for file, passages in case["replace"].items()
    }
    old, new = library(start), library(edited(overlay(tmp_path, start), edits, case.get("add")))
    assert said(*((new, old) if case.get("backwards") else (old, new))) == case["says"]


def test_a_brief_more_is_one_line(start: Path, tmp_path: Path) -> None:
    old, new = library(start), library(edited(overlay(tmp_path, start), {}, SECOND))
    line = "The chip race / 芯片竞赛; published; 2 sections; 2 claims"
    assert said(old, new) == [f"brief second: added: {line}", "1 change"]
    assert said(new, old) == [f"brief second: removed: {line}", "1 change"]


# --- Verification ---------------------------------------------------------------------------

VERIFIED = [("腾讯自研芯片", "1", "2026-01-05"), ("郭涛……成本高昂", "2", "2026-01-05")]
LOST = "first#cost: notice: evidence 1 quote: '{}' is not verified [unverified]"


@pytest.mark.parametrize(
    ("before", "after", "edits", "lines"),
    [
        (VERIFIED, VERIFIED[:1], {}, [LOST.format("郭涛……成本高昂")]),
        (
            VERIFIED,
            VERIFIED,
            {SIGNAL: [("成本高昂", "成本不高")]},
            [
                "first#cost: evidence 1 quote: 郭涛……成本[-高昂-]{+不高+}",
                LOST.format("郭涛……成本不高"),
            ],
        ),
        (
            VERIFIED,
            VERIFIED,
            {SIGNAL: [("paragraph: 2", "paragraph: 3")]},
            ["first#cost: evidence 1 paragraph: [-2-]{+3+}", LOST.format("郭涛……成本高昂")],
        ),
        ([], VERIFIED, {}, ["source daily-2025: verification added: 2 quotations"]),
        (VERIFIED[:1], VERIFIED, {}, ["source daily-2025: verification added: 1 quotation"]),
        (VERIFIED[:1], VERIFIED[:1], {}, []),
        (
            [],
            [],
            {SIGNAL: [("成本高昂", "成本")]},
            ["first#cost: evidence 1 quote: 郭涛……成本[-高昂-]"],
        ),
    ],
    ids=["lost", "altered", "misplaced", "gained", "one more", "as before", "never compared"],
)
def test_a_quotation_that_loses_or_gains_its_verification_is_told(
    before: list[tuple[str, str, str]],
    after: list[tuple[str, str, str]],
    edits: Edits,
    lines: list[str],
    tmp_path: Path,
) -> None:
    old = library(overlay(tmp_path / "old", BASE, receipts_for(*before) if before else {}))
    new = overlay(tmp_path / "new", BASE, receipts_for(*after) if after else {})
    assert said(old, library(edited(new, edits)))[:-1] == lines


def test_another_edition_of_the_text_is_told(tmp_path: Path) -> None:
    old = overlay(tmp_path / "old", BASE, receipts_for(*VERIFIED))
    new = overlay(tmp_path / "new", BASE, receipts_for(*VERIFIED, text="b" * 64))
    line = f"source daily-2025: fingerprint of the text: [-{'a' * 64}-]{{+{'b' * 64}+}}"
    assert said(library(old), library(new)) == [line, "1 change"]


def test_a_text_that_comes_in_the_place_of_receipts_is_told(tmp_path: Path) -> None:
    old = overlay(tmp_path / "old", BASE, receipts_for(*VERIFIED))
    name = "content/sources/daily-2025.txt"
    new = overlay(tmp_path / "new", BASE, {name: "腾讯自研芯片。\n\n郭涛说，成本不高昂。\n"})
    told = said(library(old), library(new))
    assert told[0].startswith("source daily-2025: fingerprint of the text: ")
    assert f"source daily-2025: notice: its quotations are compared with {name}" in " ".join(told)


# --- Nothing changes unnoticed --------------------------------------------------------------


def mutants(value: Any) -> Iterator[Any]:
    """The value with each of its leaves changed or taken out, one at a time."""
    if isinstance(value, Text | Name):
        for language, text in value.root.items():
            yield type(value).model_construct({**value.root, language: f"{text}x"})
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            for other in mutants(getattr(value, name)):
                yield value.model_copy(update={name: other})
    elif isinstance(value, dict):
        yield from (dict(items) for items in mutants_of_items([*value.items()]))
    elif isinstance(value, list):
        numbered = [*enumerate(value)]
        yield from ([item for _, item in items] for items in mutants_of_items(numbered))
    else:
        yield other_than(value)


def mutants_of_items(items: list[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any]]]:
    for at, (key, item) in enumerate(items):
        if len(items) > 1:
            yield items[:at] + items[at + 1 :]
        for other in mutants(item):
            yield [*items[:at], (key, other), *items[at + 1 :]]


def other_than(leaf: Any) -> Any:
    if leaf is None:
        return Text({"en": "x"})
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int):
        return leaf + 1
    return Status.INFERRED if isinstance(leaf, Status) else type(leaf)(f"{leaf}x")


def parts(whole: Library) -> Iterator[tuple[Library, Library]]:
    """Every model of a library alone, each with itself after one of its leaves was changed."""
    empty = replace(whole, entities={}, sources={}, briefs={})
    for id, entity in whole.entities.items():
        for model in mutants(entity.entity):
            yield (
                replace(empty, entities={id: entity}),
                replace(empty, entities={id: replace(entity, entity=model)}),
            )
    for id, source in whole.sources.items():
        for model in mutants(source.source):
            yield (
                replace(empty, sources={id: source}),
                replace(empty, sources={id: replace(source, source=model)}),
            )
    for brief in whole.briefs.values():
        # What is listed without its file is not compared: of `sections`, see the prepared edits.
        bare = brief.brief.model_copy(update={"sections": []})
        for model in mutants(bare):
            yield with_brief(empty, brief, bare), with_brief(empty, brief, model)
        for record in brief.sections:
            alone = brief.brief.model_copy(update={"sections": [record.id]})
            few = record.section.model_copy(update={"claims": {}})
            sections = [(few, model) for model in mutants(few)]
            for id, claim in record.section.claims.items():
                one = few.model_copy(update={"claims": {id: claim}})
                others = [few.model_copy(update={"claims": {id: item}}) for item in mutants(claim)]
                sections += [(one, other) for other in others]
            for before, after in sections:
                yield (
                    with_brief(empty, brief, alone, replace(record, section=before)),
                    with_brief(empty, brief, alone, replace(record, section=after)),
                )
    for model in mutants(whole.settings.extra):
        settings = whole.settings.model_copy(update={"extra": model})
        yield empty, replace(empty, settings=settings)


def with_brief(
    empty: Library, record: BriefRecord, brief: Brief, *sections: SectionRecord
) -> Library:
    return replace(empty, briefs={record.id: replace(record, brief=brief, sections=sections)})


def test_no_leaf_changes_unnoticed() -> None:
    count = 0
    for old, new in parts(library(ROOT)):
        assert libraries.compare(old, new).changes
        count += 1
    assert count > 2500


# --- Words and figures ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("腾讯造芯", "阿里造芯", "[腾讯>阿里]造芯"),
        ("大厂为何自己造芯", "巨头为何自研芯片", "[大厂>巨头]为何自[己造芯>研芯片]"),
        ("in 2018, T-Head", "in 2019, T-Head", "in [2018>2019], T-Head"),
        ("rose 8.08% today", "rose 8.18% today", "rose [8.08%>8.18%] today"),
        ("", "new", "[>new]"),
    ],
)
def test_changed_words_are_marked_as_a_reader_would(old: str, new: str, marked: str) -> None:
    pieces = words.difference(old, new)
    signs = {"=": "{}", "-": "[{}>]", "+": "[>{}]"}
    assert "".join(signs[sign].format(text) for sign, text in pieces).replace(">][>", ">") == marked
    assert "".join(text for sign, text in pieces if sign != "+") == old
    assert "".join(text for sign, text in pieces if sign != "-") == new


def test_figures_are_numbers_not_parts_of_names() -> None:
    text = "P800, T-5 and [[baidu-p9|Baidu]] rose……8.08 % to 1,200; 3—5年, １２日"
    assert words.figures(text) == ("8.08%", "1200", "3", "5", "12")


# --- Revisions, folders, the command --------------------------------------------------------

Diff = Callable[..., tuple[int, list[str], str]]
EDIT = ("Chips are dear.", "Chips are expensive.")
LINES = [
    "first#cost: text (en): Chips are [-dear-]{+expensive+}.",
    "first#cost: notice: text: en changed, zh did not [behind]",
    "page changed: /briefs/first/ The chip race",
    "page changed: /briefs/first/cite/ Cite “The chip race”",
    "page changed: /briefs/first/evidence/ Evidence for “The chip race”",
    "page changed: /people/guo-tao/ Guo Tao",
    "page changed: /sources/daily-2025/ Big companies race for chips",
    "pdf changed: /briefs/first/first.pdf The chip race",
    "pdf changed: /briefs/collection.pdf Research Brief",
    "1 claim changed; 1 notice; 5 pages and 2 PDFs change",
]


def git(root: Path, *arguments: str, contents: bytes = b"") -> str:
    """What git says, without the settings of whoever runs the tests."""
    author = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    command = ["git", "-C", str(root), *author, "-c", "core.hooksPath=/dev/null", *arguments]
    run = subprocess.run(command, input=contents, check=True, capture_output=True)
    return run.stdout.decode().strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with a tag `start`, then an edit as the last commit of `main`."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copy2(ROOT / "mkdocs.yml", root)
    for name in ("macros", "pages", "sections", "words"):
        shutil.copytree(ROOT / "templates" / name, root / "templates" / name)
    for file in [*(ROOT / "templates").glob("*.html"), ROOT / "templates/pdf/palette.json"]:
        overlay(root, {file.relative_to(ROOT).as_posix(): file.read_bytes()})
    overlay(root / "content", BASE / "content")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "start")
    git(root, "tag", "start")
    Project(root).edit(SIGNAL, *EDIT)
    git(root, "commit", "-q", "-a", "-m", "edit")
    return root


@pytest.fixture
def revised(repository: Path, tmp_path: Path) -> Project:
    """The same, to change."""
    shutil.copytree(repository, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture
def diff(revised: Project, capsys: pytest.CaptureFixture[str]) -> Diff:
    """Runs `diff` there: the exit code, the lines printed, what was complained of."""

    def run(*arguments: str) -> tuple[int, list[str], str]:
        code = main(["diff", *arguments], str(revised.root))
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def test_two_revisions_are_compared(diff: Diff) -> None:
    assert diff("start", "main") == (0, LINES, "")


def test_the_working_folder_is_compared_edits_included(diff: Diff, revised: Project) -> None:
    assert diff("HEAD") == (0, ["no change of meaning"], "")
    revised.edit(SIGNAL, *reversed(EDIT))
    assert "first#cost: text (en): Chips are [-expensive-]{+dear+}." in diff("HEAD")[1]


def test_two_folders_are_compared_by_the_command(project: Project, tmp_path: Path) -> None:
    for name in ("old", "new"):
        overlay(tmp_path / name / "content", BASE / "content")
    edited(tmp_path / "new", {SIGNAL: [EDIT]})
    run = project.run("diff", str(tmp_path / "old"), str(tmp_path / "new"))
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (0, LINES, "")


def test_changed_interface_words_change_pages_and_no_meaning(diff: Diff, revised: Project) -> None:
    revised.edit("templates/words/en.yaml", "Evidence for “{brief}”", "Proof of “{brief}”")
    assert diff("HEAD")[1] == [
        "page changed: /briefs/first/evidence/ Proof of “The chip race”",
        "no change of meaning; 1 page changes",
    ]


def test_the_front_page_of_a_language_has_its_address(diff: Diff, revised: Project) -> None:
    revised.edit("templates/words/zh.yaml", "  what: ", "  what: 本站：")
    assert diff("HEAD")[1] == [
        "page changed: /zh/ 研究简报",
        "no change of meaning; 1 page changes",
    ]


def test_templates_of_a_change_are_not_run_where_it_is_reviewed(
    diff: Diff, revised: Project
) -> None:
    page = revised.root / "templates/pages/brief.html"
    good = page.read_text(encoding="utf-8")
    page.write_text("{% block intro %}{{ 1 / 0 }}{% endblock %}", encoding="utf-8")
    git(revised.root, "commit", "-q", "-a", "-m", "trap")
    page.write_text(good, encoding="utf-8")
    assert diff("start", "HEAD") == (0, LINES, "")


def test_a_further_language_changes_no_name_that_is_the_same_in_all(
    diff: Diff, revised: Project
) -> None:
    revised.edit("mkdocs.yml", "languages: [en, zh]", "languages: [en, zh, fr]")
    words = (revised.root / "templates/words/en.yaml").read_text(encoding="utf-8")
    (revised.root / "templates/words/fr.yaml").write_text(words, encoding="utf-8")
    lines = diff("HEAD")[1]
    assert any("languages" in line for line in lines)
    assert not [line for line in lines if "(fr)" in line]


def test_the_name_of_a_folder_does_nothing_in_a_comment(diff: Diff, revised: Project) -> None:
    folder = revised.root / "content" / "briefs"
    shutil.copytree(folder / "first", folder / "<img src=x>@someone")
    text = "\n".join(diff("HEAD", "--format", "markdown")[1])
    assert "1 fault" in text  # it is no id, so nothing of the folder is shown
    assert "img src" not in text
    assert "@someone" not in text


def test_a_side_with_faults_is_compared_as_far_as_it_can_be_read(
    diff: Diff, revised: Project
) -> None:
    revised.edit(SIGNAL, "expensive", "cheap")
    revised.edit(PEOPLE, "affiliation: daily", "affiliation: nobody")
    revised.edit(MATRIX, "kind: comparison", "kind: comparisn")
    remark = "2 faults in the working folder; pages and PDFs are not compared"
    assert diff("HEAD")[:2] == (
        0,
        [
            "first#cost: text (en): Chips are [-expensive-]{+cheap+}.",
            "person guo-tao: affiliation: [-The Daily-]{+nobody+}",
            "first#matrix: notice: could not be read on one side, and is not compared [unread]",
            "first#cost: notice: text: en changed, zh did not [behind]",
            f"remark: {remark} (python build.py check)",
            "1 claim changed, 1 other change; 2 notices",
        ],
    )


def test_settings_that_cannot_be_read_are_faults_of_their_side(
    diff: Diff, revised: Project
) -> None:
    revised.edit("mkdocs.yml", "extra:", "extr:")
    git(revised.root, "commit", "-q", "-a", "-m", "broken")
    code, lines, _ = diff("start", "HEAD")
    assert (code, lines) == (
        1,
        ["HEAD:mkdocs.yml:2:1: error: 'extra' is missing or empty; add it [schema]"],
    )


NOT_REVISIONS = ["strat", "--output=x", "-x", "HEAD:content", "templates", "", "a\nb"]


@pytest.mark.parametrize("name", NOT_REVISIONS)
def test_what_is_no_revision_is_refused(name: str, diff: Diff, revised: Project) -> None:
    code, lines, complaint = diff("--", name)
    assert (code, lines) == (2, [])
    assert complaint.startswith("build.py: ")
    assert not (revised.root / "x").exists()


def test_an_unknown_revision_gets_a_hint(diff: Diff) -> None:
    message = "build.py: there is no folder or revision 'strat'; did you mean 'start'?\n"
    assert diff("strat") == (2, [], message)


def test_a_project_without_git_is_told_so(diff: Diff, revised: Project) -> None:
    shutil.rmtree(revised.root / ".git")
    code, _, complaint = diff("HEAD")
    assert code == 2
    assert complaint.startswith("build.py: not a git repository")


def test_links_in_a_revision_are_never_followed(revised: Project, tmp_path: Path) -> None:
    secret = overlay(tmp_path / "outside", {"secret.yaml": "secret"}) / "secret.yaml"
    (revised.root / "content/sources/other.yaml").symlink_to(secret)
    git(revised.root, "add", ".")
    git(revised.root, "commit", "-q", "-m", "link")
    tree = trees.find("HEAD", revised.root, tmp_path / "scratch")
    assert tree.content == tmp_path / "scratch"
    assert not (tree.content / "content/sources/other.yaml").exists()
    assert not [path for path in tree.content.rglob("*") if path.is_symlink()]


def test_a_path_that_leaves_the_folder_is_not_written(revised: Project, tmp_path: Path) -> None:
    blob = git(revised.root, "hash-object", "-w", "--stdin", contents=b"x")
    up = git(revised.root, "mktree", contents=f"100644 blob {blob}\tout.yaml\n".encode())
    sources = git(revised.root, "mktree", contents=f"040000 tree {up}\t..\n".encode())
    entry = f"040000 tree {sources}\tcontent\n100644 blob {blob}\tmkdocs.yml\n"
    tree = git(revised.root, "mktree", contents=entry.encode())
    commit = git(revised.root, "commit-tree", tree, contents=b"crafted")
    with pytest.raises(trees.NotFound):
        trees.find(commit, revised.root, tmp_path / "scratch")
    assert not [*tmp_path.rglob("out.yaml")]


def test_a_project_in_a_folder_of_its_repository_is_found(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "all" / "desk"
    shutil.copytree(repository, below, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path / "all", "init", "-q")
    git(tmp_path / "all", "add", ".")
    git(tmp_path / "all", "commit", "-q", "-m", "start")
    assert main(["diff", "HEAD"], str(below)) == 0
    assert capsys.readouterr().out == "no change of meaning\n"


def test_attributes_of_a_revision_change_no_byte_of_it(revised: Project, tmp_path: Path) -> None:
    (revised.root / ".gitattributes").write_text("content/** export-ignore eol=crlf\n")
    git(revised.root, "add", ".")
    git(revised.root, "commit", "-q", "-m", "attributes")
    tree = trees.find("HEAD", revised.root, tmp_path / "scratch")
    assert (tree.content / SIGNAL).read_bytes() == (revised.root / SIGNAL).read_bytes()


def test_json_is_an_object_of_version_1(diff: Diff) -> None:
    lines = diff("start", "--format", "json", "--site-url", "https://example.org/p/7")[1]
    found = json.loads("\n".join(lines))
    assert [*found] == [
        "version", "base", "head", "summary", "remarks", "changes", "notices", "pages", "pdfs",
    ]  # fmt: skip
    assert (found["version"], found["base"], found["head"]) == (1, "start", "the working folder")
    assert found["changes"] == [
        {"group": "brief first", "kind": "claim", "id": "first#cost", "action": "changed",
         "field": "text", "language": "en", "old": EDIT[0], "new": EDIT[1]}
    ]  # fmt: skip
    assert found["notices"][0]["rule"] == "behind"
    assert found["pdfs"][0]["url"] == "https://example.org/p/7/briefs/first/first.pdf"


# --- Markdown -------------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=alert(1)></code></details>@octocat #1 org/repo#2 GH-3 "
    "![x](https://evil.example/x.png) [y](//evil.example) www.evil.example a@evil.example "
    "`c` | ~~z~~"
)


def hostile_review() -> Review:
    subject = Subject("claim", "first#cost", "brief first")
    change = Change(subject, "changed", "text", "en", f"Old {HOSTILE}", f"New {HOSTILE}\x1b[2J")
    added = Change(subject, "added", "", "", "", HOSTILE)
    notice = Notice(subject, "behind", HOSTILE)
    return Review(
        HOSTILE, "head", [change, added], [notice], [], [], [HOSTILE], {"first": HOSTILE}, ""
    )


def test_in_a_comment_no_content_acts() -> None:
    text = comment.as_markdown(hostile_review())
    tags = set(re.findall(r"<[^>]*>", text))
    assert tags == {
        "<code>", "</code>", "<del>", "</del>", "<ins>", "</ins>", "<sub>", "</sub>",
    }  # fmt: skip
    outside = re.sub(r"<code>.*?</code>", "", text)
    assert not re.search(r"octocat|evil|GH-3|#1", outside)
    inside = unescape("".join(re.findall(r"<code>(.*?)</code>", text)))
    assert not re.search(r"@\w|://|www\.\w", inside)
    assert not re.search(r"[\\`*_\[\]|~]", re.sub(r"&#\d+;|\*\*.*?\*\*", "", text))
    assert "\x1b" not in text


def shape(review: Review) -> tuple[list[str], set[tuple[str, str]]]:
    """The blocks of a comment, and what is in its lines, as GitHub's Markdown reads them."""
    parser = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    blocks = parser.parse(comment.as_markdown(review))
    inner = [token for block in blocks for token in block.children or ()]
    html = {"html_inline", "html_block"}
    return [block.type for block in blocks], {
        (token.type, token.content if token.type in html else "") for token in inner
    }


def test_no_hostile_text_is_more_than_a_text_in_a_comment() -> None:
    """Every text of `hostile.yaml`, wherever a comment has words of the content or of git."""

    def review(words: str) -> Review:
        subject = Subject("claim", words, f"brief {words}")
        changes = [
            Change(subject, "changed", words, "en", words, "x"),
            Change(subject, "changed", words, "en", f"x {words}", f"y {words} z"),
            Change(subject, "added", words, "en", "", words),
            Change(subject, "removed", words, "en", words, ""),
            Change(subject, "renamed", words, "en", words, words),
        ]
        page = published.Change("changed", "en", words, words)
        return Review(
            words, words, changes, [Notice(subject, "behind", words)], [page], [page] * 6,
            [words], {words: words}, "https://example.org/",
        )  # fmt: skip

    blocks, lines = shape(review("x"))
    links = {item for item in lines if item[1].startswith("<a ")}
    for text in corpus():
        words = text.words.replace("MARK", "zxaaaaa")
        found, inside = shape(review(words))
        more = {item for item in inside - lines if not re.fullmatch(LINK, item[1])}
        assert (found, more) == (blocks, set()), words
        shown = comment.as_markdown(review(words))
        assert "zxaaaaa" not in re.sub(rf"<code>[^<>]*</code>|{LINK}", "", shown), words
    assert len(links) == 1


LINK = r'<a href="https://example\.org/[\w%./~&;#-]*">'
"""To a page: its path as in an address."""


def test_on_a_terminal_no_content_acts() -> None:
    assert all(line.isprintable() for line in reports.as_text(hostile_review()).split("\n"))


def test_a_comment_has_a_summary_headings_and_the_pages(diff: Diff) -> None:
    lines = diff("start", "--format", "markdown", "--site-url", "https://example.org")[1]
    assert lines[0] == "**1 claim changed; 1 notice; 5 pages and 2 PDFs change**"
    assert "### Brief <code>first</code>: <code>The chip race</code>" in lines
    cost = "<code>first#cost</code>"
    words = "<code>Chips are </code><del><code>dear</code></del><ins><code>expensive</code></ins>"
    assert f"- {cost} <code>text (en)</code>: {words}<code>.</code>" in lines
    assert '<a href="https://example.org/briefs/first/">' in "\n".join(lines)


def test_a_long_comment_is_cut_where_github_would_refuse_it() -> None:
    whole = hostile_review()
    long = replace(whole, changes=[*whole.changes] * 500)
    text = comment.as_markdown(long)
    assert comment.LIMIT - 5000 < len(text) < comment.LIMIT + 200
    assert re.fullmatch(r"… \d+ more lines are left out; .*", text.split("\n")[-1])
