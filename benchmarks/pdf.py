"""How much CPU, time and memory the PDFs take, beside WeasyPrint: `make benchmark-pdf`.

Every task runs in a process of its own, on two cores, and Typst and WeasyPrint take turns, so
that a busy machine disturbs both alike. The tables are medians. README.md here says more.
"""
# ruff: noqa: PLC0415 (a task imports only what it measures)
# ruff: noqa: S311, S603, T201 (chance is for words, the processes are ours, tables are printed)

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from research_brief.pages import Page
    from research_brief.pdf.documents import Document

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates" / "pdf"
LANGUAGES = ("en", "zh")
FURTHER = 3
"""Briefs that a process sets after its first."""
PRESSES = 3
COLLECTIONS = (1, 10, 20)
CSS = """
@page { size: A4; margin: 30mm 30mm 28mm 38mm;
  @top-left { font: 7.6pt "Noto Sans CJK SC"; content: string(title) }
  @top-right { font: 7.6pt "Noto Sans CJK SC"; content: string(part) }
  @bottom-right { font: 7.6pt "Noto Sans CJK SC"; content: counter(page) "/" counter(pages) }
  @footnote { border-top: 0.5pt solid } }
body { font: 10.5pt/1.35 "Noto Serif CJK SC"; text-align: justify }
:lang(zh) { line-height: 1.6 }
h1 { string-set: title content() } h2 { string-set: part content() }
h1, h2, h3, h4, h5, th { font-family: "Noto Sans CJK SC"; text-align: left; break-after: avoid }
p { margin: 0.4em 0 } code { font-family: inherit }
nav a::after { content: leader(".") target-counter(attr(href), page) }
article { border-left: 1.4pt solid; padding-left: 4mm; margin: 1.2em 0; break-inside: avoid }
article p, .rb-meta, dl, table { font-size: 8.6pt; text-align: left }
table { border-collapse: collapse } th, td { border-top: 0.5pt solid }
.footnote { float: footnote; font-size: 8.6pt } .footnote p { display: inline }
.rb-download { display: none }
"""
"""The look of our PDFs, as far as it costs time."""

_WORD = re.compile(r"<[^>]*>|&\w+;|(\b[a-z]{4,}\b|[\u4e00-\u9fff])")
"""A tag, a character by its name, or (the group) a word without a capital or a Chinese one."""


@dataclass(frozen=True)
class Cost:
    """What a process and its children took: seconds, bytes, and what it said of itself."""

    cpu: float
    wall: float
    memory: int
    said: Any


# --- Tasks: each is the whole work of a process --------------------------------------------------


def typst(*files: str) -> list[float]:
    """Typeset documents one after the other; the CPU of each."""
    from research_brief.pdf.typesetter import Typesetter

    typesetter = Typesetter(TEMPLATES)

    def typeset(file: Path) -> None:
        document = json.loads(file.read_bytes())
        pdf = typesetter.typeset(document["values"], document["timestamp"])
        file.with_suffix(".pdf").write_bytes(pdf)

    return _each(typeset, files)


def compiler(*files: str) -> list[float]:
    """The same without JSON and without packing the file: Typst alone."""
    from research_brief.pdf.typesetter import STANDARDS, Typesetter

    typesetter = Typesetter(TEMPLATES)
    inputs = {file: json.dumps(json.loads(Path(file).read_bytes())["values"]) for file in files}

    def compile_alone(file: Path) -> None:
        typesetter.compiler.compile_with_warnings(
            format="pdf",
            sys_inputs={"data": inputs[str(file)]},
            pdf_standards=STANDARDS,
            timestamp=0,
        )

    return _each(compile_alone, files)


def weasyprint(*files: str) -> list[float]:
    """Make tagged PDFs of HTML one after the other; the CPU of each."""
    from weasyprint import HTML  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def write(file: Path) -> None:
        target = file.with_suffix(".html.pdf")
        HTML(filename=file).write_pdf(target, pdf_variant="pdf/ua-1", pdf_tags=True)

    return _each(write, files)


def press(file: str, store: str) -> list[tuple[float, float]]:
    """Press documents into an empty store, then again: the CPU and the time of both."""
    from research_brief import reading
    from research_brief.options import Options
    from research_brief.pdf.documents import Document
    from research_brief.pdf.press import press

    documents = [Document(**document) for document in json.loads(Path(file).read_bytes())]
    library = reading.read(ROOT, Options()).library
    costs = []
    for _ in ("empty", "full"):
        cpu, wall = sum(os.times()[:4]), time.perf_counter()
        two = {"return_value": 2}
        with (
            patch("research_brief.processes.cores", **two),
            patch(f"{press.__module__}.cores", **two),
        ):
            press(documents, library, TEMPLATES, Path(store))
        costs.append((sum(os.times()[:4]) - cpu, time.perf_counter() - wall))
    return costs


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (typst, compiler, weasyprint, press)
}


