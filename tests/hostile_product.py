"""Every hostile text in every field of every model: `make hostile`.

The suite (`test_hostile.py`) has each text in some fields; here it is in all of them. The texts are
taken a few at a time, each in a copy of the desk of its own, and their site is built, read and
opened in Chromium. Prints what was refused, where and by which rule, and what was taken; ends with
exit code 1 if anything was not as it should be.
"""

import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from browsing import profile
from hostile_fields import Hostile, Slot, corpus, marker
from hostility import (
    FIELDS,
    Case,
    Copy,
    Trial,
    alone,
    desk_project,
    follows,
    prefix,
    settings_cases,
    settings_of,
    tried,
    tried_plain,
    tried_settings,
    write,
)
from inertness import Judge, Shape, differences, misread, visited
from playwright.sync_api import Browser, sync_playwright
from projects import Project
from web_tools import CHROMIUM, QUIET, served

AT_ONCE = 30
OPENED = re.compile(r"(zh/briefs/c\d{3}-brief/|briefs/c\d{3}-brief/(evidence/|editions/1/)?"
                    r"|companies/c\d{3}-company/|sources/c\d{3}-source/)")  # fmt: skip
"""The pages of a copy that are opened; the others are only parsed."""


class Report:
    """What is counted and what went wrong."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.wrong: list[str] = []

    def say(self, words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - self.began:6.0f} s  {words}\n")
        sys.stdout.flush()

    def fault(self, words: str) -> None:
        self.wrong.append(words)
        self.say(f"WRONG {words}")

    def add(self, name: str, trial: Trial) -> None:
        self.counts[f"{name}: cases"] += len(trial.cases)
        self.counts[f"{name}: refused at their line"] += len(trial.refused)
        self.counts[f"{name}: taken"] += len(trial.taken)
        self.rules.update(problems[0].rule for problems in trial.refused.values())
        for problem in trial.problems:
            if not str(problem).isprintable():
                self.fault(f"not in one line: {problem}")
        for problem in trial.elsewhere:
            if not follows(problem):
                self.fault(f"at no line of a text: {problem}")


def main() -> int:
    report = Report()
    texts = corpus()
    if len(sys.argv) > 1:  # some of them: FIRST LAST
        texts = texts[int(sys.argv[1]) : int(sys.argv[2])]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        root = Path(folder)
        _settings(root / "settings", texts, report)
        _plain(root / "plain", texts, report)
        _admission(root / "content", texts, report)
        wanted = _calm(root / "calm", browser)
        report.say("the harmless site is built")
        for begin in range(0, len(texts), AT_ONCE):
            some = texts[begin : begin + AT_ONCE]
            _all_of(root / "wild", some, wanted, browser, report)
            shutil.rmtree(root / "wild")
            report.say(f"{begin + len(some)} of {len(texts)} texts")
        browser.close()
    found = {slot.field for slot in Copy.of(prefix(1)).slots()}
    report.say(f"{len(texts)} texts, {len(found)} fields of the content")
    for name, count in [*report.counts.items(), *report.rules.most_common()]:
        report.say(f"{count:7,} {name}")
    report.say(f"{len(report.wrong)} wrong")
    return 1 if report.wrong else 0


def _settings(root: Path, texts: tuple[Hostile, ...], report: Report) -> None:
    """Every text in every setting."""
    project = desk_project(root)
    before = settings_of(project.root)
    for text in texts:
        report.add("settings", tried_settings(root, settings_cases(root, [text]), before))


def _plain(root: Path, texts: tuple[Hostile, ...], report: Report) -> None:
    """What means something to YAML, without quotation marks, in a text of every field."""
    desk_project(root)
    first: dict[str, Slot] = {}
    for slot in Copy.of(prefix(1)).slots():
        first.setdefault(slot.field, slot)
    for text in (text for text in texts if text.kind == "yaml"):
        for number, slot in enumerate(first.values()):
            case = Case(text, slot, marker(text.number * FIELDS + number))
            problems, line, _ = tried_plain(root, case)
            errors = [problem for problem in problems if problem.level == "error"]
            report.counts["plain YAML: cases"] += 1
            report.counts["plain YAML: refused"] += bool(errors)
            if errors and not any(0 <= p.place.line - line <= 2 for p in errors):
                report.fault(f"{case.words!r} on line {line} of {slot.file}: {errors[0]}")
            for problem in problems:
                if not str(problem).isprintable():
                    report.fault(f"not in one line: {problem}")
    report.say("settings and plain YAML are tried")


def _admission(root: Path, texts: tuple[Hostile, ...], report: Report) -> None:
    """Every text in every field of the content, as a text and as a key."""
    desk_project(root)
    for begin in range(0, len(texts), AT_ONCE):
        cases = alone(texts[begin : begin + AT_ONCE])
        keys = [c for c in cases if c.slot.is_key and c.text.words.strip() != "MARK"]
        report.add("keys", tried(root, keys))
        report.add("content", tried(root, [case for case in cases if not case.slot.is_key]))
    report.say("every text was in every field of the content")


def _built(project: Project) -> Iterator[str]:
    """Freeze and build; yields what went wrong."""
    for verb in (["release"], []):
        run = project.run(*verb)
        if run.returncode:
            yield (run.stdout + run.stderr)[-3000:]


def _calm(root: Path, browser: Browser) -> dict[str, Shape]:
    project = desk_project(root)
    write(root, [], map(prefix, (1, 2, 3)))
    assert not list(_built(project))
    with profile(browser) as context:
        return Judge(context.new_page()).shapes(project.site)


def _all_of(
    root: Path,
    texts: tuple[Hostile, ...],
    wanted: dict[str, Shape],
    browser: Browser,
    report: Report,
) -> None:
    """Some texts in every field of the content, and the site with what was taken."""
    project = desk_project(root)
    trial = tried(root, [case for case in alone(texts) if not case.slot.is_key])
    if wrong := list(_built(project)):
        report.fault(f"texts {texts[0].number} to {texts[-1].number}: {wrong}")
        return
    with profile(browser) as context:
        judge = Judge(context.new_page())
        try:
            shapes = judge.shapes(project.site)
        except AssertionError as error:
            report.fault(str(error))
            return
        for fault in [*differences(shapes, wanted), *misread(trial.taken, judge.texts)]:
            report.fault(fault)
    pages = [path.removesuffix("index.html") for path in shapes if path.endswith("index.html")]
    report.counts["texts of fields in sites that were built"] += len(trial.taken)
    report.counts["files compared"] += len(shapes)
    with served(project.site) as address:
        heard = visited(browser, address, filter(OPENED.fullmatch, pages))
    report.counts["pages opened in Chromium"] += len(heard.shapes)
    for complaint in heard.complaints:
        report.fault(complaint)


if __name__ == "__main__":
    sys.exit(main())
