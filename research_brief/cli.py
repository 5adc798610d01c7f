"""The command line: the verbs of `build.py`, and the only module that prints.

Each verb imports what it needs: reading all of the program takes longer than to say that nothing
has changed.
"""

import argparse
import io
import json
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from research_brief import freshness, output
from research_brief.arguments import parser
from research_brief.options import Options
from research_brief.problems import (
    Problem,
    ProblemsFound,
    as_github,
    as_json,
    as_text,
    counted,
    did_you_mean,
)
from research_brief.processes import collect_rarely
from research_brief.refusals import Refused


def main(arguments: Sequence[str], root: str) -> int:
    """Run a verb; returns 0 (clean), 1 (faults in the content) or 2 (misuse or engine failure)."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese gets escapes, not a crash.
        cast("io.TextIOWrapper", stream).reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    collect_rarely()
    verbs = {
        "build": _build,
        "check": _check,
        "diff": _diff,
        "join": _join,
        "links": _links,
        "new": _new,
        "pdf": _pdf,
        "release": _release,
        "schema": _schema,
        "serve": _serve,
        "source": _source,
        "verify": _verify_copy,
    }
    name = options.verb or "build"
    try:
        if options.lang and name not in {"build", "pdf"}:
            raise Refused(f"'{name}' is of all languages; --lang is for 'build' and 'pdf'")
        return verbs[name](options, Path(root))
    except ProblemsFound as error:
        _show(error.problems, options, Path(root))
        return 1
    except Refused as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # of `build.py | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        print(f"build.py: {output.reason(error)}", file=sys.stderr)
        return 2


def _build(options: argparse.Namespace, root: Path) -> int:
    started = time.monotonic()
    bar = _Bar()
    wanted = replace(_wanted(options), drafts=options.preview, csp_meta=options.csp_meta)
    if options.lang:
        wanted = wanted.alone(options.lang)
    if last := freshness.recall(root, wanted):
        _tell(last.said, options)
        _show(last.warnings, options, root)
        _tell(f"build   {wanted.site}/ is up to date", options)
        return 0

    from research_brief import building

    built = building.build(root, wanted, lambda line: _tell(line, options), bar.show)
    bar.clear()
    _show(built.content.warnings, options, root)
    _tell(f"build   {wanted.site}/ in {time.monotonic() - started:.1f} s", options)
    part = "once every language has its part: python build.py join"
    whole = f"open {wanted.site / 'index.html'}, or: python build.py serve"
    _tell(f"next    {part if wanted.language else whole}", options)
    return 0


def _join(options: argparse.Namespace, root: Path) -> int:
    from research_brief import joining

    joined = joining.join(root, options.folders)
    _show([], options, root)
    site, languages = joined.site.relative_to(root), " and ".join(joined.languages)
    _tell(f"join    {languages}: {counted(joined.files, 'file')} in {site}/", options)
    return 0


def _wanted(options: argparse.Namespace) -> Options:
    return Options(
        strict=options.strict, site_url=options.site_url, pdf=options.pdf, epoch=_epoch()
    )


def _epoch() -> int | None:
    """The time that files are to bear (reproducible-builds.org/specs/source-date-epoch)."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said and not re.fullmatch("[0-9]{1,11}", said):
        raise output.Unusable(f"SOURCE_DATE_EPOCH is '{said}'; expected seconds since 1970")
    return int(said) if said else None


