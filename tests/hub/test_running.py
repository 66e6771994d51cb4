"""A whole hub as a process of its own: where it can be reached, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import Any

import httpx
import pytest

from tests.fakes.waiting import eventually

PATIENCE_S = 60.0


@contextmanager
def hub(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, with every port a free one unless told otherwise."""
    given = ("--json", "--data", str(data), "--port", "0", "--broker-port", "0", *arguments)
    process = subprocess.Popen(
        [sys.executable, "-m", "wellheard", "hub", *given],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def started(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    told: dict[str, Any] = json.loads(line)
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
    with hub(data) as process:
        told = started(process)
        eventually(lambda: httpx.get(f"{told['dashboard']}/readyz").status_code == 200, PATIENCE_S)
        assert (told["user"], bool(told["password"])) == ("administrator", True)
        broker = int((data / "broker" / "broker.pid").read_text())
        assert is_alive(broker)
        assert (data / "hub.db-wal").exists()
        assert {S_IMODE(path.stat().st_mode) for path in (data, data.parent)} == {0o700}
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
    assert not is_alive(broker)
    assert not (data / "hub.db-wal").exists()  # everything is in the database itself


def test_a_signal_as_soon_as_it_is_up_is_heard_and_the_next_start_finds_everything(
    tmp_path: Path,
) -> None:
    """The line is written before the server listens for signals itself."""
    for first in (True, False):
        with hub(tmp_path / "data") as process:
            assert bool(started(process)["password"]) is first
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with hub(tmp_path / "data", "--port", str(port)) as process:
            assert process.wait(PATIENCE_S) == 1
            assert process.stderr is not None
            said = process.stderr.read()
    assert f"127.0.0.1:{port}" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()
