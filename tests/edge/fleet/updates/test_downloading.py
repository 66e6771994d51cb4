"""Downloads over lines and servers that break, lie, and begin anew: the right bytes or none, and little twice."""

import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from edge.fleet.hub_client import HubClient, HubLogin, Unreachable
from edge.fleet.updates.downloading import Corrupt, download
from edge.fleet.updates.pacing import Cap, Stopped, spread_s
from edge.fleet.updates.sources import PIECE_BYTES, HubSource, NotThere, SignedFile

CONTENT = Random(7).randbytes(1_500_000)
FILE = SignedFile("stable/wheels/a.whl", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class Manners:
    """How the server behaves; the first cut that is left is the next connection's."""

    def __init__(self) -> None:
        self.content = CONTENT
        self.cuts: list[int] = []
        self.ignores_range = False
        self.span: str | None = None
        self.refuses_range = False
        self.status: int | None = None
        self.sent = 0
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    manners: Manners

    def do_GET(self) -> None:
        manners = self.manners
        asked = self.headers.get("Range", "")
        manners.asked.append(asked)
        start = int(found[1]) if (found := re.fullmatch(r"bytes=(\d+)-", asked)) else 0
        body, total = manners.content, len(manners.content)
        if manners.status is not None:
            self._head(manners.status, 0)
            return
        if asked and not manners.ignores_range:
            if manners.refuses_range or start >= total:
                self._head(416, 0)
                return
            body = body[start:]
            self._head(206, len(body), manners.span or f"bytes {start}-{total - 1}/{total}")
        else:
            self._head(200, len(body))
        cut = manners.cuts.pop(0) if manners.cuts else len(body)
        self.wfile.write(body[:cut])
        manners.sent += min(cut, len(body))
        self.close_connection = True

    def _head(self, status: int, length: int, span: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if span is not None:
            self.send_header("Content-Range", span)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[tuple[Manners, HubSource]]:
    manners = Manners()
    handler = type("Handling", (Handler,), {"manners": manners})
    served = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield manners, HubSource(HubClient(HubLogin(f"http://127.0.0.1:{served.server_port}")))
    served.shutdown()
    served.server_close()


def _fetch(source: HubSource, path: Path, most: int = 100) -> int:
    """Until it is there; how many attempts that took."""
    for attempt in range(1, most):
        try:
            download(FILE, path, source, lambda _count: None)
        except Unreachable:
            continue
        return attempt
    raise AssertionError("never whole")


def test_cut_at_ten_offsets_and_again_while_resuming(
    server: tuple[Manners, HubSource], tmp_path: Path
) -> None:
    manners, source = server
    random = Random(11)
    manners.cuts = [random.randrange(1, 2 * PIECE_BYTES + 1000) for _ in range(10)]
    manners.cuts += [0, 1, PIECE_BYTES, PIECE_BYTES - 1]
    cuts = len(manners.cuts)
    path = tmp_path / "a.whl"
    assert _fetch(source, path) == cuts + 1
    assert path.read_bytes() == CONTENT
    assert manners.sent <= len(CONTENT) + cuts * PIECE_BYTES
    assert not list(tmp_path.glob("*.part"))


def test_a_part_that_a_power_cut_turned_into_zeros_is_fetched_anew(
    server: tuple[Manners, HubSource], tmp_path: Path
) -> None:
    manners, source = server
    path = tmp_path / "a.whl"
    (tmp_path / "a.whl.part").write_bytes(bytes(1_000_000))
    download(FILE, path, source, lambda _count: None)
    assert path.read_bytes() == CONTENT
    assert manners.sent <= 2 * len(CONTENT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ignores_range", True),
        ("refuses_range", True),
        ("span", "bytes 0-1499999/1500000"),
        ("span", "bytes 500000-1499999/1600000"),
        ("span", "bytes */1500000"),
        ("span", "nonsense"),
    ],
)
def test_nothing_is_appended_that_does_not_begin_where_the_part_ends(
    server: tuple[Manners, HubSource], tmp_path: Path, name: str, value: object
) -> None:
    manners, source = server
    setattr(manners, name, value)
    (tmp_path / "a.whl.part").write_bytes(CONTENT[:500_000])
    download(FILE, tmp_path / "a.whl", source, lambda _count: None)
    assert (tmp_path / "a.whl").read_bytes() == CONTENT
    assert manners.asked[0] == "bytes=500000-"


@pytest.mark.parametrize("size", [len(CONTENT), len(CONTENT) + 1])
def test_a_part_that_is_too_long_is_not_continued(
    server: tuple[Manners, HubSource], tmp_path: Path, size: int
) -> None:
    _manners, source = server
    (tmp_path / "a.whl.part").write_bytes(bytes(size))
    download(FILE, tmp_path / "a.whl", source, lambda _count: None)
    assert (tmp_path / "a.whl").read_bytes() == CONTENT


def test_a_whole_part_needs_no_server(server: tuple[Manners, HubSource], tmp_path: Path) -> None:
    manners, source = server
    (tmp_path / "a.whl.part").write_bytes(CONTENT)
    download(FILE, tmp_path / "a.whl", source, lambda _count: None)
    assert manners.asked == []


@pytest.mark.parametrize(
    "content", [CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]), CONTENT + b"more", b"\x00" * len(CONTENT)]
)
def test_another_file_is_refused_and_leaves_nothing(
    server: tuple[Manners, HubSource], tmp_path: Path, content: bytes
) -> None:
    manners, source = server
    manners.content = content
    with pytest.raises(Corrupt):
        download(FILE, tmp_path / "a.whl", source, lambda _count: None)
    assert not (tmp_path / "a.whl").exists()


def test_errors_of_the_server_leave_the_part_as_it_is(
    server: tuple[Manners, HubSource], tmp_path: Path
) -> None:
    manners, source = server
    part = tmp_path / "a.whl.part"
    part.write_bytes(CONTENT[:500_000])
    for status, failure in ((404, NotThere), (500, Unreachable), (302, Unreachable)):
        manners.status = status
        with pytest.raises(failure):
            download(FILE, tmp_path / "a.whl", source, lambda _count: None)
        assert part.read_bytes() == CONTENT[:500_000]


def test_a_cap_holds_and_ends_at_once_when_it_is_stopped(
    server: tuple[Manners, HubSource], tmp_path: Path
) -> None:
    waited: list[float] = []

    class Event(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return self.is_set()

    now = [0.0]
    stopping = Event()
    cap = Cap(500_000, stopping, lambda: now[0])
    download(FILE, tmp_path / "a.whl", server[1], cap)
    assert waited[-1] == pytest.approx(len(CONTENT) / 500_000)
    stopping.set()
    with pytest.raises(Stopped):
        cap(1)
    with pytest.raises(Stopped):
        Cap(None, stopping)(1)


def test_terminals_of_a_site_begin_over_the_whole_of_the_spread() -> None:
    begins = sorted(spread_s(f"desk-{n}", "job-1", 600) for n in range(200))
    assert 0 <= begins[0] < 30
    assert 570 < begins[-1] <= 600
    assert spread_s("desk-1", "job-1", 600) == spread_s("desk-1", "job-1", 600)
    assert spread_s("desk-1", "job-1", 600) != spread_s("desk-1", "job-2", 600)
