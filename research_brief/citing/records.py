"""What is cited, as CSL-JSON items: a brief, and each of its claims.

A brief is a `report`. A claim is a `chapter` of it: of all types that have a container this is
the one that reference managers carry through BibTeX, RIS and CSL-JSON alike (Zotero's report
has none). Its title ends with who says it and how surely, because a note is printed by no
style, and a rumour must not become a fact under the name of the desk that passed it on.

Source: Citation Style Language 1.0.2, appendices III and IV, and its `csl-data.json`.
"""

import re
from typing import Any

from research_brief.library import BriefRecord, ClaimRecord
from research_brief.wording import Wording

Item = dict[str, Any]
"""A CSL-JSON item, all of its texts plain and in one line."""

_STOP = re.compile(r"(?<!\.)[.。]$")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def citable(record: BriefRecord) -> bool:
    """Whether a brief is offered for citing: what is not published, or was withdrawn, is not."""
    return record.brief.status == "published" and not record.withdrawn


def key(record: BriefRecord, language: str, claim: str = "") -> str:
    """The key of a citation: ASCII, the same for ever, one for each language."""
    return ".".join(part for part in (record.id, language, claim) if part)


def of_brief(record: BriefRecord, wording: Wording) -> Item:
    """The item of a brief: `URL` only where the site's address is known, `version` from the
    second on, and never a day of access, which is the reader's to add."""
    brief, words = record.brief, wording.words
    version = max(len(brief.revisions), 1)
    return {
        "id": key(record, wording.language),
        "type": "report",
        "title": one_line(wording.bare(brief.title)),
        **_common(record, wording),
        "genre": one_line(words["brief"]["kind"]),
        **({"version": str(version)} if version > 1 else {}),
        "abstract": one_line(wording.bare(brief.summary)),
        **_address(record, wording),
    }


def of_claim(record: BriefRecord, claim: ClaimRecord, wording: Wording) -> Item:
    """The item of a claim, a part of its brief."""
    return {
        "id": key(record, wording.language, claim.id),
        "type": "chapter",
        "title": _title(claim, wording),
        "container-title": one_line(wording.bare(record.brief.title)),
        **_common(record, wording),
        "note": _note(claim, wording),
        **_address(record, wording, claim.id),
    }


def one_line(text: str) -> str:
    """A text in one line, without control signs: what every form can hold unchanged."""
    return _BLANK.sub(" ", text).strip()


def _common(record: BriefRecord, wording: Wording) -> Item:
    brief = record.brief
    return {
        # Names of desks and of people alike: the content does not part them.
        "author": [{"literal": one_line(wording.bare(name))} for name in brief.editors],
        "issued": {"date-parts": [list(brief.published.numbers)]},
        "publisher": one_line(wording.bare(wording.library.settings.extra.name)),
        "language": wording.words["language"]["locale"].replace("_", "-"),
    }


def _address(record: BriefRecord, wording: Wording, claim: str = "") -> Item:
    base = wording.library.settings.base(wording.language)
    anchor = f"#{claim}" if claim else ""
    return {"URL": f"{base}briefs/{record.id}/{anchor}"} if base else {}


def _title(claim: ClaimRecord, wording: Wording) -> str:
    """The sentence, and in brackets who says it and how surely."""
    status, words = claim.claim.status, wording.words["cite"]
    who = wording.name(claim.claim.speaker or wording.publisher(claim))
    said = wording.filled(words["voices"][status], who=who)
    sentence = _STOP.sub("", one_line(wording.bare(claim.claim.text)))
    return one_line(wording.filled(words["title"], sentence=sentence, voice=said))


def _note(claim: ClaimRecord, wording: Wording) -> str:
    """What kind of statement it is, and the texts it is found in."""
    words, library = wording.words["cite"], wording.library
    status = wording.words["statuses"][claim.claim.status]
    note = wording.filled(words["note"], kind=status["name"], meaning=status["meaning"])
    ids = dict.fromkeys(library.source_of(claim, n) for n in range(len(claim.claim.evidence)))
    found = [
        wording.filled(
            words["source"],
            title=wording.bare(library.sources[id].source.title),
            publisher=wording.name(library.sources[id].source.publisher),
        )
        for id in ids
    ]
    if found:
        between = wording.filled(wording.words["between"]["semicolon"], first="", next="")
        note = wording.filled(words["found"], note=note, sources=between.join(found))
    return one_line(note)
