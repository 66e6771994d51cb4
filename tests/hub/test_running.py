"""A whole hub as a process of its own: where it can be reached, and how it ends."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import Any

import httpx
import pytest

from tests.fakes.waiting import eventually
from tests.system.processes import PATIENCE_S, WELLHEARD, Process


@contextmanager
def hub(data: Path, log: Path, *arguments: str) -> Iterator[Process]:
    """The command, with every port a free one unless told otherwise."""
    given = ["--json", "--data", str(data), "--port", "0", "--broker-port", "0", *arguments]
    process = Process("hub", lambda: [*WELLHEARD, "hub", *given], log)
    process.start()
    try:
        yield process
    finally:
        process.kill()


def started(process: Process) -> dict[str, Any]:
    told = process.first_line()
    assert told is not None, process.log()
    return told


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    data = tmp_path / "new" / "data"
    with hub(data, tmp_path) as process:
        told = started(process)
        eventually(lambda: httpx.get(f"{told['dashboard']}/readyz").status_code == 200, PATIENCE_S)
        assert (told["user"], bool(told["password"])) == ("administrator", True)
        broker = int((data / "broker" / "broker.pid").read_text())
        assert is_alive(broker)
        assert (data / "hub.db-wal").exists()
        assert {S_IMODE(path.stat().st_mode) for path in (data, data.parent)} == {0o700}
        assert process.end(number) == 0
    assert not is_alive(broker)
    assert not (data / "hub.db-wal").exists()  # everything is in the database itself


def test_a_signal_as_soon_as_it_is_up_is_heard_and_the_next_start_finds_everything(
    tmp_path: Path,
) -> None:
    """The line is written before the server listens for signals itself."""
    for first in (True, False):
        with hub(tmp_path / "data", tmp_path) as process:
            assert bool(started(process)["password"]) is first
            assert process.end() == 0


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with hub(tmp_path / "data", tmp_path, "--port", port) as process:
            assert process.first_line() is None
    assert f"127.0.0.1:{port}" in process.log()
    assert "Traceback" not in process.log()
    assert not (tmp_path / "data").exists()


def test_a_first_start_without_its_broker_still_tells_the_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with hub(tmp_path / "data", tmp_path, "--broker-port", port) as process:
            assert process.first_line() is None
    assert f"port {port}" in process.log()
    assert "First administrator: administrator, password" in process.log()
