"""A review as Markdown for a comment on a pull request, in which no content acts.

What the content says stands in `<code>`, where GitHub makes no mentions and no references (`#1`);
what Markdown or HTML would act on is written as character references, and a word joiner keeps
apart what Markdown links by itself anywhere (`a@b`, `https://`, `www.`).
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from research_brief.meaning import published
from research_brief.meaning.changes import Change
from research_brief.meaning.reports import said, summary, url
from research_brief.meaning.review import Review
from research_brief.meaning.words import difference
from research_brief.problems import counted, printable

LIMIT = 59_000  # GitHub takes 65,536 characters, and .ci/comment.py 60,000
FEW = 5  # pages that are listed without a fold

_ACTING = re.compile(r"[\\`*_\[\]<>&~|$]|@|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LINKING = "@:."


def as_markdown(review: Review) -> str:
    """The review under a heading for each brief, cut where GitHub would refuse it."""
    lines: list[str] = []
    length = 0
    rest = list(_lines(review))
    for number, line in enumerate(rest):
        if length + len(line) + 1 > LIMIT:
            left = sum(bool(line) for line in rest[number:])
            if sum("<details>" in line for line in lines) > lines.count("</details>"):
                lines += ["", "</details>"]
            lines += ["", f"… {left} more lines are left out; `python build.py diff` shows all."]
            break
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)


def inert(text: str) -> str:
    """The text as Markdown and HTML that show it and do nothing."""
    return _ACTING.sub(_reference, printable(text))


def _reference(sign: re.Match[str]) -> str:
    return f"&#{ord(sign[0])};{'&#8288;' if sign[0] in _LINKING else ''}"


def _code(text: str) -> str:
    return f"<code>{inert(text)}</code>" if text else ""


def _lines(review: Review) -> Iterator[str]:
    yield f"**{summary(review)}**"
    yield f"<sub>{_code(review.base)} → {_code(review.head)}</sub>"
    for remark in review.remarks:
        yield from ("", f"⚠️ {_code(remark)}")
    subjects = [change.subject for change in review.changes]
    subjects += [notice.subject for notice in review.notices]
    for group in dict.fromkeys(subject.group for subject in subjects):
        title = review.titles.get(group.removeprefix("brief ")) if " " in group else None
        kind, _, id = group.capitalize().partition(" ")
        heading = " ".join(part for part in (inert(kind), _code(id)) if part)
        heading = f"{heading}: {_code(title)}" if title else heading
        yield from ("", f"### {heading}", "")
        for notice in review.notices:
            if notice.subject.group == group:
                yield f"- ⚠️ {_code(str(notice.subject))} {_code(notice.message)}"
        for change in review.changes:
            if change.subject.group == group:
                yield f"- {_code(str(change.subject))} {_code(said(change))}: {_words(change)}"
    yield from _published("page", review.pages, review)
    yield from _published("PDF", review.pdfs, review)


def _words(change: Change) -> str:
    if change.action == "added":
        return f"<ins>{_code(change.new)}</ins>"
    if change.action == "removed":
        return f"<del>{_code(change.old)}</del>"
    if change.action != "changed":
        return f"{_code(change.old)} → {_code(change.new)}"
    around = {"=": "{}", "-": "<del>{}</del>", "+": "<ins>{}</ins>"}
    return "".join(
        around[sign].format(_code(words)) for sign, words in difference(change.old, change.new)
    )


def _published(name: str, items: Sequence[published.Change], review: Review) -> Iterator[str]:
    if not items:
        return
    count = counted(len(items), name)
    folded = len(items) > FEW
    start = f"<details><summary>{count}</summary>" if folded else f"### {count}"
    yield from ("", start, "")
    for item in items:
        address = url(item, review)
        title = _code(f"/{item.path}")
        shown = f'<a href="{escape(address)}">{title}</a>' if address else title
        yield f"- {item.action} {shown} {_code(item.title)}"
    if folded:
        yield from ("", "</details>")
