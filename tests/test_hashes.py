"""What is kept of files under their stamps is never believed of others."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from research_brief import sealed
from research_brief.hashes import RACY, Hashes, stamp_of

NAME = "content/a.yaml"
LONG_AGO = 10**18


def seal(payload: bytes) -> Callable[[Path], None]:
    return lambda kept: sealed.write(kept, payload)


def alter(old: bytes, new: bytes) -> Callable[[Path], object]:
    return lambda kept: kept.write_bytes(kept.read_bytes().replace(old, new))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_bytes(b"a\r\nb")
    return path


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """So much later, a clock that ticks slowly tells of every edit."""
    monkeypatch.setattr("time.time_ns", lambda: LONG_AGO * 9)


def read(hashes: Hashes, path: Path, stamp: str = "") -> str | None:
    said = path.stat()
    found = hashes.get(NAME, said, stamp or stamp_of(said))
    return found and found.exact


def test_a_file_with_its_old_stamp_is_not_read_again(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    hashes, stamp = Hashes(tmp_path), stamp_of(file.stat())
    first = read(hashes, file)
    assert first == sha256(b"a\r\nb").hexdigest()
    assert hashes.get(NAME, file.stat(), stamp)[1] == sha256(b"a\nb").hexdigest()  # type: ignore[index]
    file.write_bytes(b"c\r\nd")
    assert read(hashes, file, stamp) == first
    assert read(hashes, file) == sha256(b"c\r\nd").hexdigest()


def test_a_second_edit_within_a_tick_of_the_clock_is_seen(file: Path, tmp_path: Path) -> None:
    hashes, stamp = Hashes(tmp_path), stamp_of(file.stat())
    assert read(hashes, file, stamp) == sha256(b"a\r\nb").hexdigest()
    file.write_bytes(b"c\r\nd")
    assert read(hashes, file, stamp) == sha256(b"c\r\nd").hexdigest()
    os.utime(file, ns=(LONG_AGO * 9, LONG_AGO * 9))  # by a clock that goes before ours
    stamp = stamp_of(file.stat())
    assert read(hashes, file, stamp) == sha256(b"c\r\nd").hexdigest()
    file.write_bytes(b"e\r\nf")
    assert read(hashes, file, stamp) == sha256(b"e\r\nf").hexdigest()
    assert RACY >= 2 * 10**9  # FAT's clock ticks every other second


@pytest.mark.parametrize(
    ("befall", "is_believed"),
    [
        (lambda kept: None, True),
        (lambda kept: os.truncate(kept, kept.stat().st_size - 9), False),
        (alter(sha256(b"a\r\nb").hexdigest()[:9].encode(), b"000000000"), False),
        (lambda kept: os.truncate(kept, 0), False),
        (seal(b"[[]]"), False),
        (seal(json.dumps({NAME: [1]}).encode()), False),
        (seal(b"[" * 100_000), False),
    ],
)
def test_what_another_process_kept_is_taken_if_it_is_whole(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    befall: Callable[[Path], object],
    is_believed: bool,
) -> None:
    settle(monkeypatch)
    hashes, stamp, kept = Hashes(tmp_path), stamp_of(file.stat()), tmp_path / "kept"
    first = read(hashes, file)
    hashes.keep(kept)
    befall(kept)
    file.write_bytes(b"c\r\nd")
    another = Hashes(tmp_path)
    another.recall(kept)
    assert (read(another, file, stamp) == first) == is_believed


def test_what_nobody_asked_for_any_more_is_let_go_of(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    hashes, kept = Hashes(tmp_path), tmp_path / "kept"
    read(hashes, file)
    hashes.keep(kept)
    assert NAME.encode() in kept.read_bytes()
    hashes.keep(kept)
    assert NAME.encode() not in kept.read_bytes()
