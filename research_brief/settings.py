"""The settings of a site: the block at the top of `mkdocs.yml`, and the interface words."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from research_brief.values import CODE, HOST, Form, Line, Model, Name, Url


def _languages(codes: list[str]) -> list[str]:
    if len(set(codes)) != len(codes):
        raise PydanticCustomError("repeated_language", "each language once", {})
    return codes


Code = Annotated[str, CODE]


def site_address(value: str) -> str:
    """The address of a site: http(s), without a query or an anchor. Raises ValueError."""
    if value and not re.fullmatch(rf"https?://{HOST}(/[^\s<>\"'`\\?#]*)?", value):
        wanted = "an address that begins with https:// or http:// and has no ? or #"
        raise PydanticCustomError("bad_url", wanted, {})
    return value


def _report_uri(value: str) -> str:
    bare = re.sub(r"\{(title|claim|permalink)\}", "", value)
    if not re.fullmatch(r"[A-Za-z0-9_.~!$&()*+,;=:@%/?\[\]-]+", bare):
        raise PydanticCustomError(
            "bad_report", "an address below repo_url with {title}, {claim} and {permalink}", {}
        )
    return value


ReportUri = Annotated[str, StringConstraints(max_length=500), AfterValidator(_report_uri)]
REPORT_URI = "issues/new?template=problem.yml&title={title}&claim={claim}&permalink={permalink}"
"""Where GitHub takes reports, below `repo_url`, with `.github/ISSUE_TEMPLATE/problem.yml`."""
EditUri = Annotated[
    str,
    Form(r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*/?$", "a path: edit/main/"),
]

# An empty setting is one that is not set.
_UNSET = BeforeValidator(lambda value: value or None)
OptionalUrl = Annotated[Url | None, _UNSET]
SiteUrl = Annotated[Annotated[str, AfterValidator(site_address)] | None, _UNSET]
Address = Annotated[
    str,
    Form(r"^[^@\s<>\"'&?#%,;:/]+@[^@\s<>\"'&?#%,;:/]+$", "an e-mail address: desk@example.org"),
]
OptionalAddress = Annotated[Address | None, _UNSET]


class Licence(Model):
    """A licence by its name and address."""

    name: Line
    url: Url


class Desk(Model):
    """`extra` in mkdocs.yml: what MkDocs has no setting of its own for."""

    languages: Annotated[list[Code], Field(min_length=1), AfterValidator(_languages)]
    name: Name
    contact: OptionalAddress = None
    report_uri: ReportUri = REPORT_URI
    content_licence: Licence
    code_licence: Licence


class Settings(BaseModel):
    """What `mkdocs.yml` says of the site; the engine's own keys are left to the engine."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    site_name: Line
    site_url: SiteUrl = None
    repo_url: OptionalUrl = None
    edit_uri: EditUri = "edit/main/"
    extra: Desk

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site; the first stands at its root."""
        return tuple(self.extra.languages)

    def folder(self, language: str) -> str:
        """The folder of a language below the site's root: "" or "zh"."""
        return "" if language == self.languages[0] else language

    def language_of(self, path: str) -> str:
        """The language below whose folder the file at a path of the site stands; what belongs to
        none stands with the main one's."""
        main, *others = self.languages
        top, slash, _ = path.partition("/")
        return top if slash and top in others else main

    def base(self, language: str) -> str:
        """The address of a language's pages, with a slash at its end; "" if it is not known."""
        if self.site_url is None:
            return ""
        return f"{self.site_url.rstrip('/')}/{self.folder(language)}".rstrip("/") + "/"


Wordbook = dict[str, Any]
"""The interface words of a language: `templates/words/LANGUAGE.yaml`, mappings of strings."""
