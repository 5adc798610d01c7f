"""A hosted copy of a site, in a folder or at an address: is it what its manifest says?

A copy at an address is asked for file by file, as readers ask: a page by its folder. What a host
adds or keeps for itself is no fault; CONTRIBUTING.md lists it.
"""

import gzip
import http.client
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from research_brief import manifest
from research_brief.manifest import NAME, Manifest
from research_brief.output import reason
from research_brief.problems import Place, Problem, printable
from research_brief.refusals import Refused

RULE = "hosted-copy"
AT_ONCE = 8
TIMEOUT = 30  # seconds
LARGEST = 100_000_000  # bytes that are read of a file
OF_HOSTS = ("CNAME", "_redirects")
"""Files that hosts are told something with, beside those that begin with a dot."""
FOR_HOSTS = ("_headers",)
"""Files of ours that hosts read, and may not serve."""


class Copy(Protocol):
    """Where a copy is read."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, or None if it is not there. Raises OSError."""

    def names(self) -> Iterable[str]:
        """The files that are there, as far as that can be known."""

    def may_lack(self, name: str) -> bool:
        """Whether the copy is whole without the file."""


@dataclass(frozen=True)
class Folder:
    """A copy in a folder."""

    path: Path

    def read(self, name: str) -> bytes | None:
        file = self.path / name
        if not file.is_relative_to(self.path) or ".." in file.parts[len(self.path.parts) :]:
            raise OSError("its name leads out of the folder")  # "C:\\x", on Windows
        return file.read_bytes() if file.is_file() else None

    def names(self) -> Iterable[str]:
        return manifest.names(self.path)

    def may_lack(self, name: str) -> bool:
        return False


@dataclass(frozen=True)
class Address:
    """A copy at an http(s) address, with a slash at its end."""

    url: str

    def read(self, name: str) -> bytes | None:
        folder = name.removesuffix("index.html")
        path = folder if folder == "" or folder.endswith("/") else name
        request = urllib.request.Request(  # noqa: S310 (the scheme is http or https)
            self.url + quote(path), headers={"Accept-Encoding": "identity"}
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                return _body(answer)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404 and name == "404.html":
                    return _body(error)  # some hosts never serve it but as what it is
                if error.code in {404, 410}:
                    return None
                raise OSError(f"the host answers {error.code}") from None
        except urllib.error.URLError as error:
            raise OSError(str(error.reason)) from None
        except (http.client.HTTPException, zlib.error, ValueError) as error:
            raise OSError(f"the answer cannot be read: {type(error).__name__}") from None

    def names(self) -> Iterable[str]:
        return ()

    def may_lack(self, name: str) -> bool:
        return name in FOR_HOSTS


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows to pages of the same host only: what another one has is another copy."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise urllib.error.URLError(f"it leads on to {printable(newurl)}; ask there")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


_OPENER = urllib.request.build_opener(_SameHost)


def _body(answer: http.client.HTTPResponse | urllib.error.HTTPError) -> bytes:
    data = answer.read(LARGEST)
    if answer.headers.get("Content-Encoding") == "gzip":  # of hosts that always pack
        data = zlib.decompressobj(wbits=31).decompress(data, LARGEST)
    return data


def copy_at(place: str) -> Copy:
    """The copy at an address or in a folder. Raises Refused if there is no such folder."""
    if place.startswith(("http://", "https://")):
        return Address(place.rstrip("/") + "/")
    if not Path(place).is_dir():
        raise Refused(f"there is no folder {place}; name one, or an address with https://")
    return Folder(Path(place))


def manifest_of(copy: Copy, place: str) -> Manifest:
    """The manifest of a copy. Raises Refused."""
    try:
        data = copy.read(NAME)
    except OSError as error:
        raise Refused(f"{place}: {NAME} cannot be read: {reason(error)}") from None
    if data is None:
        raise Refused(f"{place} has no {NAME}; expected a site that build.py made")
    try:
        return manifest.parse(data)
    except manifest.Unreadable as error:
        raise Refused(f"{place}: {NAME} {error}") from None


def compare(copy: Copy, files: Mapping[str, str], ignore: Sequence[str] = ()) -> Iterator[Problem]:
    """Where a copy departs from the files that it should have, by their hashes."""
    wanted = [name for name in sorted(files) if not _is_any(name, ignore)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        judged = pool.map(lambda name: _judged(copy, name, files), wanted)
        for name, said in zip(wanted, judged, strict=True):
            if said:
                yield _problem(name, said)
    for name in copy.names():
        known = name in files or _is_any(name, (*OF_HOSTS, *ignore))
        if not known and not _is_packed(copy, name, files):
            yield _problem(name, "is not a file of this site")


def _judged(copy: Copy, name: str, files: Mapping[str, str]) -> str:
    """What is wrong with a file, or nothing."""
    try:
        data = copy.read(name)
    except OSError as error:
        return f"cannot be read: {reason(error)}"
    if data is None:
        return "" if copy.may_lack(name) else "is missing"
    return "" if sha256(data).hexdigest() == files[name] else "is not as it was built"


def _is_packed(copy: Copy, name: str, files: Mapping[str, str]) -> bool:
    """Whether a file is another one of the site, packed for hosts that do not pack themselves."""
    original = name.removesuffix(".gz")
    if original == name or original not in files:
        return False
    with suppress(OSError, EOFError, zlib.error):
        return sha256(gzip.decompress(copy.read(name) or b"")).hexdigest() == files[original]
    return False


def _is_any(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _problem(name: str, said: str) -> Problem:
    return Problem(Place(printable(name)), said, RULE)
