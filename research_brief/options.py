"""How a site is to be built."""

from dataclasses import dataclass
from pathlib import Path


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
