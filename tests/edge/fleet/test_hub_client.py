"""The terminal's HTTP client against a real server, plain and by TLS."""

import base64
import io
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from edge.fleet.hub_client import HubClient, HubLogin, Refused, Unreachable
from tests.fakes.certificates import self_signed

PROBLEM = b'{"type": "about:blank", "title": "Conflict", "detail": "The code has been used."}'


class Handler(BaseHTTPRequestHandler):
    """Answers by path, and remembers who asked."""

    asked: list[str | None] = []

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Authorization"))
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/whole")
            self.end_headers()
            return
        refused = self.path == "/refused"
        body = PROBLEM if refused else b"x" * 1000
        self.send_response(409 if refused else 200)
        self.send_header("Content-Length", str(2000 if self.path == "/cut" else len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else self._chunked()
        answer = b'{"length": %d}' % len(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _chunked(self) -> bytes:
        body = b""
        while length := int(self.rfile.readline(), 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_: object) -> None:
        pass


def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler))


@pytest.fixture
def client(port: int) -> HubClient:
    Handler.asked.clear()
    return HubClient(HubLogin(f"http://127.0.0.1:{port}/", "hall-1", "secret"))


def test_it_signs_in_with_the_login_of_the_moment(client: HubClient) -> None:
    client.get("/whole")
    client.login = HubLogin(client.login.url, "hall-1", "newer")
    client.get("/whole")
    client.login = HubLogin(client.login.url)
    client.get("/whole")
    known = [base64.b64decode(a.removeprefix("Basic ")) if a else None for a in Handler.asked]
    assert known == [b"hall-1:secret", b"hall-1:newer", None]
    assert "newer" not in repr(HubLogin("http://hub", "hall-1", "newer"))


def test_what_is_not_whole_or_too_large_is_not_taken(client: HubClient) -> None:
    assert client.get("/whole", limit=1000) == b"x" * 1000
    with pytest.raises(Unreachable, match="999"):
        client.get("/whole", limit=999)
    with pytest.raises(Unreachable):
        client.get("/cut")
    with pytest.raises(Unreachable), client.open("GET", "/cut") as response:
        for _ in response.stream(100):
            pass


def test_a_refusal_has_the_hubs_own_words(client: HubClient) -> None:
    with pytest.raises(Refused, match="has been used") as refused:
        client.get("/refused")
    assert refused.value.status == 409


def test_a_redirect_is_not_followed(client: HubClient) -> None:
    with pytest.raises(Refused) as refused:
        client.get("/elsewhere")
    assert refused.value.status == 302
    assert len(Handler.asked) == 1


def test_bytes_and_files_are_sent(client: HubClient) -> None:
    assert client.post_json("/take", {"a": 1}) == {"length": 8}
    assert client.post("/take", io.BytesIO(b"y" * 70_000)) == b'{"length": 70000}'


def test_what_the_caller_raises_passes(client: HubClient) -> None:
    with pytest.raises(OSError, match="disk full"), client.open("GET", "/whole"):
        raise OSError("disk full")


def test_why_it_was_not_reached_is_said_in_words() -> None:
    for address, words in {
        "http://127.0.0.1:1": "nothing answers at the hub's address",
        "http://no.such.name.invalid": "the hub's name is not known",
    }.items():
        with pytest.raises(Unreachable, match=words):
            HubClient(HubLogin(address)).get("/")


def test_no_hub_is_no_crash() -> None:
    for address in ("http://127.0.0.1:1", "ftp://hub", "http://"):
        with pytest.raises(Unreachable):
            HubClient(HubLogin(address), connect_s=1).get("/whole")


def test_only_a_certificate_of_the_named_authority_is_believed(tmp_path) -> None:
    pem = self_signed(tmp_path / "hub.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    for port in serving(server):
        url = f"https://127.0.0.1:{port}"
        assert HubClient(HubLogin(url, ca_file=str(pem))).get("/whole")
        for ca_file in (None, str(tmp_path / "missing.pem")):
            with pytest.raises(Unreachable):
                HubClient(HubLogin(url, ca_file=ca_file)).get("/whole")
