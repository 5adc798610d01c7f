"""The PDFs of the built site keep PDF/UA-1 and PDF/A-2a, and the judge of that is not asleep."""

from importlib.resources import as_file, files
from pathlib import Path

import pikepdf
import pytest
import typst
from pdf_audit import NotChecked, Report, audit
from pikepdf import Dictionary, Name, Pdf
from projects import Project
from web_tools import Site

pytestmark = pytest.mark.web

SAMPLE = """
#set document(title: "Sample 样本")
#set text(lang: "en", font: "Noto Serif SC")
= Heading
Words#footnote[A note.] with #link("https://example.org/")[a link].
#text(lang: "zh")[中文，样本。]
== Second heading
#figure(
  image(
    bytes("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9'/></svg>"),
    format: "svg",
    alt: "A triangle",
  ),
  caption: [A figure],
)
#table(columns: 2, table.header[Word][词], [sample], [样本])
- One
- Two
"""


@pytest.mark.build
def test_the_pdfs_of_the_site_keep_the_rules(web: Site, project: Project) -> None:
    # All content in each language: once in a brief of its own, once among all. What differs
    # between the two is in small ones as well, because every page costs the judge its time.
    found = [
        web.folder / "briefs" / "ai-chip-race" / "ai-chip-race.pdf",
        web.folder / "zh" / "briefs" / "collection.pdf",
    ]
    project.with_content()
    for number, arguments in enumerate([["first", "--lang", "zh"], ["--lang", "en"]]):
        found.append(project.root / f"small-{number}.pdf")
        assert project.run_here("pdf", *arguments, "-o", found[-1].name).returncode == 0
    reports = audit(found)
    assert {key: report.failures for key, report in reports.items() if report.failures} == {}
    assert {key: report.checks for key, report in reports.items() if report.checks <= 1000} == {}


def typeset(folder: Path, name: str, *, marked: bool = True) -> Path:
    """A sample in `folder`; one that is not marked claims to keep no standard."""
    source = folder / "sample.typ"
    source.write_text(SAMPLE, encoding="utf-8")
    with as_file(files("pylopdf_fonts_zh_cn")) as fonts:
        typst.compile(
            source,
            output=folder / name,
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"] if marked else [],
        )
    return folder / name


def dictionaries(pdf: Pdf, key: str, value: str = "") -> list[Dictionary]:
    """All dictionaries that hold a key, with this value if there is one; there must be some."""
    found = [item for item in pdf.objects if isinstance(item, Dictionary) and key in item]
    found = [item for item in found if value in ("", item[key])]
    assert found
    return found


def no_structure(pdf: Pdf) -> None:
    del pdf.Root.StructTreeRoot


def no_language(pdf: Pdf) -> None:
    del pdf.Root.Lang


def no_title(pdf: Pdf) -> None:
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


def no_words_for_figures(pdf: Pdf) -> None:
    for figure in dictionaries(pdf, "/S", "/Figure"):
        del figure.Alt


def no_words_for_links(pdf: Pdf) -> None:
    for link in pdf.pages[0].Annots:
        del link.Contents


def no_id_of_notes(pdf: Pdf) -> None:
    for note in dictionaries(pdf, "/S", "/Note"):
        del note.ID


def heading_skipped(pdf: Pdf) -> None:
    for heading in dictionaries(pdf, "/S", "/H2"):
        heading.S = Name.H3


def no_fonts(pdf: Pdf) -> None:
    for font in dictionaries(pdf, "/FontFile3"):
        del font.FontFile3


def script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def nothing(_: Pdf) -> None:
    pass


CHANGES = (
    no_structure,
    no_language,
    no_title,
    no_words_for_figures,
    no_words_for_links,
    no_id_of_notes,
    heading_skipped,
    no_fonts,
    script,
    nothing,
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Report]:
    """What is found in the sample, by the change that was made to it and the flavour."""
    folder = tmp_path_factory.mktemp("样本")
    sample = typeset(folder, "sample.pdf")
    typeset(folder, "unmarked.pdf", marked=False)
    for change in CHANGES:
        with pikepdf.open(sample) as pdf:
            change(pdf)
            pdf.save(folder / f"{change.__name__}.pdf")
    found = audit(sorted(folder.glob("*.pdf")))
    return {(file.stem, flavour): report for (file, flavour), report in found.items()}


@pytest.mark.parametrize("flavour", ["ua1", "2a"])
@pytest.mark.parametrize("name", ["sample", "nothing"])
def test_a_sample_without_faults_passes(
    reports: dict[tuple[str, str], Report], name: str, flavour: str
) -> None:
    assert reports[name, flavour].failures == ()
    assert reports[name, flavour].checks > 500


@pytest.mark.parametrize(
    ("name", "flavour", "rule"),
    [
        ("unmarked", "ua1", "5-1"),
        ("unmarked", "2a", "6.6.4-1"),
        ("no_structure", "ua1", "7.1-11"),
        ("no_structure", "2a", "6.7.3.3-1"),
        ("no_language", "ua1", "7.2-34"),
        ("no_title", "ua1", "7.1-9"),
        ("no_words_for_figures", "ua1", "7.3-1"),
        ("no_words_for_links", "ua1", "7.18.5-2"),
        ("no_id_of_notes", "ua1", "7.9-1"),
        ("heading_skipped", "ua1", "7.4.2-1"),
        ("no_fonts", "ua1", "7.21.4.1-1"),
        ("no_fonts", "2a", "6.2.11.4.1-1"),
        ("script", "2a", "6.5.1-1"),
    ],
)
def test_a_fault_is_found_by_its_rule(
    reports: dict[tuple[str, str], Report], name: str, flavour: str, rule: str
) -> None:
    assert rule in [failure.split()[0] for failure in reports[name, flavour].failures]


def test_a_failure_says_what_was_found_where_and_how_often(
    reports: dict[tuple[str, str], Report],
) -> None:
    (failure,) = reports["no_words_for_figures", "ua1"].failures
    assert failure.startswith("7.3-1 of ISO 14289-1:2014, 1×, first at root/document[0]/")
    assert "SEFigure Figure): Figure structure element neither has an alternate desc" in failure
    assert "; expected: Figure tags shall include an alternative representation" in failure


def test_what_cannot_be_checked_is_no_pass(tmp_path: Path) -> None:
    sample = typeset(tmp_path, "sample.pdf")
    broken = {
        "empty.pdf": b"",
        "page.pdf": b"<!doctype html><title>No PDF</title>",
        "half.pdf": sample.read_bytes()[: sample.stat().st_size // 2],
    }
    for name, contents in broken.items():
        (tmp_path / name).write_bytes(contents)
    with pikepdf.open(sample) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="us", owner="us"))
        page = pdf.pages[0].Contents
        page.write(page.read_raw_bytes()[:-200], filter=Name.FlateDecode)
        pdf.save(tmp_path / "cut.pdf")
    paths = [tmp_path / name for name in [*broken, "locked.pdf", "cut.pdf", "missing.pdf"]]
    with pytest.raises(NotChecked) as error:
        audit([sample, *paths])
    assert [path.name for path in paths if f"{path}: " not in str(error.value)] == []
    assert "sample.pdf" not in str(error.value)


def test_an_unknown_flavour_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(NotChecked, match="not supported"):
        audit([typeset(tmp_path, "sample.pdf")], ["ua9"])
