"""No address is ever lost: the ledger, ids of before, tombstones, and the pages that lead on."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from projects import BASE, ROOT, Project, faults_of, overlay
from renaming import Files, Thing, address_of

from research_brief import ledger, pipeline, reading, redirects, verbs
from research_brief.addresses import FOLDERS, LEDGER, TOMBSTONES, Address
from research_brief.loading import load, load_settings
from research_brief.models import ENTITY_FILES
from research_brief.options import Options
from research_brief.pages import Page
from research_brief.problems import ProblemsFound
from research_brief.whereabouts import Whereabouts

CONTENT = Files.read(ROOT / "content")
THINGS = CONTENT.plain()
PUBLISHED = list(ledger.read(ROOT)[0])
SIGNAL = "content/briefs/first/signal.yaml"
COMPANIES = "content/entities/companies.yaml"
GONE = "\n  on: 2026-12-01\n  text: {en: Taken back., zh: 已经撤下。}\n"


def ids(page: Page) -> list[str]:
    """Every id on a page, in its order."""
    found = re.findall(r' id="([^"]+)"', page.above + page.intro)
    for part in page.parts:
        found += [part.id, *re.findall(r' id="([^"]+)"', part.html)]
    return found


@dataclass
class Site:
    """A site as it is before the engine: its pages in every language, and the old addresses."""

    pages: dict[str, dict[str, Page]]
    leads: dict[str, dict[str, Page]]

    @classmethod
    def of(cls, root: Path) -> "Site":
        content = reading.read(root, Options())
        made = pipeline.render(root, content)
        return cls(
            {code: {page.path: page for page in pages} for code, pages in made.items()},
            {code: redirects.targets(pages, content.library) for code, pages in made.items()},
        )

    def arrives(self, address: str) -> Iterator[str]:
        """Where a reader of an address arrives in each language: at the page or the part that
        the anchor stands in or beside."""
        path, _, anchor = address.partition("#")
        path = "" if path == "./" else path.rstrip("/")
        for language, pages in self.pages.items():
            page = pages.get(path) or self.leads[language].get(path)
            if page is None:
                yield "nowhere"
                continue
            found = f"{page.path}/" if page.path else "./"
            if not anchor:
                yield found
                continue
            known = ids(page)
            at = known.index(anchor) if anchor in known else -1
            before = set(
                re.findall(r'<span class="rb-before" id="([^"]+)"', "".join(page.fragments))
            )
            while at > 0 and known[at] in before:
                at -= 1
            yield f"{found}#{known[at]}" if at >= 0 else f"{found}#nowhere"


# --- The ledger of this site ----------------------------------------------------------------------


def test_the_ledger_holds_every_page_and_every_anchor_that_editors_gave_an_id() -> None:
    assert len(PUBLISHED) > 150
    site = Site.of(ROOT)
    for language, pages in site.pages.items():
        paths = {f"{path}/" if path else "./" for path in pages}
        assert paths == {address for address in PUBLISHED if not address.anchor}, language
    for address in PUBLISHED:
        assert set(site.arrives(address)) == {address}
    assert {address_of(CONTENT, thing) for thing in CONTENT.things()} <= {*PUBLISHED}


def test_the_folders_of_entities_are_those_of_their_models() -> None:
    assert set(FOLDERS) == set(ENTITY_FILES)


def test_every_kind_of_section_is_in_the_list_of_addresses(tmp_path: Path) -> None:
    for folder in (ROOT / "tests" / "golden").iterdir():
        if folder.name == "common":
            continue
        root = overlay(tmp_path / folder.name, ROOT / "tests" / "golden" / "common")
        overlay(root / "content/briefs/example", {
            "example.yaml": (folder / "example.yaml").read_bytes()
        })  # fmt: skip
        overlay(root, {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()})
        overlay(root / "templates", ROOT / "templates")
        content = reading.read(root, Options())
        [page] = [p for p in pipeline.render(root, content)["en"] if p.path == "briefs/example"]
        known = Whereabouts.of(content.library).anchors
        assert {address.anchor for address in known} <= {*ids(page)}


# --- Renames --------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A folder with this site's content, in which things are renamed."""

    root: Path
    files: Files = field(default_factory=lambda: Files.read(ROOT / "content"))
    now: dict[str, str] = field(default_factory=lambda: {str(a): str(a) for a in PUBLISHED})

    def rename(self, thing: Thing, new: str, *, formerly: bool = True) -> Thing:
        before = address_of(self.files, thing)
        self.files.rename(thing, new, formerly=formerly)
        after = address_of(self.files, (thing[0], new))
        for old, address in self.now.items():
            if address == before or (thing[0] == "brief" and address.startswith(before)):
                self.now[old] = after + address.removeprefix(before)
        return thing[0], new

    def write(self) -> Path:
        shutil.rmtree(self.root / "content", ignore_errors=True)
        self.files.write(self.root / "content")
        return self.root


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("renames")
    overlay(root, {"mkdocs.yml": (ROOT / "mkdocs.yml").read_bytes()})
    return overlay(root / "templates", ROOT / "templates").parent