def _each(work: Callable[[Path], None], files: tuple[str, ...]) -> list[float]:
    """The CPU that the work on each file takes."""
    costs = []
    for file in files:
        start = time.process_time()
        work(Path(file))
        costs.append(time.process_time() - start)
    return costs


def run(task: Callable[..., Any], *arguments: Path) -> Cost:
    """What a task costs in a fresh process, imports and all."""
    start, over, held = time.perf_counter(), Event(), [0]
    process = subprocess.Popen(
        [sys.executable, __file__, "--task", task.__name__, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )

    def watch() -> None:
        while not over.wait(0.05):
            held.append(_held(process.pid))

    watcher = Thread(target=watch)
    watcher.start()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{task.__name__} failed")
    # ru_maxrss begins with what this process held when it started the other.
    return Cost(usage.ru_utime + usage.ru_stime, wall, max(held), json.loads(said))


def _held(session: int) -> int:
    """The memory that the processes of a session hold, what they share counted in each."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            pages += int(fields[21]) if int(fields[3]) == session else 0
    return pages * os.sysconf("SC_PAGE_SIZE")


# --- Inputs: the shipped brief, and variants of it -----------------------------------------------


def prepare(folder: Path, briefs: int) -> None:
    """Write the inputs: a document and a page for each language and variant, all documents of
    one language in a file, and collections."""
    from research_brief import pipeline, reading
    from research_brief.options import Options
    from research_brief.pdf.documents import Maker

    content = reading.read(ROOT, Options())
    pages = pipeline.render(ROOT, content)
    for language in LANGUAGES:
        many: list[Document] = []
        shelf: list[Any] = []
        for number in range(briefs if language == LANGUAGES[0] else FURTHER + 1):
            changed = [_varied(page, number) for page in pages[language]]
            templates = ROOT / "templates"
            maker = Maker(content.library, language, content.words, changed, templates)
            document, collection = maker.documents()
            many.append(document)
            shelf.append(_renamed(collection.values["briefs"][0], document.brief, number))
            if number <= FURTHER:
                page = next(page for page in changed if page.kind == "brief")
                _write(folder / f"{language}-{number}.json", asdict(document))
                (folder / f"{language}-{number}.html").write_text(_plain(page), encoding="utf-8")
        if language == LANGUAGES[0]:
            _write(folder / "all.json", [asdict(document) for document in many])
            for count in (count for count in COLLECTIONS if count <= briefs):
                values = {**collection.values, "briefs": shelf[:count]}
                _write(folder / f"{count}.json", asdict(replace(collection, values=values)))


def _write(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _varied(page: "Page", number: int) -> "Page":
    """A brief's page with every second word, at random, exchanged for another one of it, as long
    as it is: a brief that Typst has not seen yet."""
    if page.kind != "brief" or not number:
        return page
    random = Random(number)
    words: dict[int, list[str]] = {}
    for word in _WORD.findall(_plain(page)):
        words.setdefault(len(word), []).append(word)

    def other(found: re.Match[str]) -> str:
        word = found[1]
        return random.choice(words[len(word)]) if word and random.random() < 0.5 else found[0]

    def varied(text: str) -> str:
        return _WORD.sub(other, text)

    parts, paper = (
        tuple(replace(part, heading=varied(part.heading), html=varied(part.html)) for part in some)
        for some in (page.parts, page.paper)
    )
    title, above, intro = varied(page.title), varied(page.above), varied(page.intro)
    return replace(page, title=title, above=above, intro=intro, parts=parts, paper=paper)


def _renamed(value: Any, brief: str, number: int) -> Any:
    """The values of a brief under another id, so that many stand in one collection."""
    if isinstance(value, dict):
        return {name: _renamed(item, brief, number) for name, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, brief, number) for item in value]
    if number and isinstance(value, str) and value.startswith(f"{brief}/"):
        return f"{brief}-{number}{value.removeprefix(brief)}"
    return value


def _plain(page: "Page") -> str:
    """All that the PDF of a page holds, as HTML for WeasyPrint: quotations are footnotes."""
    from research_brief.fragment import OUTSIDE, anchors, parse, to_html

    parts = [*page.parts, *page.paper]
    entries = "".join(f'<li><a href="#{p.id}">{escape(p.heading)}</a></li>' for p in parts)
    body = "".join(
        f'<section><h2 id="{p.id}">{escape(p.heading)}</h2>{p.html}</section>' for p in parts
    )
    title = escape(page.title)
    root, _ = parse(f"{page.above}<h1>{title}</h1>{page.intro}<nav><ul>{entries}</ul></nav>{body}")
    known = set(anchors(root))
    for link in root.iter("a"):
        href = link.get("href", "")
        anchor = href.partition("#")[2] or href
        if anchor in known:
            link.set("href", f"#{anchor}")
        elif not href.startswith(OUTSIDE):
            link.attrib.pop("href", None)
    for claim in root.iter("article"):
        sentence = claim.find("p[@class='rb-sentence']")
        for evidence in claim.findall("details"):
            assert sentence is not None
            claim.remove(evidence)
            for quotation in evidence.iter("blockquote"):
                sentence.tag = quotation.tag = "div"
                quotation.set("class", "footnote")
                sentence.append(quotation)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{CSS}</style>'
    return f'<!doctype html><html lang="{page.language}"><head>{head}</head><body>{to_html(root)}'


# --- Tables --------------------------------------------------------------------------------------


def briefs_table(folder: Path, rounds: int) -> Iterator[list[str]]:
    """One brief in a fresh process and one more in the same, Typst and WeasyPrint in turn."""
    cold: dict[str, list[Cost]] = {}
    warm: dict[str, list[float]] = {}
    for _ in range(rounds):
        both = [folder / f"{language}-0.json" for language in LANGUAGES]
        cold.setdefault("typst", []).append(run(typst, *both))
        for language in LANGUAGES:
            for task, kind in ((typst, "json"), (weasyprint, "html"), (compiler, "json")):
                name = f"{task.__name__} {language}"
                files = [folder / f"{language}-{number}.{kind}" for number in range(FURTHER + 1)]
                cold.setdefault(name, []).append(run(task, files[0]))
                warm.setdefault(name, []).append(median(run(task, *files).said[1:]))

    yield ["", "CPU s", "wall s", "memory MB", "CPU s of each further one"]
    yield ["en and zh, Typst", *_spent(cold["typst"]), ""]
    for language in LANGUAGES:
        for task, label in ((typst, "Typst"), (weasyprint, "WeasyPrint")):
            name = f"{task.__name__} {language}"
            yield [f"{language}, {label}", *_spent(cold[name]), f"{median(warm[name]):.2f}"]
        name = f"compiler {language}"
        alone = f"{median(cost.said[0] for cost in cold[name]):.2f}"
        yield [f"{language}, the compiler alone", alone, "", "", f"{median(warm[name]):.2f}"]
        ours, theirs = ([f"{task} {language}"][0] for task in ("typst", "weasyprint"))
        first = [a.cpu / b.cpu for a, b in zip(cold[ours], cold[theirs], strict=True)]
        further = [a / b for a, b in zip(warm[ours], warm[theirs], strict=True)]
        ratios = [f"{median(first):.2f}", "", "", f"{median(further):.2f}"]
        yield [f"{language}, Typst / WeasyPrint", *ratios]


def press_table(folder: Path, briefs: int) -> Iterator[list[str]]:
    """Many briefs in two processes."""
    costs = [
        run(press, folder / "all.json", folder / f"store-{number}") for number in range(PRESSES)
    ]
    yield [f"{briefs} briefs on two processes", "CPU s", "wall s", "memory MB"]
    for number, store in enumerate(("empty", "full")):
        cpu, wall = (median(cost.said[number][at] for cost in costs) for at in (0, 1))
        memory = f"{median(cost.memory for cost in costs) / 1e6:,.0f}" if number == 0 else ""
        yield [f"store {store}", f"{cpu:.2f}", f"{wall:.2f}", memory]


def collections_table(folder: Path, briefs: int) -> Iterator[list[str]]:
    """Ever more briefs in one PDF."""
    from research_brief.pdf.typesetter import pages_of

    yield ["briefs in one PDF", "CPU s", "wall s", "memory MB", "pages"]
    for count in (count for count in COLLECTIONS if count <= briefs):
        file = folder / f"{count}.json"
        cost = run(typst, file)
        yield [f"{count}", *_spent([cost]), f"{pages_of(file.with_suffix('.pdf')):,}"]


def _spent(costs: list[Cost]) -> list[str]:
    cpu, wall = median(cost.cpu for cost in costs), median(cost.wall for cost in costs)
    return [f"{cpu:.2f}", f"{wall:.2f}", f"{median(cost.memory for cost in costs) / 1e6:,.0f}"]


def _print(table: Iterator[list[str]]) -> None:
    for number, row in enumerate(table):
        print(f"| {' | '.join(row)} |", flush=True)
        if number == 0:
            print(f"|---{'|---:' * (len(row) - 1)}|")
    print(flush=True)


def main() -> None:
    """Print the tables, or do a task as a process that `run` started."""
    parser = argparse.ArgumentParser(description="How much CPU, time and memory the PDFs take.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--briefs", type=int, default=100)
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        name, *arguments = options.task
        print(json.dumps(TASKS[name](*arguments)))
        return
    sys.path.insert(0, str(ROOT))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.briefs)
        _print(briefs_table(folder, options.rounds))
        _print(press_table(folder, options.briefs))
        _print(collections_table(folder, options.briefs))


if __name__ == "__main__":
    main()
