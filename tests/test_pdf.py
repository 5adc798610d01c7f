"""The PDFs say all that the pages say, to eyes and to programs that read aloud."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from pdf_reading import Pdf, bare
from projects import ROOT, Project
from web_tools import LANGUAGES, Site

from research_brief import pipeline
from research_brief.fragment import OUTSIDE, parse
from research_brief.options import Options
from research_brief.pages import Page, Part
from research_brief.rendering import render

pytestmark = [pytest.mark.build, pytest.mark.web]

CONTENT = pipeline.read(ROOT, Options())
LIBRARY = CONTENT.library
CODES = {"en": "en-GB", "zh": "zh-CN"}


@cache
def pages(language: str) -> dict[str, Page]:
    """The pages of the site by their paths."""
    made = render(LIBRARY, language, CONTENT.words, ROOT / "templates")
    return {page.path: page for page in made}


def tree(html: str) -> Element:
    root, wrong = parse(html)
    assert wrong == []
    return root


@dataclass(frozen=True)
class Printed:
    """A PDF of the site (of all briefs where `brief` is empty) beside what it is made from."""

    language: str
    brief: str
    file: Path
    pdf: Pdf

    @property
    def page(self) -> Page:
        """The page that links to it."""
        return pages(self.language)[f"briefs/{self.brief}".rstrip("/")]

    @property
    def pages(self) -> list[Page]:
        """The pages of its briefs."""
        briefs = LIBRARY.newest_briefs if not self.brief else [LIBRARY.briefs[self.brief]]
        return [pages(self.language)[f"briefs/{brief.id}"] for brief in briefs]

    @property
    def title(self) -> str:
        name = LIBRARY.settings.extra.name.best(self.language)[1]
        return self.page.title if self.brief else name

    @property
    def words(self) -> Any:
        return CONTENT.words[self.language]

    @property
    def annex(self) -> list[Part]:
        """What the PDF has and the pages have not, under headings of its own."""
        return [part for part in self.page.paper if part.id != "cover"]

    @property
    def cover(self) -> str:
        return next(part.html for part in self.page.paper if part.id == "cover")

    @property
    def root(self) -> Element:
        """All fragments of the pages."""
        return tree("".join(html for page in self.pages for html in page.fragments))


@pytest.fixture(
    scope="module",
    params=[(language, brief) for language in LANGUAGES for brief in (*LIBRARY.briefs, "")],
    ids=lambda param: f"{param[0]}-{param[1] or 'all'}",
)
def printed(request: pytest.FixtureRequest, web: Site) -> Printed:
    language, brief = request.param
    name = f"{brief}/{brief}" if brief else "collection"
    file = web.folder / LANGUAGES[language] / "briefs" / f"{name}.pdf"
    return Printed(language, brief, file, Pdf(file))


# --- All words --------------------------------------------------------------------------------

BLOCKS = set(
    """
    div section article aside header footer nav p h3 h4 h5 blockquote hr details summary figure
    figcaption pre ul ol li dl dt dd table caption thead tbody tr th td svg
    """.split()
)
LEFT_OUT = (
    "rb-actions", "rb-download", "rb-forms", "rb-maphead", "rb-elsewhere", "rb-verified", "rb-find",
)  # fmt: skip


def words_of(element: Element) -> str:
    """What a phrase says; numbers of claims stand in brackets on paper."""
    if set(LEFT_OUT) & set(element.get("class", "").split()):
        return ""
    inner = "".join(words_of(child) + (child.tail or "") for child in element)
    words = (element.text or "") + inner
    return f"[{words}]" if element.get("class") == "rb-marks" else words


def texts(element: Element) -> Iterator[str]:
    """The words of each paragraph, heading, item or cell in an element."""
    classes = set(element.get("class", "").split())
    if element.tag == "svg" or classes & set(LEFT_OUT):
        return
    loose = element.text or ""
    for child in element:
        if element.get("class") == "rb-evidence rb-supports" and child.tag == "summary":
            continue  # what supports a claim does not say so on paper
        if child.tag in BLOCKS or "rb-meta" in classes:
            yield loose
            yield from texts(child)
            loose = child.tail or ""
        else:
            loose += words_of(child) + (child.tail or "")
    yield loose


def demanded(html: str) -> list[str]:
    return [words for words in texts(tree(html)) if words.strip()]


def test_every_paragraph_of_the_pages_stands_in_the_pdf(printed: Printed) -> None:
    wanted = [printed.title, *demanded(printed.cover)]
    for page in printed.pages:
        wanted += [page.title, *demanded(page.above), *demanded(page.intro)]
    for part in (*(part for page in printed.pages for part in page.parts), *printed.annex):
        wanted += [part.heading, *demanded(part.html)]
    assert [words for words in wanted if not printed.pdf.says(words)] == []


def test_that_test_demands_all_but_what_paper_does_without(printed: Printed) -> None:
    root = printed.root
    without = [e for name in LEFT_OUT for e in root.iterfind(f".//*[@class='{name}']")]
    without += root.findall(".//details[@class='rb-evidence rb-supports']/summary")
    left_out = bare("".join(words for element in without for words in element.itertext()))
    found = bare("".join(texts(root)))
    brackets = str.maketrans("", "", "[]")  # which paper has more of, see `words_of`
    counted = Counter(found.translate(brackets)) + Counter(left_out.translate(brackets))
    assert counted == Counter(bare("".join(root.itertext())).translate(brackets))


def test_what_paper_does_without_is_left_out(printed: Printed) -> None:
    for name in {*LEFT_OUT} - {"rb-find"}:  # the source of the first brief has no address
        assert [e for e in printed.root.iter() if e.get("class") == name], name
    lines = {bare(line) for page in printed.pdf.pages for line in page.splitlines()}
    words = printed.words
    assert not {bare(words["evidence"]["supports"]), bare(words["paper"]["pdf"])} & lines
    assert not printed.pdf.says(words["brief"]["ledger"])


def test_the_first_brief_has_something_of_every_kind() -> None:
    kinds = "sentence quote translation attribution location voice original role takeaways figures"
    html = "".join(pages("en")["briefs/ai-chip-race"].fragments)
    found = {name for element in tree(html).iter() for name in element.get("class", "").split()}
    assert {f"rb-{kind}" for kind in f"{kinds} note when asof about by".split()} <= found
    assert len(demanded(html)) > 600


def test_claims_stand_in_the_order_of_the_page(printed: Printed) -> None:
    spoken = bare(printed.pdf.of("Document")[0].words)
    place = 0
    for sentence in printed.root.iterfind(".//p[@class='rb-sentence']"):
        place = spoken.index(bare(words_of(sentence)), place) + 1


def test_evidence_is_a_note_at_its_claim_each_piece_in_its_language(printed: Printed) -> None:
    claims = [
        article
        for article in printed.root.iterfind(".//article")
        if article.find(".//blockquote") is not None
    ]
    notes = printed.pdf.of("Note")
    assert len(notes) == len(claims) > 0
    for article, note in zip(claims, notes, strict=True):
        words = bare(note.words)
        chinese = [bare(run) for run in note.words_in("zh-CN")]
        english = [bare(run) for run in note.words_in("en-GB")]
        for item in article.iterfind(".//blockquote/p"):
            said = bare(words_of(item))
            assert said in words
            if item.get("class") == "rb-quote":
                assert any(said in run for run in chinese)
            elif item.get("class") == "rb-translation":
                assert any(said in run for run in english)


def test_drawings_are_figures_with_their_words(printed: Printed) -> None:
    wanted = [svg.get("aria-label", "") for svg in printed.root.iter("svg")]
    assert Counter(figure.alt for figure in printed.pdf.of("Figure")) == Counter(wanted)


def test_tables_are_tables_with_headings(printed: Printed) -> None:
    tables = list(printed.root.iter("table"))
    assert len(printed.pdf.of("Table")) == len(tables) > 0
    heads = {bare(head.words) for head in printed.pdf.of("TH")}
    cells = heads | {bare(cell.words) for cell in printed.pdf.of("TD")}
    for table in tables:
        for cell in table.iterfind("thead/tr/th"):
            assert bare(words_of(cell)) in heads
        for cell in table.iterfind("tbody/tr/*"):
            assert bare(words_of(cell)) in cells


def test_items_of_lists_are_items_of_lists(printed: Printed) -> None:
    bodies = {bare(body.words) for body in printed.pdf.of("LBody")}
    items = list(printed.root.iterfind(".//ol[@class='rb-takeaways']/li"))
    assert items
    for item in items:
        assert bare(words_of(item)) in bodies
    assert {"L", "LI", "LBody", "Lbl"} <= {element.role for element in printed.pdf.elements}


# --- The document -----------------------------------------------------------------------------


def test_the_document_says_what_it_is(printed: Printed) -> None:
    file = printed.pdf.file
    info = file.docinfo
    assert str(file.Root.Lang) == CODES[printed.language]
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    assert str(info.Title) == printed.title
    assert str(info.Subject) == (
        printed.page.description if printed.brief else printed.words["paper"]["description"]
    )
    briefs = [LIBRARY.briefs[page.path.removeprefix("briefs/")].brief for page in printed.pages]
    editors = [name for brief in briefs for name in brief.editors]
    topics = [LIBRARY.entities[id].entity.name for brief in briefs for id in brief.topics]
    for field, names in ((info.Author, editors), (info.Keywords, topics)):
        wanted = dict.fromkeys(name.best(printed.language)[1] for name in names)
        assert str(field) == ", ".join(wanted) != ""
    assert [bare(element.words) for element in printed.pdf.of("Title")] == [bare(printed.title)]
    assert bool(file.Root.MarkInfo.Marked)
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


def headings(printed: Printed) -> list[tuple[int, str]]:
    """The headings of the page and of the annex, with their levels in the PDF."""
    found = []
    for page in printed.pages:
        found += [] if printed.brief else [(1, page.title)]
        found += _headings(page.parts, 1 if printed.brief else 2)
    found += _headings(printed.annex, 1)
    return [(level, bare(words)) for level, words in found]


def _headings(parts: Iterable[Part], top: int) -> Iterator[tuple[int, str]]:
    for part in parts:
        yield top, part.heading
        for element in tree(part.html).iter():
            if element.tag in {"h3", "h4", "h5"}:
                yield top + int(element.tag[1]) - 2, words_of(element)


def test_bookmarks_are_the_headings_of_the_page_in_order(printed: Printed) -> None:
    wanted = headings(printed)
    found = [(depth, bare(words)) for depth, words in printed.pdf.outline]
    shown = max(depth for depth, _ in found)
    assert shown >= 2
    assert found == [(level, words) for level, words in wanted if level <= shown]


def test_the_structure_has_the_headings_with_their_levels(printed: Printed) -> None:
    found = [
        (int(element.role[1]), bare(element.words))
        for element in printed.pdf.elements
        if re.fullmatch("H[1-6]", element.role)
    ]
    contents = (1, bare(printed.words["paper"]["contents"]))
    assert found.count(contents) == 1
    assert [item for item in found if item != contents] == headings(printed)


def test_the_contents_list_the_headings(printed: Printed) -> None:
    listed = bare("".join(entry.words for entry in printed.pdf.of("TOC")))
    place = 0
    for level, words in headings(printed):
        if level == 1 or (not printed.brief and level == 2):
            place = listed.index(words, place) + 1


def test_every_link_within_leads_to_a_page(printed: Printed) -> None:
    links = printed.pdf.targets
    assert links
    assert max(links) < len(printed.pdf.pages)


def test_numbers_of_claims_lead_to_their_claims(printed: Printed) -> None:
    sentences = printed.root.iterfind(".//article/p[@class='rb-sentence']")
    permalinks = printed.root.iterfind(".//article//a[@class='rb-number']")
    claims: dict[str, list[str]] = {}  # by number, which several briefs may have
    for permalink, sentence in zip(permalinks, sentences, strict=True):
        claims.setdefault(words_of(permalink), []).append(bare(words_of(sentence)))
    assert claims
    links = [
        link
        for link in printed.pdf.of("Link")
        if link.words.strip() in claims and not {"Lbl", "Note", "TOC"} & set(link.within)
    ]
    marks = list(printed.root.iterfind(".//sup[@class='rb-marks']/a"))
    assert Counter(link.words.strip() for link in links) == Counter(
        "".join(mark.itertext()) for mark in marks
    )
    for link in links:
        assert link.target is not None
        page = printed.pdf.bare[link.target]
        assert any(sentence[:12] in page for sentence in claims[link.words.strip()])


def outside(printed: Printed) -> set[str]:
    """The addresses that the fragments link to."""
    trees = [printed.root, tree(printed.cover), *(tree(part.html) for part in printed.annex)]
    links = (link.get("href", "") for root in trees for link in root.iter("a"))
    return {link for link in links if link.startswith(OUTSIDE)}


def test_without_an_address_of_the_site_links_lead_to_it_nowhere(printed: Printed) -> None:
    assert set(printed.pdf.addresses) == outside(printed) != set()


def test_fonts_are_in_the_file_and_only_what_is_used_of_them(printed: Printed) -> None:
    fonts: list[Any] = [
        item
        for item in printed.pdf.file.objects
        if isinstance(item, type(printed.pdf.file.Root)) and item.get("/Type") == "/FontDescriptor"
    ]
    assert len(fonts) >= 3
    for font in fonts:
        assert {"/FontFile2", "/FontFile3"} & set(font.keys())
        assert re.match(r"/[A-Z]{6}\+", str(font.FontName))
    kinds = {
        str(item.Subtype)
        for item in printed.pdf.file.objects
        if isinstance(item, type(printed.pdf.file.Root)) and item.get("/Type") == "/Font"
    }
    assert kinds <= {"/Type0", "/CIDFontType0", "/CIDFontType2"}


# --- What the pages say of it -----------------------------------------------------------------


def download(page: str) -> tuple[str, str]:
    """Where the link to a PDF leads, and what stands beside it."""
    link = re.search(
        r'<p class="rb-download">\s*<a href="([^"]+)">[^<]+</a>\s*<span class="rb-count">([^<]+)<',
        page,
    )
    assert link
    return link[1], link[2]


def test_links_to_the_pdf_say_truly_what_it_is(printed: Printed, web: Site) -> None:
    page = web.file(printed.page.path, printed.language)
    target, said = download(page.read_text(encoding="utf-8"))
    assert (page.parent / target).resolve() == printed.file.resolve()
    pages, size = re.findall(r"\d[\d,]*", said)
    assert int(pages) == len(printed.pdf.pages)
    assert int(size.replace(",", "")) == round(printed.file.stat().st_size / 1000)


def test_there_are_no_other_pdfs(web: Site) -> None:
    found = {path.relative_to(web.folder).as_posix() for path in web.folder.rglob("*.pdf")}
    names = ["collection", *(f"{brief}/{brief}" for brief in LIBRARY.briefs)]
    assert found == {f"{root}briefs/{name}.pdf" for root in LANGUAGES.values() for name in names}


def test_folder_time_zone_language_and_hashes_make_no_difference(
    web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Project.copied_to(tmp_path / "另一个 folder").with_content(ROOT / "content")
    surroundings = {
        "TZ": "Asia/Shanghai",
        "LANG": "zh_CN.GB18030",
        "LC_ALL": "C",
        "HOME": "/nowhere",
    }
    for name, value in {**surroundings, "PYTHONHASHSEED": "1"}.items():
        monkeypatch.setenv(name, value)
    for language, brief in (("zh", "ai-chip-race"), ("en", "")):
        arguments = [*([brief] if brief else []), "--lang", language, "-o", "other.pdf"]
        run = other.run("pdf", *arguments)
        assert run.returncode == 0, run.stderr
        name = f"{brief}/{brief}.pdf" if brief else "collection.pdf"
        file = web.folder / LANGUAGES[language] / "briefs" / name
        assert (other.root / "other.pdf").read_bytes() == file.read_bytes()
