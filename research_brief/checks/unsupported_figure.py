"""A figure of our words is not in the words that back them.

Numbers, percentages, months and days of a claim, in every language, stand in its quotations, or
`derived` says in that language how they were found. The translation of a quotation has the figures
of the quotation. `as_of` stands there as well, or is a date of the source. What names claims
(takeaways, cells, events, paragraphs ...) has the figures of these claims, and what names none,
like a title or a summary, those of any claim of the brief; of these only figures written with
digits are looked for, because “two speakers” is our own count. The way of writing does not matter:
`8.08%`, `8.08 per cent` and `百分之八点零八` are the same. Fractions and multiples in words (half,
tripled, 三分之二), plus and minus, and which figure belongs to what are for a person to compare;
summaries of entities and titles of sources are not looked at.

Bad:

    text: {en: Shares rose 8.18%., zh: 股价上涨8.08%。}
    evidence: [{paragraph: 1, quote: 涨幅……8.08%}]

Good:

    text: {en: Shares rose 8.08%., zh: 股价上涨8.08%。}
    evidence: [{paragraph: 1, quote: 涨幅……8.08%}]
"""

from collections.abc import Iterator

from research_brief.evidence.backing import Backing, Known, of_dates, undated
from research_brief.evidence.figures import Figure, Mention, supports
from research_brief.evidence.statements import statements
from research_brief.library import BriefRecord, ClaimRecord, Library, Where
from research_brief.problems import Problem

RULE = "unsupported-figure"
MEND = "correct it, or say under 'derived' how it was found"
SHOWN = 5
"""Figures that a message lists."""


def check(library: Library) -> Iterator[Problem]:
    backing = Backing(library)
    read = backing.read
    for brief in library.briefs.values():
        for record in brief.claims.values():
            claim = record.claim
            texts = [
                (language, mentioned)
                for language, words in claim.text.root.items()
                if (mentioned := read[language].get(words))
            ]
            translations = [
                (number, language, mentioned)
                for number, evidence in enumerate(claim.evidence)
                if evidence.translation
                for language, words in evidence.translation.root.items()
                if (mentioned := read[language].get(words))
            ]
            if texts or translations or claim.as_of:
                found = [*_claim(backing, record, texts)]
                found += _translations(backing, record, translations)
                if found and backing.is_whole(record):
                    yield from found
        # What could not be read may have the figure.
        if f"brief:{brief.id}" not in library.broken and backing.has_sources(brief):
            yield from _statements(backing, brief)


def _claim(
    backing: Backing, record: ClaimRecord, texts: list[tuple[str, list[Mention]]]
) -> Iterator[Problem]:
    claim = record.claim
    for language, mentioned in texts:
        known = _grounds(backing, record)
        for mention in _missing(mentioned, known):
            if supports(backing.in_language(claim.derived, language), mention.figure):
                continue
            where = record.where / "text" / language
            message = f"'{mention.written}' is in no quotation of this claim"
            yield _problem(where, message, mention.figure, known, MEND)
    for figure in backing.undated(record):
        known = _grounds(backing, record)
        if not supports(known | backing.of_text(claim.derived), figure):
            message = f"{figure.kind} {figure.value} of '{claim.as_of}' is in no quotation of this"
            message += " claim, and no date of its source begins so"
            yield _problem(record.where / "as_of", message, figure, known, MEND)


def _grounds(backing: Backing, record: ClaimRecord) -> Known:
    """The figures on which a claim stands."""
    quoted, others = backing.quoted(record), record.claim.rests_on
    return quoted | backing.told_by(others, record.brief) if others else quoted


def _translations(
    backing: Backing, record: ClaimRecord, translations: list[tuple[int, str, list[Mention]]]
) -> Iterator[Problem]:
    for number, language, mentioned in translations:
        known = backing.of_quotation(record, number)
        for mention in _missing(mentioned, known):
            where = record.where / "evidence" / number / "translation" / language
            message = f"'{mention.written}' is not in what this translates"
            yield _problem(where, message, mention.figure, known, "correct it")


def _statements(backing: Backing, brief: BriefRecord) -> Iterator[Problem]:
    dates = [date for id in brief.brief.sources for date in backing.dates.get(id, ())]
    of_sources = of_dates(dates)
    read = backing.read
    for statement in statements(backing.library, brief):
        named = statement.claims
        mentioned = [
            (key, language, mention)
            for key, text in statement.texts.items()
            for language, words in text.root.items()
            for mention in read[language].get(words, ())
            if mention.force == "digits"
        ]
        if not mentioned and not statement.dates:
            continue
        if not all(backing.library.claim(id, brief.id) for id in named):
            continue  # what an unknown claim says is not known either
        lack = "is in no claim that is named here" if named else "is in no claim of this brief"
        claims, extra = (named, {}) if named else (brief.claims, of_sources)
        for key, language, mention in mentioned:
            if backing.tells(claims, brief.id, mention.figure):
                continue
            derived = backing.in_language(statement.derived, language)
            if not supports(derived | extra, mention.figure):
                message = f"'{mention.written}' {lack}"
                known = backing.told_by(claims, brief.id) | extra
                where = statement.where / key / language
                yield _problem(where, message, mention.figure, known, "correct it")
        for key, date in statement.dates.items():
            for figure in undated(date, dates):
                derived = backing.of_text(statement.derived)
                if not backing.tells(claims, brief.id, figure) and not supports(derived, figure):
                    message = f"{figure.kind} {figure.value} of '{date}' {lack}"
                    known = backing.told_by(claims, brief.id)
                    yield _problem(statement.where / key, message, figure, known, MEND)


def _missing(mentioned: list[Mention], known: Known) -> Iterator[Mention]:
    for mention in mentioned:
        if mention.force != "carried" and not supports(known, mention.figure):
            yield mention


def _problem(where: Where, message: str, figure: Figure, known: Known, mend: str) -> Problem:
    """The problem, with the figures that are there: those of the same kind first."""
    have = sorted(known, key=lambda other: other.kind != figure.kind)
    there = ", ".join(dict.fromkeys(known[other] for other in have[:SHOWN])) or "no figures"
    return where.problem(f"{message} (they have {there}); {mend}", RULE)
