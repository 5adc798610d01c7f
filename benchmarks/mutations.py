"""Ways to break a content file: bytes, lines, words, the tree of the YAML, the file itself.

Every kind of mutation is a function of a `Mutant`, which it changes on disk; the same
`random.Random` gives the same change. Files are named by their paths below the project's folder.
"""
# ruff: noqa: S506 (CBaseLoader makes strings, lists and mappings only)

import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

Chance = random.Random
BytesKind = Callable[[Chance, bytes], bytes]
TextKind = Callable[[Chance, str], str]
TreeKind = Callable[[Chance, Any], Any]

ODD = [
    *("\0", "\a", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x7f", "\x85", "\xa0", "\xad"),
    *("\u2028", "\u2029", "\u200b", "\u202e", "\u3000", "\ufeff", "\ufffe", "\uffff", "\ue000"),
    *("\U0001f600", "\U000e0041", "e\u0301", "ﷺ", "：", "“", "，", "\\", "\n", "\r\n"),
]
LINES = [
    *("---", "...", "%YAML 1.2", "%TAG ! tag:x,2000:", "- x", "? a", "? [a, b]\n: c", ": x"),
    *("a: &a [*a]", "<<: *a", "<<: {a: b}", "&a a: b", "*a : b", "!!python/object:os.system {}"),
    *("a: !!binary x", "a: !<x> y", "a: [", "a: {b: [c}", "a: 'b", 'a: "b', 'a: "\\x"', "a: |9"),
    *("a: >-", "a: @b", "a: `b`", "a: %b", "\ta: b", "<<<<<<< HEAD", "=======", ">>>>>>> b"),
    *("a : b", "a:b", "a: b: c", "a: b #c", "#", "", "   ", '"a": b', "[a]: b", "{a}", "~: ~"),
    *('a: "\\ud800"', 'a: "\\u2028"', "a: " + "[" * 60, "a: " + "x" * 6000, "k" * 1500 + ": x"),
]
VALUES: list[Any] = [
    *("", " ", "no", "true", "2018-09-12", "2018-13-40", "0", "-1", "1e9", "9" * 400, "~", ".nan"),
    *("[[nobody]]", "[[", "{{ x }}", "{% x %}", "<b>x</b>", "</script>", "[x](javascript:x)"),
    *("`", "**", "_*_*", "../../etc/passwd", "/", "#", "a#b", "a#b#c", "a/b", "A-B", "a" * 61),
    *("x" * 301, "x" * 5001, "芯" * 400, "en", "zh", "xx", "h0", "h99", "1", "$x$", "\\", "{}"),
    *([], {}, [[]], [{}], {"": ""}, [""], ["a", "a"], {"en": "x"}, {"xx": "x"}, {"en": []}),
    *({"[key]": "x"}, {"0": "x"}, {"en": {"en": "x"}}, [{"en": "x"}], {"a": {"b": {"c": ["d"]}}}),
]


@dataclass
class Mutant:
    """A content file that is to be changed: `chance` says how, `others` are its neighbours."""

    root: Path
    name: str
    others: list[str]
    chance: Chance

    @property
    def path(self) -> Path:
        return self.root / self.name

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    def another(self) -> str:
        """Another file."""
        return self.chance.choice([name for name in self.others if name != self.name])


# --- Bytes ------------------------------------------------------------------------------------


def _span(chance: Chance, length: int, most: int) -> tuple[int, int]:
    start = chance.randrange(length + 1)
    return start, min(length, start + chance.randint(1, most))


def flip(chance: Chance, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 5, 50])):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def insert_bytes(chance: Chance, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randint(1, 8)) + data[at:]