def _pdf(options: argparse.Namespace, root: Path) -> int:
    from research_brief import verbs

    drafts = replace(_wanted(options), drafts=options.brief is not None)
    printed = verbs.print_one(root, options.brief, options.lang, drafts)
    name = Path(printed.document.path)
    language = f".{options.lang}" if options.lang else ""
    target = Path(options.output or f"{name.stem}{language}{name.suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(printed.file.read_bytes())
    _tell(f"print   {target}, {counted(printed.pages, 'page')}", options)
    return 0


def _check(options: argparse.Namespace, root: Path) -> int:
    if options.explain is not None:
        return _explain(options.explain)
    wanted = Options(strict=options.strict, drafts=True)
    due: list[Problem] = []
    if options.pages or options.due is not None:
        from research_brief import pipeline, reading
        from research_brief.checks import review_by

        content = pipeline.check(root, wanted) if options.pages else reading.read(root, wanted)
        last = reading.told(content)
        if options.due is not None:
            today = options.due or date.today().isoformat()  # noqa: DTZ011 (the day of whoever asks)
            due += review_by.due(content.library, today)
    elif known := freshness.recall(root, wanted, freshness.CHECKED):
        last = known
    else:
        from research_brief import reading

        last = reading.checked(root, wanted)
    found = sorted([*last.warnings, *due])
    _show(found, options, root)
    if not found:
        _tell(last.said, options)
    return int(bool(due))


def _explain(rule: str) -> int:
    """The manual page of a rule, or the list of all."""
    from research_brief.manual import rules

    known = rules()
    if not rule:
        width = max(map(len, known))
        print("\n".join(f"{id:{width}}  {page.summary}" for id, page in known.items()))
    elif rule in known:
        print(known[rule])
    else:
        hint = did_you_mean(rule, known) or "; 'check --explain' lists all"
        raise Refused(f"there is no rule '{rule}'{hint}")
    return 0


def _release(options: argparse.Namespace, root: Path) -> int:
    from research_brief import verbs
    from research_brief.addresses import LEDGER

    editions, addresses = verbs.release(root, Options(strict=options.strict))
    if options.format == "json":
        folders = [edition.folder for edition in editions]
        print(json.dumps({"editions": folders, "addresses": addresses}, indent=2))
        return 0
    for edition in editions:
        print(f"wrote   {edition.folder}/: {counted(edition.files, 'file')}")
    for address in addresses:
        print(f"added   {address}")
    print(
        f"release {counted(len(editions), 'new edition')}, "
        f"{counted(len(addresses), 'new address', 'new addresses')} in {LEDGER}; "
        + ("commit them" if editions or addresses else "all is as it was released")
    )
    return 0


def _schema(options: argparse.Namespace, root: Path) -> int:
    from research_brief import api_schemas, manifest, schemas

    made = schemas.schemas()
    made |= {f"api-{name}": schema for name, schema in api_schemas.api_schemas().items()}
    made["manifest"] = manifest.schema()
    for name, schema in made.items():
        path = Path("docs", "schemas", f"{name}.json")
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        written = output.write_if_changed(root / path, text)
        _tell(f"schema  {path.as_posix()}{'' if written else ' (unchanged)'}", options)
    return 0


def _links(options: argparse.Namespace, root: Path) -> int:
    from research_brief import links, reading

    content = reading.read(root, Options(drafts=True))
    problems = links.check(content.library, allow_private=options.allow_private)
    _show(problems, options, root)
    if not problems:
        count = len(links.addresses(content.library))
        _tell(f"no dead links in {counted(count, 'address', 'addresses')}", options)
    return int(any(problem.level == "error" or options.strict for problem in problems))


def _source(options: argparse.Namespace, root: Path) -> int:
    if options.action == "verify":
        return _verify(options, root)
    if options.action == "show":
        from research_brief.sources import showing

        _say("\n".join(showing.lines(showing.held(root, options.id))))
        return 0
    from research_brief.loading import load_settings
    from research_brief.sources import adding

    wish = adding.Wish(
        options.file,
        str(options.id),  # of `--id=--` argparse makes a list
        options.is_open,
        options.language,
        options.encoding,
        options.replace,
    )
    _say("\n".join(adding.add(root, load_settings(root), wish)))
    return 0


def _verify(options: argparse.Namespace, root: Path) -> int:
    from research_brief import verbs
    from research_brief.evidence import verifying

    outcomes, problems = verbs.verify(root, options.id)
    for outcome in outcomes:
        _say("\n".join(verifying.lines(outcome)))
    if problems:
        _show(problems, options, root)
    return int(bool(problems))


def _verify_copy(options: argparse.Namespace, root: Path) -> int:
    from research_brief import verify

    found, problems = verify.verify(root, options.site, options.ignore, rebuild=options.rebuild)
    _show(problems, options, root)
    if not problems:
        files, read = counted(len(found.files), "file"), counted(len(found.inputs), "file")
        made = ", and is what this project makes" if options.rebuild else ""
        _tell(f"verify  the copy has its {files}, was made from the same {read}{made}", options)
    return int(bool(problems))


def _new(options: argparse.Namespace, root: Path) -> int:
    from research_brief.loading import load_settings
    from research_brief.sources import drafting

    settings = load_settings(root)
    _say("\n".join(drafting.draft(root, settings, options.id, options.source, options.title)))
    return 0


def _serve(options: argparse.Namespace, root: Path) -> int:
    from research_brief import serving

    def end(*_: object) -> None:
        os.write(1, b"ended\n")
        os._exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)
    serving.serve(root, options.port, options.briefs, strict=options.strict, say=_say)
    return 0


def _diff(options: argparse.Namespace, root: Path) -> int:
    from research_brief.meaning import comment, reports
    from research_brief.meaning.review import review

    found = review(root, options.base, options.head, options.site_url)
    forms = {"json": reports.as_json, "markdown": comment.as_markdown}
    print(forms.get(options.format, reports.as_text)(found))
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _tell(line: str, options: argparse.Namespace) -> None:
    """Say what is for people: those who ask for JSON get nothing else."""
    if options.format != "json":
        _say(line)


def _show(problems: Sequence[Problem], options: argparse.Namespace, root: Path) -> None:
    if options.format == "json":
        print(as_json(problems))
        return
    if problems:
        if options.format == "github":
            print(as_github(problems))
        else:
            print(as_text(problems, root if sys.stdout.isatty() else None))
        errors = sum(problem.level == "error" for problem in problems)
        warnings = len(problems) - errors
        print(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", file=sys.stderr)
        if sys.stdout.isatty():
            print(f"why: python build.py check --explain {problems[0].rule}", file=sys.stderr)


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
