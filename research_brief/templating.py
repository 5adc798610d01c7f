"""The templates: strict, escaped, and with faults that name their file and line."""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)

from research_brief.problems import Place, Problem

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
                with self.faults():
                    template = self.environment.get_template(f"{folder}/{path.name}")
                    if folder == "macros":
                        self.environment.globals[path.stem] = template.module

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The whole template; nothing if there is a fault in it."""
        html = ""
        with self.faults():
            html = self.environment.get_template(name).render(context).strip()
        return html

    def blocks(self, name: str) -> dict[str, Any]:
        """The blocks of a template by name, in its order; none if there is a fault in it."""
        blocks: dict[str, Any] = {}
        with self.faults():
            blocks = dict(self.environment.get_template(name).blocks)
        return blocks

    def block(self, name: str, block: str, context: Mapping[str, Any]) -> str:
        """One block of a template; nothing if there is a fault in it."""
        html = ""
        with self.faults():
            template = self.environment.get_template(name)
            try:
                said = template.blocks[block](template.new_context(dict(context)))
                html = "".join(said).strip()
            except Exception:  # noqa: BLE001 (raised again, pointing at the template's own line)
                self.environment.handle_exception()
        return html

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turns whatever a template raises into a problem; errors from elsewhere pass through."""
        try:
            yield
        except Exception as error:
            place = self._place(error)
            if place is None:
                raise
            message = getattr(error, "message", None) or str(error) or type(error).__name__
            if isinstance(error, TemplateNotFound):
                message = f"there is no template '{error.name}'"
            self.problems.append(Problem(place, " ".join(message.split()), "template"))

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
