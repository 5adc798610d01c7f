"""`source verify`: compares all that is shown of a source with its text, and writes receipts."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from research_brief.evidence import keeping, receipts
from research_brief.evidence.lexicon import words_of
from research_brief.evidence.normalisation import digest
from research_brief.evidence.receipts import Receipt
from research_brief.evidence.standing import Shown, Standing, found, shown_words
from research_brief.library import Library, SourceRecord
from research_brief.output import write_if_changed
from research_brief.problems import counted
from research_brief.refusals import Refused


@dataclass(frozen=True)
class Outcome:
    """What a comparison found. `file` is what is to be written, None for an open text."""

    source: SourceRecord
    compared: int
    missing: int  # words that are not where they are said to be; `check` tells which
    new: list[str] = field(default_factory=list)
    gone: int = 0
    edition: bool = False  # the text is another one than last time
    notes: list[str] = field(default_factory=list)  # what a person should look at
    file: str | None = None


def verify(library: Library, id: str, today: str) -> Outcome:
    """Compare all words of the source that the site shows with its text. Raises Refused without it.

    Receipts of words that were compared before, with the same text, keep their day.
    """
    source = library.sources[id]
    text, before = source.text, source.receipts
    if text is None:
        closed, _ = keeping.text_files(id)
        raise Refused(
            f"the text of {id} is not here; expected it in {closed}: "
            f"'python build.py source add FILE --id {id}' puts it there"
        )
    same = before is not None and before.text == text.fingerprint
    kept = {(r.words, r.paragraph, r.spans): r for r in before.receipts} if before and same else {}
    made: dict[tuple[str, str, str], Receipt] = {}
    new: list[str] = []
    notes: list[str] = []
    compared = missing = 0
    for shown in shown_words(library):
        if shown.source.id != id:
            continue
        compared += 1
        stands = found(shown, shown.paragraph)
        if stands is None:
            missing += 1
            continue
        if note := _left_out(shown, stands):
            notes.append(f"{shown.where.place}: note: {note}")
        words = digest(shown.words)
        item = receipts.receipt(
            text.fingerprint, text.length, words, stands.paragraph, stands.places, today
        )
        key = (item.words, item.paragraph, item.spans)
        old = kept.get(key)
        if key not in made and old is None:
            new.append(shown.words)
        made[key] = old if old and old.is_sealed(text.fingerprint, text.length) else item
    if missing and missing == compared:
        raise Refused(
            f"nothing that is quoted from {id} is in {text.file}; is it the text of another "
            "source? The receipts are as they were"
        )
    return Outcome(
        source,
        compared,
        missing,
        new,
        len(kept.keys() - made.keys()),
        before is not None and not same,
        notes,
        None
        if source.is_open
        else receipts.written(id, text.fingerprint, text.length, made.values()),
    )


def _left_out(shown: Shown, stands: Standing) -> str:
    """What the words that an ellipsis leaves out might take from the quotation."""
    source = shown.source
    assert source.text is not None
    passage = source.text.passages[stands.paragraph].normal.text
    gaps = [passage[end:start] for (_, end), (start, _) in pairwise(stands.places)]
    negation = words_of(source.source.language).negation
    for gap in gaps:
        if said := negation.search(gap):
            return f"'{said[0]}' is among the words left out; see that the meaning stands"
        if re.search(r"[.!?](?![0-9])", gap):
            return "a sentence ends in the words left out; see that the pieces belong together"
    return ""


def write(root: Path, outcome: Outcome) -> None:
    """Write the receipts, if there are any."""
    if outcome.file is not None:
        write_if_changed(root / keeping.receipts_file(outcome.source.id), outcome.file)


def lines(outcome: Outcome) -> list[str]:
    """What a comparison found, for the terminal."""
    id, words = outcome.source.id, outcome.compared
    in_text = words - outcome.missing
    found = [f"verify  {id}: {in_text} of {words} quotations and other words are in its text"]
    if outcome.edition:
        found.append("edition the text is another one than last time: all was compared anew")
    found += [f"new     {words}" for words in outcome.new]
    if outcome.gone:
        found.append(f"gone    {counted(outcome.gone, 'receipt')} of words that nothing quotes now")
    if outcome.missing:
        found.append(f"altered {outcome.missing} not as the text has them: see the faults")
    found += outcome.notes
    if outcome.file is None:
        found.append("open    the text stands in content/, so that nobody needs receipts")
    else:
        found.append(f"write   {keeping.receipts_file(id)}")
    return found
