"""A text is missing in one of the site's languages (a warning).

The page then shows the text in the language that there is, marked as such. A plain string is
in the `language` of its brief; in a file without one it is in the first language of the site.

Bad:

    title: {en: Build or invest}

Good:

    title: {en: Build or invest, zh: 自研与投资}
"""

from collections.abc import Iterable, Iterator

from research_brief.library import Found, Library, Where
from research_brief.problems import Problem
from research_brief.values import Name, Text


def check(library: Library) -> Iterator[Problem]:
    languages = library.settings.languages
    wanted = set(languages)
    texts: Iterator[Found[Text | Name]] = library.every(Text, Name)
    for _, where, text in texts:
        if not wanted <= text.root.keys() and where.steps[-1] != "translation":
            yield from _missing(text, where, languages)
    for record in library.claims.values():
        for number, evidence in enumerate(record.claim.evidence):
            source = library.sources.get(library.source_of(record, number))
            if not source:
                continue
            # The translation of a quotation into its own language is the quotation.
            others = [code for code in languages if code != source.source.language]
            if evidence.translation and evidence.translation.root.keys() >= set(others):
                continue
            where = record.where / "evidence" / number
            if evidence.translation:
                yield from _missing(evidence.translation, where / "translation", others)
            elif others:
                lines = ", ".join(f"{code}: …" for code in others)
                message = f"the quotation is not translated; add 'translation: {{{lines}}}'"
                yield where.problem(message, "missing-translation", "warning")


def _missing(text: Text | Name, where: Where, languages: Iterable[str]) -> Iterator[Problem]:
    for language in languages:
        if language not in text.root:
            message = f"'{where.steps[-1]}' is not there in {language}; add '{language}: …'"
            yield where.problem(message, "missing-translation", "warning")
