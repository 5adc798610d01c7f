"""What helps in reading: terms, reading time, translations, related briefs, pictures for links."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from projects import BASE, ROOT, Project, in_this_process, overlay

from research_brief import pipeline, reading
from research_brief.figures import Relations, reading_length
from research_brief.library import Library
from research_brief.options import Options
from research_brief.pages import Page
from research_brief.pdf.cards import cards
from research_brief.pdf.documents import Document, Maker
from research_brief.pdf.press import Printed, press
from research_brief.problems import ProblemsFound
from research_brief.staging import staged

BRIEF = "content/briefs/first/brief.yaml"
SIGNAL = "content/briefs/first/signal.yaml"
SITE = "https://briefs.example.org/desk"
LANGUAGES = ("en", "zh")


def text(path: str) -> str:
    return (BASE / path).read_text(encoding="utf-8")


def read(root: Path, *trees: Mapping[str, str], site: str | None = None) -> reading.Content:
    """The small base with this project's templates and the trees laid over it."""
    overlay(root, BASE)
    overlay(root / "templates", ROOT / "templates")
    return reading.read(overlay(root, *trees), Options(pdf=False, site_url=site))


def pages(root: Path, *trees: Mapping[str, str]) -> dict[str, list[Page]]:
    return pipeline.render(root, read(root, *trees))


def brief_of(found: Iterable[Page]) -> Page:
    return next(page for page in found if page.kind == "brief")


# --- Reading time -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "han", "others"),  # counted by hand
    [
        ("", 0, 0),
        ("They build chips of their own.", 0, 6),
        ("It doesn’t; RISC-V, and 8.08% of 1,000.5 (or so)!", 0, 9),
        ("on 12 September 2025, 3–5 years — at 08:11", 0, 9),
        ("腾讯自研芯片。", 6, 0),
        ("芯片P800与RISC-V架构，涨8.08%", 6, 3),  # 芯片与架构涨
        ("2025年9月12日", 3, 3),
        ("“两个”（全角）：《书名》、……！？", 6, 0),
        ("二〇二五年", 5, 0),
        ("𠮷野家 㐂 豈", 5, 0),  # beyond the basic block: extensions and compatibility
        ("ＡＩ芯片，１２家", 3, 2),  # full-width letters and digits are words too
        ("AI-芯片,腾讯’s", 4, 2),  # a sign does not tie a word to Han characters
    ],
)
def test_reading_length_is_what_one_counts_by_hand(words: str, han: int, others: int) -> None:
    assert reading_length(words) == (han, others)


def test_reading_time_is_told_in_the_kicker_and_grows_with_the_text(tmp_path: Path) -> None:
    # 700 Han characters take two minutes, 714 words three; what is there besides takes a few words.
    long = {"en": " ".join(["chip"] * 714), "zh": "芯" * 690}
    changed = text(BRIEF).replace("They build.", long["en"]).replace("他们在造芯。", long["zh"])
    found = pages(tmp_path, {BRIEF: changed})
    assert "4 min read" in brief_of(found["en"]).above
    assert "约3分钟读完" in brief_of(found["zh"]).above


# --- Terms ------------------------------------------------------------------------------------

TERMS = {
    "content/entities/terms.yaml": """
foundry:
  name: {en: Foundry, zh: 代工厂}
  summary: {en: "Makes [[wafer|wafers]] into chips.", zh: 代工。}
wafer: {name: {en: Wafer, zh: 晶圆}, summary: {en: "A disc of silicon & more."}}
unused: {name: {en: Unused, zh: 没用到}, summary: {en: Nobody names it., zh: 没人提到。}}
""",
    BRIEF: text(BRIEF).replace("They build.", '"They build with a [[foundry|foundry]]."'),
    SIGNAL: text(SIGNAL)
    .replace("It began in autumn.", '"A [[foundry]] began, with [[wafer|wafers]] and [[tencent]]."')
    .replace("about: [tencent]", "about: [tencent, foundry, wafer]"),
}


def test_a_term_is_told_where_it_is_used_first_and_nowhere_else(tmp_path: Path) -> None:
    content = read(tmp_path, TERMS)
    made = staged(pipeline.render(tmp_path, content)["en"], content.library)[
        "briefs/first/index.md"
    ]
    marked = re.findall(r'<a [^>]*aria-describedby="term:(\w+)"[^>]*>([^<]*)</a>', made)
    assert marked == [("foundry", "foundry"), ("wafer", "wafers")]
    assert made.count('class="rb-term"') == 2
    assert (
        made.count("Makes wafers into chips.") == made.count("A disc of silicon &amp; more.") == 1
    )
    assert "Nobody names it." not in made
    assert made.index("They build with a <a") < made.index("Makes wafers into chips.")
    # With no script each is a plain link to the page of its term.
    [link] = re.findall(r'<a [^>]*term:foundry"[^>]*>', made)
    assert 'href="../../terms/foundry/"' in link