def picked(kind: str) -> st.SearchStrategy[Thing]:
    return st.sampled_from([thing for thing in THINGS if thing[0] == kind])


RENAMES = settings(
    max_examples=3,
    phases=[Phase.reuse, Phase.generate],  # a smaller example would take minutes
    suppress_health_check=[HealthCheck.too_slow],
)
TEN = st.tuples(
    picked("brief"),
    picked("section"),
    picked("claim"),
    picked("claim"),
    picked("part"),
    picked("entity"),
    picked("entity"),
    picked("source"),
    st.sampled_from(THINGS),
    st.sampled_from(THINGS),
)
"""Ten things of all kinds; one that is drawn twice is renamed twice."""


@RENAMES
@given(TEN)
def test_after_ten_renames_every_old_address_leads_to_the_right_place(
    workplace: Path, things: tuple[Thing, ...]
) -> None:
    desk = Desk(workplace)
    called: dict[Thing, Thing] = {}
    for number, thing in enumerate(things):
        called[thing] = desk.rename(called.get(thing, thing), f"renamed-{number}")
    site = Site.of(desk.write())
    assert len({*desk.now.values()} - {*PUBLISHED}) >= len(called)
    assert [
        (old, found, now)
        for old, now in desk.now.items()
        for found in site.arrives(old)
        if found != now
    ] == []


@RENAMES
@given(TEN, st.integers(0, 9))
def test_without_formerly_every_lost_address_is_a_fault(
    workplace: Path, things: tuple[Thing, ...], silent: int
) -> None:
    desk = Desk(workplace)
    once = list(dict.fromkeys(things))
    silent %= len(once)
    for number, thing in enumerate(once):
        desk.rename(thing, f"renamed-{number}", formerly=number != silent)
    lost = address_of(CONTENT, once[silent])
    faults = faults_of(desk.write())
    # The editions of a brief that nobody knows any more are a fault of their own.
    orphans = ["altered-edition"] * (once[silent][0] == "brief")
    assert [fault.rule for fault in faults] == ["lost-address", *orphans]
    fault = faults[0]
    assert fault.place.file == LEDGER
    assert fault.place.line == PUBLISHED.index(Address(lost)) + 2  # below the heading
    assert f"'{lost}' was published" in fault.message
    assert f"formerly: [{once[silent][1]}]" in fault.message


@dataclass
class Small:
    """The small base as a project, with a ledger of all that is there."""

    root: Path

    def __post_init__(self) -> None:
        overlay(self.root, BASE)
        shutil.rmtree(self.root / "templates")
        overlay(self.root / "templates", ROOT / "templates")
        content = reading.read(self.root, Options())
        published = Whereabouts.of(content.library).published
        overlay(self.root, {LEDGER: ledger.written(published)})

    def edit(self, file: str, old: str, new: str) -> None:
        Project(self.root).edit(file, old, new)

    def publish(self, *addresses: str) -> None:
        """Put addresses of things that are gone into the ledger."""
        known, problems = ledger.read(self.root)
        assert not problems
        overlay(self.root, {LEDGER: ledger.written([*known, *addresses])})

    def page(self, path: str, language: str = "en") -> Page:
        return Site.of(self.root).pages[language][path]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


