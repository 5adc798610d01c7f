"""PDFs from small projects: what is asked of their making, and what must not come of content."""

import re
import shutil
import textwrap
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from pdf_reading import Pdf, bare, pictures
from projects import BASE, ROOT, Project, in_this_process, overlay, snapshot

from research_brief import library, pipeline, reading
from research_brief.fragment import ELEMENTS, parse
from research_brief.library import Library
from research_brief.options import Options
from research_brief.pdf import nodes
from research_brief.pdf.documents import Document, Maker
from research_brief.pdf.press import PressFailed, Printed, _work, press
from research_brief.pdf.typesetter import Typesetter, typeset_to
from research_brief.problems import ProblemsFound
from research_brief.rendering import render

BRIEF = "content/briefs/first/brief.yaml"
SIGNAL = "content/briefs/first/signal.yaml"
SITE = "https://briefs.example.org"
UNSEEN = "😀"
UNCHECKED = Options(pdf=False)
"""How to read content whose signs have no glyphs."""

TYPESETTER = Typesetter(ROOT / "templates" / "pdf")


def copied(folder: Path) -> Project:
    """The small base with this project's templates, to be read by this process."""
    root = overlay(folder / "研究 brief's", {"mkdocs.yml": (BASE / "mkdocs.yml").read_bytes()})
    overlay(root / "content", BASE / "content")
    overlay(root / "templates", ROOT / "templates")
    return Project(root)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    return copied(tmp_path)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typeset in this process, which is quicker for a few small documents."""

    monkeypatch.setattr("research_brief.pdf.press.pool", in_this_process)


def documents(
    project: Project,
    options: Options = UNCHECKED,
    languages: Sequence[str] = ("en",),
) -> tuple[list[Document], Library]:
    """The documents of a project: in each language one for each brief, and one of all."""
    content = reading.read(project.root, options)
    templates = project.root / "templates"
    made: list[Document] = []
    for language in languages:
        pages = render(content.library, language, content.words, templates)
        maker = Maker(content.library, language, content.words, pages, templates, options.epoch)
        made += maker.documents()
        assert maker.problems == []
    return made, content.library


def pressed(
    project: Project,
    languages: Sequence[str] = ("en",),
    options: Options = UNCHECKED,
) -> list[Printed]:
    made, library = documents(project, options, languages)
    store = project.root / ".cache" / "pdf"
    return press(made, library, project.root / "templates" / "pdf", store)


def typeset(document: Document) -> bytes:
    return TYPESETTER.typeset(document.values, document.timestamp)


def read(
    project: Project,
    options: Options = UNCHECKED,
    languages: Sequence[str] = ("en",),
) -> list[Pdf]:
    """The PDFs, typeset in this process."""
    return [Pdf(typeset(document)) for document in documents(project, options, languages)[0]]


def said_by(pdf: Pdf) -> str:
    [document] = pdf.of("Document")
    return bare(document.words)


def faults(project: Project, languages: Sequence[str] = ("en",)) -> list[str]:
    """What pressing reports."""
    with pytest.raises(ProblemsFound) as found:
        pressed(project, languages)
    return [str(problem) for problem in found.value.problems]


def with_more_briefs(project: Project, *ids: str) -> None:
    """Copies of the brief under titles of their own, in no topic and so not related."""
    folder = project.root / "content" / "briefs"
    for id in ids:
        overlay(folder / id, folder / "first")
        project.edit(f"content/briefs/{id}/brief.yaml", "The chip race", f"The race of the {id}")
        project.edit(f"content/briefs/{id}/brief.yaml", "topics: [chips]\n", "")


# --- The address of the site ------------------------------------------------------------------

ADDRESSED = Options(pdf=False, site_url=SITE)


@pytest.mark.parametrize(("language", "root"), [("en", SITE), ("zh", f"{SITE}/zh")])
def test_with_an_address_claims_and_cover_lead_to_it(
    small: Project, language: str, root: str
) -> None:
    made, _ = documents(small, ADDRESSED, [language])
    for document, address in zip(made, [f"{root}/briefs/first/", f"{root}/briefs/"], strict=True):
        data = typeset(document)
        pdf = Pdf(data)
        claims = {f"{root}/briefs/first/#{claim}" for claim in ("builds", "cost")}
        assert {address} | claims <= set(pdf.addresses)
        assert bare(address) in pdf.bare[0]
        assert [figure.alt for figure in pdf.of("Figure") if figure.alt.endswith(f": {address}")]
        assert [found.text for found in zxingcpp.read_barcodes(next(pictures(data)))] == [address]


def test_with_an_address_other_pages_are_linked_there(small: Project) -> None:
    pdf = read(small, ADDRESSED)[0]
    assert f"{SITE}/briefs/first/evidence/" in pdf.addresses
    assert f"{SITE}/companies/tencent/" in pdf.addresses
    assert pdf.says("How to check a brief")


def test_without_an_address_there_is_none_and_no_code(small: Project) -> None:
    for document in documents(small)[0]:
        data = typeset(document)
        pdf = Pdf(data)
        assert zxingcpp.read_barcodes(next(pictures(data))) == []
        assert set(pdf.addresses) == {"https://example.org/by"}
        assert not any("http" in figure.alt for figure in pdf.of("Figure"))
        assert not pdf.says("How to check a brief")


def test_the_fingerprint_is_of_the_words_and_not_of_the_address(small: Project) -> None:
    def fingerprints(options: Options) -> list[str]:
        return [str(document.values["fingerprint"]) for document in documents(small, options)[0]]

    first = fingerprints(UNCHECKED)
    assert fingerprints(ADDRESSED) == first
    assert len(set(first)) == 2
    for mark, pdf in zip(first, read(small), strict=True):
        assert re.fullmatch("[0-9a-f]{64}", mark)
        assert mark in pdf.bare[-1]
    small.edit(SIGNAL, "Chips are dear.", "Chips are cheap.")
    assert not set(fingerprints(UNCHECKED)) & set(first)


# --- Drafts and many briefs -------------------------------------------------------------------


def test_a_draft_is_in_no_collection(small: Project) -> None:
    with_more_briefs(small, "second")
    small.edit("content/briefs/second/brief.yaml", "language: en", "language: en\nstatus: draft")
    made, _ = documents(small)
    assert [document.brief for document in made] == ["first", ""]
    assert not Pdf(typeset(made[1])).says("The race of the second")


def test_a_draft_says_that_it_is_one(small: Project) -> None:
    small.edit(BRIEF, "language: en", "language: en\nstatus: draft")
    options = Options(pdf=False, drafts=True)
    assert "Draft, not published" in read(small, options)[0].pages[0]


def test_the_collection_holds_all_briefs_with_links_between_them(small: Project) -> None:
    with_more_briefs(small, "second", "third")
    small.edit(SIGNAL, "Chips are dear.", "Chips are dearer.")
    small.edit("content/briefs/third/signal.yaml", "claims: [builds, cost]", "claims: [first#cost]")
    made, _ = documents(small)
    assert [document.brief for document in made] == ["first", "second", "third", ""]
    pdf = Pdf(typeset(made[3]))
    titles = ["The chip race", "The race of the second", "The race of the third"]
    assert [title for depth, title in pdf.outline if depth == 1][:3] == titles
    named = [link for link in pdf.of("Link") if bare(link.words) == bare(titles[0])]
    marks = [link.target for link in named if "TOC" not in link.within]
    assert marks
    assert all(n is not None and bare("Chips are dearer.") in pdf.bare[n] for n in marks)
    alone = Pdf(typeset(made[2]))
    assert alone.says("[The chip race]")
    assert set(alone.addresses) == {"https://example.org/by"}


def test_a_collection_of_too_many_holds_the_newest_and_says_so(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "COLLECTED", 2)
    with_more_briefs(small, "second", "third")
    made, _ = documents(small)
    assert [brief["id"] for brief in made[3].values["briefs"]] == ["first", "second"]
    assert Pdf(typeset(made[3])).says("2 briefs, the newest of 3")


def test_many_documents_are_the_same_as_each_alone(small: Project) -> None:
    with_more_briefs(small, "second", "third")
    made, library = documents(small, languages=["en", "zh"])
    templates, store = small.root / "templates" / "pdf", small.root / "store"
    printed = press(made, library, templates, store)
    assert [item.document for item in printed] == made
    alone = [typeset(document) for document in made]
    assert [item.file.read_bytes() for item in printed] == alone
    assert len(set(alone)) == 8
    assert [item.pages for item in printed] == [len(Pdf(pdf).pages) for pdf in alone]
    assert [item.size for item in printed] == [len(pdf) for pdf in alone]


def test_processes_are_replaced_before_they_hold_too_much(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own way, `max_tasks_per_child`, hangs (python/cpython#115634)."""
    monkeypatch.setattr("research_brief.pdf.press.BATCH", 2)
    monkeypatch.setattr("research_brief.processes.cores", lambda: 1)
    monkeypatch.setattr("research_brief.pdf.press.cores", lambda: 1)
    made, library = documents(small)
    many = [replace(made[0], timestamp=number) for number in range(7)]
    templates, store = small.root / "templates" / "pdf", small.root / "store"
    started: list[int] = []

    def work(batch: Sequence[tuple[Path, Document]]) -> list[tuple[Path, dict[str, Any], int]]:
        started.append(len(batch))
        return _work(batch)

    monkeypatch.setattr("research_brief.pdf.press._work", work)
    printed = press(many, library, templates, store)
    assert sorted(started) == [1, 2, 2, 2]
    assert len({item.file for item in printed}) == 7
    assert all(item.pages for item in printed)


