"""One thing in two states, field by field: whatever a model holds is found by itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from research_brief.meaning import words
from research_brief.meaning.changes import Action, Change, Differences, Notice, Rule, Subject
from research_brief.meaning.matching import alike, matched
from research_brief.settings import Settings
from research_brief.values import Anchor, EntityRef, Model, Name, Text

UNORDERED = ("cells",)
"""The field whose order nobody reads: cells stand in the order of subjects and criteria."""
SAME_ITEM = 0.5
"""How alike two items of a list must be to be one that was changed."""

Path = tuple[str, ...]


@dataclass
class Fields:
    """Compares the fields of one subject and adds what it finds to `found`.

    `named` is how an entity is called; `doubts` says what is wrong with the figures of a model.
    """

    subject: Subject
    found: Differences
    named: Callable[[str], str] = str
    doubts: Callable[[Model, Model], Iterable[str]] = lambda old, new: ()

    def compare(self, old: Any, new: Any, path: Path = ()) -> None:
        """Add every difference between two values of one field."""
        many = (dict, list, tuple)
        if isinstance(old, many) or isinstance(new, many):
            self._several(old, new, path)
        elif isinstance(old, Text | Name) and isinstance(new, Text | Name):
            self._texts(old.root, new.root, path)
        elif isinstance(old, Model | Settings) and isinstance(new, Model | Settings):
            for name in dict.fromkeys([*type(old).model_fields, *type(new).model_fields]):
                self.compare(getattr(old, name, None), getattr(new, name, None), (*path, name))
            if isinstance(old, Model) and isinstance(new, Model):
                for doubt in self.doubts(old, new):
                    self.note("figure", " ".join((*path, doubt)))
        elif old is None or new is None:
            if old is not new:
                self._one_sided(old, new, path)
        elif old != new:
            self.add("changed", path, self.said(old), self.said(new))

    def add(
        self, action: Action, path: Path, old: str = "", new: str = "", language: str = ""
    ) -> None:
        """Add one difference."""
        self.found.changes.append(Change(self.subject, action, " ".join(path), language, old, new))

    def note(self, rule: Rule, message: str) -> None:
        """Add something to look at."""
        self.found.notices.append(Notice(self.subject, rule, message))

    def said(self, value: Any) -> str:
        """A value in one line; of a model all that it says."""
        if isinstance(value, EntityRef):
            return self.named(value)
        if isinstance(value, Text | Name):
            return " / ".join(dict.fromkeys(value.root.values()))
        if isinstance(value, Model):
            return "; ".join(self._said_fields(value))
        if isinstance(value, dict):
            return ", ".join(f"{self.said(key)}: {self.said(item)}" for key, item in value.items())
        if isinstance(value, list | tuple):
            return ", ".join(map(self.said, value))
        return str(value)

    def _said_fields(self, model: Model) -> Iterator[str]:
        for name, about in type(model).model_fields.items():
            value = getattr(model, name)
            if value != about.default and (said := self.said(value)):
                yield said if name in {"text", "title", "name", "value"} else f"{name}: {said}"

    def _one_sided(self, old: Any, new: Any, path: Path) -> None:
        if new is None:
            self.add("removed", path, old=self.said(old))
        else:
            self.add("added", path, new=self.said(new))

    def _texts(self, old: dict[str, str], new: dict[str, str], path: Path) -> None:
        if len({*old.values()}) == len({*new.values()}) == 1 < min(len(old), len(new)):
            # One word for all languages, however many there are.
            old, new = {"": next(iter(old.values()))}, {"": next(iter(new.values()))}
        changed, kept = [], []
        for language in dict.fromkeys([*old, *new]):
            before, after = old.get(language), new.get(language)
            if before is None:
                self.add("added", path, new=new[language], language=language)
            elif after is None:
                self.add("removed", path, old=before, language=language)
            elif before == after:
                kept.append(language)
            else:
                self.add("changed", path, before, after, language)
                if not words.same_words(before, after):
                    changed.append(language)
        if changed and kept:
            said = f"{', '.join(changed)} changed, {', '.join(kept)} did not"
            self.note("behind", f"{' '.join(path)}: {said}")

    def _several(self, old: Any, new: Any, path: Path) -> None:
        """Sections of different kinds have different fields: one side may be None."""
        if isinstance(old, dict) or isinstance(new, dict):
            self._mapping(old or {}, new or {}, path)
        else:
            self._sequence(old or (), new or (), path)

    def _mapping(self, old: dict[str, Any], new: dict[str, Any], path: Path) -> None:
        if any(isinstance(key, EntityRef) for key in [*old, *new]):
            pairs = {key: key for key in old if key in new}  # what is alike is of another subject
        else:
            pairs = matched(old, new)
        before = {now: then for then, now in pairs.items()}
        for key, item in old.items():
            if key not in pairs:
                self._one_sided(item, None, (*path, key))
        for key, item in new.items():
            if key not in before:
                self._one_sided(None, item, (*path, key))
                continue
            now = item
            if before[key] != key:
                self.add("renamed", (*path, key), before[key], key)
                if isinstance(key, Anchor):
                    former = getattr(item, "formerly", [])
                    if before[key] not in former:
                        self.note("address", f"links to #{before[key]} no longer lead there")
                    others = [name for name in former if name != before[key]]
                    now = item.model_copy(update={"formerly": others})
            self.compare(old[before[key]], now, (*path, key))
        if path[:1] != UNORDERED:
            self.order([pairs[key] for key in old if key in pairs], new, path)

    def _sequence(self, old: Sequence[Any], new: Sequence[Any], path: Path) -> None:
        pairs: dict[int, int] = {}
        free = list(range(len(new)))
        for i, item in enumerate(old):
            for j in free:
                if new[j] == item:
                    pairs[i] = j
                    free.remove(j)
                    break
        if all(isinstance(item, Model) for item in [*old, *new]):
            left = {i: item for i, item in enumerate(old) if i not in pairs}
            pairs |= alike(left, {j: new[j] for j in free}, SAME_ITEM)
        before = {j: i for i, j in pairs.items()}
        for i, item in enumerate(old):
            if i not in pairs:
                self._one_sided(item, None, self._at(path, i, item))
        for j, item in enumerate(new):
            if j not in before:
                self._one_sided(None, item, self._at(path, j, item))
            else:
                self.compare(old[before[j]], item, (*path, str(j + 1)))
        kept = [pairs[i] for i in sorted(pairs)]
        if kept != sorted(kept):
            models = any(isinstance(item, Model) for item in new)
            names = [str(j + 1) if models else self.said(item) for j, item in enumerate(new)]
            then = ", ".join(names[j] for j in kept)
            self.add("reordered", path, then, ", ".join(names[j] for j in sorted(kept)))

    def _at(self, path: Path, position: int, item: Any) -> Path:
        return (*path, str(position + 1)) if isinstance(item, Model) else path

    def order(self, kept: list[str], new: Iterable[str], path: Path) -> None:
        """Add a changed order of what was kept, which is given in the old one."""
        now = [key for key in new if key in kept]
        if kept != now:
            self.add("reordered", path, ", ".join(kept), ", ".join(now))
