"""Fragments become data for paper: nothing is lost, nothing means something else there."""

import json
import re
from typing import Any

import pytest
from projects import ROOT

from research_brief.fragment import CLASSES, ELEMENTS, parse
from research_brief.pdf import Node, nodes
from research_brief.pdf.documents import PALETTE, REGIONS
from research_brief.pdf.nodes import ELSEWHERE, KINDS, OMITTED, PLAIN, STYLED, Link, Walker

FORMS = {path.name: path.read_text("utf-8") for path in (ROOT / "templates/pdf").glob("*.typ")}
COLOURS = json.loads((ROOT / "templates" / PALETTE).read_text(encoding="utf-8"))
WITHIN_DRAWINGS = {"desc", "g", "path", "line", "rect", "circle", "text", "tspan"}


def link(href: str) -> Link:
    if href.startswith("page:"):
        return {}  # as where the address of the site is not known
    return {"to": f"first/{href[1:]}"} if href.startswith("#") else {"url": href}


def walked(html: str) -> tuple[list[Any], list[str]]:
    """The nodes of a fragment, and the faults."""
    root, wrong = parse(html)
    assert wrong == []
    walker = Walker(
        REGIONS | {"zh-Hans": ("zh", "CN")},
        COLOURS,
        link=link,
        label=lambda id: f"first/{id}",
        permalink=lambda id: f"https://example.org/#{id}",
    )
    return walker.blocks(root), walker.faults


def nodes_of(html: str) -> list[Any]:
    found, faults = walked(html)
    assert faults == []
    return found


def one(html: str) -> Any:
    [node] = nodes_of(html)
    return node


def faults_of(html: str) -> list[str]:
    return walked(html)[1]


