"""The command line: the verbs of `build.py`, and the only module that prints."""

import argparse
import io
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from research_brief import engine, output, pipeline
from research_brief.meaning import comment, reports, trees
from research_brief.meaning.review import review
from research_brief.pdf import press
from research_brief.problems import Problem, ProblemsFound, as_json, as_text, counted
from research_brief.settings import site_address

DESCRIPTION = "Build the site of this project: check the content, render it, build all languages."
VERBS = {
    "build": "build the site into site/",
    "check": "check the content, write nothing",
    "pdf": "make the PDF of one brief, or of all",
    "serve": "preview on this machine, rebuilt on every edit",
    "diff": "what changes for readers between two revisions or folders",
}


def main(arguments: Sequence[str], root: str) -> int:
    """Run a verb; returns 0 (clean), 1 (faults in the content) or 2 (misuse or engine failure)."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese gets escapes, not a crash.
        cast("io.TextIOWrapper", stream).reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    verbs = {"build": _build, "check": _check, "pdf": _pdf, "serve": _serve, "diff": _diff}
    verb = verbs[options.verb or "build"]
    try:
        return verb(options, Path(root))
    except ProblemsFound as error:
        _show(error.problems, options, Path(root))
        return 1
    except (
        engine.EngineFailed,
        pipeline.Busy,
        pipeline.Unknown,
        trees.NotFound,
        press.PressFailed,
        output.Unusable,
    ) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # of `build.py | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        print(f"build.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("build.py: stopped; the last good site is as it was", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py", description=DESCRIPTION)
    _add_options(parser)
    verbs = parser.add_subparsers(dest="verb", title="verbs (default: build)", metavar="")
    for name, does in VERBS.items():
        verb = verbs.add_parser(name, help=does)
        more = ["markdown"] if name == "diff" else []
        _add_options(verb, after_verb=True, more_formats=more)
        if name == "serve":
            verb.add_argument("--port", type=_port, default=8000)
        if name == "pdf":
            verb.add_argument("brief", nargs="?", metavar="ID", help="default: all briefs in one")
            verb.add_argument("--lang", metavar="CODE", help="default: the main language")
            verb.add_argument("-o", "--output", metavar="FILE", help="default: ID.pdf, here")
        if name == "diff":
            _add_diff(verb)
    return parser


def _add_options(
    parser: argparse.ArgumentParser, *, after_verb: bool = False, more_formats: Sequence[str] = ()
) -> None:
    """Options that may stand before or after the verb; after it they have no defaults of their
    own, which would undo what stands before it."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if after_verb else value

    parser.add_argument(
        "--strict", action="store_true", default=default(False), help="take warnings for errors"
    )
    parser.add_argument(
        "--format",
        choices=["text", "json", *more_formats],
        default=default("text"),
        help="how faults are shown",
    )
    parser.add_argument(
        "--site-url",
        type=_address,
        default=default(None),
        metavar="URL",
        help="the address of this build",
    )
    parser.add_argument(
        "--no-pdf",
        dest="pdf",
        action="store_false",
        default=default(True),
        help="make no PDFs, and leave out the links to them",
    )


def _add_diff(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("base", metavar="BASE", help="a git revision, or a folder with content/")
    verb.add_argument("head", metavar="HEAD", nargs="?", help="default: the content as it stands")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; expected 0 to 65535")
    return int(text)


def _address(text: str) -> str:
    try:
        return site_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not {error}") from None


def _build(options: argparse.Namespace, root: Path) -> int:
    started = time.monotonic()
    bar = _Bar()
    built = pipeline.build(
        root,
        _wanted(options),
        report=_say if options.format == "text" else lambda line: None,
        progress=bar.show,
    )
    bar.clear()
    _show(built.content.warnings, options, root)
    if options.format == "text":
        site, seconds = built.site.relative_to(root), time.monotonic() - started
        print(f"build   {site}/ in {seconds:.1f} s")
        print(f"next    open {site / 'index.html'}, or: python build.py serve")
    return 0


def _wanted(options: argparse.Namespace) -> pipeline.Options:
    return pipeline.Options(
        strict=options.strict, site_url=options.site_url, pdf=options.pdf, epoch=_epoch()
    )


def _epoch() -> int | None:
    """The time that files are to bear (reproducible-builds.org/specs/source-date-epoch)."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said and not re.fullmatch("[0-9]{1,11}", said):
        raise output.Unusable(f"SOURCE_DATE_EPOCH is '{said}'; expected seconds since 1970")
    return int(said) if said else None


def _pdf(options: argparse.Namespace, root: Path) -> int:
    drafts = replace(_wanted(options), drafts=options.brief is not None)
    printed = pipeline.print_one(root, options.brief, options.lang, drafts)
    name = Path(printed.document.path)
    language = f".{options.lang}" if options.lang else ""
    target = Path(options.output or f"{name.stem}{language}{name.suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(printed.file.read_bytes())
    if options.format == "text":
        print(f"print   {target}, {counted(printed.pages, 'page')}")
    return 0


def _check(options: argparse.Namespace, root: Path) -> int:
    content = pipeline.check(root, pipeline.Options(strict=options.strict, drafts=True))
    _show(content.warnings, options, root)
    if options.format == "text" and not content.warnings:
        library = content.library
        briefs, claims = len(library.briefs), len(library.claims)
        print(f"no faults in {counted(briefs, 'brief')} with {counted(claims, 'claim')}")
    return 0


def _serve(options: argparse.Namespace, root: Path) -> int:
    from research_brief import serving

    serving.serve(root, options.port, strict=options.strict, say=_say)
    return 0


def _diff(options: argparse.Namespace, root: Path) -> int:
    found = review(root, options.base, options.head, options.site_url)
    forms = {"text": reports.as_text, "json": reports.as_json, "markdown": comment.as_markdown}
    print(forms[options.format](found))
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _show(problems: Sequence[Problem], options: argparse.Namespace, root: Path) -> None:
    if options.format == "json":
        print(as_json(problems))
        return
    if problems:
        print(as_text(problems, root if sys.stdout.isatty() else None))
        errors = sum(problem.level == "error" for problem in problems)
        warnings = len(problems) - errors
        print(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", file=sys.stderr)


class _Bar:
    """A progress bar on a terminal, once a build takes long."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.shown = False

    def show(self, done: int, total: int) -> None:
        if time.monotonic() - self.started > 3 and sys.stderr.isatty():
            filled = 30 * min(done, total) // max(total, 1)
            bar = "#" * filled + "." * (30 - filled)
            print(f"\rbuild   [{bar}] {done}/{total} pages", end="", file=sys.stderr, flush=True)
            self.shown = True

    def clear(self) -> None:
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
