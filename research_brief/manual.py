"""The editors' manual: a page for every rule, made from the docstrings of the checks.

What is found while reading and rendering has no check of its own; its pages stand here.
"""

import inspect
import re
import sys
import textwrap
from dataclasses import dataclass

from research_brief.checks import checks

_READING = {
    "yaml-syntax": """
A file is not the plain YAML that content is written in.

YAML can do more than hold data: anchors, aliases, merge keys and tags are refused, because a
value that stands elsewhere cannot be reviewed. Most other faults are a text with `: ` or a
quotation mark in it that needs quotation marks around it, or an indent that is off by one.

Bad:

    summary: Two motives: cost and performance

Good:

    summary: "Two motives: cost and performance"
""",
    "duplicate-key": """
A key stands twice in one mapping.

Only one of the two could count. Rename one, or put their values together.

Bad:

    status: account
    status: judgement

Good:

    status: judgement
""",
    "encoding": """
A file is not UTF-8, or holds a character that nobody can see.

Invisible characters make a text look like another one, and break search and quotations. They
come along when text is pasted from a web page or a PDF; type the words instead.

Bad:

    title: 芯[U+200B]片

Good:

    title: 芯片
""",
    "file": """
A file or folder is missing, empty, too large, or not content.

`content/` holds `briefs/BRIEF/brief.yaml` with its sections, `sources/SOURCE.yaml` and
`entities/KIND.yaml`, and nothing else. Names of files are addresses on the site: small Latin
letters, digits and single hyphens.

Bad:

    content/briefs/AI chips.yaml

Good:

    content/briefs/ai-chips/brief.yaml
""",
    "schema": """
A value is not of the form that its place asks for.

A key is unknown or missing, a text stands where a list is expected, a date or an address cannot
be one, a language is not one of the site's. The message names what was found and what was
expected; an editor that knows the schemas shows the same while you type.

Bad:

    staus: account
    as_of: 12 September 2018

Good:

    status: account
    as_of: 2018-09-12
""",
    "receipts": """
The receipts of a source were changed by hand, cut short, or made from another edition of its text.

`content/sources/ID.receipts.yaml` is written by `python build.py source verify ID`, by whoever
holds the text. After a merge conflict in it, or when the text was replaced, run that again.

Bad:

    <<<<<<< HEAD
      - {words: 0e57…, paragraph: 3, …}

Good:

    python build.py source verify gazette-2026-11-02
""",
    "altered-edition": """
A frozen edition of a brief is not as it was written.

`content/editions/BRIEF/NUMBER/` is written by `python build.py release` and never edited: it is
what was published. Its `edition.yaml` holds the SHA-256 of every file. Restore what was changed,
deleted or added. To put something right, change the brief and say so under its `revisions`.

Bad:

    content/editions/ai-chips/1/briefs/ai-chips/brief.yaml     # edited

Good:

    git checkout origin/main -- content/editions
""",
    "untold-change": """
A brief was changed after its last edition, and no revision tells of it (`build.py release`).

Readers who have seen or cited an edition must be able to see what has changed since, and why. Add
an entry under `revisions`: a `correction` of what was wrong, a `clarification` of what was put
badly, an `update` where something was added.

Bad:

    revisions: []          # and a figure is another one than in edition 1

Good:

    revisions:
      - date: 2025-11-02
        kind: correction
        text: The share rose 8.08%, not 8.8%; a digit was lost.
""",
    "ledger": """
The list of all addresses that this site ever had was changed by hand, cut short, or half merged.

`content/addresses.txt` is written by `python build.py release`, which adds what is new and never
takes anything out. After a merge conflict in it both sides are true: run that, and it keeps all.

Bad:

    <<<<<<< HEAD
    briefs/ai-chip-race/#own-chips

Good:

    python build.py release
""",
    "unknown-kind": """
A section does not say what kind of section it is, or names one that does not exist.

The kind decides which fields a section has and how it looks: `comparison`, `factors`,
`challenges`, `timeline` or `narrative`.

Bad:

    kind: compare

Good:

    kind: comparison
""",
    "unknown-section": """
`brief.yaml` lists a section that has no file, or lists one twice.

A section is a file beside `brief.yaml`; its id is the name of the file without `.yaml`.

Bad:

    sections: [singal, motives]

Good:

    sections: [signal, motives]
""",
    "unlisted-section": """
A file beside `brief.yaml` is not listed there, so that nobody would see it.

`sections` is the order in which readers meet the sections.

Bad:

    sections: [signal]             # motives.yaml lies beside

Good:

    sections: [signal, motives]
""",
    "words": """
The interface words of a language are incomplete, or cannot be filled.

Every language in `extra.languages` of `mkdocs.yml` has a file `templates/words/CODE.yaml` with
the same keys and the same {places}.

Bad:

    paragraph: "paragraph"

Good:

    paragraph: "paragraph {number}"
""",
    "template": """
A template in `templates/` cannot be rendered.

Nothing in content can cause this: the fault is in the template, at the line that is named.

Bad:

    {{ claim.txt | rich }}

Good:

    {{ claim.text | rich }}
""",
    "fragment": """
A template makes HTML that is not in the vocabulary, or a link that leads nowhere.

Site, PDF and all other outputs are made from the same HTML, so that its elements and classes
are listed in `research_brief/fragment.py`.

Bad:

    <marquee class="rb-news">

Good:

    <p class="rb-note">
""",
    "pdf": """
A page cannot be set on paper.

A class has no form on paper yet (`research_brief/pdf/nodes.py`), or Typst refuses the document;
the message says why.

Bad:

    <p class="rb-unheard-of">

Good:

    <p class="rb-note">
""",
    "dead-link": """
A web address that the content names does not answer (`build.py links`, once a week).

Correct the address, or give an `archived` copy and take out what is gone. A server that is slow or
refuses programs is a warning only: look at it in a browser.

Bad:

    url: https://example.org/moved-away

Good:

    url: https://example.org/where-it-is-now
""",
    "engine": """
MkDocs or its theme complained about a page.

A warning of the engine is a fault here, because a page that it warns about is not the page that
was meant. The message is the engine's own.

Bad:

    theme: {name: material, custom_dir: templates/them}

Good:

    theme: {name: material, custom_dir: templates/theme}
""",
    "one-engine": """
A plugin, a hook or a feature in `mkdocs.yml` is one that only one engine knows.

The site is built by MkDocs with Material, which ends in May 2027; its successor Zensical reads the
same file and leaves out what it does not know without a word. What both know keeps the way open.
A hook of your own is not run by Zensical; a plugin or a feature may be. This is a warning: the
site of today is built as it says.

Bad:

    plugins: [search, git-revision-date-localized]

Good:

    plugins: [search]
""",
}