SECOND = {
    f"content/briefs/second/{name}": text
    for name, text in {
        "brief.yaml": (BASE / "content/briefs/first/brief.yaml")
        .read_text("utf-8")
        .replace("[signal, matrix]", "[more]")
        .replace("claims: [builds]", "claims: [moved]"),
        "more.yaml": (BASE / SIGNAL).read_text("utf-8").replace("builds", "moved"),
    }.items()
}
"""Another brief, whose claims `moved` and `cost` say what those of the first one say."""


def test_a_claim_that_moved_to_another_brief_is_found_from_where_it_stood(small: Small) -> None:
    small.publish("briefs/first/#dear", "briefs/first/#builds-chips")
    overlay(small.root, SECOND)
    small.edit(
        "content/briefs/second/more.yaml", "  cost:\n", "  cost:\n    formerly: [first#dear]\n"
    )
    [fault] = faults_of(small.root)
    assert (fault.place.file, fault.rule) == (LEDGER, "lost-address")
    assert "write 'formerly: [builds-chips]' at what took its place" in fault.message
    overlay(small.root, {TOMBSTONES: f"briefs/first/#builds-chips:{GONE}"})
    for language, words in {"en": "Chips are dear.", "zh": "芯片昂贵。"}.items():
        [revisions] = [
            p.html for p in small.page("briefs/first", language).parts if p.id == "revisions"
        ]
        row = re.search(r'<li id="dear">.*</li>', revisions)
        assert row
        assert f'<a href="brief:second#cost">{words}</a>' in row[0]
        assert re.search(r'<li id="builds-chips">.*(Taken back|已经撤下).*</li>', revisions)


def part(page: Page, id: str) -> str:
    return next(part.html for part in page.parts if part.id == id)


def test_a_section_that_moved_is_told_by_its_title(small: Small) -> None:
    small.publish("briefs/first/#further")
    overlay(small.root, SECOND)
    overlay(small.root, {
        "content/briefs/second/more.yaml":
            SECOND["content/briefs/second/more.yaml"] + "formerly: [first#further]\n"
    })  # fmt: skip
    page = small.page("briefs/first")
    assert '<a href="brief:second#more">The signal</a>' in part(page, "revisions")


def test_an_anchor_of_a_renamed_brief_in_another_brief_is_found(small: Small) -> None:
    small.publish("briefs/early/", "briefs/early/evidence/", "briefs/early/#dear")
    overlay(small.root, SECOND)
    small.edit(
        "content/briefs/first/brief.yaml", "language: en\n", "language: en\nformerly: [early]\n"
    )
    small.edit(
        "content/briefs/second/more.yaml", "  cost:\n", "  cost:\n    formerly: [early#dear]\n"
    )
    assert faults_of(small.root) == []
    assert 'id="dear"' in "".join(small.page("briefs/first").fragments)
    assert {*Site.of(small.root).arrives("briefs/early/#dear")} == {"briefs/first/#dear"}


def test_an_entity_that_is_of_another_kind_now_is_found(small: Small) -> None:
    small.publish("people/tencent/")
    assert len(faults_of(small.root)) == 1
    small.edit(COMPANIES, "tencent:\n", "tencent:\n  formerly: [people/tencent]\n")
    assert {*Site.of(small.root).arrives("people/tencent/")} == {"companies/tencent/"}


def test_references_to_an_old_id_are_told_the_new_one(small: Small) -> None:
    small.edit(COMPANIES, "alibaba:\n", "alibaba:\n  formerly: [ali]\n")
    small.edit(SIGNAL, "  cost:\n", "  price:\n    formerly: [cost]\n")
    small.edit(SIGNAL, "about: [tencent]", "about: [ali]")
    assert {fault.message for fault in faults_of(small.root) if fault.rule == "unknown-id"} == {
        "unknown entity 'ali'; it is 'alibaba' now",
        "unknown claim 'cost'; it is 'price' now",
    }