# --- What is kept -----------------------------------------------------------------------------


def files(printed: Sequence[Printed]) -> list[tuple[str, int]]:
    return [(item.file.name, item.file.stat().st_mtime_ns) for item in printed]


@pytest.mark.usefixtures("at_once")
def test_what_did_not_change_is_not_typeset_again(small: Project) -> None:
    first = files(pressed(small))
    assert files(pressed(small)) == first
    store = small.root / ".cache" / "pdf"
    assert sorted(snapshot(store)) == sorted(name for name, _ in first)


ENGLISH, CHINESE, ALL, NONE = {0, 1}, {2, 3}, {0, 1, 2, 3}, set[int]()
CHANGES = [
    (SIGNAL, "Chips are dear.", "Chips are cheap.", ENGLISH),
    (SIGNAL, "quote: 郭涛……成本高昂", "quote: 郭涛……成本很高", ALL),
    ("content/entities/people.yaml", "一位专家。", "一位教师。", CHINESE),
    (BRIEF, "published: 2025-10-01", "published: 2025-10-02", ALL),
    ("templates/words/zh.yaml", "contents: 目录", "contents: 内容", CHINESE),
    ("templates/pdf/palette.json", "#a8321f", "#a8321e", ALL),
    ("templates/pdf/main.typ", "#let data", "// A remark.\n#let data", ALL),
    ("templates/theme/assets/rb.css", "--rb-seal", "--rb-other", NONE),
]


