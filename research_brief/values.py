"""The values that content is made of: ids, references, texts, names, dates, addresses.

References are types of their own (`ClaimRef`, `EntityRef`, ...), so that `walk` finds every
reference and every text of any model without a list kept by hand. Each type says its form twice:
to pydantic, and in JSON Schema, for the editors' programs (see `research_brief/schemas.py`).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from inspect import getdoc
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    RootModel,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

ID_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ID_LENGTH = 60

# Control characters but tab and line breaks; line and paragraph separators, which YAML 1.1
# takes for line breaks and editors do not; bidirectional controls and zero-width characters,
# which make a text look like another one; half surrogates, the byte order mark inside, and
# the private use area, which no font covers.
UNSAFE = re.compile(
    "[\xad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\uf8ff\U000e0000-\U000e007f]"
)

_compiled = cache(re.compile)  # the cache of `re` itself costs as much as a short match

Steps = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

# A plain `2018` is text to our reader and a number to other programs. A text that is only `true`
# they take for a truth value; it is refused, or editors would propose `true` for every text.
SCALAR = ["string", "number"]


class Model(BaseModel):
    """Base of all models: frozen, no unknown keys, no surprises; docstrings describe the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True)
class Form:
    """The form of a text, for pydantic, for JSON Schema and in words."""

    pattern: str
    wanted: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: str) -> str:
        if not _compiled(self.pattern).fullmatch(value):
            raise PydanticCustomError("bad_form", "{wanted}", {"wanted": self.wanted})
        return value

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        form = {"pattern": self.pattern, "patternErrorMessage": f"Expected {self.wanted}"}
        return handler(schema) | form


class Id(str):
    """A name in an address: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most 60 characters."""

    refers: ClassVar[bool] = False  # to what has its id elsewhere
    repeated: ClassVar[bool] = False  # whether content has the same one many times
    length: ClassVar[int] = ID_LENGTH

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        check = cls._the_same if cls.repeated else cls._checked
        return core_schema.no_info_after_validator_function(check, core_schema.str_schema())

    @classmethod
    @lru_cache(maxsize=1 << 16)
    def _the_same(cls, value: str) -> "Id":
        """One object for all that are alike."""
        return cls._checked(value)

    @classmethod
    def _checked(cls, value: str) -> "Id":
        if len(value) > cls.length or not _compiled(cls.pattern()).fullmatch(value):
            kinds = getattr(cls, "kinds", ())
            context = {"wanted": cls.wanted(), "refers": cls.refers, "kinds": kinds}
            raise PydanticCustomError("bad_id", "{wanted}", context)
        return cls(value)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return cls.json_schema()

    @classmethod
    def json_schema(cls) -> JsonSchemaValue:
        """The form of such an id in JSON Schema."""
        return {
            "type": "string",
            "description": getdoc(cls),
            "pattern": cls.pattern(),
            "maxLength": cls.length,
            "patternErrorMessage": f"Expected {cls.wanted()}",
        }

    @classmethod
    def pattern(cls) -> str:
        """A regular expression of such an id as a whole, for Python and for JSON Schema."""
        return ID_PATTERN

    @classmethod
    def wanted(cls) -> str:
        """What is expected, in the words of a message."""
        return "small Latin letters, digits and single hyphens, starting with a letter, at most 60"


class Anchor(Id):
    """An id that is also an anchor on the brief's page, and so unique there."""


class SourceRef(Id):
    """The id of a source."""

    refers = True
    repeated = True


class SectionRef(Id):
    """The id of a section of this brief: the name of its file without `.yaml`."""

    refers = True


class BriefRef(Id):
    """The id of a brief."""

    refers = True


class EntityRef(Id):
    """The id of an entity of one of the given kinds."""

    refers = True
    repeated = True
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

    refers = True

    @classmethod
    def _checked(cls, value: str) -> "Id":
        for part in value.split("#", 1):
            Id._checked(part)
        return cls(value)

    @classmethod
    def json_schema(cls) -> JsonSchemaValue:
        part = ID_PATTERN.strip("^$")
        form = {"pattern": f"^{part}(#{part})?$", "maxLength": 2 * ID_LENGTH + 1}
        return super().json_schema() | form


CODE = Form("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", "the code of a language: en, zh, pt-BR")


def _known_language(code: str, info: ValidationInfo) -> str:
    languages = (info.context or {}).get("languages", ())
    if languages and code not in languages:
        raise PydanticCustomError(
            "unknown_language", "{wanted}", {"wanted": list(languages), "found": code}
        )
    return code


