"""Dead links: asks for every web address that the content names, and says which are gone.

Content is untrusted, so a request goes nowhere but to public web servers: each host is looked
up once, its addresses are judged, and the connection is made to what was judged, at every
redirect anew. Only the head of an answer is read, and nothing is sent that tells who asks
but the name of the site.
"""

import http.client
import ipaddress
import socket
import ssl
import string
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from research_brief.library import Library, Where
from research_brief.problems import Level, Problem
from research_brief.richtext import web_links
from research_brief.settings import Settings
from research_brief.values import Plain, Text

RULE = "dead-link"
AT_ONCE = 4
PAUSE = 1.0  # seconds between two requests to one host
TIMEOUT = 20  # seconds for each piece of an answer
REDIRECTS = 8
MOVED = {301, 302, 303, 307, 308}
GONE = {404, 410}
TOO_MANY = 429
UNKNOWN_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class Finding(Exception):
    """What is wrong with an address: an error will not mend by itself, a warning may."""

    def __init__(self, message: str, level: Level = "warning") -> None:
        super().__init__(message)
        self.level = level


def addresses(library: Library) -> dict[str, list[Where]]:
    """Every web address that the content names, with the places where it stands."""
    found: dict[str, list[Where]] = {}
    for record in library.sources.values():
        for key in ("url", "archived"):
            if address := getattr(record.source, key):
                found.setdefault(address, []).append(record.where / key)
    for _, where, text in library.every(Text):
        for language, words in text.root.items() if not isinstance(text, Plain) else ():
            for address in web_links(words):
                found.setdefault(address, []).append(where / language)
    return found


def check(library: Library, *, allow_private: bool) -> list[Problem]:
    """What is wrong with the addresses, at every place where they stand."""
    found = addresses(library)
    visitor = Visitor(_agent(library.settings), allow_private, TIMEOUT)
    hosts: dict[str, list[str]] = {}
    for address in found:
        hosts.setdefault(address.split("/")[2], []).append(address)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        findings = [item for items in pool.map(visitor.visit_all, hosts.values()) for item in items]
    return sorted(
        {
            where.problem(f"'{address}' {finding}", RULE, finding.level)
            for address, finding in findings
            for where in found[address]
        }
    )


def _agent(settings: Settings) -> str:
    """How we introduce ourselves; a header holds ASCII only."""
    home = settings.repo_url or settings.site_url
    name = f"{settings.site_name} (link check{f'; +{home}' if home else ''})"
    return _ascii(name, safe=f"{string.punctuation} ")


def _ascii(text: str, safe: str = string.punctuation, encoding: str = "utf-8") -> str:
    return quote(text, safe=safe, encoding=encoding)


@dataclass(frozen=True)
class Visitor:
    """Asks servers whether they have what an address names."""

    agent: str
    allow_private: bool
    timeout: float

    def visit_all(self, addresses: list[str]) -> list[tuple[str, Finding]]:
        """What is wrong with addresses of one host, asked for one after the other."""
        return [
            (address, finding)
            for number, address in enumerate(addresses)
            if (finding := self.visit(address, pause=PAUSE if number else 0))
        ]

    def visit(self, address: str, pause: float = 0) -> Finding | None:
        """What is wrong with an address, or None."""
        time.sleep(pause)
        try:
            status = self._status("HEAD", address)
            if status >= 400 and status != TOO_MANY:
                status = self._status("GET", address)  # some servers know no HEAD
        except Finding as finding:
            return finding
        except TimeoutError:
            return Finding(f"gave no answer in {self.timeout:g} seconds")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Finding(f"cannot be asked for: {_ascii(str(error), f'{string.punctuation} ')}")
        if status < 400:
            return None
        phrase = http.client.responses.get(status, "without a meaning")
        if status in GONE:
            return Finding(f"is gone ({status} {phrase}); expected a page that answers", "error")
        return Finding(f"answers {status} {phrase}; open it, it may be closed to programs only")

    def _status(self, method: str, address: str) -> int:
        """The status at the end of all redirects."""
        address = _ascii(address)
        for _ in range(REDIRECTS):
            status, location = self._ask(method, urlsplit(address))
            if status not in MOVED or not location:
                return status
            address = urljoin(address, _ascii(location, encoding="latin-1"))
            if urlsplit(address).scheme not in {"http", "https"}:
                raise Finding(f"leads on to '{address}'; expected a web address", "error")
        raise Finding(f"leads on more than {REDIRECTS} times", "error")

    def _ask(self, method: str, address: SplitResult) -> tuple[int, str]:
        """Status and Location of one answer; its body is never read."""
        host = unquote(address.hostname or "").encode("idna").decode("ascii")
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        port = address.port or kind.default_port
        connection = kind(host, port, timeout=self.timeout)
        deadline = threading.Timer(3 * self.timeout, lambda: _hang_up(connection.sock))
        deadline.daemon = True
        deadline.start()  # the time-out is for each piece of an answer, however many there are
        try:
            # An open socket keeps the library from looking the host up for itself.
            connection.sock = self._connected(host, port)
            if secure:
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
            target = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request(method, target, headers={"User-Agent": self.agent, "Accept": "*/*"})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", "")
        finally:
            deadline.cancel()
            connection.close()

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to a host, all of whose addresses are public."""
        found = _looked_up(host, port)
        private = [ip for ip in found if not _is_public(ip)]
        if private and not self.allow_private:
            raise Finding(f"leads to {private[0]}, which is not public; it was not asked", "error")
        *others, last = found
        for ip in others:
            try:
                return socket.create_connection((ip, port), self.timeout)
            except OSError:
                continue
        return socket.create_connection((last, port), self.timeout)


def _hang_up(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in UNKNOWN_HOST:
            raise Finding(f"names the host '{host}', which does not exist", "error") from None
        raise
    return list(dict.fromkeys(str(item[4][0]) for item in found))


_UNICAST = ipaddress.ip_network("2000::/3")  # what IANA hands out (RFC 4291, section 2.4)


def _is_public(ip: str) -> bool:
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _UNICAST or address.sixtofour or address.teredo
    ):
        return False  # an address of another kind may carry one of version 4 that is not public
    return address.is_global and not address.is_multicast