@pytest.mark.usefixtures("at_once")
def test_what_changed_and_nothing_else_is_typeset_again(small: Project) -> None:
    before = files(pressed(small, ["en", "zh"]))
    for file, old, new, changed in CHANGES:
        small.edit(file, old, new)
        after = files(pressed(small, ["en", "zh"]))
        differ = {number for number in ALL if before[number] != after[number]}
        assert differ == changed, f"{old} became {new} in {file}"
        before = after


@pytest.mark.usefixtures("at_once")
def test_another_time_or_address_is_typeset_anew(small: Project) -> None:
    before = files(pressed(small))
    for options in (Options(pdf=False, epoch=0), ADDRESSED):
        assert not set(files(pressed(small, options=options))) & set(before)


@pytest.mark.usefixtures("at_once")
def test_one_that_is_asked_for_deletes_no_other(small: Project) -> None:
    before = files(pressed(small))
    made, library = documents(small)
    store = small.root / ".cache" / "pdf"
    [item] = press(made[:1], library, small.root / "templates" / "pdf", store)
    assert files([item]) == before[:1]
    assert len(snapshot(store)) == 2


@pytest.mark.usefixtures("at_once")
def test_what_is_refused_leaves_no_file(small: Project) -> None:
    small.edit(SIGNAL, "Chips are dear.", f"Chips are {UNSEEN} dear.")
    faults(small, ["en", "zh"])
    assert len(snapshot(small.root / ".cache" / "pdf")) == 2  # the Chinese ones


