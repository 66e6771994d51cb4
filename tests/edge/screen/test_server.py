"""The screen's server: this machine's own page, and nobody else."""

import contextlib
import json
import socket
import urllib.error
import urllib.request

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from edge.screen.pages import WEB
from tests.edge.screen.terminal import PHOTOGRAPH, ScreenTerminal, sha256
from tests.fakes.waiting import eventually


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    with ScreenTerminal(tmp_path_factory.mktemp("terminal")) as terminal:
        eventually(lambda: get(terminal, "/")[0] == 200)
        yield terminal


def get(terminal, path, **headers):
    request = urllib.request.Request(terminal.url.rstrip("/") + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def live(terminal, origin=None, host=None):
    port = terminal.screen.server.port
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        made = connect(f"ws://{host or f'127.0.0.1:{port}'}/live", sock=sock, origin=origin)
        stack.pop_all()
        return made


def own(terminal):
    return f"http://127.0.0.1:{terminal.screen.server.port}"


def test_it_listens_on_loopback_only(terminal):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", terminal.screen.server.port), timeout=5)


def test_the_page_may_load_nothing_from_elsewhere_and_run_nothing_inline(terminal):
    _, headers, body = get(terminal, "/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert b"<style" not in body
    assert b"style=" not in body
    assert b"<script>" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "192.168.0.9:80"])
def test_another_name_for_this_machine_is_refused(terminal, host):
    status, _, body = get(terminal, "/", Host=host)
    assert status == 403
    assert b"screen" in body


def test_another_origin_is_refused(terminal):
    assert get(terminal, "/", Origin="http://evil.example")[0] == 403
    assert get(terminal, "/", Origin=own(terminal))[0] == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1"])
def test_the_socket_is_for_the_page_itself(terminal, origin):
    with pytest.raises(InvalidStatus):
        live(terminal, origin)


def test_the_socket_of_a_foreign_name_is_refused(terminal):
    with pytest.raises(InvalidStatus):
        live(terminal, "http://evil.example", "evil.example")


@pytest.mark.parametrize(
    "path",
    [
        "/web/../server.py",
        "/web/%2e%2e/server.py",
        "/web/%2e%2e%2fserver.py",
        "/web/",
        "/outbox.db",
    ],
)
def test_nothing_but_the_pages_files_is_served(terminal, path):
    assert get(terminal, path)[0] == 404


def test_every_file_that_the_page_names_is_there(terminal):
    for path in [*WEB.glob("*.js"), *WEB.glob("*.css"), *WEB.glob("*.html")]:
        for word in path.read_text().replace("'", '"').split('"'):
            if word.startswith("/web/"):
                assert get(terminal, word)[0] == 200, f"{path.name} names {word}"


def test_photographs_by_their_digest_alone(terminal):
    digest = sha256(PHOTOGRAPH)
    (terminal.folder / "photographs" / digest).write_bytes(PHOTOGRAPH)
    status, headers, body = get(terminal, f"/photographs/{digest}")
    assert (status, headers["Content-Type"], body) == (200, "image/png", PHOTOGRAPH)
    assert get(terminal, f"/photographs/{'0' * 64}")[0] == 404
    assert get(terminal, "/photographs/..%2f..%2foutbox.key")[0] == 404


def test_documents_come_and_touches_go(terminal):
    with live(terminal, own(terminal)) as page:
        assert json.loads(page.recv(timeout=5))["phase"] == "waiting"
        page.send(json.dumps({"do": "language", "language": "ru"}))
        assert json.loads(page.recv(timeout=5))["language"] == "ru"


def test_nonsense_on_the_socket_ends_nothing(terminal):
    with live(terminal, own(terminal)) as page:
        page.recv(timeout=5)
        for nonsense in ("", "{", "[]", "7", '{"do": 3}', '{"do": {"do": 1}}', "\0"):
            page.send(nonsense)
        page.send(json.dumps({"do": "language", "language": "ca"}))
        assert json.loads(page.recv(timeout=5))["language"] == "ca"


def test_an_endless_request_is_refused_and_the_next_page_is_served(terminal):
    with live(terminal, own(terminal)) as page:
        page.send("x" * 100_000)
        with pytest.raises(ConnectionClosed):
            list(page)
    with live(terminal, own(terminal)) as page:
        assert json.loads(page.recv(timeout=5))


def test_binary_frames_are_no_touch(terminal):
    with live(terminal, own(terminal)) as page:
        page.recv(timeout=5)
        with contextlib.suppress(ConnectionClosed):
            page.send(b"\0\1")
    with live(terminal, own(terminal)) as page:
        assert json.loads(page.recv(timeout=5))