@pytest.mark.parametrize(
    "value", ["../up", "/etc", "a/b", "a%2fb", "A", "a#b#c", "#a", "a b", "a.b"]
)
def test_an_id_of_before_cannot_lead_out_of_the_site(small: Small, value: str) -> None:
    formerly = f"formerly: ['{value}']\n"
    small.edit("content/briefs/first/brief.yaml", "language: en\n", f"language: en\n{formerly}")
    small.edit("content/sources/daily-2025.yaml", "kind: news\n", f"kind: news\n{formerly}")
    small.edit(COMPANIES, "alibaba:\n", f"alibaba:\n  {formerly}")
    small.edit(SIGNAL, "  cost:\n", f"  cost:\n    {formerly}")
    small.edit(SIGNAL, "kind: narrative\n", f"kind: narrative\n{formerly}")
    faults = faults_of(small.root)
    assert [fault.rule for fault in faults] == ["schema"] * 5
    assert all(f"'{value}' cannot be an id" in fault.message for fault in faults)


# --- Pages that lead on ---------------------------------------------------------------------------


def leading(root: Path) -> dict[str, str]:
    """The redirect pages of all languages, by their files."""
    content = reading.read(root, Options())
    pages = pipeline.render(root, content)
    return pipeline.old_pages(root, content, pages)


def test_an_old_page_leads_on_in_each_language_with_all_that_stood_below_it(small: Small) -> None:
    small.edit(
        "content/briefs/first/brief.yaml", "language: en\n", "language: en\nformerly: [a, b]\n"
    )
    found = leading(small.root)
    assert {*found} == {
        f"{language}briefs/{old}/{below}index.html"
        for language in ("", "zh/")
        for old in ("a", "b")
        for below in ("", "cite/", "evidence/")
    }
    page = found["zh/briefs/a/evidence/index.html"]
    assert '<html lang="zh-Hans">' in page
    assert '<a href="../../../briefs/first/evidence/">《芯片竞赛》引文总表</a>' in page
    assert 'content="0; url=../../../briefs/first/evidence/"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    assert '<meta charset="utf-8">' in page  # behind it stands the policy, see hosting.py


def test_an_old_page_names_the_new_one_as_canonical_where_the_address_is_known(
    small: Small,
) -> None:
    small.edit("mkdocs.yml", "site_name:", "site_url: https://desk.example/b\nsite_name:")
    small.edit(COMPANIES, "alibaba:\n", "alibaba:\n  formerly: [ali]\n")
    found = leading(small.root)
    href = "https://desk.example/b/zh/companies/alibaba/"
    assert f'<link rel="canonical" href="{href}">' in found["zh/companies/ali/index.html"]


def test_a_title_cannot_act_on_a_page_that_leads_on(small: Small) -> None:
    title = '</title><script>alert()</script>" {{ w }} {link}'
    small.edit("content/briefs/first/brief.yaml", "{en: The chip race,", f"{{en: '{title}',")
    small.edit("content/briefs/first/brief.yaml", "language: en\n", "language: en\nformerly: [a]\n")
    page = leading(small.root)["briefs/a/index.html"]
    assert page.count(escape(title).replace("&quot;", "&#34;")) == 2
    assert page.count("<script") == 1


# --- Tombstones -----------------------------------------------------------------------------------


@pytest.fixture
def graves(small: Small) -> Small:
    small.publish("briefs/gone/", "briefs/gone/evidence/", "briefs/gone/#point", "companies/gone/")
    overlay(small.root, {TOMBSTONES: f"briefs/gone/:{GONE}companies/gone/:{GONE}"})
    return small


def test_a_page_that_was_withdrawn_says_so_and_so_do_those_below_it(graves: Small) -> None:
    assert faults_of(graves.root) == []
    site = Site.of(graves.root)
    for language, words in {"en": "Taken back.", "zh": "已经撤下。"}.items():
        for path in ("briefs/gone", "briefs/gone/evidence", "companies/gone"):
            page = site.pages[language][path]
            assert page.kind == "withdrawn"
            assert words in page.intro
            assert '<time datetime="2026-12-01">' in page.above
            assert page.entries == ()
            assert page.file == TOMBSTONES
    assert site.leads == {"en": {}, "zh": {}}


