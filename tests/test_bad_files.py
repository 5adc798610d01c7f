"""Files that are none, are too much, lead elsewhere or may not be read: faults, and at once."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mutants import limited
from projects import BASE, ROOT, faults_of, overlay

from research_brief import loading
from research_brief.checks import MOST
from research_brief.problems import LONGEST, Place, Problem, did_you_mean

BRIEF, SIGNAL = "content/briefs/first/brief.yaml", "content/briefs/first/signal.yaml"
EDITION = "content/editions/ai-chip-race/1/edition.yaml"
FILES = (
    *(BRIEF, SIGNAL, "content/sources/daily-2025.yaml", "content/sources/daily-2025.receipts.yaml"),
    *("content/sources/daily-2025.txt", ".sources/daily-2025.txt", "content/entities/people.yaml"),
    *("content/addresses.txt", "content/tombstones.yaml", "mkdocs.yml", "templates/words/zh.yaml"),
)
READ = tuple(name for name in FILES if not name.startswith(".sources"))
"""Files whose absence or form is a fault; a text of `.sources/` is read where there is one."""


def said(root: Path) -> list[str]:
    """All faults and warnings; a test that hangs is ended."""
    with limited():
        return [str(problem) for problem in faults_of(root)]


def without(root: Path, name: str) -> Path:
    """A place in a project with nothing there."""
    path = root / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("name", READ)
def test_a_pipe_is_refused_and_not_waited_for(name: str, tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    os.mkfifo(without(root, name))
    assert any(fault.startswith(f"{name}:1:1: error: ") for fault in said(root)) or (
        name.startswith("templates/")  # as if it were not there
        and said(root)[0].startswith("mkdocs.yml:1:1: error: language 'zh' has no interface words")
    )


def test_a_pipe_for_the_text_of_a_source_is_as_no_text(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    before = said(root)
    os.mkfifo(without(root, ".sources/daily-2025.txt"))
    assert said(root) == before


def test_a_pipe_in_a_frozen_edition_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    shutil.copytree(ROOT / "content", root / "content", dirs_exist_ok=True)
    for name in (EDITION.replace("edition.yaml", "sources/cntxj-2025-09-15.yaml"), EDITION):
        os.mkfifo(without(root, name))
        assert any(fault.startswith(f"{name}:1:1: error: ") for fault in said(root))


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/tty", "/etc/passwd", "/nowhere", "."])
def test_what_a_link_leads_to_is_neither_read_nor_told(target: str, tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    names = ("content/entities/terms.yaml", BRIEF)
    for name in names:
        without(root, name).symlink_to(target)
    faults = said(root)
    links = [f"{name}:1:1: error: is a link; content must be real files [file]" for name in names]
    assert set(links) <= set(faults)
    assert not [fault for fault in faults if "root" in fault or "not valid YAML" in fault]


@pytest.mark.parametrize("folder", ["", "/briefs", "/entities", "/sources", "/editions"])
def test_a_folder_that_is_a_link_is_not_looked_into(folder: str, tmp_path: Path) -> None:
    root = overlay(tmp_path / "project", BASE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret name.yaml").write_text("secret key: x\n", encoding="utf-8")
    shutil.rmtree(root / f"content{folder}", ignore_errors=True)
    (root / f"content{folder}").symlink_to(elsewhere)
    faults = said(root)
    assert f"content{folder}:1:1: error: is a link; content must be real files [file]" in faults
    assert "secret" not in "".join(faults)


@pytest.mark.parametrize("name", FILES)
def test_fifty_megabytes_are_refused_unread(name: str, tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    with without(root, name).open("wb") as file:
        file.truncate(50_000_000)
    start = time.process_time()
    fault = next(fault for fault in said(root) if fault.startswith(f"{name}:1:1: "))
    assert "the file has 50,000,000 bytes; at most " in fault
    assert time.process_time() - start < 2


STATES = {
    "exists": os.path.exists,
    "is_dir": os.path.isdir,
    "is_file": os.path.isfile,
    "is_symlink": os.path.islink,
}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the right of root to read everything; the system refuses, nothing is feigned."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the system can look into."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("name", [BRIEF, "content/addresses.txt", "mkdocs.yml"])
def test_a_file_that_may_not_be_read_is_a_fault(name: str, open_folder: Path) -> None:
    root = overlay(open_folder / "project", BASE, {"content/addresses.txt": "./\n"})
    said(root)  # with all modules loaded
    (root / name).chmod(0o000)
    with as_nobody():
        faults = said(root)
    expected = f"{name}:1:1: error: the file cannot be read: Permission denied"
    assert any(fault.startswith(expected) for fault in faults)


@pytest.mark.parametrize("python", ["this one", "3.14"])
@pytest.mark.parametrize("name", ["content", "content/briefs", "content/briefs/first"])
@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_that_may_not_be_looked_into_is_a_fault(
    mode: int, name: str, python: str, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = overlay(open_folder / "project", BASE)
    said(root)
    folder = root / name
    if python == "3.14":  # there these say no where they may not look
        for method, says in STATES.items():
            monkeypatch.setattr(Path, method, lambda self, says=says: says(self))
    folder.chmod(mode)
    try:
        with as_nobody():
            faults = said(root)
    finally:
        folder.chmod(0o755)
    assert len(faults) == 1
    assert faults[0].startswith(name)
    assert faults[0].endswith(":1:1: error: cannot be read: Permission denied [file]")


# --- Names --------------------------------------------------------------------------------------


def test_names_that_differ_in_their_letters_only_do_not_collide(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE)
    shutil.copytree(root / "content/briefs/first", root / "content/briefs/First")
    shutil.copy(root / SIGNAL, root / "content/briefs/first/Signal.yaml")
    with (root / "content/entities/companies.yaml").open("a", encoding="utf-8") as file:
        file.write("Tencent: {name: Tencent, summary: {en: A company., zh: 一家公司。}}\n")
    found = [fault.partition(", starting")[0] for fault in said(root)]
    wanted = "small Latin letters, digits and single hyphens"
    for place, name in (
        ("content/briefs/First:1:1", "the name 'First' cannot be an address"),
        ("content/briefs/first/Signal.yaml:1:1", "the name 'Signal' cannot be an address"),
    ):
        assert f"{place}: error: {name}; expected {wanted}" in found
    assert any("'Tencent' cannot be an id; expected" in fault for fault in found)


@pytest.mark.parametrize("length", [61, 250])
def test_names_that_are_too_long_are_refused(length: int, tmp_path: Path) -> None:
    root, long = overlay(tmp_path, BASE), "x" * length
    shutil.copytree(root / "content/briefs/first", root / f"content/briefs/{long}")
    shutil.copy(root / SIGNAL, root / f"content/briefs/first/{long}.yaml")
    found = said(root)
    for place in (f"content/briefs/{long}", f"content/briefs/first/{long}.yaml"):
        assert any(fault.startswith(f"{place}:1:1: error: the name 'x") for fault in found)


def test_a_file_with_an_odd_name_is_no_source_that_others_are_told_of(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE, {"content/addresses.txt": "./\nsources/daily-2025/\n"})
    source = root / "content/sources/daily-2025.yaml"
    source.rename(source.with_name("a\nb daily-2025.yaml"))
    faults = said(root)
    assert [fault for fault in faults if "a\\nb" in fault and "cannot be an address" in fault]
    assert not [fault for fault in faults if "took its place" in fault]


# --- Places, and words that are quoted -----------------------------------------------------------


def test_the_place_where_a_file_was_cut_off_is_in_the_file(tmp_path: Path) -> None:
    text = "site_name: x\nextra: {}\nlanguages"
    [fault] = said(overlay(tmp_path, BASE, {"mkdocs.yml": text}))
    assert fault.startswith("mkdocs.yml:3:10: error: not valid YAML: could not find expected ':'")


def test_lines_count_alike_with_the_line_ends_of_old_macs(tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8").replace("\n", "\r")
    root = overlay(tmp_path, BASE, {SIGNAL: text})
    assert said(root) == []
    for odd, expected in ((b"\xff", "byte 0xff is not UTF-8"), (b"\0", "character U+0000")):
        overlay(root, {SIGNAL: text.encode().replace(b"\r", b"\r" + odd, 2)})
        [fault, *_] = said(root)
        assert fault.startswith(f"{SIGNAL}:2:1: error: {expected}")


@pytest.mark.parametrize("key", ["de\u3000rived", "a\u00a0b", "x" * 1500, "\U0001f600"])
def test_a_fault_that_quotes_a_key_stands_in_a_line_that_can_be_read(
    key: str, tmp_path: Path
) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    faults = said(overlay(tmp_path, BASE, {SIGNAL: f'{text}? "{key}"\n: x\n'}))
    assert [fault for fault in faults if "unknown key" in fault]
    assert all(fault.isprintable() and len(fault) < LONGEST + 200 for fault in faults)


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    problem = Problem(Place("a"), f"key '{'x' * 5000}' is\nunknown; delete it", "schema")
    assert len(problem.message) < LONGEST + 20
    assert problem.message.startswith("key 'xxx")
    assert problem.message.endswith("' is\\nunknown; delete it")


# --- Too many -----------------------------------------------------------------------------------


def claims(numbers: range, more: str = "") -> str:
    said = f"{{text: {{en: Ours., zh: 我们的。}}, status: inferred{more}}}"
    lines = "".join(f"  claim-{number}: {said}\n" for number in numbers)
    return f"kind: narrative\ntitle: {{en: Words, zh: 话}}\nclaims:\n{lines}"


def test_ten_thousand_claims_in_a_section_are_refused(tmp_path: Path) -> None:
    root = overlay(tmp_path, BASE, {SIGNAL: claims(range(10_000))})
    start = time.process_time()
    faults = said(root)
    assert time.process_time() - start < 10
    message = "'claims' has 10,000 entries; at most 500 are allowed: divide it"
    assert f"{SIGNAL}:3:1: error: {message} [schema]" in faults


def test_more_claims_than_a_page_takes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MAX_CLAIMS", 20)
    faults = said(overlay(tmp_path, BASE, {SIGNAL: claims(range(21))}))
    message = "claims; at most 20 make one page: divide it"
    assert [fault for fault in faults if fault.startswith(BRIEF) and message in fault]


def test_thousands_of_listed_sections_are_refused_in_no_time(tmp_path: Path) -> None:
    text = (BASE / BRIEF).read_text(encoding="utf-8").partition("sections:")[0]
    names = ", ".join(f"part-{number}" for number in range(20_000))
    root = overlay(tmp_path, BASE, {BRIEF: f"{text}sections: [{names}]\n"})
    start = time.process_time()
    assert any("'sections' has 20,000 entries; at most 100" in fault for fault in said(root))
    assert time.process_time() - start < 5


def test_a_name_that_is_wrong_everywhere_is_told_some_hundred_times(tmp_path: Path) -> None:
    text = claims(range(400), ", rests_on: [nobody, no-one, claim-x]")
    start = time.process_time()
    found = [fault for fault in said(overlay(tmp_path, BASE, {SIGNAL: text})) if "unknown" in fault]
    assert time.process_time() - start < 10
    assert len(found) == MOST + 1
    assert "did you mean 'claim-" in "".join(found)
    assert sum("there are more faults of this rule" in fault for fault in found) == 1


def test_unknown_keys_without_number_are_told_some_hundred_times(tmp_path: Path) -> None:
    text = (BASE / SIGNAL).read_text(encoding="utf-8")
    keys = "".join(f"titel{number}: x\n" for number in range(20_000))
    start = time.process_time()
    faults = said(overlay(tmp_path, BASE, {SIGNAL: text + keys}))
    assert time.process_time() - start < 10
    assert sum("unknown key" in fault for fault in faults) == 500
    assert any("there are 20,000 such faults here; mend the 500 first" in f for f in faults)


def test_aliases_without_number_end_the_reading_of_their_file(tmp_path: Path) -> None:
    text = f"a: [{'*a, ' * 50_000}]\n"
    start = time.process_time()
    assert len(said(overlay(tmp_path, BASE, {SIGNAL: text}))) == 1000
    assert time.process_time() - start < 5


def test_a_word_is_compared_with_those_that_begin_like_it_where_there_are_many() -> None:
    words = [f"claim-{number:05}" for number in range(50_000)]
    start = time.process_time()
    assert did_you_mean("claim-31415x", words) == "; did you mean 'claim-31415'?"
    assert time.process_time() - start < 1
