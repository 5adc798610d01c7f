"""What is kept of a source beside its description: its text, and the receipts of its quotations.

The text of a source that is not ours to publish lies in `.sources/`, which git ignores, with
whoever may hold it; one whose licence allows it beside the description. Receipts that were edited
or half merged are faults, until they are written anew.
"""

from dataclasses import replace
from pathlib import Path

from research_brief.evidence.receipts import Receipts
from research_brief.evidence.texts import SourceText
from research_brief.library import SourceRecord, Where
from research_brief.plainfile import Unreadable, read_plain
from research_brief.problems import Place, Problem
from research_brief.validation import validate
from research_brief.yamlfile import read

MAX_BYTES = 20_000_000
RECEIPTS, TEXT = ".receipts.yaml", ".txt"


def receipts_file(id: str, content: str = "content") -> str:
    """Where the receipts of a source are kept, from the project's folder."""
    return f"{content}/sources/{id}{RECEIPTS}"


def is_receipts(file: str) -> bool:
    """Whether a file of the project holds receipts."""
    return file.startswith("content/sources/") and file.endswith(RECEIPTS)


def text_files(id: str, content: str = "content") -> tuple[str, str]:
    """Where the text of a source may be kept: closed, and open."""
    return f".sources/{id}{TEXT}", f"{content}/sources/{id}{TEXT}"


def equipped(root: Path, record: SourceRecord, content: str) -> tuple[SourceRecord, list[Problem]]:
    """The source with its text and receipts, as far as they can be read; and their faults.

    `content` is the folder of the source's content. A closed text is that of today, and nothing
    to a source as it was in another one.
    """
    problems: list[Problem] = []
    closed, opened = text_files(record.id, content)
    is_open = (root / opened).is_file() and not (root / opened).is_symlink()
    name = opened if is_open else closed if content == "content" else ""
    text = _text(root, name, problems) if name else None
    receipts = _receipts(root, receipts_file(record.id, content), record.id, text, problems)
    return replace(record, text=text, receipts=receipts, is_open=is_open), problems


def _text(root: Path, name: str, problems: list[Problem]) -> SourceText | None:
    path = root / name
    if not path.is_file():
        return None

    def fault(message: str, rule: str = "file", line: int = 1) -> None:
        problems.append(Problem(Place(name, line), message, rule))

    try:
        raw = read_plain(path, MAX_BYTES)
        text = SourceText(name, raw.decode("utf-8-sig"))
    except Unreadable as reason:
        fault(str(reason))
    except UnicodeDecodeError as error:
        advice = "let 'python build.py source add' read the original"
        line = raw.count(b"\n", 0, error.start) + 1
        fault(f"byte 0x{raw[error.start]:02x} is not UTF-8; {advice}", "encoding", line)
    else:
        if text.passages:
            return text
        fault("there are no words in the text; let 'python build.py source add' read the original")
    return None


def _receipts(
    root: Path, name: str, id: str, text: SourceText | None, problems: list[Problem]
) -> Receipts | None:
    path = root / name
    if not path.is_file() or path.is_symlink():
        return None
    document = read(path, name)
    receipts = None
    if not document.problems:
        receipts = validate(Receipts, document, (), languages=("en",), language="en")
    problems += document.problems
    if receipts is None:
        problems.append(
            Problem(Place(name), f"these receipts cannot be read; {_again(id)}", "receipts")
        )
        return None
    where = Where(name, document.marks)
    broken = [
        number
        for number, receipt in enumerate(receipts.receipts)
        if not receipt.is_sealed(receipts.text, receipts.characters)
    ]
    if broken and len(broken) == len(receipts.receipts):
        message = f"no receipt was made from a text with this fingerprint and length; {_again(id)}"
        problems.append((where / "text").problem(message, "receipts"))
    else:
        for number in broken:
            message = f"this receipt was changed by hand; {_again(id)}"
            problems.append((where / "receipts" / number).problem(message, "receipts"))
    if text and text.fingerprint != receipts.text:
        message = f"these receipts were made from another edition of the text than {text.file}"
        problems.append((where / "text").problem(f"{message}; {_again(id)}", "receipts"))
    return receipts


def _again(id: str) -> str:
    return f"restore the file, or whoever holds the text runs 'python build.py source verify {id}'"
