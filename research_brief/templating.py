"""The templates: strict, escaped, and with faults that name their file and line."""

import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
)

from research_brief.problems import Place, Problem

T = TypeVar("T")
FOLDERS = ("macros", "pages", "sections")


class Templates:
    """The templates below a folder; what goes wrong in them is collected in `problems`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def teach(self, filters: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        """Give all templates these filters and names, and the macros, each file by its name."""
        self.environment.filters |= filters
        self.environment.globals |= names
        for folder in FOLDERS:
            for path in sorted((self.folder / folder).glob("*.html")):
                # Reading every template, used or not, finds all faults of syntax at once.
                name = f"{folder}/{path.name}"
                self._guarded(partial(self._learn, name), None)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The whole template; nothing if there is a fault in it."""
        return self._guarded(lambda: self._template(name).render(context).strip(), "")

    def blocks(self, name: str) -> list[str]:
        """The names of the blocks of a template in its order; none if there is a fault in it."""
        return self._guarded(lambda: list(self._template(name).blocks), [])

    def block(self, name: str, block: str, context: Mapping[str, Any]) -> str:
        """One block of a template; nothing if there is a fault in it."""
        return self._guarded(lambda: self._block(self._template(name), block, context), "")

    def _template(self, name: str) -> Template:
        return self.environment.get_template(name)

    def _learn(self, name: str) -> None:
        template = self._template(name)
        if name.startswith("macros/"):
            self.environment.globals[Path(name).stem] = template.module

    def _block(self, template: Template, block: str, context: Mapping[str, Any]) -> str:
        try:
            said = template.blocks[block](template.new_context(dict(context)))
            return "".join(said).strip()
        except Exception:  # noqa: BLE001 (raised again, pointing at the template's own line)
            return self.environment.handle_exception()

    def _guarded(self, action: Callable[[], T], otherwise: T) -> T:
        """Turns whatever a template raises into a problem; errors from elsewhere pass through."""
        try:
            return action()
        except Exception as error:
            place = self._place(error)
            if place is None:
                raise
            message = getattr(error, "message", None) or str(error) or type(error).__name__
            if isinstance(error, TemplateNotFound):
                message = f"there is no template '{error.name}'"
            self.problems.append(Problem(place, " ".join(message.split()), "template"))
            return otherwise

    def _place(self, error: Exception) -> Place | None:
        """The line of the last frame that stands in a template."""
        frames: list[tuple[str | None, int | None]] = [
            (frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)
        ]
        if isinstance(error, TemplateSyntaxError):
            frames.append((error.filename, error.lineno))
        for file, line in reversed(frames):
            if file and Path(file).is_relative_to(self.folder):
                name = Path(file).relative_to(self.folder.parent).as_posix()
                return Place(name, line or 1)
        if isinstance(error, TemplateNotFound) and error.name:
            return Place(f"{self.folder.name}/{error.name}")
        return None
