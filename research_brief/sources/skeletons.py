"""What files for an editor to fill in are made of: texts to replace, first characters, YAML."""

import json
import re
import unicodedata
from collections.abc import Iterable

from research_brief.refusals import Refused
from research_brief.sources.widths import width
from research_brief.values import ID_LENGTH, ID_PATTERN, UNSAFE, Id

BEGINNING = 12
"""At most so many characters of a paragraph stand where everybody can read them."""
SLUG = 40
UNFILLED = {"en": "TO DO", "zh": "待填"}
"""How a text begins that an editor is to replace, by language; others have the English one."""
_PLAIN = re.compile(r"[^\W_“《「][^:#'\"\[\]{},&*!|>%@`\\]*|[“《「][^:#'\"\[\]{},&*!|>%@`\\]*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def checked_id(id: str) -> str:
    """The id. Raises Refused if it cannot be one, and so no name of a file either."""
    if len(id) <= ID_LENGTH and re.fullmatch(ID_PATTERN, id):
        return id
    slug = slugged(id)
    hint = f"; '{slug}' can" if id.isascii() and slug else ""
    raise Refused(f"'{shown(id)}' cannot be an id; expected {Id.wanted()}{hint}")


def slugged(words: str) -> str:
    """The words as an id, or nothing if they have no Latin letters to begin with."""
    flat = unicodedata.normalize("NFKD", re.sub("['’]", "", words))
    if any(sign.isalpha() and not sign.isascii() for sign in flat):
        return ""  # of `AI芯片` only `ai` would be left
    slug = ""
    for word in re.findall("[a-z0-9]+", flat.encode("ascii", "ignore").decode().casefold()):
        slug = f"{slug}-{word}" if slug else word
        if len(slug) > SLUG:
            break
    slug = slug if len(slug) <= SLUG else slug.rpartition("-")[0]
    return slug if re.fullmatch(ID_PATTERN, slug) else ""


def shown(words: str, most: int = 60) -> str:
    """The words on one line, no longer than that, for a message or a comment."""
    clean = " ".join(UNSAFE.sub("", words).split())
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def beginning(words: str) -> str:
    """The first characters of a paragraph, by which readers find it: whole words if they fit."""
    clean = " ".join(UNSAFE.sub("", words).split())
    if width(clean[:BEGINNING]) > 1.5 * len(clean[:BEGINNING]):
        return clean[:8].rstrip(" ，,、")
    cut = clean[:BEGINNING]
    if len(clean) > BEGINNING and clean[BEGINNING] != " " and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.strip()


def scalar(words: str) -> str:
    """The words as a value in YAML, in quotation marks if they need them."""
    plain = _PLAIN.fullmatch(words) and words == words.strip() and words.casefold() not in _NOT_TEXT
    return words if plain else json.dumps(words, ensure_ascii=False)


def in_languages(texts: dict[str, str], indent: str) -> list[str]:
    """A text in several languages, a line each."""
    return [f"{indent}{language}: {scalar(words)}" for language, words in texts.items()]


def to_do(languages: Iterable[str], english: str, chinese: str) -> dict[str, str]:
    """A text that the editor replaces, for each language."""
    texts = {"zh": f"{UNFILLED['zh']}：{chinese}"}
    other = f"{UNFILLED['en']}: {english}"
    return {language: texts.get(language, other) for language in languages}