def test_what_moved_from_a_withdrawn_page_is_found_there(graves: Small) -> None:
    graves.edit(SIGNAL, "  cost:\n", "  cost:\n    formerly: [gone#point]\n")
    assert faults_of(graves.root) == []
    page = graves.page("briefs/gone")
    assert [part.id for part in page.parts] == ["departed"]
    assert '<li id="point">' in page.parts[0].html
    assert 'href="brief:first#cost"' in page.parts[0].html


def test_texts_of_tombstones_are_checked_like_all_others(graves: Small) -> None:
    text = "{en: '[x](javascript:alert) [[nobody]]'}"
    graves.edit(TOMBSTONES, "{en: Taken back., zh: 已经撤下。}\ncompanies", f"{text}\ncompanies")
    rules = {fault.rule for fault in faults_of(graves.root)}
    assert {"rich-text", "unknown-id", "missing-translation"} <= rules


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "words", "- a\n- b\n", "a: [", "\xff"])
def test_a_file_of_tombstones_that_cannot_be_read_is_no_crash(small: Small, text: str) -> None:
    overlay(small.root, {TOMBSTONES: text.encode("latin-1")})
    faults = faults_of(small.root)
    assert bool(faults) == (text not in ("", "# nothing yet\n"))
    assert {fault.place.file for fault in faults} <= {TOMBSTONES}


# --- The ledger: reading and release --------------------------------------------------------------


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"briefs/\n\xff\n", "byte 0xff is not UTF-8"),
        (b"briefs/\x00/\n", r"'briefs/\x00/' is no address"),
        ("briefs/\u202eevil/\n".encode(), r"'briefs/\u202eevil/' is no address"),
        (b"a" * 100_000, f"'{'a' * 57}…' is no address"),
        (b"#" * 20_000_001, "at most 20,000,000 are read"),
    ],
    ids=["not-utf-8", "null", "bidirectional", "long", "large"],
)
def test_a_ledger_that_is_damaged_is_a_fault_and_stays_as_it_is(
    small: Small, contents: bytes, message: str
) -> None:
    overlay(small.root, {LEDGER: contents})
    [fault] = faults_of(small.root)
    assert fault.rule == "ledger"
    assert message in fault.message
    assert str(fault).isprintable()
    with pytest.raises(ProblemsFound):
        verbs.release(small.root, Options())
    assert (small.root / LEDGER).read_bytes() == contents


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults(small: Small) -> None:
    text = (small.root / LEDGER).read_text(encoding="utf-8")
    overlay(small.root, {LEDGER: "\ufeff" + text.replace("\n", "\r\n")})
    assert faults_of(small.root) == []


UPDATE = "{date: 2025-10-09, kind: update, text: {en: Another id., zh: 改了编号。}}"
PAGES_OF_BRIEF = ("cite", "editions/1", "evidence")


def added(small: Small) -> list[str]:
    return [str(address) for address in verbs.release(small.root, Options()).addresses]


def test_a_release_adds_what_is_new_and_never_takes_anything_out(small: Small) -> None:
    assert added(small) == ["briefs/first/editions/1/"]
    before = ledger.read(small.root)[0]
    assert added(small) == []
    overlay(small.root, SECOND)
    new = added(small)
    assert new == ["briefs/second/", *(f"briefs/second/#{id}" for id in ("cost", "more", "moved")),
                   *(f"briefs/second/{page}/" for page in PAGES_OF_BRIEF)]  # fmt: skip
    assert list(ledger.read(small.root)[0]) == sorted([*before, *new])
    small.edit(SIGNAL, "cost]", "price]")
    small.edit(SIGNAL, "  cost:\n", "  price:\n    formerly: [cost]\n")
    small.edit("content/briefs/first/brief.yaml", "sections:", f"revisions: [{UPDATE}]\nsections:")
    assert added(small) == ["briefs/first/#price", "briefs/first/editions/2/"]
    assert "briefs/first/#cost" in ledger.read(small.root)[0]


