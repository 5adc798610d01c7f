"""Pages at old addresses that lead on to the new ones.

A host of plain files sends no redirects, so each is a page of its own: it leads on by itself
where a browser may (`<meta http-equiv="refresh">`, html.spec.whatwg.org, "The meta element"), and
has a plain link. The part behind `#` is kept by a script; without scripts it leads to the top.
Neither search, sitemap nor navigation know these pages.
"""

from collections.abc import Sequence
from pathlib import Path

from research_brief.library import Library
from research_brief.pages import Page
from research_brief.problems import ProblemsFound
from research_brief.settings import Wordbook
from research_brief.templating import Templates
from research_brief.whereabouts import Whereabouts

TEMPLATE = "redirect.html"


def targets(pages: Sequence[Page], library: Library) -> dict[str, Page]:
    """The page for every old address: of each page that has another one now, and of those below
    it. Both addresses as `Page.path` has them."""
    there = {page.path: page for page in pages}
    below = Whereabouts.of(library).below_withdrawn()
    found = {old.rstrip("/"): there[now.rstrip("/")] for old, now in below.items()}
    for former in Whereabouts.of(library).former_pages:
        old, new = former.address.rstrip("/"), former.now.rstrip("/")
        for path, page in there.items():
            if path == new or path.startswith(f"{new}/"):
                found.setdefault(f"{old}{path.removeprefix(new)}", page)
    return {old: page for old, page in sorted(found.items()) if old not in there}


def redirects(
    pages: Sequence[Page], library: Library, words: Wordbook, templates: Path
) -> dict[str, str]:
    """The HTML for every old address of the pages of one language, by its file below the
    language's root. Raises ProblemsFound for faults of the template."""
    made = Templates(templates)
    found: dict[str, str] = {}
    for old, page in targets(pages, library).items():
        up = "../" * (old.count("/") + 1)
        base = library.settings.base(page.language)
        found[f"{old}/index.html"] = made.render(
            TEMPLATE,
            {
                "w": words,
                "title": page.title,
                "address": f"{up}{page.path}/",
                "canonical": f"{base}{page.path}/" if base else "",
                "up": up,
            },
        )
    if made.problems:
        raise ProblemsFound(made.problems)
    return found


def former_pdfs(library: Library, brief: str) -> list[str]:
    """Where the PDF of a brief was, below the language's root. A file cannot lead on, so that the
    new one is there as well."""
    record = library.briefs.get(brief)
    return [f"briefs/{old}/{old}.pdf" for old in (record.brief.formerly if record else ())]
