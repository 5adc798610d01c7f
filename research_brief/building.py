"""A build as a whole: what stands around the flow of `pipeline.py`.

Everything is done in a folder of its own, which takes the place of the last good site at the
end: a fault, a crash or a kill on the way leaves `site/` as it was. So does an edit: what was
read must still be there in the end, or the site would be of two states.

Where there is much to be made, the languages are made side by side: the main one here, each other
one in a process of its own, as parts are (`parts.py`).
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from research_brief import (
    engine,
    freshness,
    hosting,
    inputs,
    locking,
    manifest,
    output,
    parts,
    pipeline,
    portability,
    reading,
)
from research_brief.loading import load_settings
from research_brief.options import Options
from research_brief.page_store import Lost, PageStore
from research_brief.pipeline import Bench, Built, Progress, Report
from research_brief.problems import Problem, ProblemsFound, counted, printable
from research_brief.processes import cores, pool, room
from research_brief.settings import Settings
from research_brief.tree import Tree

SITES = "sites"
"""Under which name is noted what is in the new site, and what else is in the one before."""
MANY = 10
"""Briefs to be made from which on a process of its own pays for each further language. Where less
is to be made, it costs more than it brings: it reads and checks all content once more."""
TAKES = 150_000_000, 500_000
"""The bytes of memory that a process takes, and those of each brief that the site has: where they
are not there for all languages, these are made one after the other."""


def build(
    root: Path,
    options: Options = pipeline.PLAIN,
    report: Report = lambda line: None,
    progress: Progress = lambda done, of: None,
    workers: Executor | None = None,
) -> Built:
    """Build the whole site of the project at `root`, or a part of it. Its languages are made side
    by side where that pays, or by `workers` that are there already.

    Raises ProblemsFound (nothing was changed), engine.EngineFailed, PressFailed, locking.Busy and
    Changed, output.Unusable, Lost if the cache is altered meanwhile, Unknown for a language that
    the site has not, and OSError for what cannot be read or written.
    """
    if options.language:
        _assert_known(options.language, load_settings(root))
    said: list[str] = []

    def first(line: str) -> None:
        said.append(line)
        report(line)

    def again(line: str) -> None:
        if line in said:
            said.remove(line)
        else:
            report(line)

    try:
        return _build(root, options, first, progress, workers)
    except Lost:  # some of what is kept of pages was damaged, and all of it is gone now
        return _build(root, options, again, progress, workers)


def _build(
    root: Path,
    options: Options,
    report: Report,
    progress: Progress,
    workers: Executor | None,
) -> Built:
    work, site = root / options.work, output.own_folder(root, options.site)
    with (
        locking.only_one(work) as lock,
        output.passing(work / "new-site") as new,
        output.passing(work / "new-pages") as waiting,
    ):
        output.repair(site)
        output.make_way(old := work / "old-site")
        old.rename(new)
        began, before, read = inputs.seen(root)
        state = freshness.state(root, options, before)
        is_known = not portability.reads_more(root)
        made_by = _made_by(root, before) if is_known else uuid4().hex
        store = PageStore(work / "pages", waiting, made_by)
        known = store.recall(SITES) or {"now": {}, "before": {}}
        tree = Tree.over(new, known["before"] | known["now"], site)
        bench = Bench(tree, store)
        try:
            languages: Sequence[str] = ()
            if _is_much(options, bench.store, before) or workers:
                languages = load_settings(root).languages
            if languages and _is_room(len(languages), options.briefs or _briefs(before)):
                with nullcontext(workers) if workers else pool(len(languages) - 1) as staff:
                    built, stores = _side_by_side(
                        root, options, languages, bench, made_by, staff, report, progress
                    )
            else:
                built, stores = pipeline.make(root, options, bench, report, progress), []
            _finish(options, bench, built, read)
            earlier = {
                stamp: made for stamp, made in known["now"].items() if stamp not in tree.record
            }
            store.note(SITES, {"now": tree.record, "before": earlier})
        except Exception as error:
            if isinstance(error, Lost):
                output.remove(store.folder)
            if isinstance(error, (ProblemsFound, Lost)):  # of what stands there much is as it was
                with suppress(OSError):
                    new.rename(old)
            compare(root, began)  # or its faults may be those of half an edit
            raise
        compare(root, began)
        lock.assert_held()
        store.settle(stores)
        if options.pdf:
            output.keep_only(work / "pdf", built.printed)
        output.put(new, site)
        with suppress(OSError):  # what the exchange put aside, if it did, the next one begins with
            new.rename(old)
        if is_known:
            content = built.content
            last = freshness.Last(pipeline.summary(content.library), content.warnings)
            with suppress(OSError):  # the site is there; the next build cannot know that it stands
                freshness.remember(root, options, state, last, tree.told)
        return built


def _assert_known(language: str, settings: Settings) -> None:
    if language not in settings.languages:
        known = ", ".join(settings.languages)
        message = f"there is no language '{language}'; those of the site are: {known}"
        raise pipeline.Unknown(message)


def _made_by(root: Path, read: Mapping[str, str]) -> object:
    """What every kept page depends on, whatever it is of."""
    return [inputs.shared(read), inputs.program(root), sys.version, freshness.packages()]


def _is_much(options: Options, store: PageStore, read: Mapping[str, str]) -> bool:
    """Whether there is enough to be made, by what was `read` now and the last time."""
    files = {name: hash for name, hash in read.items() if name.startswith(f"{inputs.CONTENT}/")}
    before = store.recall("read") or {}
    store.note("read", files)
    if options.language or not options.side_by_side or cores() == 1:
        return False
    return len(_briefs(inputs.changed(files, before))) >= MANY


def _is_room(processes: int, briefs: Collection[str]) -> bool:
    """Whether there is memory for so many processes, each with these briefs."""
    process, brief = TAKES
    return processes * (process + brief * len(briefs)) <= room()


def _briefs(files: Iterable[str]) -> set[str]:
    """The briefs to which some files belong, by their folders."""
    return {name.split("/")[2] for name in files if name.startswith(f"{inputs.CONTENT}/briefs/")}


def _side_by_side(
    root: Path,
    options: Options,
    languages: Sequence[str],
    bench: Bench,
    made_by: object,
    workers: Executor,
    report: Report,
    progress: Progress,
) -> tuple[Built, list[PageStore]]:
    """Make each language as a part; returns the stores of the other processes, too."""
    main, *others = languages
    problems: list[Problem] = []
    built: Built | None = None
    made: list[_Other] = []
    jobs: list[Future[_Other]] = []
    try:
        for code in others:
            alone = replace(options, language=code)
            jobs.append(workers.submit(_make_other, root, alone, bench, made_by))
        try:
            alone = replace(options, language=main)
            built = pipeline.make(root, alone, bench, report, progress)
        except ProblemsFound as error:
            problems += error.problems
        for job in jobs:
            try:
                made.append(job.result())
            except ProblemsFound as error:
                problems += error.problems
    except BrokenExecutor:
        message = "a build process was killed; is there enough memory?"
        raise engine.EngineFailed(message) from None
    finally:
        wait(jobs)  # they write into the new site
    if built is None or problems:
        raise ProblemsFound(problems)
    for other in made:
        for line in other.said:
            report(line)
        bench.site.take(other.bench.site)
        built.hidden.extend(other.hidden)
        built.printed.update(other.printed)
    return built, [other.bench.store for other in made]


class _Other(NamedTuple):
    """What another process made of a language."""

    bench: Bench
    said: list[str]
    hidden: list[str]
    printed: set[Path]


def _make_other(root: Path, options: Options, bench: Bench, made_by: object) -> _Other:
    """Make a language in the site of a bench, below its folder, where nobody else is at work."""
    waiting = bench.store.waiting
    waiting = waiting.with_name(f"{waiting.name}-{options.language}")
    own = Bench(bench.site, PageStore(bench.store.folder, waiting, made_by))
    said: list[str] = []
    built = pipeline.make(root, options, own, said.append, lambda done, of: None)
    # Of the content, the process that makes the main language tells.
    return _Other(own, said[1:], built.hidden, built.printed)


def _finish(options: Options, bench: Bench, built: Built, read: Mapping[str, str]) -> None:
    """Add to what was made what tells of all of it: to hosts, and in the manifest. What was `read`
    is told as every checkout has it."""
    site, content = bench.site, built.content
    shown = manifest.shown(read, content.library.briefs)
    made, files = _made(content, options), site.settle()
    if alone := options.language:
        site.put(parts.NAME, parts.written(made, files, read, shown, alone, built.hidden))
        return
    told = hosting.told(
        site.folder,
        files,
        content.library.settings,
        preview=options.drafts,
        in_pages=options.csp_meta,
        hidden=(manifest.NAME, *built.hidden),
        store=bench.store,
    )
    for name, text in told:
        files[name] = site.put(name, text)
    site.put(manifest.NAME, manifest.written(made, files, shown))


def _made(content: reading.Content, options: Options) -> manifest.Made:
    return manifest.Made(
        site_url=content.library.settings.site_url,
        preview=options.drafts,
        pdf=options.pdf,
        csp_meta=options.csp_meta,
        epoch=options.epoch,
    )


def compare(root: Path, began: Mapping[str, str], what: str = "the site") -> None:
    """Raises Changed if what is read was written since these stamps were taken."""
    if changed := inputs.changed(began, inputs.stamps(root)):
        more = f" and {counted(len(changed) - 1, 'more file')}" if changed[1:] else ""
        which = f"{printable(changed[0])}{more} changed while {what} was made"
        raise locking.Changed(f"{which}; nothing was written, run it again")
