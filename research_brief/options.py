"""How a site is to be built."""

from dataclasses import dataclass, replace
from pathlib import Path

PARTS = Path("parts")
"""Where parts of the site lie, beside `site/`, which is always a whole one."""


@dataclass(frozen=True)
class Options:
    """How to build: `work` and `site` are folders below the project's root."""

    work: Path = Path(".cache")
    site: Path = Path("site")
    strict: bool = False
    drafts: bool = False  # a site with drafts is a preview: it asks not to be indexed
    site_url: str | None = None
    pdf: bool = True
    csp_meta: bool = False  # the security policy in the pages too, for hosts without headers
    epoch: int | None = None  # seconds since 1970, the time that PDFs bear instead of their own
    language: str | None = None  # this one alone: a part of the site
    briefs: tuple[str, ...] = ()  # these alone, with what they name: a preview for their editors
    side_by_side: bool = True  # languages may be made in processes, where there is much to be made

    def alone(self, language: str) -> "Options":
        """The same for one language, in folders of its own: parts may be made at the same time."""
        work = self.work / PARTS / language
        return replace(self, language=language, work=work, site=PARTS / language)