@dataclass(frozen=True)
class Rule:
    """A rule with its page of the manual. `explanation` holds paragraphs with `code` in them;
    `bad` and `good` are examples, as they would stand in a file."""

    id: str
    summary: str
    explanation: tuple[str, ...]
    bad: str
    good: str

    def __str__(self) -> str:
        """The page as plain text."""
        words = [textwrap.fill(text, 88) for text in (self.summary, *self.explanation)]
        examples = [
            f"{name}:\n\n{textwrap.indent(text, '    ')}"
            for name, text in (("Bad", self.bad), ("Good", self.good))
        ]
        return "\n\n".join([f"[{self.id}]", *words, *examples])


def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the alphabet."""
    manuals = {id: sys.modules[check.__module__].__doc__ or "" for id, check in checks().items()}
    return {id: _rule(id, text) for id, text in sorted((_READING | manuals).items())}


def _rule(id: str, text: str) -> Rule:
    """The page that a manual text makes: a summary, paragraphs, a bad and a good example."""
    words, bad, good = re.split(r"\n(?:Bad|Good):\n", inspect.cleandoc(text))
    summary, *explanation = (" ".join(part.split()) for part in words.strip().split("\n\n"))
    return Rule(id, summary, tuple(explanation), _example(bad), _example(good))


def _example(text: str) -> str:
    return textwrap.dedent(text).strip("\n")