def test_a_release_is_refused_while_anything_is_wrong(small: Small) -> None:
    before = (small.root / LEDGER).read_bytes()
    overlay(small.root, SECOND)
    small.edit(SIGNAL, "about: [tencent]", "about: [tencen]")
    with pytest.raises(ProblemsFound):
        verbs.release(small.root, Options())
    assert (small.root / LEDGER).read_bytes() == before


def test_a_draft_is_not_published(small: Small) -> None:
    overlay(small.root, SECOND)
    small.edit("content/briefs/second/brief.yaml", "language:", "status: draft\nlanguage:")
    assert added(small) == ["briefs/first/editions/1/"]


def test_a_release_puts_a_half_merged_ledger_in_order_and_keeps_both_sides(small: Small) -> None:
    known = ledger.read(small.root)[0]
    small.publish("briefs/first/#dear", "briefs/first/#rich")
    small.edit(SIGNAL, "  cost:\n", "  cost:\n    formerly: [dear, rich]\n")
    text = (small.root / LEDGER).read_text(encoding="utf-8")
    text = text.replace("briefs/first/#dear\n", "").replace("briefs/first/#rich\n", "")
    sides = "<<<<<<< HEAD\nbriefs/first/#rich\n=======\nbriefs/first/#dear\n>>>>>>> other\n"
    overlay(small.root, {LEDGER: text + sides})
    assert {fault.rule for fault in faults_of(small.root)} == {"ledger"}
    new = ["briefs/first/editions/1/"]
    assert added(small) == new
    assert faults_of(small.root) == []
    assert list(ledger.read(small.root)[0]) == sorted(
        [*known, *new, "briefs/first/#dear", "briefs/first/#rich"]
    )


def test_the_command_says_what_it_added(small: Small) -> None:
    overlay(small.root, SECOND)
    run = Project(small.root).run_here("release")
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert lines[0].startswith("wrote   content/editions/first/1/: ")
    assert "added   briefs/second/" in lines
    assert re.fullmatch(
        rf"release 2 new editions, \d new addresses in {LEDGER}; commit them", lines[-1]
    )
    found = json.loads(Project(small.root).run_here("release", "--format", "json").stdout)
    assert found == {"editions": [], "addresses": []}


def test_a_build_reminds_of_the_release(project: Project) -> None:
    project.with_content()
    assert project.run_here("release").returncode == 0
    assert "note" not in project.run_here("--no-pdf").stdout
    project.edit(SIGNAL, "cost]", "price]")
    project.edit(SIGNAL, "  cost:\n", "  price:\n    formerly: [cost]\n")
    said = project.run_here("--no-pdf").stdout
    assert "note    1 new address: before this is published, python build.py release\n" in said
    page = (project.site / "briefs/first/index.html").read_text(encoding="utf-8")
    assert '<span class="rb-before" id="cost"></span>' in page


def test_what_cannot_be_read_is_not_called_lost(small: Small) -> None:
    small.publish("briefs/other/", "companies/other/", "sources/other/")
    assert len(faults_of(small.root)) == 3
    for file in (SIGNAL, COMPANIES, "content/sources/daily-2025.yaml"):
        text = (small.root / file).read_bytes()
        overlay(small.root, {file: b"kind: ["})
        lost = [f.message for f in faults_of(small.root) if f.rule == "lost-address"]
        assert len(lost) == 2, lost
        overlay(small.root, {file: text})


def test_addresses_cannot_leave_the_site() -> None:
    assert Address.read("briefs/first/#builds")
    for words in (
        "../", "/", "//x/", "a/../b/", "a/./b/", "a/%2e%2e/", "%2F/", "a\\b/", "a/#b/../c",
        "a/#%3Cb%3E", "javascript:x/", "a/?b/", "a b/", "а/", "a/\n", "a", "#a", "", "./#a",
        "a/" * 200,
    ):  # fmt: skip
        assert Address.read(words) is None, words
    loaded, problems = load(ROOT, load_settings(ROOT))
    assert problems == []
    assert Whereabouts.of(loaded).find(Address("briefs/nothing/")) is None
