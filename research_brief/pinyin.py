"""How Chinese characters are read, in pinyin without tones, for the search.

Readers type names by their sound: in pinyin (hanwuji), by its first letters (hwj), or with
another character of the same sound (寒武季). The readings are those of `pypinyin`; ü is written v,
as on keyboards.
"""

import json
import os
import unicodedata
from functools import cache
from itertools import islice, product

# Only the readings of single characters are wanted: the dictionary of phrases takes longer to
# load than all of our work with it. A name may be read in every way that its characters are.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin.constants import PINYIN_DICT

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0302\u0304\u030c"))
_MANY = 8
"""Readings of one name; more come of long names with characters that nobody reads so."""


def readings(name: str) -> list[str]:
    """How a name may be read, the usual reading first: `["zhang xin", "chang xin"]`; nothing if a
    character has no known reading."""
    each = [_of_one(character)[:2] for character in name]
    return [" ".join(syllables) for syllables in islice(product(*each), _MANY)]


@cache
def characters_by_sound() -> str:
    """The characters in use, simplified and traditional, by their usual reading, as JSON:
    `{"ji": "几机记纪…", …}`. In use is what stands in GB 2312 or on the first level of Big5."""
    found: dict[str, list[str]] = {}
    for code in sorted(PINYIN_DICT):
        character = chr(code)
        if _is_in_use(character) and (sounds := _of_one(character)):
            found.setdefault(sounds[0], []).append(character)
    sounds_first = {sound: "".join(found[sound]) for sound in sorted(found)}
    return json.dumps(sounds_first, ensure_ascii=False, separators=(",", ":"))


def _of_one(character: str) -> list[str]:
    """The readings of a character, the usual one first."""
    marked = unicodedata.normalize("NFD", PINYIN_DICT.get(ord(character), ""))
    plain = marked.translate(_TONES).replace("u\u0308", "v")
    return [sound for sound in dict.fromkeys(plain.split(",")) if sound]


def _is_in_use(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        try:
            return character.encode("big5") < b"\xc6\xa1"
        except UnicodeEncodeError:
            return False
    return True
