"""Pages, kept from one build to the next under the hash of all that they are made of: as rendered,
as copied, and as the engine finished them.

A page of the engine depends on its staged text, on what the engine is told, on the theme and on the
programs; on no other page. What a build makes is kept only once it is known that nothing changed
meanwhile.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from research_brief import sealed
from research_brief.output import make_way, remove
from research_brief.refusals import Refused

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

T = TypeVar("T")

_held: dict[Path, tuple[bytes, dict[str, Any]]] | None = None


def remember() -> None:
    """From now on, hold what is known of pages from one build to the next: for a program that makes
    all of them again after every edit."""
    global _held
    _held = _held or {}


class Lost(Refused):
    """What was kept is gone."""


class PageStore:
    """The pages kept in a folder; those of this build wait in another one until `settle`."""

    def __init__(self, folder: Path, waiting: Path, made_by: object) -> None:
        self.folder, self.waiting = folder, waiting
        self._made_by = sha256(json.dumps(made_by, sort_keys=True).encode()).digest()
        self._used: set[str] = set()
        make_way(folder, waiting)

    @property
    def held(self) -> dict[str, Any]:
        """What this process holds for its next build, by names, if it is to `remember`: only what
        tells by itself of what it was made, because not every build ends well. Of other templates
        or programs nothing is held."""
        if _held is None:
            return {}
        made_by, held = _held.get(self.folder, (b"", {}))
        if made_by != self._made_by:
            _held[self.folder] = self._made_by, (held := {})
        return held

    def keying(self, told: object) -> Callable[[str, str], str]:
        """What tells the key of a finished page by its staged file and the digest of what its text
        is made of, where the engine is `told` something (JSON)."""
        begun = sha256(self._made_by)
        begun.update(json.dumps(told, sort_keys=True).encode())

        def key(name: str, digest: str) -> str:
            found = begun.copy()
            found.update(f"\0{name}\0{digest}".encode())
            self.use(key := found.hexdigest())
            return key

        return key

    def key(self, made_of: object) -> str:
        """The key of a text that is made of some values (JSON)."""
        key = sha256(self._made_by + json.dumps(made_of).encode()).hexdigest()
        self.use(key)
        return key

    def use(self, key: str) -> None:
        """Keep what is under a key for the next build, if something is."""
        self._used.add(key)

    def get(self, key: str) -> bytes | None:
        """The page, if it is there and whole."""
        return sealed.read(self.folder / key)

    def has(self, key: str) -> bool:
        """Whether something is there; `again` tells whether it is whole."""
        return key in self._there

    @cached_property
    def _there(self) -> set[str]:
        """The files that are there: to ask for each page took longer than to look through all."""
        with os.scandir(self.folder) as entries:
            return {entry.name for entry in entries if entry.is_file()}

    def text(self, key: str, make: Callable[[], str]) -> str:
        """The text; it is made and put there if it is missing."""
        if (found := self.get(key)) is not None:
            return found.decode()
        self.put(key, (text := make()).encode())
        return text

    def again(self, key: str) -> bytes:
        """A page or text that this build has had. Raises Lost."""
        for folder in (self.folder, self.waiting):
            if (found := sealed.read(folder / key)) is not None:
                return found
        raise Lost(f"{self.folder} was changed while the site was made; run it again")

    def put(self, key: str, page: bytes | bytearray) -> None:
        """Keep a page or text under its key, once this build has settled. Raises OSError."""
        sealed.write(self.waiting / key, page)

    def recall(self, name: str) -> Any:
        """What the last build noted under a name (JSON), if it was of the same templates and
        programs."""
        return json.loads(self.get(self.key(["note", name])) or "null")

    def note(self, name: str, said: Mapping[str, object]) -> None:
        """Note something for the next build."""
        told = bytearray(b"{")  # value by value: JSON of all the search holds takes much memory
        for key, value in said.items():
            between = "," if len(told) > 1 else ""
            told += f"{between}{_as_json(key)}:{_as_json(value)}".encode(errors="surrogatepass")
        told += b"}"
        self.put(self.key(["note", name]), told)

    def settle(self, others: Iterable["PageStore"] = ()) -> None:
        """Keep what was made, here and by `others` of the same folder, and nothing that nobody
        asked for this time."""
        stores = [self, *others]
        for path in (path for store in stores for path in store.waiting.iterdir()):
            place = self.folder / path.name
            if place.is_dir():
                remove(place)
            path.replace(place)
        used = {key for store in stores for key in store._used}
        with os.scandir(self.folder) as entries:  # some tens of thousands, of which most stay
            for entry in entries:
                if entry.name not in used:
                    remove(self.folder / entry.name)


class Noted(Generic[T]):
    """Values (JSON) that the build before noted under a name, by keys that tell what each is made
    of. Without a store nothing is known; small ones are held by a process that remembers."""

    def __init__(self, store: PageStore | None, name: str, *, small: bool = False) -> None:
        self.store, self.name = store, name
        self.held = store.held if store and small else {}
        self.before: dict[str, T] = (
            self.held.get(name) or (store.recall(name) if store else None) or {}
        )
        self.now: dict[str, T] = {}

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The value, made if it is not known."""
        if key not in self.now:
            self.now[key] = self.before[key] if key in self.before else make()
        return self.now[key]

    def keep(self) -> None:
        """Note for the next build what this one asked for."""
        if self.store:
            self.held[self.name] = self.now
            self.store.note(self.name, self.now)
