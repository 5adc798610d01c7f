"""Dead links are found and told apart, and a request goes only where it may."""

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest
from projects import Project

from research_brief import links, pipeline
from research_brief.cli import main
from research_brief.links import Finding, Visitor
from research_brief.options import Options

BRIEF = "content/briefs/first/brief.yaml"
SOURCE = "content/sources/daily-2025.yaml"
WAIT = 0.9
"""Seconds until a server here counts as silent."""


class _Server(http.server.BaseHTTPRequestHandler):
    """Answers a path like /404 with that status; the others are named below."""

    asked: list[str] = []
    agents: set[str] = set()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.agents.add(self.headers["User-Agent"])
        name = self.path[1:].partition("?")[0]
        if name == "silent":
            time.sleep(2 * WAIT)
        elif name == "broken":
            self.wfile.write(b"no HTTP\r\n\r\n")
        elif name in self.moved:
            self.send_response(302)
            self.send_header("Location", self.moved[name])
            self.end_headers()
        else:
            known = self.command == "GET" or name != "no-head"
            self.send_response(int(name) if name.isdecimal() else 200 if known else 405)
            self.end_headers()

    moved = {
        "moved": "/200",
        "to-a-file": "file:///etc/passwd",
        "circle": "/circle",
        "moved-in-chinese": "/芯片".encode().decode("latin-1"),
    }

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this machine, without a slash at its end."""
    _Server.asked.clear()
    _Server.agents.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "PAUSE", 0)


def visit(address: str, *, allow_private: bool = True) -> str:
    """What a visit finds: `error: message`, or nothing."""
    finding = Visitor("Desk", allow_private, WAIT).visit(address)
    assert finding is None or isinstance(finding, Finding)
    return f"{finding.level}: {finding}" if finding else ""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/200", ""),
        ("/moved", ""),
        ("/moved-in-chinese", ""),
        ("/no-head", ""),
        ("/芯片?q=芯#x", ""),
        ("/404", "error: is gone (404 Not Found)"),
        ("/410", "error: is gone (410 Gone)"),
        ("/403", "warning: answers 403 Forbidden"),
        ("/429", "warning: answers 429 Too Many Requests"),
        ("/503", "warning: answers 503 Service Unavailable"),
        ("/799", "warning: answers 799 without a meaning"),
        ("/silent", "warning: gave no answer in 0.9 seconds"),
        ("/broken", "warning: cannot be asked for: "),
        ("/circle", "error: leads on more than 8 times"),
        ("/to-a-file", "error: leads on to 'file:///etc/passwd'; expected a web address"),
    ],
)
def test_what_an_address_answers_decides(path: str, found: str, server: str) -> None:
    assert visit(server + path).startswith(found)
    assert bool(visit(server + path)) == bool(found)


def test_the_body_is_asked_for_only_where_the_head_is_refused(server: str) -> None:
    visit(f"{server}/200")
    visit(f"{server}/429")
    visit(f"{server}/no-head")
    assert _Server.asked == ["HEAD /200", "HEAD /429", "HEAD /no-head", "GET /no-head"]


def test_a_name_and_password_in_an_address_are_not_sent(server: str) -> None:
    assert visit(server.replace("//", "//name:password@") + "/200") == ""


def test_addresses_that_cannot_be_asked_for_are_no_crash() -> None:
    for address in ("http://[x/", "http://a:b/", "http://127.0.0.1:99999/", f"http://{'ü' * 99}/"):
        assert visit(address).startswith("warning: cannot be asked for: ")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "refused" in visit(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_servers_that_are_not_public_are_never_asked(
    ip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    found = visit(f"http://{ip}/", allow_private=False)
    assert found.startswith("error: leads to ")
    assert found.endswith(", which is not public; it was not asked")


def test_public_addresses_are_told_apart() -> None:
    assert links._is_public("93.184.215.14")
    assert links._is_public("2606:4700::1111")


def resolve(monkeypatch: pytest.MonkeyPatch, *ips: str) -> None:
    """Let every host have these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in ips]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_a_host_with_one_address_that_is_not_public_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve(monkeypatch, "93.184.215.14", "127.0.0.1")
    assert "leads to 127.0.0.1" in visit("http://example.org/", allow_private=False)