def test_a_definition_in_another_language_says_so(tmp_path: Path) -> None:
    made = brief_of(pages(tmp_path, TERMS)["zh"]).definitions
    assert '<p id="term:wafer" lang="en">A disc' in made
    assert '<p id="term:foundry">代工。</p>' in made


def test_a_first_use_is_not_sought_in_closed_evidence(tmp_path: Path) -> None:
    changed = text(SIGNAL).replace(
        "Tencent develops its own chips", '"Tencent’s own [[wafer|wafers]]"'
    )
    terms = {**TERMS, BRIEF: text(BRIEF), SIGNAL: changed}
    page = brief_of(pages(tmp_path, terms)["en"])
    assert "entity:wafer" in "".join(page.fragments)
    assert page.definitions == ""


def test_other_pages_define_nothing(tmp_path: Path) -> None:
    found = pages(tmp_path, TERMS)["en"]
    assert {page.kind for page in found if page.definitions} == {"brief"}


# --- Translations -----------------------------------------------------------------------------


def prevailing(root: Path, *trees: Mapping[str, str]) -> dict[str, str]:
    """What each language says of translations, in the part on sources."""
    found = {}
    for language, its_pages in pages(root, *trees).items():
        [part] = [part for part in brief_of(its_pages).parts if part.id == "sources"]
        said = re.findall(r'<p class="rb-note">(.*?)</p>', part.html, re.DOTALL)
        found[language] = " ".join(re.sub("<[^>]*>", "", " ".join(said)).split())
    return found


def test_a_translation_nobody_reviewed_says_so(tmp_path: Path) -> None:
    assert prevailing(tmp_path) == {
        "en": "Translations of quotations are ours; the original wording prevails. "
        "The translations have not yet been reviewed.",
        "zh": "此处引文均为原文；其他语言版本中的译文如有出入，以原文为准。译文尚未经过审校。",
    }


def test_translators_and_reviewers_are_named(tmp_path: Path) -> None:
    people = "translators: [{en: Li Lan, zh: 李兰}]\nreviewers: [{en: Wu, zh: 吴}, A. Smith]\n"
    said = prevailing(tmp_path, {BRIEF: text(BRIEF) + people})
    assert said["en"].endswith("Translation: Li Lan. Translations reviewed by Wu, A. Smith.")
    assert said["zh"].endswith("翻译：李兰。译文审校：吴、A. Smith。")


def test_a_brief_without_translations_says_nothing_of_them(tmp_path: Path) -> None:
    bare = re.sub(r"\n +translation: .*", "", text(SIGNAL))
    matrix = "content/briefs/first/matrix.yaml"
    others = re.sub(r"\n +translation: .*", "", text(matrix))
    assert prevailing(tmp_path, {SIGNAL: bare, matrix: others}) == {"en": "", "zh": ""}


def test_the_line_on_translations_is_on_paper_too(tmp_path: Path) -> None:
    content = read(tmp_path)
    for language, its_pages in pipeline.render(tmp_path, content).items():
        maker = Maker(content.library, language, content.words, its_pages, tmp_path / "templates")
        said = str(maker.brief(content.library.briefs["first"]).values)
        assert {"en": "the original wording prevails", "zh": "以原文为准"}[language] in said
        assert maker.problems == []


# --- Related briefs ---------------------------------------------------------------------------


def test_related_briefs_say_what_they_have_in_common(tmp_path: Path) -> None:
    second = {
        name.replace("/first/", "/second/"): text(name)
        for name in (BRIEF, SIGNAL, "content/briefs/first/matrix.yaml")
    }
    second["content/briefs/second/brief.yaml"] = text(BRIEF).replace("The chip race", "Another")
    content = read(tmp_path, second)
    relations = Relations(content.library)
    first = content.library.briefs["first"]
    [(id, shared)] = relations.related(first).items()
    assert (id, shared[0]) == ("second", "chips")  # a topic comes first
    assert "tencent" in shared
    page = next(p for p in pipeline.render(tmp_path, content)["en"] if p.path == "briefs/first")
    [related] = [part.html for part in page.parts if part.id == "related"]
    assert 'In common: <a href="entity:chips">' in related
    assert 'href="entity:tencent"' in related


# --- Pictures for links -----------------------------------------------------------------------

LONG = {
    "en": ("A title of two hundred characters about chips and what is made of them, " * 4)[:200],
    "zh": ("这是一个二百字的标题用来看卡片上的文字会不会溢出边缘" * 9)[:200],
}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research_brief.pdf.press.pool", in_this_process)


def pictured(root: Path, *trees: Mapping[str, str]) -> tuple[list[Document], Library]:
    content = read(root, *trees, site=SITE)
    found = [
        card
        for language, its_pages in pipeline.render(root, content).items()
        for card in cards(content.library, language, content.words, its_pages)
    ]
    return found, content.library


