"""What one does with the content besides building it: release, verify, print one brief."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from research_brief import building, inputs, ledger, locking, output, pipeline, reading, rendering
from research_brief.addresses import LEDGER, Address
from research_brief.checks import quote_paragraph, quote_verbatim
from research_brief.editions import freezing
from research_brief.editions.freezing import Frozen
from research_brief.editions.reading import with_editions
from research_brief.evidence import keeping, verifying
from research_brief.evidence.verifying import Outcome
from research_brief.loading import load, load_settings
from research_brief.options import Options
from research_brief.pdf.press import Printed, press
from research_brief.pipeline import Unknown
from research_brief.problems import Problem, ProblemsFound, did_you_mean
from research_brief.whereabouts import Whereabouts


class Released(NamedTuple):
    """What a release wrote: the editions, and the addresses that the ledger had not."""

    editions: list[Frozen]
    addresses: list[Address]


def release(root: Path, options: Options) -> Released:
    """Freeze what is published now as the next edition of each brief that changed, then write down
    every address that is published, editions included.

    An address that is in the ledger stays there. Raises ProblemsFound, with no edition written,
    for any fault but of the order of the ledger, and for changes that no revision tells; Busy;
    Changed, with no edition written, for an edit meanwhile.
    """
    with locking.only_one(root / options.work):
        known, problems = ledger.read(root)
        if problems and all(map(ledger.is_mendable, problems)):
            output.write_if_changed(root / LEDGER, ledger.written(known))
        began = inputs.stamps(root)
        try:
            pipeline.check(root, replace(options, drafts=False))
            library, _ = reading.loaded(root, load_settings(root))
        except Exception:
            building.compare(root, began, "the release")  # or its faults are those of half an edit
            raise
        confirm = partial(building.compare, root, began, "the release")
        frozen = freezing.freeze(root, library, confirm)
        library = with_editions(root, library)[0].without_drafts()
        new = Whereabouts.of(library).unlisted
        output.write_if_changed(root / LEDGER, ledger.written([*library.ledger, *new]))
        return Released(frozen, new)


def verify(root: Path, id: str | None) -> tuple[list[Outcome], list[Problem]]:
    """Compare the words of a source, or of all whose text is here, and write the receipts.

    Returns what was found, and the faults of words that are not in their text. Raises
    ProblemsFound where content cannot be read, so that not all quotations are known; Unknown for
    a source that is not there, Refused for one without its text.
    """
    settings = load_settings(root)
    library, problems = load(root, settings)
    # Damaged receipts are written anew here.
    if unread := [problem for problem in problems if not keeping.is_receipts(problem.place.file)]:
        raise ProblemsFound(unread)
    held = [source.id for source in library.sources.values() if source.text]
    if not (id or held):
        raise Unknown("the text of no source is here; 'source add FILE --id ID' puts one there")
    ids = [_known("source", id, library.sources)] if id else held
    today = date.today().isoformat()  # noqa: DTZ011 (the day where the text is)
    outcomes = [verifying.verify(library, source, today) for source in ids]
    for outcome in outcomes:
        verifying.write(root, outcome)
    library, _ = load(root, settings)
    faults = {*quote_verbatim.check(library), *quote_paragraph.check(library)}
    return outcomes, sorted(faults)


def print_one(root: Path, brief: str | None, language: str | None, options: Options) -> Printed:
    """The PDF of a brief, or of all briefs, in a language (the main one if it is not given).

    Raises ProblemsFound, Unknown for a brief or language that is not there, PressFailed, Busy.
    """
    content = reading.read(root, options)
    library = content.library
    language = _known("language", language or library.settings.languages[0], content.words)
    if brief is not None and library.briefs[_known("brief", brief, library.briefs)].is_removed:
        raise Unknown(f"brief '{brief}' was removed")
    pages = rendering.render(library, language, content.words, root / "templates")
    found = pipeline.documents(root, content, {language: pages}, options)
    wanted = [document for document in found if document.brief == (brief or "")]
    if not wanted:
        raise Unknown("there is no brief yet")
    work = root / options.work
    with locking.only_one(work):  # a build would tidy the file away
        return press(wanted, library, root / "templates/pdf", work / "pdf")[0]


def _known(what: str, name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise Unknown(f"there is no {what} '{name}'{did_you_mean(name, known)}")
    return name