def test_what_cannot_be_put_in_its_place_leaves_nothing_beside_it(small: Project) -> None:
    made, _ = documents(small)
    store = small.root / "store"
    (store / "x.pdf").mkdir(parents=True)
    files = [(store / "x.pdf", made[0].values, made[0].timestamp)]
    with pytest.raises(OSError, match=r"x\.pdf"):
        typeset_to(files, small.root / "templates" / "pdf")
    assert [path.name for path in store.iterdir()] == ["x.pdf"]


def test_the_time_is_that_of_the_last_change_or_the_one_that_is_asked_for(small: Project) -> None:
    def times(options: Options = UNCHECKED) -> set[str]:
        return {
            str(pdf.file.docinfo[key])
            for pdf in read(small, options)
            for key in ("/CreationDate", "/ModDate")
        }

    assert times() == {"D:20251001000000Z"}
    revision = "\nrevisions:\n  - {date: 2025-11-02, kind: correction, text: {en: x, zh: x}}"
    small.edit(BRIEF, "published: 2025-10-01", f"published: 2025-10-01{revision}")
    assert times() == {"D:20251102000000Z"}
    assert times(Options(pdf=False, epoch=0)) == {"D:19700101000000Z"}


@pytest.mark.parametrize("day", ["1912-02-12", "0001-01-01", "9999-12-31"])
def test_a_brief_may_be_of_any_day(small: Project, day: str) -> None:
    small.edit(BRIEF, "published: 2025-10-01", f"published: {day}")
    assert str(read(small)[0].file.docinfo.CreationDate).startswith(f"D:{day.replace('-', '')}")


# --- Where faults are -------------------------------------------------------------------------


@pytest.mark.usefixtures("at_once")
def test_a_sign_without_a_glyph_is_found_at_its_claims(small: Project) -> None:
    small.edit(SIGNAL, "Tencent builds chips.", f"Tencent builds {UNSEEN} chips.")
    small.edit(SIGNAL, "Chips are dear.", f"Chips are dear {UNSEEN}.")
    first, second = faults(small)
    assert first.startswith(f"{SIGNAL}:4:3: error: the PDF cannot be made: ")
    assert f"'{UNSEEN}'" in first
    assert first.endswith("; in brief 'first', part 'signal', claim 'builds' (en) [pdf]")
    assert second.startswith(f"{SIGNAL}:12:3: error: ")
    assert second.endswith("; in brief 'first', part 'signal', claim 'cost' (en) [pdf]")