def said(node: Node | list[Node]) -> str:
    """All that is said in nodes, in order."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(map(said, node))
    if node["e"] == "claim":
        return said([node["number"], *node["c"], *node["meta"], *node["notes"]])
    if node["e"] == "table":
        cells = [cell for row in node["head"] + node["rows"] for cell in row]
        return "".join(said(cell["c"]) for cell in cells)
    return said(node.get("term", [])) + str(node.get("text", "")) + said(node.get("c", []))


# --- The vocabulary ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_has_one_meaning_on_paper(name: str) -> None:
    bare = name.removeprefix("rb-")
    assert [bare in group for group in (STYLED, PLAIN, OMITTED, ELSEWHERE)].count(True) == 1


def test_no_other_class_has_a_meaning_on_paper() -> None:
    assert {f"rb-{name}" for name in STYLED | PLAIN | OMITTED | ELSEWHERE} == CLASSES


FORMED = {name for text in FORMS.values() for name in re.findall(r'has\(\w+, "([a-z]+)"\)', text)}
FORMED |= {
    name
    for text in FORMS.values()
    for names in re.findall(r"\brole in \(([^)]+)\)|status-names = \(([^)]+)\)", text)
    for name in re.findall(r'"([a-z]+)"', "".join(names))
}
"""The classes that the templates of paper ask for."""


@pytest.mark.parametrize("name", sorted(STYLED))
def test_every_form_of_a_class_is_there(name: str) -> None:
    code = (ROOT / "research_brief/pdf/nodes.py").read_text(encoding="utf-8")
    assert name in FORMED or re.search(f'"(rb-)?{name}" in ', code), f"rb-{name} has no form"


@pytest.mark.parametrize("name", sorted(FORMED))
def test_every_class_that_the_templates_ask_for_reaches_them(name: str) -> None:
    assert name in STYLED


def test_every_element_has_a_form() -> None:
    assert set(KINDS) == set(ELEMENTS) - WITHIN_DRAWINGS


def test_every_kind_of_node_is_known_to_the_templates() -> None:
    known = set(
        re.findall(r"^  ([a-z]+):", FORMS["phrases.typ"] + FORMS["blocks.typ"], re.MULTILINE)
    )
    known |= {"table", "heading"}  # which tables.typ and nodes.typ set
    inner = {"item", "term", "definition", "row", "rows", "cell"}  # which those around them set
    assert set(KINDS.values()) - inner <= known


@pytest.mark.parametrize("name", sorted(set(ELEMENTS) - WITHIN_DRAWINGS - {"svg", "hr"}))
def test_what_an_element_says_is_kept(name: str) -> None:
    around = {
        "li": "<ul>{}</ul>",
        "dt": "<dl>{}</dl>",
        "dd": "<dl><dt>x</dt>{}</dl>",
        "caption": "<table>{}<thead><tr><th>x</th></tr></thead></table>",
        "thead": "<table>{}</table>",
        "tbody": "<table><thead><tr><th>x</th></tr></thead>{}</table>",
        "tr": "<table><thead>{}</thead></table>",
        "th": "<table><thead><tr>{}</tr></thead></table>",
        "td": "<table><thead><tr>{}</tr></thead></table>",
        "h4": "<h3>x</h3>{}",
        "h5": "<h3>x</h3><h4>x</h4>{}",
    }.get(name, "{}")
    within = {
        "ul": "<li>words</li>",
        "ol": "<li>words</li>",
        "dl": "<dt>words</dt>",
        "table": "<thead><tr><th>words</th></tr></thead>",
        "thead": "<tr><th>words</th></tr>",
        "tbody": "<tr><td>words</td></tr>",
        "tr": "<td>words</td>",
        "br": "",
        "wbr": "",
    }.get(name, "words")
    html = around.replace("{}", f"<{name}>{within}</{name}>" + ("" if within else "words"))
    assert "words" in said(nodes_of(html))


# --- Phrases and blocks -----------------------------------------------------------------------


def test_a_text_is_a_text() -> None:
    assert nodes_of("x &lt;b&gt; #read(1)") == ["x <b> #read(1)"]


def test_classes_that_mean_something_are_named_and_others_are_not() -> None:
    assert one('<p class="rb-kicker rb-intro">x</p>') == {"e": "p", "r": ["kicker"], "c": ["x"]}
    assert one('<p class="rb-intro">x</p>') == {"e": "p", "c": ["x"]}


def test_line_ends_of_templates_are_spaces() -> None:
    assert one("<p>\n  one\n  <em>two</em>\n</p>") == {
        "e": "p",
        "c": ["one ", {"e": "em", "c": ["two"]}],
    }


def test_a_space_that_does_not_break_is_kept() -> None:
    assert one("<p>3\u00a0nm\u3000x</p>")["c"] == ["3\u00a0nm\u3000x"]


def test_loose_phrases_beside_blocks_are_paragraphs() -> None:
    [group] = nodes_of("<div> one <em>two</em><p>three</p> <p>four</p> five </div>")
    assert [said(block) for block in group["c"]] == ["one two", "three", "four", "five"]
    assert {block["e"] for block in group["c"]} == {"p"}


def test_what_is_empty_is_left_out_unless_something_leads_to_it() -> None:
    assert nodes_of("<p> </p><div></div>") == []
    assert one('<span id="old"></span>') == {"e": "span", "id": "first/old", "c": []}
    assert [node["e"] for node in nodes_of("<hr/><p>x<br/></p>")] == ["rule", "p"]


def test_code_is_kept_letter_by_letter() -> None:
    assert one("<pre><code>a:\n  b:  c\n</code></pre>") == {"e": "pre", "text": "a:\n  b:  c\n"}
    assert one("<p><code>x  #y</code></p>")["c"] == [{"e": "code", "text": "x  #y"}]


def test_links_lead_where_they_are_told_to() -> None:
    [node] = one('<p><a href="#builds">x</a></p>')["c"]
    assert node == {"e": "link", "to": "first/builds", "c": ["x"]}


def test_what_is_omitted_is_left_out_whole() -> None:
    assert nodes_of('<p class="rb-download"><a href="file:x.pdf">PDF</a></p>') == []
    assert said(nodes_of('<p>one<span class="rb-maphead">two</span> three</p>')) == "one three"


def test_links_to_other_pages_are_left_out_where_they_lead_nowhere() -> None:
    html = '<p class="rb-elsewhere">See <a href="{}">x</a> · <a href="https://x.org">y</a></p>'
    assert said(nodes_of(html.format("#x"))) == "See x · y"
    assert nodes_of(html.format("page:method")) == []


@pytest.mark.parametrize(
    ("code", "language", "region"),
    [
        ("zh-Hans", "zh", "CN"),
        ("zh-Hant", "zh", "TW"),
        ("zh", "zh", "CN"),
        ("en", "en", "GB"),
        ("ja", "ja", None),
        ("pt-BR", "pt", "BR"),
        ("zh-TW", "zh", "TW"),
        ("DE", "und", None),
        ("und", "und", None),
        ("x-klingon", "und", None),
        ("klingon", "und", None),
    ],
)
def test_languages_are_those_that_typst_knows(code: str, language: str, region: str | None) -> None:
    node = one(f'<p lang="{code}">x</p>')
    assert (node["lang"], node["region"]) == (language, region)


# --- Headings, lists, terms, tables -----------------------------------------------------------


def test_headings_have_the_levels_below_that_of_their_part() -> None:
    found = nodes_of("<h3>a</h3><h4>b</h4><h5>c</h5><h3>d</h3><h4>e</h4>")
    assert [node["level"] for node in found] == [2, 3, 4, 2, 3]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h4>The  <em>word</em></h4>", "<h4> 'The word' skips a level of headings; expected <h3>"),
        ("<h3>a</h3><h5>b</h5>", "<h5> 'b' skips a level of headings; expected <h4>"),
        ("<h3>a</h3><h4>b</h4><h3>c</h3><div><h5>d</h5></div>", "<h5> 'd' skips a level"),
    ],
)
def test_a_skipped_level_is_a_fault(html: str, fault: str) -> None:
    [found] = faults_of(html)
    assert found.startswith(fault)


def test_each_fragment_begins_at_the_level_of_its_part() -> None:
    walker = Walker({}, {}, link, str, str)
    for _ in range(2):
        walker.blocks(parse("<h3>a</h3><h4>b</h4><h5>c</h5>")[0])
    assert walker.faults == []
    walker.blocks(parse("<h5>c</h5>")[0])
    assert len(walker.faults) == 1


def test_lists_hold_their_items() -> None:
    node = one("<ol> <li>one</li> <li><p>two</p><ul><li>three</li></ul></li> </ol>")
    assert (node["e"], node["ordered"]) == ("list", True)
    assert [item["e"] for item in node["c"]] == ["item", "item"]
    assert [inner["e"] for inner in node["c"][1]["c"]] == ["p", "list"]
    assert node["c"][1]["c"][1]["ordered"] is False


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>one</dt><dd>two</dd><dt>three</dt><dd>four</dd></dl>",
        "<dl><div><dt>one</dt><dd>two</dd></div><div><dt>three</dt><dd>four</dd></div></dl>",
        "<dl>\n<div>\n<dt>one</dt>\n<dd>two</dd>\n</div>\n<dt>three</dt>\n<dd>four</dd>\n</dl>",
    ],
)
def test_terms_stand_with_what_is_said_of_them(html: str) -> None:
    node = one(html)
    assert node["e"] == "terms"
    assert node["c"] == [
        {"e": "pair", "term": ["one"], "c": ["two"]},
        {"e": "pair", "term": ["three"], "c": ["four"]},
    ]


def test_a_term_keeps_its_anchor_and_language() -> None:
    [pair] = one('<dl><dt id="chip" lang="zh-Hans">芯片</dt><dd>a chip</dd></dl>')["c"]
    assert (pair["id"], pair["lang"], pair["region"]) == ("first/chip", "zh", "CN")


def test_two_definitions_of_a_term_stand_apart() -> None:
    [pair] = one("<dl><dt>term</dt><dd>one</dd><dd>two</dd></dl>")["c"]
    assert pair["c"] == [{"e": "p", "c": ["one"]}, {"e": "p", "c": ["two"]}]


TABLE = """
<table class="rb-table">
<caption>Who does what</caption>
<thead>
<tr><th scope="col" rowspan="2">Company</th><th scope="col" colspan="2">Chips</th></tr>
<tr><th scope="col">Builds</th><th scope="col">Buys</th></tr>
</thead>
<tbody>
<tr><th scope="row">T-Head</th><td>two <em>acceleration</em> chips</td><td>芯片</td></tr>
<tr><td colspan="3">none</td></tr>
</tbody>
</table>
"""


def test_tables_keep_their_heads_rows_and_spans() -> None:
    caption, node = nodes_of(TABLE)
    assert caption == {"e": "caption", "c": ["Who does what"]}
    assert node["columns"] == 3
    rows = [
        [(said(cell["c"]), cell["head"], cell["colspan"], cell["rowspan"]) for cell in row]
        for row in node["head"] + node["rows"]
    ]
    assert len(node["head"]) == 2
    assert rows == [
        [("Company", True, 1, 2), ("Chips", True, 2, 1)],
        [("Builds", True, 1, 1), ("Buys", True, 1, 1)],
        [("T-Head", True, 1, 1), ("two acceleration chips", False, 1, 1), ("芯片", False, 1, 1)],
        [("none", False, 3, 1)],
    ]


def test_cells_know_how_wide_they_want_to_be() -> None:
    cell = nodes_of(TABLE)[1]["rows"][0][1]
    assert (cell["said"], cell["longest"]) == ("two acceleration chips", "acceleration")


def test_a_table_without_headings_is_a_fault() -> None:
    [fault] = faults_of("<table><tbody><tr><td>x</td></tr></tbody></table>")
    assert fault == "a <table> has no <thead>; its columns need headings"


def test_rows_outside_of_a_body_are_kept() -> None:
    node = one("<table><thead><tr><th>x</th></tr></thead><tr><td>y</td></tr></table>")
    assert [[said(cell["c"]) for cell in row] for row in node["rows"]] == [["y"]]


# --- Claims -----------------------------------------------------------------------------------


def evidence(stance: str, *quotations: str) -> str:
    quoted = "".join(
        f'<blockquote><p class="rb-quote" lang="zh-Hans">{words}</p>'
        f'<p class="rb-location">paragraph {number}</p></blockquote>'
        for number, words in enumerate(quotations, 1)
    )
    summary = f"<summary>It {stance}</summary>"
    return f'<details class="rb-evidence rb-{stance}">{summary}{quoted}</details>'


def claim(*evidence: str, more: str = "") -> str:
    return (
        '<article class="rb-claim rb-stated" id="builds"> <span id="old"></span>'
        '<p class="rb-sentence">They build <em>chips</em>.</p>'
        '<div class="rb-meta"> <span class="rb-by">Stated by <a href="#x">Guo</a></span>'
        ' <span class="rb-about">On chips</span>'
        ' <a class="rb-number" href="#builds" aria-label="Claim 7">7</a> </div>'
        f"{more}{''.join(evidence)}</article>"
    )


def test_a_claim_has_its_sentence_number_kind_and_address() -> None:
    node = one(claim(more='<p class="rb-note">Derived: so</p>'))
    assert (node["e"], node["r"], node["number"]) == ("claim", ["claim", "stated"], "7")
    assert node["id"] == "first/builds"
    assert node["url"] == "https://example.org/#builds"
    assert said(node["c"]) == "They build chips."
    assert [said(item) for item in node["meta"]] == ["Stated by Guo", "On chips"]
    assert [said(item) for item in node["notes"] if "id" not in item] == ["Derived: so"]


def test_earlier_addresses_of_a_claim_still_lead_to_it() -> None:
    assert [item["id"] for item in one(claim())["notes"]] == ["first/old"]


def footnotes(html: str) -> list[Any]:
    return [item for item in one(html)["c"] if isinstance(item, dict) and item["e"] == "footnote"]


def test_the_evidence_of_a_claim_is_one_footnote_at_the_end_of_its_sentence() -> None:
    node = one(claim(evidence("supports", "芯片一", "芯片二")))
    [footnote] = footnotes(claim(evidence("supports", "芯片一", "芯片二")))
    assert node["c"][-1] == footnote
    assert [said(part) for part in footnote["c"]] == [
        "芯片一",
        "paragraph 1",
        "芯片二",
        "paragraph 2",
    ]
    assert [part.get("lang") for part in footnote["c"]] == ["zh", None, "zh", None]


def test_a_claim_without_evidence_has_no_footnote() -> None:
    assert footnotes(claim()) == []


def test_only_evidence_that_does_not_support_says_what_it_does() -> None:
    stances = [evidence(name, name) for name in ("supports", "contradicts", "context")]
    [footnote] = footnotes(claim(*stances))
    assert [said(part) for part in footnote["c"]] == [
        "supports",
        "paragraph 1",
        "It contradicts",
        "contradicts",
        "paragraph 1",
        "It context",
        "context",
        "paragraph 1",
    ]


def test_only_a_quotation_that_was_not_compared_is_marked_in_its_footnote() -> None:
    marks = [f'<p class="rb-location"><span class="rb-{name}">{name}</span></p>' for name in MARKS]
    quoted = "".join(f'<blockquote><p class="rb-quote">x</p>{mark}</blockquote>' for mark in marks)
    [footnote] = footnotes(claim(f'<details class="rb-evidence rb-supports">{quoted}</details>'))
    assert [said(part) for part in footnote["c"]] == ["x", "x", "unverified"]
    assert footnote["c"][-1]["c"][0]["r"] == ["unverified"]


MARKS = ("verified", "unverified")


def test_nothing_of_a_claim_is_lost() -> None:
    more = '<p class="rb-note">one</p><p>two</p><ul><li>three</li></ul>'
    assert said(one(claim(evidence("context", "四"), more=more))) == (
        "7They build chips.It context四paragraph 1Stated by GuoOn chipsonetwothree"
    )


# --- Drawings ---------------------------------------------------------------------------------

BAR = (
    '<svg viewBox="0 0 9 1" preserveAspectRatio="none" role="img" aria-label="A bar">'
    '<rect class="rb-fill rb-stated" x="0" y="0" width="9" height="1"></rect></svg>'
)


def test_a_drawing_has_its_text_its_form_and_colours_of_its_own() -> None:
    node = one(BAR)
    assert (node["e"], node["alt"], node["stretch"]) == ("drawing", "A bar", True)
    assert 'xmlns="http://www.w3.org/2000/svg"' in node["svg"]
    assert f'fill="{COLOURS["stated"]}"' in node["svg"]
    assert "class=" not in node["svg"]


def test_a_drawing_in_a_figure_is_no_paragraph() -> None:
    figure = one(f"<figure>\n{BAR}\n<figcaption>Bars</figcaption> and words</figure>")
    assert [block["e"] for block in figure["c"]] == ["drawing", "caption", "p"]


def test_a_title_says_what_a_drawing_shows_too() -> None:
    html = BAR.replace(' aria-label="A bar"', "").replace("<rect", "<title>A title</title><rect")
    assert one(html)["alt"] == "A title"


@pytest.mark.parametrize("alt", ["", ' aria-label=""', ' aria-label=" "'])
def test_a_drawing_without_words_is_a_fault(alt: str) -> None:
    [fault] = faults_of(BAR.replace(' aria-label="A bar"', alt))
    assert fault == "an <svg> has no aria-label and no <title>; say what it shows"


@pytest.mark.parametrize(
    "shape",
    [
        '<rect class="rb-fill" x="0" y="0" width="1" height="1"/>',
        '<rect class="rb-fill rb-kicker" x="0" y="0" width="1" height="1"/>',
        '<rect x="0" y="0" width="1" height="1"/>',
        '<path d="M0 0h1"/>',
        '<path d="M0 0h1" fill="var(--rb-nothing)"/>',
        '<g><circle cx="0" cy="0" r="1"/></g>',
    ],
)
def test_a_shape_without_a_colour_on_paper_is_a_fault(shape: str) -> None:
    [fault] = faults_of(f'<svg viewBox="0 0 1 1" aria-label="x">{shape}</svg>')
    assert "has no colour on paper" in fault


@pytest.mark.parametrize(
    ("colour", "on_paper"),
    [("var(--rb-seal)", COLOURS["seal"]), ("none", "none"), ("#abc", "#abc")],
)
def test_colours_of_the_site_become_those_of_paper(colour: str, on_paper: str) -> None:
    shape = f'<path d="M0 0h1" stroke="{colour}"/>'
    assert f'stroke="{on_paper}"' in one(f'<svg aria-label="x">{shape}</svg>')["svg"]


# --- Faults of the vocabulary -----------------------------------------------------------------


def test_an_element_without_a_form_is_a_fault_and_not_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(KINDS, "aside")
    found, faults = walked("<aside>x</aside><p>y</p>")
    assert said(found) == "y"
    assert faults == ["<aside> has no form on paper; give it one in pdf/nodes.py"]


def test_a_class_without_a_form_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "PLAIN", PLAIN - {"intro"})
    _, faults = walked('<p class="rb-intro rb-kicker">x</p>')
    assert faults == ["intro has no form on paper; give it one in pdf/nodes.py"]
