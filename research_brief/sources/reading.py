"""The bytes of a file as text: which encoding it is in, or why it cannot be told."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from research_brief.refusals import Refused
from research_brief.values import UNSAFE

_MARKS = (  # the longer first: a mark of UTF-32 begins like one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = {
    # Lead and trail bytes of the characters that a text is mostly made of, punctuation included:
    # level 1 of GB 2312 (3,755 characters) and of Big5 (5,401).
    "gb18030": re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    "big5": re.compile(rb"[\xa1-\xa3\xa4-\xc6][\x40-\x7e\xa1-\xfe]"),
}
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
# Others are near enough to these to be taken for them; they can be said with `--encoding`.
_CANDIDATES = [*_CHINESE, "cp1252", "cp1251"]
SAMPLE = 200_000
"""Bytes that tell which characters a text is made of; all of a long one would tell the same."""
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Reading:
    """A text with `\\n` at the ends of its lines, and the encoding that it was in."""

    text: str
    encoding: str


def decode(raw: bytes, encoding: str | None = None) -> Reading:
    """The bytes as text, in the encoding if one is given.

    Raises Refused for an encoding that there is not, bytes that are not in it, and no text.
    """
    name = _known(encoding) if encoding else _encoding(raw)
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x} on line {line} is not {_shown(name)}"
        raise Refused(f"{found}; say the encoding with --encoding, or mend the file") from None
    except UnicodeError:
        raise Refused(f"it is not {_shown(name)}; say another --encoding") from None
    text = _BREAKS.sub("\n", text.removeprefix("\ufeff"))
    if "\0" in text:
        raise Refused("there are zero bytes in it: it is no text, or in another encoding")
    return Reading(UNSAFE.sub("", text), _shown(name))


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # `hex` and others are no encodings of text
    except (LookupError, ValueError):
        wanted = "utf-8, utf-16, gb18030, big5, shift_jis or another name that Python knows"
        raise Refused(f"there is no encoding '{name}'; expected {wanted}") from None
    # What is called GBK or GB2312 often holds more than these have; GB18030 holds them all.
    return "gb18030" if codec.name in ("gbk", "gb2312") else codec.name


def _encoding(raw: bytes) -> str:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if b"\0" in raw:
        hint = "if it is UTF-16 without a mark, say --encoding utf-16-le or utf-16-be"
        raise Refused(f"there are zero bytes in it: it is no text, or in UTF-16; {hint}")
    loose = raw.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    # With a few broken bytes it is still UTF-8; `decode` says where they are.
    beyond = len(loose) - len(loose.encode("ascii", "ignore"))
    if 4 * broken <= beyond - broken:
        return "utf-8"
    return _older(raw)


def _older(raw: bytes) -> str:
    """The encoding of a text that is not in Unicode."""
    found = from_bytes(raw, cp_isolation=_CANDIDATES).best()
    if found is not None and found.encoding not in _CHINESE:
        return found.encoding
    # Big5 and GB18030 can often both be read, but one of them as rare characters.
    pairs = _PAIR.findall(raw[:SAMPLE])
    common = {
        name: sum(form.fullmatch(pair) is not None for pair in pairs)
        for name, form in _CHINESE.items()
    }
    name = max(common, key=lambda name: (_fits(raw, name), common[name]))
    # With a broken byte it is still Chinese; `decode` says where it is.
    if found is None and common[name] < 0.9 * len(pairs):
        raise Refused("its encoding cannot be told; say it with --encoding")
    return name


def _fits(raw: bytes, name: str) -> bool:
    try:
        raw.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _shown(name: str) -> str:
    return {"utf-8-sig": "utf-8 with a byte order mark"}.get(name, name).replace("_", "-").upper()
