"""Content in a normal form, in which what means the same is equal.

Things are called by the ids that they bear in the new state, a claim of the same brief by its
id alone, and evidence names its source. So a new id is one change, not one for each mention.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from research_brief.models import Evidence
from research_brief.values import ClaimRef, EntityRef, Model, Name, SourceRef, Text

M = TypeVar("M", bound=Model)

_LINK = re.compile(r"(?<=\[\[)[a-z0-9-]+(?=[|\]])")


@dataclass(frozen=True)
class Names:
    """New ids by the old ones; `claims` by address (`brief#claim`)."""

    entities: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Normal:
    """Brings the content of one brief (or, with no ids, of none) to its normal form."""

    names: Names = field(default_factory=Names)
    brief: str = ""  # its id where the content stands
    now: str = ""  # its id in the new state
    source: str | None = None  # of evidence that names none

    def model(self, model: M) -> M:
        """The model in normal form."""
        values = {name: self._value(getattr(model, name)) for name in type(model).model_fields}
        if isinstance(model, Evidence) and model.source is None and self.source:
            values["source"] = self._value(SourceRef(self.source))
        return model.model_copy(update=values)

    def _value(self, value: Any) -> Any:
        if isinstance(value, (Text, Name)):
            return type(value).model_construct(
                {language: _LINK.sub(self._entity, text) for language, text in value.root.items()}
            )
        if isinstance(value, Model):
            return self.model(value)
        if isinstance(value, dict):
            return {self._value(key): self._value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, ClaimRef):
            address = value if "#" in value else f"{self.brief}#{value}"
            address = self.names.claims.get(address, address)
            return ClaimRef(address.removeprefix(f"{self.now}#"))
        if isinstance(value, EntityRef):
            return type(value)(self.names.entities.get(value, value))
        if isinstance(value, SourceRef):
            return SourceRef(self.names.sources.get(value, value))
        return value

    def _entity(self, link: re.Match[str]) -> str:
        return self.names.entities.get(link[0], link[0])
