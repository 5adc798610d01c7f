"""Every hostile text in every field of every model: `make hostile`.

The suite (`test_hostile.py`) has each text in some fields; here it is in all of them. The texts are
taken some at a time, each in a copy of the desk of its own, and their site is built, read and, in
part, opened in Chromium. PDFs and pictures, which take longest, are made of a few copies at the
end, whose fields hold as many of the texts as there is room for. Prints what was refused, where and
by which rule, and what was taken; ends with exit code 1 if anything was not as it should be.

    python tests/hostile_product.py 0 60    the first sixty texts only
"""

import re
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

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
    packed,
    prefix,
    settings_cases,
    settings_of,
    tried,
    tried_plain,
    tried_settings,
    write,
)
from inertness import COPY, Judge, Shape, differences, misread, visited
from playwright.sync_api import Browser, sync_playwright
from projects import Project, snapshot
from web_tools import CHROMIUM, QUIET, served

from research_brief import pipeline, verbs
from research_brief.options import Options

AT_ONCE = 30
PRINTED = 12
"""How many copies are printed at the end."""
PRINTS = (".pdf", ".png")
OPENED = (
    r"briefs/c\d\d[02468]-brief/|zh/briefs/c\d\d[13579]-brief/",
    r"briefs/c\d{3}-brief/evidence/",
    r"briefs/c\d\d[0369]-brief/editions/1/|companies/c\d\d[147]-company/|sources/c\d\d[258]-source/",
)
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
        _keys(root / "keys", texts, report)
        # Of lists that are cut, many copies show the one kind, and few the other.
        few = _calm(root / "few", 2, browser)
        wanted = _calm(root / "many", AT_ONCE, browser, "--no-pdf")
        shared = {path: shape for path, shape in few.items() if _is_shared(path)}
        wanted |= {path: shape + wanted.get(path, Counter()) for path, shape in shared.items()}
        report.say("the harmless sites are built")
        taken = []
        for begin in range(0, len(texts), AT_ONCE):
            some = texts[begin : begin + AT_ONCE]
            taken += _all_of(root / "wild", some, wanted, browser, report)
            shutil.rmtree(root / "wild")
            report.say(f"{begin + len(some)} of {len(texts)} texts")
        _printed(root / "printed", taken, few, browser, report)
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
            told = f"in what opens on line {line}"
            if errors and not any(
                0 <= p.place.line - line <= 2 or told in p.message for p in errors
            ):
                report.fault(f"{case.words!r} on line {line} of {slot.file}: {errors[0]}")
            for problem in problems:
                if not str(problem).isprintable():
                    report.fault(f"not in one line: {problem}")
    report.say("settings and plain YAML are tried")


def _keys(root: Path, texts: tuple[Hostile, ...], report: Report) -> None:
    """Every text as every key of the content."""
    desk_project(root)
    for begin in range(0, len(texts), AT_ONCE):
        cases = alone(texts[begin : begin + AT_ONCE])
        keys = [c for c in cases if c.slot.is_key and c.text.words.strip() != "MARK"]
        report.add("keys", tried(root, keys))
    report.say("every text was every key of the content")


def _built(project: Project, *options: str) -> str:
    """Freeze and build; returns what went wrong."""
    with patch.object(pipeline, "check"):  # the build will do the same
        verbs.release(project.root, Options())
    run = project.start(*options)  # however long it takes
    said, _ = run.communicate()
    return said[-3000:] if run.returncode else ""


def _calm(root: Path, copies: int, browser: Browser, *options: str) -> dict[str, Shape]:
    project = desk_project(root)
    write(root, [], map(prefix, range(1, copies + 1)))
    wrong = _built(project, *options)
    assert not wrong, wrong
    with profile(browser) as context:
        return Judge(context.new_page()).shapes(project.site)


def _is_shared(path: str) -> bool:
    return not COPY.search(path) and not path.endswith(PRINTS)


def _all_of(
    root: Path,
    texts: tuple[Hostile, ...],
    wanted: dict[str, Shape],
    browser: Browser,
    report: Report,
) -> list[Case]:
    """Some texts in every field of the content, and the site with what was taken."""
    project = desk_project(root)
    fields = [case for case in alone(texts) if not case.slot.is_key]
    trial = tried(root, [case for case in fields if not _is_address(case)])
    report.add("content", trial)
    if wrong := _built(project, "--no-pdf"):
        report.fault(f"texts {texts[0].number} to {texts[-1].number}: {wrong}")
        return trial.taken
    with profile(browser) as context:
        judge = Judge(context.new_page())
        try:
            shapes = judge.shapes(project.site)
        except AssertionError as error:
            report.fault(str(error))
            return trial.taken
        for fault in [*differences(shapes, wanted), *misread(trial.taken, judge.texts)]:
            report.fault(fault)
    report.counts["texts of fields in sites that were built"] += len(trial.taken)
    report.counts["files compared"] += len(shapes)
    pages = [path.removesuffix("index.html") for path in shapes if path.endswith("index.html")]
    opened = re.compile("|".join(OPENED))
    with served(project.site) as address:
        heard = visited(browser, address, filter(opened.fullmatch, pages))
    report.counts["pages opened in Chromium"] += len(heard.shapes)
    for complaint in heard.complaints:
        report.fault(complaint)
    return trial.taken


def _is_address(case: Case) -> bool:
    """Whether a text is a plain word in a list of former ids: it leads on, as it should."""
    return case.text.words.strip() == "MARK" and "formerly" in case.slot.steps


def _printed(
    root: Path, taken: list[Case], wanted: dict[str, Shape], browser: Browser, report: Report
) -> None:
    """PDFs and pictures of what was taken, beside those of the desk's own texts."""
    project = desk_project(root)
    trial = tried(root, packed(taken, PRINTED))
    if wrong := _built(project):
        report.fault(wrong)
        return
    files = {path: data for path, data in snapshot(project.site).items() if path.endswith(PRINTS)}
    with profile(browser) as context:
        judge = Judge(context.new_page())
        shapes = {path: judge.shape(path, data) for path, data in files.items()}
    for fault in differences(
        shapes, {path: shape for path, shape in wanted.items() if path.endswith(PRINTS)}
    ):
        report.fault(fault)
    report.counts["texts of fields in what was printed"] += len(trial.taken)
    report.counts["PDFs and pictures compared"] += len(shapes)
    report.say("what is printed is compared")


if __name__ == "__main__":
    sys.exit(main())
