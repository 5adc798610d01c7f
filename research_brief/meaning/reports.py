"""A review as lines for a terminal, or as JSON.

The JSON is an object: `version` (1), `base`, `head`, `summary` (a sentence), `remarks`
(sentences), and lists of objects: `changes` (`group`, `kind`, `id`, `action`, `field`, `language`,
`old`, `new`; of `changes.Change`), `notices` (`group`, `kind`, `id`, `rule`, `message`), `pages`
and `pdfs` (`action`, `language`, `path`, `title`, `url`). What does not apply is an empty string.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from research_brief.meaning import published
from research_brief.meaning.changes import Change, Subject
from research_brief.meaning.review import Review
from research_brief.meaning.words import difference
from research_brief.problems import counted, printable

NOTHING = "no change of meaning"


def as_text(review: Review) -> str:
    """A line for each change, as `git diff --word-diff` marks words; then the summary."""
    return "\n".join(printable(line) for line in _lines(review))


def as_json(review: Review) -> str:
    """The review as one JSON object."""
    about = {
        "version": 1,
        "base": review.base,
        "head": review.head,
        "summary": summary(review),
        "remarks": [*review.remarks],
        "changes": [
            {
                **_subject(change.subject),
                "action": change.action,
                "field": change.field,
                "language": change.language,
                "old": change.old,
                "new": change.new,
            }
            for change in review.changes
        ],
        "notices": [
            {**_subject(notice.subject), "rule": notice.rule, "message": notice.message}
            for notice in review.notices
        ],
        "pages": [_published(item, review) for item in review.pages],
        "pdfs": [_published(item, review) for item in review.pdfs],
    }
    return json.dumps(about, ensure_ascii=False, indent=2)


def summary(review: Review) -> str:
    """`3 claims changed, 1 added; 2 notices; 14 pages and 3 PDFs change`."""
    parts = [_counts(review.changes) or NOTHING]
    if review.notices:
        parts.append(counted(len(review.notices), "notice"))
    outcome = [
        counted(len(items), name)
        for items, name in ((review.pages, "page"), (review.pdfs, "PDF"))
        if items
    ]
    if outcome:
        one = len(review.pages) + len(review.pdfs) == 1
        parts.append(f"{' and '.join(outcome)} {'changes' if one else 'change'}")
    return "; ".join(parts)


def url(item: published.Change, review: Review) -> str:
    """The address of a page or PDF in the new state, if there is one."""
    if not review.site_url or item.action == "removed":
        return ""
    return f"{review.site_url.rstrip('/')}/{quote(item.path)}"


def said(change: Change) -> str:
    """What happened to which field, without its words: `evidence 1 quote`, `text (en)`, `added`."""
    language = f" ({change.language})" if change.language else ""
    actions = {"changed": "", "moved": "moved to another section", "reordered": "order changed"}
    action = actions.get(change.action, change.action)
    return f"{change.field}{language} {action}".strip()


def _lines(review: Review) -> Iterator[str]:
    for change in review.changes:
        yield f"{change.subject}: {said(change)}: {_words(change)}"
    for notice in review.notices:
        yield f"{notice.subject}: notice: {notice.message} [{notice.rule}]"
    for name, items in (("page", review.pages), ("pdf", review.pdfs)):
        for item in items:
            yield f"{name} {item.action}: {url(item, review) or f'/{item.path}'} {item.title}"
    yield from (f"remark: {remark}" for remark in review.remarks)
    yield summary(review)


def _words(change: Change) -> str:
    if change.action in {"added", "removed"}:
        return change.new or change.old
    if change.action != "changed":
        return f"{change.old} -> {change.new}"
    marked = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(marked[sign].format(words) for sign, words in difference(change.old, change.new))


def _counts(changes: Iterable[Change]) -> str:
    """`3 claims changed, 1 added, 2 other changes`."""
    claims: dict[Subject, str] = {}
    others = 0
    for change in changes:
        if change.subject.kind != "claim":
            others += 1
        elif not change.field and change.action in {"added", "removed"}:
            claims[change.subject] = change.action
        else:
            claims.setdefault(change.subject, "changed")
    counts = Counter(claims.values())
    parts = [
        f"{counts[action]} {action}" for action in ("changed", "added", "removed") if counts[action]
    ]
    if parts:
        number, action = parts[0].split()
        parts[0] = f"{counted(int(number), 'claim')} {action}"
    if others:
        parts.append(counted(others, "other change" if parts else "change"))
    return ", ".join(parts)


def _subject(subject: Subject) -> dict[str, str]:
    return {"group": subject.group, "kind": subject.kind, "id": subject.id}


def _published(item: published.Change, review: Review) -> dict[str, str]:
    return {
        "action": item.action,
        "language": item.language,
        "path": item.path,
        "title": item.title,
        "url": url(item, review),
    }