def drawn(documents: list[Document], library: Library, root: Path) -> list[Printed]:
    return press(documents, library, root / "templates/pdf", root / ".cache/pdf")


@pytest.mark.usefixtures("at_once")
def test_every_brief_and_language_has_a_picture_and_the_same_bytes_again(tmp_path: Path) -> None:
    documents, library = pictured(tmp_path)
    made = drawn(documents, library, tmp_path)
    assert [item.document.path for item in made] == ["card.png", "briefs/first/first.png"] * 2
    before = [item.file.read_bytes() for item in made]
    assert len(set(before)) == 4
    for data in before:
        picture = Image.open(io.BytesIO(data))
        assert (picture.size, picture.format) == ((1200, 630), "PNG")

    # What did not change is not drawn again, and what is drawn again is the same.
    times = [item.file.stat().st_mtime_ns for item in made]
    assert [i.file.stat().st_mtime_ns for i in drawn(documents, library, tmp_path)] == times
    for item in made:
        item.file.unlink()
    assert [item.file.read_bytes() for item in drawn(documents, library, tmp_path)] == before

    retitled = replace(documents[1], values={**documents[1].values, "title": "Another"})
    anew = drawn([documents[0], retitled], library, tmp_path)
    assert anew[0].file == made[0].file
    assert anew[1].file.read_bytes() != before[1]


@pytest.mark.usefixtures("at_once")
def test_nothing_on_a_picture_runs_over_its_edges(tmp_path: Path) -> None:
    """With titles of 200 characters, a word that no line can hold, and a topic without end."""
    documents, library = pictured(tmp_path)
    cases = [
        replace(document, values={**document.values, **changed})
        for document in documents
        if document.brief
        for changed in (
            {"title": LONG[document.language]},
            {"title": LONG["zh" if document.language == "en" else "en"]},
            {"title": "W" * 39 + "\u200b" + "W" * 39},
            {"kicker": [LONG[document.language]] * 3},
        )
    ]
    for item in drawn(cases, library, tmp_path):
        picture = Image.open(item.file).convert("L")
        # Ink keeps out of the margins, and out of the strip between the title and the lower rule.
        for margin in (
            (0, 0, 80, 630),
            (1120, 0, 1200, 630),
            (0, 0, 1200, 64),
            (0, 590, 1200, 630),
        ):
            assert picture.crop(margin).getextrema()[0] == 255, (item.document.values, margin)
        rule = next(y for y in range(559, 400, -1) if _is_rule(picture, y))
        above = picture.crop((84, rule - 24, 1116, rule - 3))
        assert above.getextrema()[0] == 255, item.document.values


def _is_rule(picture: Image.Image, y: int) -> bool:
    """Whether a row of a grey picture is of one tone, and not of the paper's."""
    tones = set(picture.crop((84, y, 1110, y + 1)).tobytes())
    return len(tones) == 1 and tones != {255}


@pytest.mark.usefixtures("at_once")
def test_a_picture_that_cannot_be_drawn_is_a_fault_of_its_template(tmp_path: Path) -> None:
    documents, library = pictured(tmp_path)
    card = tmp_path / "templates/pdf/card.typ"
    card.write_text(card.read_text(encoding="utf-8").replace("data.date\n}", "data.dates\n}"))
    with pytest.raises(ProblemsFound) as found:
        drawn(documents[1:2], library, tmp_path)
    [problem] = found.value.problems
    assert problem.place.file == "templates/pdf/card.typ"
    assert problem.message.startswith(
        "briefs/first/first.png cannot be drawn (en): dictionary does not contain"
    )


@pytest.mark.build
def test_shared_addresses_show_the_picture_of_their_page(project: Project) -> None:
    project.with_content()
    run = project.run_here("--site-url", SITE)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "4 pictures" in run.stdout
    for folder, title in (("", "The chip race"), ("zh/", "芯片竞赛")):
        for path, card, said in (
            ("briefs/first/", "briefs/first/first.png", title),
            ("method/", "card.png", {"": "Research Brief", "zh/": "研究简报"}[folder]),
        ):
            page = (project.site / folder / path / "index.html").read_text(encoding="utf-8")
            found = dict(re.findall(r'<meta (?:property|name)="([a-z:]+)" content="([^"]*)"', page))
            assert found["og:image"] == f"{SITE}/{folder}{card}"
            assert (project.site / folder / card).is_file()
            assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
            assert found["og:image:alt"] == said
            assert found["twitter:card"] == "summary_large_image"

    # Without PDFs there are none, and without an address of the site nobody could ask for them.
    for options in (["--no-pdf", "--site-url", SITE], []):
        run = project.run_here(*options)
        assert run.returncode == 0, run.stdout + run.stderr
        assert [p for p in project.site.rglob("*.png") if p.parent.name != "images"] == []
        page = (project.site / "briefs/first/index.html").read_text(encoding="utf-8")
        assert "og:image" not in page
        assert "twitter:card" not in page