def cut(chance: Chance, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.8 else data[at:]


def delete_bytes(chance: Chance, data: bytes) -> bytes:
    start, end = _span(chance, len(data), 200)
    return data[:start] + data[end:]


def repeat_bytes(chance: Chance, data: bytes) -> bytes:
    start, end = _span(chance, len(data), 60)
    return data[:end] + data[start:end] * chance.choice([1, 2, 100]) + data[end:]


def swap_bytes(chance: Chance, data: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def encoding(chance: Chance, data: bytes) -> bytes:
    name = chance.choice(["gb18030", "latin-1", "utf-16", "utf-16-le", "utf-32", "big5", "utf-7"])
    return data.decode().encode(name, errors="replace")


# --- Text -------------------------------------------------------------------------------------


def odd_sign(chance: Chance, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(ODD) * chance.choice([1, 1, 3]) + text[at:]


def line_ends(chance: Chance, text: str) -> str:
    mark = chance.choice(["", "\ufeff"])
    return mark + text.replace("\n", chance.choice(["\r\n", "\r", "\n\n", "\x85", "\u2028"]))


def _lines(change: Callable[[Chance, list[str]], object]) -> TextKind:
    def changed(chance: Chance, text: str) -> str:
        lines = text.split("\n")
        change(chance, lines)
        return "\n".join(lines)

    return changed


def _delete_lines(chance: Chance, lines: list[str]) -> None:
    start, end = _span(chance, len(lines), chance.choice([1, 1, 10]))
    del lines[start:end]


def _repeat_lines(chance: Chance, lines: list[str]) -> None:
    start, end = _span(chance, len(lines), chance.choice([1, 5, 40]))
    at = chance.choice([end, chance.randrange(len(lines))])
    lines[at:at] = lines[start:end]


def _swap_lines(chance: Chance, lines: list[str]) -> None:
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _indent(chance: Chance, lines: list[str]) -> None:
    start, end = _span(chance, len(lines), chance.choice([1, 4]))
    by = chance.choice([" ", "  ", "\t", "\u3000", "    ", "-"])
    for number in range(start, end):
        lines[number] = by + lines[number] if by != "-" else lines[number][1:]


def _join(chance: Chance, lines: list[str]) -> None:
    at = chance.randrange(max(1, len(lines) - 1))
    lines[at : at + 2] = [chance.choice(["", " "]).join(lines[at : at + 2])]


def _alien_line(chance: Chance, lines: list[str]) -> None:
    depth = chance.choice(["", "  ", "    ", "      "])
    lines.insert(chance.randrange(len(lines) + 1), depth + chance.choice(LINES))


def word(chance: Chance, text: str) -> str:
    """A word, number or name takes the place of another one."""
    found = list(re.finditer(r"[A-Za-z0-9-]+", text))
    one = chance.choice(found)
    other = chance.choice([chance.choice(found)[0], str(chance.randrange(10**6)), "nobody", "en"])
    return text[: one.start()] + other + text[one.end() :]


def sign(chance: Chance, text: str) -> str:
    """A sign of YAML's own is left out, doubled or becomes another one."""
    signs = "[]{}:,'\"#-|>&*!%@`?\n"
    one = chance.choice(list(re.finditer(f"[{re.escape(signs)}]", text)))
    new = chance.choice(["", one[0] * 2, chance.choice(signs)])
    return text[: one.start()] + new + text[one.end() :]


# --- The tree ---------------------------------------------------------------------------------

Spot = tuple[Any, Any]
"""A mapping or list, and a key or position in it."""


def _spots(data: Any) -> Iterator[Spot]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in list(items):
        yield data, step
        if isinstance(value, (dict, list)):
            yield from _spots(value)


def _rename(mapping: Any, old: str, new: str) -> None:
    entries = [(new if key == old else key, value) for key, value in mapping.items()]
    mapping.clear()
    mapping.update(entries)


def remove(chance: Chance, data: Any) -> None:
    holder, step = chance.choice(list(_spots(data)))
    del holder[step]


def replace(chance: Chance, data: Any) -> None:
    holder, step = chance.choice(list(_spots(data)))
    holder[step] = chance.choice(VALUES)


def rename_key(chance: Chance, data: Any) -> None:
    spots = [spot for spot in _spots(data) if isinstance(spot[0], dict)]
    (holder, step), (_, other) = chance.choice(spots), chance.choice(spots)
    words = [value for value in VALUES if isinstance(value, str)]
    _rename(holder, step, chance.choice([other, f"{step}x", step[1:], chance.choice(words)]))


def swap(chance: Chance, data: Any) -> None:
    spots = list(_spots(data))
    (one, a), (other, b) = chance.choice(spots), chance.choice(spots)
    one[a], other[b] = yaml.load(yaml.dump([other[b], one[a]]), Loader=yaml.CBaseLoader)


def copy(chance: Chance, data: Any) -> None:
    """A part stands in the place of another one as well, itself perhaps within it."""
    spots = list(_spots(data))
    (one, a), (other, b) = chance.choice(spots), chance.choice(spots)
    other[b] = yaml.load(yaml.dump(one[a]), Loader=yaml.CBaseLoader)


def wrap(chance: Chance, data: Any) -> None:
    holder, step = chance.choice(list(_spots(data)))
    for _ in range(chance.choice([1, 1, 3, 60])):
        holder[step] = chance.choice([[holder[step]], {"en": holder[step]}, {"a": holder[step]}])


def unwrap(chance: Chance, data: Any) -> None:
    spots = [(h, s) for h, s in _spots(data) if isinstance(h[s], (dict, list)) and h[s]]
    holder, step = chance.choice(spots)
    inner = holder[step]
    holder[step] = chance.choice(list(inner.values() if isinstance(inner, dict) else inner))


def grow(chance: Chance, data: Any) -> None:
    """A list or mapping gets many more entries."""
    holder, step = chance.choice(
        [(h, s) for h, s in _spots(data) if isinstance(h[s], (dict, list)) and h[s]]
    )
    inner = holder[step]
    for number in range(chance.choice([1, 10, 300])):
        if isinstance(inner, list):
            inner.append(inner[chance.randrange(len(inner))])
        else:
            inner[f"more-{number}"] = chance.choice(list(inner.values()))


# --- The file itself --------------------------------------------------------------------------


def _nothing(mutant: Mutant) -> None:
    empty = [b"", b"\n", b"# words\n", b"---\n", b" \t\n", b"~"]
    mutant.path.write_bytes(mutant.chance.choice(empty))


def _gone(mutant: Mutant) -> None:
    mutant.path.unlink()


def _other(mutant: Mutant) -> None:
    mutant.path.write_bytes((mutant.root / mutant.another()).read_bytes())


def _exchanged(mutant: Mutant) -> None:
    other = mutant.root / mutant.another()
    mine, theirs = mutant.data, other.read_bytes()
    mutant.path.write_bytes(theirs)
    other.write_bytes(mine)


def _folder(mutant: Mutant) -> None:
    mutant.path.unlink()
    mutant.path.mkdir()


def _pipe(mutant: Mutant) -> None:
    mutant.path.unlink()
    os.mkfifo(mutant.path)


def _link(mutant: Mutant) -> None:
    to = ["/dev/zero", "/etc/passwd", str(mutant.path), "/", "/nowhere", "/dev/tty"]
    mutant.path.unlink()
    mutant.path.symlink_to(mutant.chance.choice(to))


NAMES = ["{}.txt", "copy of {}", "{}~", ".{}", "芯{}", "A{}", "a\nb{}", "x" * 200 + "{}"]


def _copied(mutant: Mutant) -> None:
    name = mutant.chance.choice(NAMES).format(mutant.path.name)
    mutant.path.with_name(name).write_bytes(mutant.data)


def _renamed(mutant: Mutant) -> None:
    name = mutant.chance.choice(NAMES).format(mutant.path.name)
    mutant.path.replace(mutant.path.with_name(name))


def _in_lines(mutant: Mutant) -> None:
    mutant.path.write_bytes(b"\n" * mutant.chance.choice([100, 100_000]) + mutant.data)


# --- All of them ------------------------------------------------------------------------------


def _on_bytes(kind: BytesKind) -> Callable[[Mutant], None]:
    return lambda mutant: _write(mutant, kind(mutant.chance, mutant.data))


def _on_text(kind: TextKind) -> Callable[[Mutant], None]:
    return lambda mutant: _write(mutant, kind(mutant.chance, mutant.data.decode()).encode())


def _on_tree(kind: Callable[[Chance, Any], None]) -> Callable[[Mutant], None]:
    def changed(mutant: Mutant) -> None:
        data = yaml.load(mutant.data, Loader=yaml.CBaseLoader)
        if not isinstance(data, dict):  # the ledger is no YAML
            return _write(mutant, flip(mutant.chance, mutant.data))
        with suppress(IndexError):  # nothing is left that could be changed so
            for _ in range(mutant.chance.choice([1, 1, 1, 2, 5])):
                kind(mutant.chance, data)
                if len([*islice(_spots(data), MANY)]) == MANY:  # or five times 300 fill the memory
                    break
        text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
        return _write(mutant, text.encode())

    return changed


MANY = 5_000
"""Values of a file behind which it is not changed again."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _write(mutant: Mutant, data: bytes) -> None:
    mutant.path.write_bytes(data)


_BYTES = [flip, insert_bytes, delete_bytes, repeat_bytes, swap_bytes, cut, encoding]
_TEXTS = [odd_sign, line_ends, word, sign]
_LINES = {
    "line deleted": _delete_lines,
    "line repeated": _repeat_lines,
    "lines swapped": _swap_lines,
    "line indented": _indent,
    "lines joined": _join,
    "line of other YAML": _alien_line,
}
_TREES = [remove, replace, rename_key, swap, copy, wrap, unwrap, grow]
_FILES = {
    "file empty": _nothing,
    "file gone": _gone,
    "another file's contents": _other,
    "files exchanged": _exchanged,
    "a folder instead": _folder,
    "a pipe instead": _pipe,
    "a link instead": _link,
    "file copied": _copied,
    "file renamed": _renamed,
    "many lines above": _in_lines,
}
KINDS: dict[str, Callable[[Mutant], None]] = {
    **{f"bytes: {kind.__name__.replace('_', ' ')}": _on_bytes(kind) for kind in _BYTES},
    **{f"text: {kind.__name__.replace('_', ' ')}": _on_text(kind) for kind in _TEXTS},
    **{f"lines: {name}": _on_text(_lines(change)) for name, change in _LINES.items()},
    **{f"tree: {kind.__name__.replace('_', ' ')}": _on_tree(kind) for kind in _TREES},
    **{f"file: {name}": change for name, change in _FILES.items()},
}
"""Every kind of mutation by its name."""
