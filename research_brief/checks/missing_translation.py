"""A text is missing in one of the site's languages (a warning).

The page then shows the text in the language that there is, marked as such. A plain string is
in the `language` of its brief; in a file without one it is in the first language of the site.

Bad:

    title: {en: Build or invest}

Good:

    title: {en: Build or invest, zh: 自研与投资}
"""

from collections.abc import Iterable, Iterator, Sequence

from research_brief.evidence.standing import all_cited
from research_brief.library import Found, Library, Where
from research_brief.many import Ours
from research_brief.problems import Problem
from research_brief.values import Name, Text


def check(library: Library) -> Iterator[Problem]:
    languages = library.settings.languages
    cited = all_cited(library)
    translations = [it.evidence.translation for it in cited if it.evidence.translation]
    names = [name for _, found in library.values(Name) for name in found]
    # A translation need not be in the language of its source; only where others lack one as well,
    # it is asked which.
    ours, texts = Ours.of(library), sum(len(found) for _, found in library.values(Text))
    lacking = sum(texts - len(ours.within(code)) for code in languages)
    if lacking + _lacking(names, languages) > _lacking(translations, languages):
        yield from _untranslated(library)
    others = {
        id: [code for code in languages if code != record.source.language]
        for id, record in library.sources.items()
    }
    for record, number, evidence, source in cited:
        if not source:
            continue
        # The translation of a quotation into its own language is the quotation.
        wanted, translation = others[source.id], evidence.translation
        if translation and not [code for code in wanted if code not in translation.root]:
            continue
        where = record.where / "evidence" / number
        if translation:
            yield from _missing(translation, where / "translation", wanted)
        elif wanted:
            lines = ", ".join(f"{code}: …" for code in wanted)
            message = f"the quotation is not translated; add 'translation: {{{lines}}}'"
            yield where.problem(message, "missing-translation", "warning")


def _lacking(texts: Sequence[Text | Name], languages: Sequence[str]) -> int:
    """How often a text lacks a language."""
    return sum([1 for text in texts for code in languages if code not in text.root])


def _untranslated(library: Library) -> Iterator[Problem]:
    """What is wrong with all texts but translations."""
    languages = library.settings.languages
    texts: Iterator[Found[Text | Name]] = library.every(Text, Name)
    for _, where, text in texts:
        if where.steps[-1] != "translation":
            yield from _missing(text, where, languages)


def _missing(text: Text | Name, where: Where, languages: Iterable[str]) -> Iterator[Problem]:
    for language in languages:
        if language not in text.root:
            message = f"'{where.steps[-1]}' is not there in {language}; add '{language}: …'"
            yield where.problem(message, "missing-translation", "warning")