@pytest.mark.usefixtures("at_once")
def test_a_sign_without_a_glyph_is_found_in_every_part(small: Project) -> None:
    small.edit(SIGNAL, "Tencent builds chips.", f"Tencent builds {UNSEEN} chips.")
    small.edit("content/briefs/first/matrix.yaml", "zh: 三款", f"zh: 三{UNSEEN}款")
    small.edit("content/briefs/first/matrix.yaml", "en: Three", f"en: {UNSEEN} Three")
    ends = [fault.partition("; in ")[2] for fault in faults(small, ["en", "zh"])]
    assert ends == [
        "brief 'first', part 'matrix' (en) [pdf]",
        "brief 'first', part 'matrix' (zh) [pdf]",
        "brief 'first', part 'signal', claim 'builds' (en) [pdf]",
    ]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("file", "old", "place", "where"),
    [
        (BRIEF, "The chip race", BRIEF, "in briefs/first/first.pdf (en)"),
        (SIGNAL, "The signal", SIGNAL, "in brief 'first', part 'signal' (en)"),
        (
            "content/entities/people.yaml",
            "An expert.",
            BRIEF,
            "in brief 'first', part 'names' (en)",
        ),
    ],
)
def test_a_sign_without_a_glyph_outside_of_claims_is_found(
    small: Project, file: str, old: str, place: str, where: str
) -> None:
    small.edit(file, old, f"{old} {UNSEEN}")
    for fault in faults(small):
        assert fault.startswith(f"{place}:1:1: error: the PDF cannot be made: ")
        assert fault.endswith(f"; {where} [pdf]")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("templates/words/en.yaml", "contents: Contents", f"contents: {UNSEEN}", f"'{UNSEEN}'"),
        ("templates/pdf/main.typ", "#let data", "#let data = gone\n#let data", "gone"),
        ("templates/pdf/main.typ", "#let data", "#let data = (\n#let data", "unclosed delimiter"),
    ],
)
def test_a_fault_of_the_templates_is_told_once_at_its_spot(
    small: Project, file: str, old: str, new: str, message: str
) -> None:
    small.edit(file, old, new)
    [fault] = [fault for fault in faults(small) if message in fault]
    assert re.match(r"templates/pdf/main\.typ:\d+:\d+: error: the PDF cannot be made: ", fault)
    assert "first" not in fault


@pytest.mark.usefixtures("at_once")
def test_a_fault_within_a_form_names_its_spot_and_the_claim(small: Project) -> None:
    small.edit(
        "templates/pdf/blocks.typ", "#let claim(node, go) = {", "#let claim(node, go) = {\n  gone()"
    )
    for fault in faults(small):
        assert "(at templates/pdf/blocks.typ:" in fault
        assert "claim '" in fault


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<h4>A word</h4>", "<h4> 'A word' skips a level of headings; expected <h3>"),
        (
            "<table><tbody><tr><td>x</td></tr></tbody></table>",
            "a <table> has no <thead>; its columns need headings",
        ),
        (
            '<svg viewBox="0 0 1 1"><path d="M0 0h1" fill="none"/></svg>',
            "an <svg> has no aria-label and no <title>; say what it shows",
        ),
        (
            '<svg viewBox="0 0 1 1" aria-label="x"><path d="M0 0h1"/></svg>',
            "the <path> of a drawing has no colour on paper",
        ),
        ("<aside>x</aside>", "<aside> has no form on paper; give it one in pdf/nodes.py"),
        ('<p class="rb-intro">x</p>', "intro has no form on paper; give it one in pdf/nodes.py"),
        ('<p><a href="javascript:x()">x</a></p>', "the link 'javascript:x()' leads nowhere"),
        ('<p><a href="brief:gone">x</a></p>', "the link 'brief:gone' leads nowhere"),
        ('<p><a href="#gone">x</a></p>', "the link '#gone' leads nowhere"),
    ],
)
def test_what_paper_cannot_show_is_a_fault_of_its_template(
    small: Project, monkeypatch: pytest.MonkeyPatch, html: str, message: str
) -> None:
    monkeypatch.delitem(nodes.KINDS, "aside")
    monkeypatch.setattr(nodes, "PLAIN", nodes.PLAIN - {"intro"})
    file = "templates/sections/narrative.html"
    small.edit(file, "{% block body %}", f"{{% block body %}}{html}")
    with pytest.raises(ProblemsFound) as found:
        pipeline.check(small.root)
    lines = [str(problem) for problem in found.value.problems]
    assert [line for line in lines if line.endswith("[pdf]")] == [
        f"{file}:1:1: error: {message} [pdf]"
    ]