def _either(mapping: JsonSchemaValue) -> JsonSchemaValue:
    """The JSON Schema of a mapping of words, or of the words alone in its place."""
    [words] = mapping["patternProperties"].values()
    return {**words, **mapping, "type": [*words["type"], mapping["type"]]}


Language = Annotated[
    str,
    StringConstraints(max_length=12),
    AfterValidator(_known_language),
    Field(
        json_schema_extra={
            "pattern": CODE.pattern,
            "patternErrorMessage": f"Expected {CODE.wanted}",
        }
    ),
]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=5000),
    Field(json_schema_extra={"type": SCALAR}),
]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300),
    Field(json_schema_extra={"type": SCALAR}),
]


ByLanguage = TypeVar("ByLanguage", bound=dict[str, str])


class _Said(RootModel[ByLanguage]):
    """Something that is said in some languages, one at least."""

    model_config = ConfigDict(frozen=True)
    has_markup: ClassVar[bool] = False

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _either(handler.resolve_ref_schema(handler(schema)))

    def best(self, language: str) -> tuple[str, str]:
        """What is said in `language`, or else in the first there is: (that language, the words)."""
        found = language if language in self.root else next(iter(self.root))
        return found, self.root[found]


class Text(_Said[Annotated[dict[Language, Words], Field(min_length=1)]]):
    """Our own words, with inline Markdown: a string in the file's language, or one per language."""

    has_markup = True

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return {(info.context or {}).get("language", "en"): value}
        return value


class Plain(Text):
    """Our own words without markup: a title or a label."""

    has_markup = False


class Name(_Said[Annotated[dict[Language, Line], Field(min_length=1)]]):
    """A proper name or a value: one string for every language, or one per language."""

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return dict.fromkeys((info.context or {}).get("languages", ("en",)), value)
        return value


_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"


class PartialDate(str):
    """A date of stated precision, ISO 8601: `2018`, `2018-09` or `2018-09-12`."""

    form: ClassVar[str] = f"([0-9]{{4}})(?:-{_MONTH}(?:-{_DAY})?)?"
    wanted: ClassVar[str] = "2018, 2018-09 or 2018-09-12"
    # A year alone is a number to other programs.
    kinds: ClassVar[JsonSchemaValue] = {
        "type": ["string", "integer"], "minimum": 1000, "maximum": 9999,
    }  # fmt: skip

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema())

    @classmethod
    @lru_cache(maxsize=1 << 12)  # content has few dates, each many times
    def _checked(cls, value: str) -> "PartialDate":
        parts = re.fullmatch(cls.form, value)
        try:
            if parts:
                date(*(int(part or 1) for part in parts.groups()))
                return cls(value)
        except ValueError:
            pass
        raise PydanticCustomError("bad_date", "{wanted}", {"wanted": cls.wanted})

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            **cls.kinds,
            "description": getdoc(cls),
            "pattern": f"^{cls.form}$",
            "patternErrorMessage": f"Expected {cls.wanted}",
        }

    @property
    def numbers(self) -> tuple[int, ...]:
        """Year, month and day, as far as they are known."""
        return _numbers(self)


@lru_cache(maxsize=4096)  # content has few dates, and compares them often
def _numbers(date: str) -> tuple[int, ...]:
    return tuple(map(int, date.split("-")))


class FullDate(PartialDate):
    """A day, ISO 8601: `2018-09-12`."""

    form = f"([0-9]{{4}})-{_MONTH}-{_DAY}"
    wanted = "a day: 2018-09-12"
    kinds = {"type": "string", "format": "date"}


HOST = r"""[^\s<>"'`\\/?#@:\[\]]+(:[0-9]{1,4}|:[1-5][0-9]{4})?"""
"""A host by its name, with its port."""
Url = Annotated[
    str,
    StringConstraints(max_length=2000),
    Form(rf"""^https?://{HOST}([/?#][^\s<>"'`\\]*)?$""", "an address: https://… or http://…"),
]


# What pydantic takes for a truth value besides true and false, which other programs see as text.
_TRUTHS = "([Yy](es)?|[Nn]o?|[Tt](rue)?|[Ff](alse)?|[Oo](n|ff)|1|0)"
Truth = Annotated[
    bool,
    Field(
        json_schema_extra={
            "type": ["boolean", "string", "integer"],
            "pattern": f"^{_TRUTHS}$",
            "patternErrorMessage": "Expected true or false",
            "minimum": 0,
            "maximum": 1,
        }
    ),
]
