"""What systemd is told, by the loop that hears presses and by nobody else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from tests.fakes.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "organisation": "clinic",
    "facility": "main",
    "device": "hall-1",
    "broker": {"host": "127.0.0.1", "port": 1},
}
WITH_A_CHECK_THAT_HANGS = """
import sys
from dataclasses import replace
from pathlib import Path
from edge.app import wire
from edge.fleet.health.monitor import HealthMonitor
from edge.simulation import SimulatedClock

folder = Path(sys.argv[1])

def hang():
    (folder / "pipe").read_bytes()  # until somebody opens its other end
    return []

terminal = wire(folder, simulate=True)
replace(terminal, monitor=HealthMonitor([hang], SimulatedClock())).run()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "notify")
    yield made
    made.close()


def start(program: list[str], folder: Path, supervisor: Supervisor) -> subprocess.Popen[bytes]:
    folder.mkdir()
    (folder / "terminal.toml").write_text(tomli_w.dumps(SETTINGS))
    environment = os.environ | {"NOTIFY_SOCKET": str(supervisor.path)}
    return subprocess.Popen(
        [sys.executable, *program, str(folder)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def test_it_says_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    program = ["-m", "wellheard", "edge", "--simulate", "--folder"]
    agent = start(program, tmp_path / "terminal", supervisor)
    try:
        assert supervisor.hears() == "READY=1"
        assert [supervisor.hears(10) for _ in range(4)] == ["WATCHDOG=1"] * 4, "once a second"
        agent.send_signal(signal.SIGTERM)
        said = supervisor.hears()
        while said == "WATCHDOG=1":
            said = supervisor.hears()
        assert said == "STOPPING=1"
        assert agent.wait(timeout=60) == 0
    finally:
        agent.kill()
        agent.wait()


def test_while_the_loop_hangs_nobody_says_that_it_is_alive(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    folder = tmp_path / "terminal"
    agent = start(["-c", WITH_A_CHECK_THAT_HANGS], folder, supervisor)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    try:
        assert supervisor.hears() == "READY=1"
        assert supervisor.hears() == "WATCHDOG=1"
        assert supervisor.hears(within_s=3) is None, "three times as long as a round may take"
        pipe.write_bytes(b"go on")
        assert supervisor.hears() == "WATCHDOG=1"
    finally:
        agent.kill()
        agent.wait()


def test_without_systemd_it_runs_too(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.close()
    program = ["-m", "wellheard", "edge", "--simulate", "--folder"]
    agent = start(program, tmp_path / "terminal", supervisor)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            agent.wait(timeout=3)
    finally:
        agent.kill()
        agent.wait()
