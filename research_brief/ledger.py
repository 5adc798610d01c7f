"""The ledger, every address that this site ever had, and what is said where nothing is any more.

`content/addresses.txt` has an address a line; `build.py release` writes it and never takes one
out. Lines are sorted, so that two branches that add to it rarely meet; where they do, both sides
are true. `content/tombstones.yaml` is the editors' own.
"""

from collections.abc import Iterable
from pathlib import Path

from research_brief import yamlfile
from research_brief.addresses import LEDGER, TOMBSTONES, Address, Tombstone
from research_brief.library import TombstoneRecord, Where
from research_brief.plainfile import Unreadable, read_plain
from research_brief.problems import Place, Problem
from research_brief.settings import Settings
from research_brief.slips import conflict
from research_brief.validation import shown, validate

MAX_BYTES = 20_000_000
HEADER = (
    "# Every address that this site ever had, below the root of each language."
    " Written by: python build.py release\n"
)
RULE = "ledger"
MEND = "run 'python build.py release', which keeps all and puts them in order"
_BACK = "nobody writes here but 'python build.py release': take the line back from git"


def read(root: Path) -> tuple[dict[Address, int], list[Problem]]:
    """Every address of the ledger of the project at `root` with its line, and what is wrong.

    Empty if there is no ledger yet. Never raises for its contents.
    """
    path = root / LEDGER
    if path.is_symlink() or not path.exists():  # a link is a fault of the folder
        return {}, []
    try:
        raw = read_plain(path, MAX_BYTES)
        text = raw.decode("utf-8-sig")
    except Unreadable as reason:
        return {}, [_problem(1, str(reason))]
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return {}, [_problem(line, f"byte 0x{raw[error.start]:02x} is not UTF-8; {_BACK}")]
    return parse(text)


def parse(text: str) -> tuple[dict[Address, int], list[Problem]]:
    """Every address in a ledger's text with its line, and what is wrong with its lines.

    What `release` mends by itself (order, repetitions, a merge conflict) says so.
    """
    found: dict[Address, int] = {}
    problems: list[Problem] = []
    last = ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if conflict([line]):
            problems.append(_problem(number, f"a merge conflict: both sides are true; {MEND}"))
            last = ""
            continue
        address = Address.read(line)
        if address is None:
            message = f"{shown(line)} is no address; expected {Address.wanted()}; {_BACK}"
            problems.append(_problem(number, message))
        elif address in found:
            message = f"'{address}' stands already on line {found[address]}; {MEND}"
            problems.append(_problem(number, message))
        else:
            if address < last:
                problems.append(_problem(number, f"'{address}' is not in its order; {MEND}"))
            found[address] = number
            last = max(last, address)
    return found, problems


def read_tombstones(
    root: Path, settings: Settings
) -> tuple[dict[Address, TombstoneRecord], list[Problem]]:
    """What `content/tombstones.yaml` says of each address, and what is wrong with it."""
    path = root / TOMBSTONES
    if path.is_symlink() or not path.exists():  # a link is a fault of the folder
        return {}, []
    document = yamlfile.read(path, TOMBSTONES)
    found: dict[Address, TombstoneRecord] = {}
    data = {} if document.data in (None, "") else document.data
    if not isinstance(data, dict):
        message = f"the file holds {shown(data)}; expected addresses with 'on' and 'text'"
        document.fault((1, 1), message, "schema")
        data = {}
    for key in document.keys if data else ():
        where = Where(TOMBSTONES, document.marks, (key,))
        address = Address.read(key)
        if address is None:
            message = f"{shown(key)} is no address; expected {Address.wanted()}"
            document.problems.append((where / yamlfile.KEY).problem(message, "schema"))
        elif key not in data:
            message = f"'{key}' is empty; write when and why it went, or delete it"
            document.problems.append((where / yamlfile.KEY).problem(message, "schema"))
        else:
            languages = settings.languages
            tombstone = validate(
                Tombstone, document, (key,), languages=languages, language=languages[0]
            )
            if tombstone:
                found[address] = TombstoneRecord(address, tombstone, where)
    return found, document.problems


def is_mendable(problem: Problem) -> bool:
    """Whether `release` mends it."""
    return problem.rule == RULE and problem.message.endswith(MEND)


def written(addresses: Iterable[str]) -> str:
    """The text of a ledger of these addresses."""
    return HEADER + "".join(f"{address}\n" for address in sorted({*addresses}))


def _problem(line: int, message: str) -> Problem:
    return Problem(Place(LEDGER, line), message, RULE)