EVERY_ELEMENT = """
<div>div</div><section>section</section><article>article</article><aside>aside</aside>
<header>header</header><footer>footer</footer><nav>nav</nav><p>paragraph</p>
<h3>third</h3><h4>fourth</h4><h5>fifth</h5><blockquote>block</blockquote><hr/>
<details><summary>summary</summary>details</details>
<figure>figure<figcaption>figcaption</figcaption></figure><pre>pre</pre>
<ul><li>bullet</li></ul><ol><li>number</li></ol><dl><dt>term</dt><dd>meaning</dd><dd>another</dd></dl>
<table><caption>caption</caption><thead><tr><th>head</th></tr></thead>
<tbody><tr><td>cell</td></tr></tbody></table>
<p><a href="#here" id="here">link</a> <span>span</span> <em>em</em> <strong>strong</strong>
<code>code</code> <cite>cite</cite> <q>quoted</q> <sup>sup</sup> <sub>sub</sub>
<small>small</small> <abbr>abbr</abbr> <dfn>dfn</dfn> <b>bold</b> <i>italic</i> <br/><wbr/>
<time>time</time></p>
<figure><svg viewBox="0 0 1 1" aria-label="drawing"><rect class="rb-fill rb-stated" width="1"
 height="1"/></svg><figcaption>drawn</figcaption></figure>
"""


def test_every_element_of_the_vocabulary_is_shown(small: Project) -> None:
    html = re.sub(">([a-z]+)", r">shown \1", EVERY_ELEMENT)
    root, _ = parse(html)
    drawn = {"desc", "g", "path", "line", "circle", "text", "tspan"}
    assert {element.tag for element in root.iter()} - {"fragment"} == set(ELEMENTS) - drawn
    small.edit("templates/sections/narrative.html", "{% block body %}", f"{{% block body %}}{html}")
    pdf = read(small)[0]
    words = {bare(words) for words in root.itertext() if words.strip()}
    assert len(words) > 40
    assert {word for word in words if word not in said_by(pdf)} == set()
    assert "drawing" in {figure.alt for figure in pdf.of("Figure")}


# --- Any content ------------------------------------------------------------------------------

BACKSLASH = "\\"
HOSTILE = [
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    "#panic()",
    "#{ let x = 1 }",
    "$x$ $ x^2 $",
    "@ref @first/builds",
    "<lbl",
    "// no comment",
    "/* no comment */",
    "= no heading",
    "== no heading",
    "- no item",
    "+ no item",
    "/ term: no",
    "\\u{AE} \\ \\# \\n",
    "~x~ -- --- ... -?",
    "#set page(width: 1pt)",
    "{number} {0} {{ 7*7 }} {% raw %} {# x #}",
    "]#[",
    '")',
    "'\"",
    "&amp; &lt; &#65; & <",
    "&copy; %s %(x)s ${x}",
    "https://example.com/#x",
]
MARKED = ["*x* _x_ __x__ `x` ```x``` #emph[x]", "`#read(1)`", "\\*x\\*"]
"""What Markdown makes something of in texts, and names keep."""


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def in_both(words: str) -> str:
    return f"{{en: {quoted(words)}, zh: {quoted(words)}}}"


def hostile_brief() -> dict[str, str]:
    """A brief with each of the texts as a title, a claim, a quotation and a name."""
    everything = " ".join([*HOSTILE, *MARKED])
    folder = "content/briefs/first"
    names = [*HOSTILE, *MARKED]
    brief = f"""
        language: en
        title: {quoted(everything)}
        summary: {in_both(" ".join(HOSTILE).replace(BACKSLASH, BACKSLASH * 2))}
        sources: [daily-2025]
        editors: [{", ".join(map(quoted, names))}]
        published: 2025-10-01
        sections: [{", ".join(f"part-{number}" for number in range(len(names)))}]
        """
    files = {f"{folder}/brief.yaml": brief}
    people = []
    for number, name in enumerate(names):
        text = in_both(
            f"Words {HOSTILE[number % len(HOSTILE)]} here".replace(BACKSLASH, BACKSLASH * 2)
        )
        files[f"{folder}/part-{number}.yaml"] = f"""
            kind: narrative
            title: {quoted(name)}
            claims:
              claim-{number}:
                text: {text}
                status: stated
                speaker: person-{number}
                evidence:
                  - paragraph: 1
                    quote: {quoted(name)}
                    attribution: {quoted(name)}
                    translation: {text}
            paragraphs:
              - text: {text}
                claims: [claim-{number}]
            """
        people.append(f"person-{number}: {{name: {in_both(name)}, summary: {text}}}")
    files["content/entities/people.yaml"] = "\n".join(people)
    return {path: textwrap.dedent(text) for path, text in files.items()}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Pdf]:
    """The PDFs of that brief."""
    project = copied(tmp_path_factory.mktemp("hostile"))
    shutil.rmtree(project.root / "content" / "briefs" / "first")
    overlay(project.root, hostile_brief())
    return read(project, Options(), ["en", "zh"])


