"""The templates: strict, escaped, and with faults that name their file and line."""

import re
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from pathlib import Path
from types import BuiltinMethodType, CodeType, FunctionType, MethodType
from typing import Any, TypeVar

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.compiler import CodeGenerator
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from research_brief.problems import Place, Problem, ProblemsFound

T = TypeVar("T")
FOLDERS = (".", "macros", "pages", "sections")
MACROS = "macros/"
_SPECIAL = re.compile("[&<>\"']").search
_OF_ALL_DICTIONARIES = frozenset(dir(dict))
_AROUND = frozenset(["_loop_vars", "_block_vars"])
"""What Jinja adds to a call for those functions that ask for their context."""
_FUNCTIONS = frozenset([FunctionType, MethodType, BuiltinMethodType])
REPEATED = frozenset(["paragraph", "place", "status", "unverified", "verified"])
"""Macros that say the same of the same words again and again: what they are told is text, dates or
nothing, and all else that they tell of is what the templates were taught."""
_markup = partial(str.__new__, Markup)
"""HTML as what it is, without Markup's own look at what else it could be."""


class _Generator(CodeGenerator):
    """Leaves all filters to the time of rendering, because what they say is in one language."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def _said(value: Any) -> str:
    """What a template says of a value, escaped; most of it is HTML already, or plain words."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL(value)):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Template(Template):
    """Escapes what is no HTML only."""

    @classmethod
    def from_code(cls, *of: Any, **more: Any) -> Template:
        made = super().from_code(*of, **more)
        made.root_render_func.__globals__["escape"] = _said
        return made


class _Context(Context):
    """Calls macros and functions, of which a page has thousands, without a look at what else they
    might be."""

    def call(self, obj: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(obj)
        if kind in _FUNCTIONS and not hasattr(obj, "jinja_pass_arg"):
            for name in _AROUND:
                named.pop(name, None)
            return obj(*args, **named)
        if (
            kind is Macro
            and len(args) == obj._argument_count
            and named.keys() <= _AROUND
            and not (obj.caller or obj.catch_kwargs or obj.catch_varargs)
            and self.eval_ctx.autoescape
        ):
            if obj.name in REPEATED:
                known = self.environment.repeated  # type: ignore[attr-defined]
                if (said := known.get((obj, args))) is None:
                    said = known[obj, args] = _markup(obj._func(*args))
                return said
            return _markup(obj._func(*args))
        return super().call(obj, *args, **named)


class _Environment(Environment):
    """Remembers what it made of each template, for other languages and editions and for the next
    build."""

    code_generator_class = _Generator
    template_class = _Template
    context_class = _Context
    _known: dict[str | None, tuple[str, str]] = {}
    _compiled: dict[str, tuple[str, CodeType]] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.repeated: dict[tuple[Macro, tuple[Any, ...]], str] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja does it, but without an exception for each key of a dictionary: most names in
        templates are those of words."""
        if isinstance(obj, dict) and attribute in obj and attribute not in _OF_ALL_DICTIONARIES:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def forget(self) -> None:
        """Know no filters and names but Jinja's own, as in the beginning; the templates stay."""
        self.filters.clear()
        self.filters |= FILTERS
        self.globals.clear()
        self.globals |= DEFAULT_NAMESPACE
        self.repeated.clear()
        assert self.cache is not None
        for template in self.cache.values():
            template._module = None  # its macros, and what was set beside them

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that all templates have: no template here has names of its own, and to look for
        those first took longer than all else at each use."""
        return super().make_globals(d) if d else self.globals

    def compile(  # type: ignore[override]
        self, source: str, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        known, code = self._known.get(name, ("", ""))
        if source != known or not code:
            code = super().compile(source, name, filename, raw=True)
            self._known[name] = source, code
        file = filename or "<template>"
        before, compiled = self._compiled.get(file, ("", None))
        if compiled is None or before != code:
            compiled = self._compile(code, file)
            self._compiled[file] = code, compiled
        return compiled


class _Loader(FileSystemLoader):
    """Reads each template once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._read: dict[str, tuple[str, str, Callable[[], bool]]] = {}

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if template not in self._read:
            self._read[template] = super().get_source(environment, template)
        return self._read[template]


class Templates:
    """The templates below a folder; what goes wrong in them is collected in `problems`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._names: list[str] = []  # of what is to be learned
        self.environment = _Environment(
            loader=_Loader(folder),
            optimized=False,  # the same reason as of _Generator
            autoescape=True,
            auto_reload=False,  # or each use would ask the disk whether a template has changed
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def again(self) -> "Templates":
        """The same templates, to be taught other filters and names; faults are collected here."""
        other = Templates(self.folder)
        other.environment.loader = self.environment.loader
        other.problems = self.problems
        other._names = [name for name in self._names if name.startswith(MACROS)]
        return other

    def teach(self, filters: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        """Give all templates these filters and names, and the macros, each file by its name; what
        they were taught before, they forget."""
        self.environment.forget()
        self.environment.filters |= filters
        self.environment.globals |= names
        # Reading every template, used or not, finds all faults of syntax at once.
        self._names = self._names or [
            path.relative_to(self.folder).as_posix()
            for folder in FOLDERS
            for path in sorted((self.folder / folder).glob("*.html"))
        ]
        for name in self._names:
            try:
                self._guarded(partial(self._learn, name), None)
            except UnicodeDecodeError as error:
                byte = error.object[error.start]
                self.fault(name, f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The whole template; nothing if there is a fault in it."""
        return self._guarded(lambda: self._template(name).render(context).strip(), "")

    def blocks(self, name: str) -> list[str]:
        """The names of the blocks of a template in its order; none if there is a fault in it."""
        return self._guarded(lambda: list(self._template(name).blocks), [])

    def block(self, name: str, block: str, context: Mapping[str, Any]) -> str:
        """One block of a template; nothing if there is a fault in it."""
        return self._guarded(lambda: self._block(self._template(name), block, context), "")

    def fault(self, name: str, message: str) -> None:
        """A problem of the template as a whole."""
        self.problems.append(Problem(Place(f"{self.folder.name}/{name}"), message, "template"))

    def _template(self, name: str) -> Template:
        return self.environment.get_template(name)

    def _learn(self, name: str) -> None:
        template = self._template(name)
        if name.startswith(MACROS):
            self.environment.globals[Path(name).stem] = self._traced(lambda: template.module)

    def _block(self, template: Template, block: str, context: Mapping[str, Any]) -> str:
        said = template.blocks[block]
        return self._traced(lambda: "".join(said(template.new_context(dict(context)))).strip())

    def _traced(self, action: Callable[[], T]) -> T:
        """The action, for which Jinja does not make tracebacks point at the template's own line."""
        try:
            return action()
        except Exception:  # noqa: BLE001 (raised again)
            self.environment.handle_exception()

    def _guarded(self, action: Callable[[], T], otherwise: T) -> T:
        """Turns whatever a template raises into a problem; errors from elsewhere pass through."""
        try:
            return action()
        except ProblemsFound as error:
            self.problems += error.problems
            return otherwise
        except Exception as error:
            place = self._place(error)
            if place is None:
                raise
            message = f"{type(error).__name__}: {error}"
            if isinstance(error, TemplateNotFound):
                message = f"there is no template '{error.name}'"
            elif isinstance(error, TemplateError) and error.message:
                message = error.message
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
