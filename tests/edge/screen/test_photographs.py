"""Photographs from a real HTTP server, and what is kept of them when it is gone."""

import base64
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from edge.fleet.hub_client import HubClient, HubLogin
from edge.screen.photographs import NotFetched, Photographs, fetch
from tests.edge.screen.terminal import PHOTOGRAPH
from tests.fakes.waiting import eventually

DIGEST = hashlib.sha256(PHOTOGRAPH).hexdigest()


class Hub:
    """Answers as the hub does; `replies` says what is special about a path."""

    def __init__(self) -> None:
        hub = self
        self.asked: list[tuple[str, str | None]] = []
        self.replies: dict[str, tuple[int, dict[str, str], bytes]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append((self.path, self.headers.get("Authorization")))
                digest = self.path.rsplit("/", 1)[-1]
                status, headers, body = hub.replies.get(digest, (404, {}, b""))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.client = HubClient(HubLogin(self.url, "hall-1", "secret"))
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def hub():
    hub = Hub()
    yield hub
    hub.close()


def test_a_photograph_is_asked_for_with_the_devices_credentials(hub):
    hub.replies[DIGEST] = (200, {}, PHOTOGRAPH)
    assert fetch(hub.client, DIGEST) == PHOTOGRAPH
    ((path, authorization),) = hub.asked
    assert path == f"/api/device/photographs/{DIGEST}"
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"hall-1:secret"


@pytest.mark.parametrize(
    "reply",
    [
        (401, {}, b""),
        (404, {}, b""),
        (200, {}, PHOTOGRAPH + b"!"),
        (200, {"Content-Length": str(len(PHOTOGRAPH))}, PHOTOGRAPH[:-1]),
        (500, {}, PHOTOGRAPH),
    ],
)
def test_anything_else_is_not_taken(hub, reply):
    hub.replies[DIGEST] = reply
    with pytest.raises(NotFetched):
        fetch(hub.client, DIGEST)


def test_what_is_no_picture_is_not_taken(hub):
    page = b"<script>"
    digest = hashlib.sha256(page).hexdigest()
    hub.replies[digest] = (200, {}, page)
    with pytest.raises(NotFetched):
        fetch(hub.client, digest)


def test_the_password_is_not_sent_to_where_a_redirect_points(hub):
    elsewhere = Hub()
    try:
        hub.replies[DIGEST] = (302, {"Location": f"{elsewhere.url}/{DIGEST}"}, b"")
        elsewhere.replies[DIGEST] = (200, {}, PHOTOGRAPH)
        with pytest.raises(NotFetched):
            fetch(hub.client, DIGEST)
        assert elsewhere.asked == []
    finally:
        elsewhere.close()


def test_photographs_stay_for_as_long_as_they_are_wanted(hub, tmp_path):
    hub.replies[DIGEST] = (200, {}, PHOTOGRAPH)
    (tmp_path / ("0" * 64)).write_bytes(b"old")
    cache = Photographs(tmp_path, lambda: {DIGEST, "f" * 64}, hub.client)
    cache.start()
    try:
        eventually(lambda: cache.photograph(DIGEST) == PHOTOGRAPH)
        eventually(lambda: not (tmp_path / ("0" * 64)).exists())
    finally:
        cache.stop()
    without_hub = Photographs(
        tmp_path, lambda: {DIGEST}, HubClient(HubLogin("http://127.0.0.1:1", "d", "p"))
    )
    without_hub.start()
    try:
        assert without_hub.photograph(DIGEST) == PHOTOGRAPH
        assert without_hub.photograph("f" * 64) is None
        assert without_hub.photograph("../outbox.key") is None
    finally:
        without_hub.stop()


def test_a_terminal_that_has_heard_nothing_yet_throws_nothing_away(tmp_path, hub):
    kept = tmp_path / DIGEST
    kept.write_bytes(PHOTOGRAPH)
    asked = threading.Event()

    def wanted() -> set[str]:
        asked.set()
        return set()

    cache = Photographs(tmp_path, wanted, hub.client)
    cache.start()
    assert asked.wait(5)
    cache.stop()
    assert kept.exists()
