"""What hosts are told of a site: `_headers`, `robots.txt`, and the same policy within its pages.

The policy allows the site's own files and, by their hashes, the few scripts that the theme writes
into its pages; so it is made from the built pages, and never falls behind them.

Sources: Content Security Policy Level 3 (w3.org/TR/CSP3), `_headers` as Netlify and Cloudflare read
it (docs.netlify.com/manage/routing/headers, developers.cloudflare.com/pages/configuration/headers),
`robots.txt` (RFC 9309).
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

from research_brief.page_store import Noted, PageStore
from research_brief.settings import Settings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the theme's icons are data in its style sheet
    "font-src": "'self'",
    "connect-src": "'self'",  # the search index
    "worker-src": "'self'",  # the search
    "base-uri": "'none'",
    "form-action": "'none'",
}
REFERRER = "same-origin"
"""No source that a reader follows learns which claim the reader came from."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": REFERRER,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOREVER = "public, max-age=31536000, immutable"
WEEK = "public, max-age=604800"

_CHARSET = '<meta charset="utf-8">'
_HASHED = re.compile(r"\.[0-9a-f]{8}(\.min)?\.(css|js)")


def told(
    site: Path,
    files: Mapping[str, str],
    settings: Settings,
    *,
    preview: bool,
    in_pages: bool,
    hidden: Iterable[str] = (),
    store: PageStore | None = None,
) -> Iterator[tuple[str, str]]:
    """The files `_headers` and `robots.txt` of a built site and, if wanted, its pages with the
    policy in them, each with its text. `files` are those of the site, with their hashes.

    `hidden` are files that search engines are not to list, and that cannot say so themselves.
    What the `store` knows of pages is not looked for again.

    The policy in pages is for hosts that send no headers of ours (GitHub Pages). It is not the
    rule, because it breaks pages opened as files: there, 'self' is nothing.
    """
    pages = {name: files[name] for name in sorted(files) if name.endswith(".html")}
    allowed = policy(_hashes_of(site, pages, store))
    if in_pages:
        # One at a time: all pages of a large site would not fit into memory.
        for name in pages:
            yield name, with_policy((site / name).read_text(encoding="utf-8"), allowed)
    yield "_headers", headers(site, settings, allowed, preview=preview, hidden=hidden)
    yield "robots.txt", robots(settings, preview=preview)


def policy(hashes: Iterable[str]) -> str:
    """The Content-Security-Policy under which pages with scripts of these hashes work."""
    sources = {**POLICY, "script-src": " ".join([POLICY["script-src"], *sorted({*hashes})])}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def scripts(page: bytes) -> list[str]:
    """The script elements of a page. To parse whole pages would take longer than all else here."""
    # In HTML all ends of lines are one.
    text = page.decode().replace("\r\n", "\n").replace("\r", "\n")
    return [f"<{script}" for script in _SCRIPTS.findall(text) if script]


def hashes(page: bytes) -> list[str]:
    """The hashes of its scripts, as a policy names them."""
    return [hash for element in scripts(page) for hash in _hashes(element)]


def _hashes_of(site: Path, pages: Mapping[str, str], store: PageStore | None) -> set[str]:
    """The hashes of the scripts of all pages, which are known by their own."""
    noted: Noted[str] = Noted(store, "scripts")
    found = {noted.get(digest, partial(_hashes_in, site, name)) for name, digest in pages.items()}
    noted.keep()
    return {hash for said in found for hash in said.split()}


def _hashes_in(site: Path, page: str) -> str:
    return " ".join(hashes((site / page).read_bytes()))


@lru_cache(maxsize=64)  # most pages have the same ones
def _hashes(element: str) -> tuple[str, ...]:
    parser = _Scripts()
    parser.feed(element)
    parser.close()
    return tuple(parser.found)


def with_policy(page: str, policy: str) -> str:
    """The page with the policy ahead of all that it rules, but behind what names the encoding,
    which must be among the first 1024 bytes (html.spec.whatwg.org)."""
    meta = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="referrer" content="{REFERRER}">'
    )
    return page.replace(_CHARSET, _CHARSET + meta, 1)


def headers(
    site: Path, settings: Settings, policy: str, *, preview: bool, hidden: Iterable[str] = ()
) -> str:
    """The file `_headers`. Pages have no rule for caches: both hosts have them ask every time.

    No two rules give one header to one file; Cloudflare would send both values.
    """
    # frame-ancestors counts in a header only.
    everywhere = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", **HEADERS}
    if preview:
        everywhere["X-Robots-Tag"] = "noindex"  # PDFs too, which have no <meta>
    rules = {"*": everywhere}
    if not preview:
        rules |= {file: {"X-Robots-Tag": "noindex"} for file in hidden}
        # Pages of others may read the JSON; a preview may stand where only its readers get to.
        rules["api/*"] = {"Access-Control-Allow-Origin": "*"}
    for code in settings.languages:
        assets = site / settings.folder(code) / "assets"
        for file in sorted(assets.rglob("*")):
            if _HASHED.fullmatch("".join(file.suffixes)):
                rules[file.relative_to(site).as_posix()] = {"Cache-Control": FOREVER}
        fonts = (assets / "fonts").relative_to(site).as_posix()
        rules[f"{fonts}/*"] = {"Cache-Control": WEEK}
    # The rules are for the addresses of the whole host, of which the site may be a part.
    base = quote(urlsplit(settings.site_url or "").path.rstrip("/"), safe="/%")
    lines = []
    for path, values in rules.items():
        lines += [
            f"{base}/{quote(path, safe='/*')}",
            *(f"  {name}: {value}" for name, value in values.items()),
        ]
    return "\n".join(lines) + "\n"


def robots(settings: Settings, *, preview: bool) -> str:
    """The file `robots.txt`: all may read. That of a preview too, because a crawler that is kept
    out never sees `noindex`, and lists the addresses that others link to."""
    lines = ["User-agent: *", "Allow: /"]
    if settings.site_url and not preview:
        lines += [
            "",
            *(f"Sitemap: {settings.base(code)}sitemap.xml" for code in settings.languages),
        ]
    return "\n".join(lines) + "\n"


# Every tag is stepped over whole: in an attribute, where texts of the content stand, `<script>` is
# no element, and must neither be allowed nor hide one.
# No group is possessive: before Python 3.11.5 (Debian 12 has 3.11.2) such a one matches wrongly.
_TAG = r"""[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>"""  # what stands in it behind its name
_SCRIPTS = re.compile(
    rf"<(?:!--.*?-->|(script\b{_TAG}.*?</script\s*>)|[a-z/]{_TAG})", re.DOTALL | re.IGNORECASE
)
"""A comment, a script (from behind its first sign on) or another tag."""


class _Scripts(HTMLParser):
    """The hashes of the scripts within HTML that a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.runs = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        data = (said.get("type") or "").strip().lower().endswith("json")
        self.runs = tag == "script" and "src" not in said and not data

    def handle_data(self, data: str) -> None:
        if self.runs:
            digest = b64encode(sha256(data.encode("utf-8")).digest()).decode()
            self.found.append(f"'sha256-{digest}'")
