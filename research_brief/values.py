"""The values that content is made of: ids, references, texts, names, dates, addresses.

References are types of their own (`ClaimRef`, `EntityRef`, ...), so that `walk` finds every
reference and every text of any model without a list kept by hand.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    RootModel,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

ID_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ID_LENGTH = 60

# Control characters but tab and line breaks; line and paragraph separators, which YAML 1.1
# takes for line breaks and editors do not; bidirectional controls and zero-width characters,
# which make a text look like another one; half surrogates, the byte order mark inside, and
# the private use area, which no font covers.
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\uf8ff\U000e0000-\U000e007f]"
)

Steps = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""


class Model(BaseModel):
    """Base of all models: frozen, no unknown keys, no surprises."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Id(str):
    """A name in an address: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most 60 characters."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema())

    @classmethod
    def _checked(cls, value: str) -> "Id":
        if len(value) > ID_LENGTH or not re.fullmatch(cls.pattern(), value):
            raise PydanticCustomError("bad_id", "{wanted}", {"wanted": cls.wanted()})
        return cls(value)

    @classmethod
    def pattern(cls) -> str:
        return ID_PATTERN

    @classmethod
    def wanted(cls) -> str:
        return "small Latin letters, digits and single hyphens, starting with a letter, at most 60"


class Anchor(Id):
    """An id that is also an anchor on the brief's page, and so unique there."""


class SourceRef(Id):
    """The id of a source."""


class SectionRef(Id):
    """The id of a section of this brief: the name of its file without `.yaml`."""


class BriefRef(Id):
    """The id of a brief."""


class EntityRef(Id):
    """The id of an entity of one of the given kinds."""

    kinds: ClassVar[tuple[str, ...]] = (
        "company", "organisation", "person", "product", "term", "topic",
    )  # fmt: skip


class ActorRef(EntityRef):
    """The id of somebody who can act or speak."""

    kinds = ("company", "organisation", "person")


class PersonRef(EntityRef):
    """The id of a person."""

    kinds = ("person",)


class GroupRef(EntityRef):
    """The id of a company or organisation."""

    kinds = ("company", "organisation")


class TopicRef(EntityRef):
    """The id of a topic."""

    kinds = ("topic",)


class ClaimRef(Id):
    """A claim of this brief (`claim`) or of another one (`brief#claim`)."""

    @classmethod
    def _checked(cls, value: str) -> "Id":
        for part in value.split("#", 1):
            Id._checked(part)
        return cls(value)


def _known_language(code: str, info: ValidationInfo) -> str:
    languages = (info.context or {}).get("languages", ())
    if languages and code not in languages:
        raise PydanticCustomError(
            "unknown_language", "{wanted}", {"wanted": list(languages), "found": code}
        )
    return code


Language = Annotated[str, StringConstraints(max_length=12), AfterValidator(_known_language)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Text(RootModel[Annotated[dict[Language, Words], Field(min_length=1)]]):
    """Our own words, with inline Markdown: a string in the file's language, or one per language."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return {(info.context or {}).get("language", "en"): value}
        return value

    def best(self, language: str) -> tuple[str, str]:
        """The wording in `language`, or else the first there is: (its language, the words)."""
        found = language if language in self.root else next(iter(self.root))
        return found, self.root[found]


class Plain(Text):
    """Our own words without markup: a title or a label."""


class Name(RootModel[Annotated[dict[Language, Line], Field(min_length=1)]]):
    """A proper name or a value: one string for every language, or one per language."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return dict.fromkeys((info.context or {}).get("languages", ("en",)), value)
        return value

    def best(self, language: str) -> tuple[str, str]:
        """The name in `language`, or else the first there is: (its language, the name)."""
        found = language if language in self.root else next(iter(self.root))
        return found, self.root[found]


class PartialDate(str):
    """A date of stated precision, ISO 8601: `2018`, `2018-09` or `2018-09-12`."""

    form: ClassVar[str] = "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
    wanted: ClassVar[str] = "2018, 2018-09 or 2018-09-12"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema())

    @classmethod
    def _checked(cls, value: str) -> "PartialDate":
        parts = re.fullmatch(cls.form, value)
        try:
            if parts:
                date(*(int(part or 1) for part in parts.groups()))
                return cls(value)
        except ValueError:
            pass
        raise PydanticCustomError("bad_date", "{wanted}", {"wanted": cls.wanted})

    @property
    def numbers(self) -> tuple[int, ...]:
        """Year, month and day, as far as they are known."""
        return tuple(int(part) for part in self.split("-"))


class FullDate(PartialDate):
    """A day, ISO 8601: `2018-09-12`."""

    form = "([0-9]{4})-([0-9]{2})-([0-9]{2})"
    wanted = "a day: 2018-09-12"


def _safe_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'`\\]+", value):
        raise PydanticCustomError("bad_url", "an address that begins with https:// or http://", {})
    return value


Url = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_safe_url)]


def walk(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every text, reference and date in a model, with its path; keys of mappings as well."""
    if isinstance(value, (Text, Name)):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, Id):
                yield (*path, key), key
            yield from walk(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from walk(item, (*path, number))
    elif isinstance(value, (Id, PartialDate)):
        yield path, value