def test_the_connection_is_made_to_the_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError("refused")

    resolve(monkeypatch, "93.184.215.14", "93.184.215.15")
    monkeypatch.setattr(socket, "create_connection", connect)
    assert "refused" in visit("http://例子.测试:8080/", allow_private=False)
    assert asked == [("93.184.215.14", 8080), ("93.184.215.15", 8080)]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (socket.EAI_NONAME, "error: names the host 'gone.invalid', which does not exist"),
        (socket.EAI_AGAIN, "warning: cannot be asked for: "),
    ],
)
def test_an_unknown_host_is_an_error_and_a_silent_resolver_is_not(
    number: int, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert visit("http://gone.invalid/").startswith(found)


def test_certificates_are_verified(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    def wrap(self: ssl.SSLContext, plain: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        plain.close()
        asked.append((self.verify_mode, self.check_hostname, server_hostname))
        raise ssl.SSLCertVerificationError("self-signed certificate")

    asked: list[tuple[ssl.VerifyMode, bool, str]] = []
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
    assert "self-signed certificate" in visit(server.replace("http:", "https:"))
    assert asked == [(ssl.CERT_REQUIRED, True, "127.0.0.1")]


def test_dead_links_are_shown_where_they_stand(
    server: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["links", "--format", "text", *arguments], str(project.root))
        return code, *capsys.readouterr()

    project.with_content()
    path = project.root / SOURCE
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}url: {server}/404\narchived: {server}/503\n", encoding="utf-8")
    old = "{en: Who builds chips.,"
    new = f'{{en: "Who [builds]({server}/200) [chips]({server}/404).",'
    project.edit(BRIEF, old, new)
    code, shown, summary = run("--allow-private")
    gone = f"error: '{server}/404' is gone (404 Not Found); expected a page that answers"
    closed = "answers 503 Service Unavailable; open it, it may be closed to programs only"
    assert shown.splitlines() == [
        f"{BRIEF}:3:15: {gone} [dead-link]",
        f"{SOURCE}:9:6: {gone} [dead-link]",
        f"{SOURCE}:10:11: warning: '{server}/503' {closed} [dead-link]",
    ]
    assert (code, summary) == (1, "2 errors, 1 warning\n")
    assert _Server.asked.count("HEAD /404") == 1
    assert _Server.agents == {"Research Brief (link check)"}

    _Server.asked.clear()
    code, shown, _ = run()
    assert (code, shown.count("which is not public"), _Server.asked) == (1, 4, [])

    path.write_text(f"{text}url: {server}/403\n", encoding="utf-8")
    project.edit(BRIEF, new, old)
    assert run("--allow-private")[0] == 0
    assert run("--allow-private", "--strict")[0] == 1


def test_without_addresses_nothing_is_asked(project: Project) -> None:
    run = project.with_content().run_here("links")
    assert (run.returncode, run.stdout) == (0, "no dead links in 0 addresses\n")


def test_a_site_introduces_itself_in_ascii(project: Project) -> None:
    project.edit("mkdocs.yml", "site_name: Research Brief", "site_name: 简报 Brief")
    project.edit("mkdocs.yml", 'repo_url: ""', "repo_url: https://example.org/desk")
    settings = pipeline.read(project.with_content().root, Options()).library.settings
    assert links._agent(settings) == (
        "%E7%AE%80%E6%8A%A5 Brief (link check; +https://example.org/desk)"
    )


@pytest.mark.parametrize(
    "ip",
    ["64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "::ffff:10.0.0.1", "127.0.0.1"],
)
def test_an_address_that_carries_another_is_not_public(ip: str) -> None:
    assert not links._is_public(ip)
    assert links._is_public("2606:4700::1111")
    assert links._is_public("1.1.1.1")