@pytest.mark.parametrize("words", [*HOSTILE, *MARKED])
def test_names_titles_and_quotations_are_printed_as_they_stand(
    hostile: list[Pdf], words: str
) -> None:
    for pdf in hostile:
        # As title, section, editor, quotation, attribution, speaker, person.
        assert said_by(pdf).count(bare(words)) >= 7
        assert bare(words) in bare("".join(title for _, title in pdf.outline))
        assert words in str(pdf.file.docinfo.Author)
    assert words in str(hostile[0].file.docinfo.Title)


@pytest.mark.parametrize("words", HOSTILE)
def test_texts_are_printed_as_they_stand(hostile: list[Pdf], words: str) -> None:
    for sign, reference in (("&", "&amp;"), ("<", "&lt;"), ("A", "&#65;"), ("©", "&copy;")):
        words = words.replace(reference, sign)  # which Markdown knows
    for pdf in hostile:
        # As claim, paragraph, summary of a person.
        assert said_by(pdf).count(bare(f"Words {words} here")) >= 3


def test_no_text_does_anything(hostile: list[Pdf]) -> None:
    for pdf in hostile:
        assert "root:x:0" not in said_by(pdf)
        assert all(re.match("https://example.(org|com)/", link) for link in pdf.addresses)
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.file.Root.keys())
        assert {str(link.A.S) for link in pdf.links if "/A" in link} == {"/URI"}
        assert len({tuple(map(float, page.MediaBox)) for page in pdf.file.pages}) == 1


# --- On the command line ----------------------------------------------------------------------


def test_the_verb_writes_the_pdf_that_is_asked_for(project: Project) -> None:
    run = project.with_content().run("pdf", "first", "--lang", "zh", "-o", "out/one.pdf")
    assert (run.returncode, run.stderr) == (0, "")
    pdf = Pdf(project.root / "out" / "one.pdf")
    assert run.stdout == f"print   out/one.pdf, {len(pdf.pages)} pages\n"
    assert (str(pdf.file.Root.Lang), str(pdf.file.docinfo.Title)) == ("zh-CN", "芯片竞赛")
    assert list(project.site.iterdir()) == [project.site / ".gitignore"]


def test_the_verb_makes_one_of_all_briefs_in_the_main_language(project: Project) -> None:
    run = project.with_content().run_here("pdf")
    assert run.returncode == 0
    pdf = Pdf(project.root / "collection.pdf")
    assert (str(pdf.file.Root.Lang), str(pdf.file.docinfo.Title)) == ("en-GB", "Research Brief")


def test_the_verb_names_files_by_brief_and_language(project: Project) -> None:
    assert project.with_content().run_here("pdf", "first", "--lang", "en").returncode == 0
    assert (project.root / "first.en.pdf").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frist"], "there is no brief 'frist'; did you mean 'first'?"),
        (["first", "--lang", "zhh"], "there is no language 'zhh'; did you mean 'zh'?"),
    ],
)
def test_what_is_not_there_is_one_line(
    project: Project, arguments: list[str], message: str
) -> None:
    run = project.with_content().run_here("pdf", *arguments)
    assert (run.returncode, run.stdout, run.stderr) == (2, "", f"build.py: {message}\n")


