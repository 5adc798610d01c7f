"""The command line: the verbs of `build.py`, and the only module that prints."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from research_brief import engine, pipeline
from research_brief.problems import Problem, ProblemsFound, as_json, as_text, counted

DESCRIPTION = "Build the site of this project: check the content, render it, build all languages."


def main(arguments: Sequence[str], root: str) -> int:
    """Run a verb; returns 0 (clean), 1 (faults in the content) or 2 (misuse or engine failure)."""
    options = _parser().parse_args(arguments)
    verb = {"build": _build, "check": _check, "serve": _serve}[options.verb or "build"]
    try:
        return verb(options, Path(root))
    except ProblemsFound as error:
        _show(error.problems, options, Path(root))
        return 1
    except (engine.EngineFailed, pipeline.Busy) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("build.py: stopped; the last good site is as it was", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--strict", action="store_true", help="take warnings for errors")
    shared.add_argument(
        "--format", choices=["text", "json"], default="text", help="how faults are shown"
    )
    parser = argparse.ArgumentParser(prog="build.py", description=DESCRIPTION, parents=[shared])
    parser.add_argument("--site-url", metavar="URL", help="the address of this build, for previews")
    verbs = parser.add_subparsers(dest="verb", title="verbs (default: build)", metavar="")
    verbs.add_parser("build", help="build the site into site/", parents=[shared])
    verbs.add_parser("check", help="check the content, write nothing", parents=[shared])
    serve = verbs.add_parser("serve", help="preview, rebuilt on every edit", parents=[shared])
    serve.add_argument("--port", type=int, default=8000)
    return parser


def _build(options: argparse.Namespace, root: Path) -> int:
    started = time.monotonic()
    bar = _Bar()
    built = pipeline.build(
        root,
        pipeline.Options(strict=options.strict, site_url=options.site_url),
        report=_say,
        progress=bar.show,
    )
    bar.clear()
    _show(built.content.warnings, options, root)
    seconds = time.monotonic() - started
    print(f"build   {os.path.relpath(built.site)}/ in {seconds:.1f} s")
    print(f"next    open {os.path.relpath(built.site / 'index.html')}, or: python build.py serve")
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

    try:
        serving.serve(root, options.port, strict=options.strict, say=_say)
    except OSError as error:
        print(f"build.py: port {options.port}: {error.strerror}; try --port", file=sys.stderr)
        return 2
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
