r"""Citations for reference managers: CSL-JSON items as BibTeX, RIS and CSL-JSON.

Sources: BibTeX as "BibTeXing" (Patashnik 1988) and biblatex's manual (3.20) describe it, in UTF-8;
RIS as Research Information Systems specified it (2011), with `\n`, which all readers take;
CSL-JSON by `csl-data.json` of github.com/citation-style-language/schema.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from research_brief.citing.records import Item

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_SPECIAL = re.compile(r"[\\{}~^&%$#_]")
# Signs that TeX sets as one: -- as a dash, `` and '' as quotation marks, ?` as ¿, << as «.
_LIGATURE = re.compile(
    "(?<=-)(?=-)|(?<=[`?!])(?=`)|(?<=')(?=')|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_BIBTEX = {"report": ("techreport", "institution"), "chapter": ("incollection", "publisher")}
"""The kind of entry for each type, and the field of its publisher."""
_RIS = {"report": "RPRT", "chapter": "CHAP"}


def bibtex(items: Sequence[Item]) -> str:
    """A BibTeX database, an entry for each item."""
    return "\n".join(map(_entry, items))


def ris(items: Sequence[Item]) -> str:
    """A RIS file, a record for each item."""
    return "\n".join("".join(f"{tag}  - {text}\n" for tag, text in _tags(item)) for item in items)


def csl_json(items: Sequence[Item]) -> str:
    """A CSL-JSON file: a list of the items."""
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


FORMS: dict[str, Callable[[Sequence[Item]], str]] = {
    "bib": bibtex,
    "ris": ris,
    "csl.json": csl_json,
}
"""Every form by the ending of its files."""


def _entry(item: Item) -> str:
    kind, publisher = _BIBTEX[item["type"]]
    [parts] = item["issued"]["date-parts"]
    fields = {
        # Braces twice: the words are kept as they are, a desk is no first and last name.
        "title": f"{{{_latex(item['title'])}}}",
        "booktitle": f"{{{_latex(item['container-title'])}}}" if "container-title" in item else "",
        "author": " and ".join(f"{{{_latex(name['literal'])}}}" for name in item["author"]),
        publisher: _latex(item["publisher"]),
        "type": _latex(item.get("genre", "")),
        "version": item.get("version", ""),
        "date": "-".join(f"{part:02}" for part in parts),
        "year": str(parts[0]),
        "month": _MONTHS[parts[1] - 1],
        "url": item.get("URL", "").replace("{", "%7B").replace("}", "%7D"),
        "language": item["language"],
        "abstract": _latex(item.get("abstract", "")),
        "note": _latex(item.get("note", "")),
    }
    lines = [
        # The name of a month is a macro, for styles to say it in their language.
        f"  {name} = {text}," if name == "month" else f"  {name} = {{{text}}},"
        for name, text in fields.items()
        if text
    ]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}\n"])


@lru_cache(1_000)  # the claims of a brief have most fields in common
def _latex(text: str) -> str:
    """The text with every sign that LaTeX might read as its own written as a command."""
    return _SPECIAL.sub(lambda sign: _LATEX[sign[0]], _LIGATURE.sub("\ue000", text)).replace(
        "\ue000", "{}"
    )


def _tags(item: Item) -> Iterator[tuple[str, str]]:
    [parts] = item["issued"]["date-parts"]
    yield "TY", _RIS[item["type"]]
    yield "ID", item["id"]
    yield "TI", item["title"]
    for name in item["author"]:
        yield "AU", name["literal"]
    rest = {
        "T2": item.get("container-title"),
        "PB": item["publisher"],
        "M3": item.get("genre"),
        "ET": item.get("version"),
        "PY": str(parts[0]),
        "DA": "/".join(f"{part:02}" for part in parts),
        "UR": item.get("URL"),
        "LA": item["language"],
        "AB": item.get("abstract"),
        "N1": item.get("note"),
    }
    yield from ((tag, text) for tag, text in rest.items() if text)
    yield "ER", ""