def test_the_verb_makes_drafts_but_collects_none(project: Project) -> None:
    project.with_content().edit(BRIEF, "language: en", "language: en\nstatus: draft")
    assert project.run_here("pdf", "first").returncode == 0
    assert Pdf(project.root / "first.pdf").says("Draft, not published")
    run = project.run_here("pdf")
    assert (run.returncode, run.stderr) == (2, "build.py: there is no brief yet\n")


def test_the_time_may_be_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert project.with_content().run_here("pdf", "first").returncode == 0
    pdf = Pdf(project.root / "first.pdf")
    assert str(pdf.file.docinfo.CreationDate) == "D:20010909014640Z"
    assert str(pdf.file.docinfo.ModDate) == "D:20010909014640Z"


@pytest.mark.parametrize("time", ["soon", "-1", "1.5", "١٢", "999999999999"])
def test_a_time_that_is_none_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, time: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", time)
    run = project.run_here("pdf")
    said = f"build.py: SOURCE_DATE_EPOCH is '{time}'; expected seconds since 1970\n"
    assert (run.returncode, run.stdout, run.stderr) == (2, "", said)


@pytest.mark.build
def test_a_site_without_pdfs_has_no_links_to_any(project: Project) -> None:
    assert project.with_content().run_here().returncode == 0
    names = ["briefs/collection.pdf", "briefs/first/first.pdf"]
    assert [name for name in snapshot(project.site) if name.endswith(".pdf")] == [
        *names,
        *(f"zh/{name}" for name in names),
    ]
    page = (project.site / "briefs/first/index.html").read_text(encoding="utf-8")
    assert 'class="rb-download"' in page
    assert 'first.pdf"' in page

    project.edit(SIGNAL, "Chips are dear.", f"Chips are dear {UNSEEN}.")
    run = project.run_here("check")
    assert run.returncode == 1
    assert re.fullmatch(
        rf"{SIGNAL}:13:16: error: .*'{UNSEEN}' \(U\+1F600\).* \[missing-glyph\]\n", run.stdout
    )
    run = project.run_here("--no-pdf")
    assert run.returncode == 0, run.stdout + run.stderr
    pages = {name: data for name, data in snapshot(project.site).items() if name.endswith(".html")}
    assert UNSEEN.encode() in pages["briefs/first/index.html"]
    assert not [name for name in snapshot(project.site) if name.endswith(".pdf")]
    for data in pages.values():
        assert b".pdf" not in data


@pytest.mark.build
def test_a_fault_that_only_typesetting_finds_leaves_the_site_as_it_was(project: Project) -> None:
    project.with_content()
    project.edit("templates/words/en.yaml", "contents: Contents", f"contents: Contents {UNSEEN}")
    before = snapshot(project.site)
    run = project.run_here()
    assert run.returncode == 1
    faults = [line for line in run.stdout.splitlines() if line.endswith("[pdf]")]
    assert faults
    assert all(line.startswith("templates/pdf/main.typ:") for line in faults)
    assert run.stderr == f"{len(faults)} error{'s' * (len(faults) > 1)}, 0 warnings\n"
    assert snapshot(project.site) == before


def test_a_killed_process_is_told(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def pool(*_: object, **__: object) -> Executor:
        broken = ThreadPoolExecutor(1)

        def submit(*_: object) -> Future[None]:
            job: Future[None] = Future()
            job.set_exception(BrokenProcessPool("killed"))
            return job

        monkeypatch.setattr(broken, "submit", submit)
        return broken

    monkeypatch.setattr("research_brief.pdf.press.pool", pool)
    with pytest.raises(PressFailed, match="a process making PDFs was killed"):
        pressed(small)


def test_a_template_that_is_missing_is_named(small: Project) -> None:
    (small.root / "templates" / "pdf" / "main.typ").unlink()
    with pytest.raises(FileNotFoundError, match=r"main\.typ"):
        pressed(small)
