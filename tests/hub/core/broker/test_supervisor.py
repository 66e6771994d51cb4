"""When a child counts as failed, dead or stuck."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.broker import BrokerUnavailableError
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.handshake import connect_reason
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.broker.supervisor import LONGEST_DELAY_S, Supervisor, restart_delay_s
from tests.hub.core.broker.peer import eventually


def mosquitto(folder: Path, port: int) -> tuple[str, ...]:
    settings = folder / "plain.conf"
    user = "user root\n" if os.geteuid() == 0 else ""
    settings.write_text(f"{user}listener {port} {LOOPBACK}\nallow_anonymous true\n")
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None
    return (program, "-c", str(settings))


@given(st.integers(0, 10_000))
def test_the_delay_grows_with_every_death_up_to_a_bound(deaths: int) -> None:
    assert 0 < restart_delay_s(deaths) <= restart_delay_s(deaths + 1) <= LONGEST_DELAY_S


def test_a_first_death_costs_a_fraction_of_a_second() -> None:
    assert restart_delay_s(0) <= 0.1
    assert restart_delay_s(3) <= 1


def test_a_child_that_no_longer_answers_is_replaced(folder: Path) -> None:
    port = free_port()
    supervisor = Supervisor(
        "mosquitto", lambda p: mosquitto(folder, p), BrokerFolder(folder), port, probe_every_s=0.2
    )
    supervisor.start()
    try:
        stuck = int((folder / "broker.pid").read_text())
        os.kill(stuck, signal.SIGSTOP)
        assert eventually(lambda: int((folder / "broker.pid").read_text()) != stuck)
        assert eventually(supervisor.answering)
        assert connect_reason(LOOPBACK, port) == 0
    finally:
        supervisor.stop()


def test_stop_ends_even_a_child_that_does_not_listen_to_signals(folder: Path) -> None:
    supervisor = Supervisor(
        "mosquitto", lambda p: mosquitto(folder, p), BrokerFolder(folder), free_port()
    )
    supervisor.start()
    pid = int((folder / "broker.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    supervisor.stop()
    assert not Path(f"/proc/{pid}").exists()
    assert not supervisor.answering()


def test_a_child_that_cannot_start_is_reported_in_its_own_words(folder: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('the disk is made of cheese')")
    supervisor = Supervisor("cheese", lambda _: command, BrokerFolder(folder), free_port())
    with pytest.raises(
        BrokerUnavailableError, match="cheese did not start: the disk is made of cheese"
    ):
        supervisor.start()
    assert not (folder / "broker.pid").exists()


def test_a_child_that_is_killed_before_it_answers_is_started_again(folder: Path) -> None:
    """As by a kernel that wants memory: it has not said that it cannot start."""
    port, killed = free_port(), folder / "killed"
    dying = f'[ -e {killed} ] || {{ touch {killed}; kill -9 $$; }}; exec "$@"'
    supervisor = Supervisor(
        "mosquitto",
        lambda p: ("/bin/sh", "-c", dying, "sh", *mosquitto(folder, p)),
        BrokerFolder(folder),
        port,
    )
    supervisor.start()
    try:
        assert killed.exists()
        assert connect_reason(LOOPBACK, port) == 0
    finally:
        supervisor.stop()


def test_a_program_that_is_missing_is_reported(folder: Path) -> None:
    supervisor = Supervisor(
        "ghost", lambda _: ("/no/such/broker",), BrokerFolder(folder), free_port()
    )
    with pytest.raises(
        BrokerUnavailableError, match="ghost did not start: /no/such/broker: No such"
    ):
        supervisor.start()


def test_files_that_cannot_be_prepared_leave_the_folder_free(folder: Path) -> None:
    def fails(_: int) -> tuple[str, ...]:
        raise OSError("no space left")

    supervisor = Supervisor("broker", fails, BrokerFolder(folder), free_port())
    with pytest.raises(OSError, match="no space left"):
        supervisor.start()
    BrokerFolder(folder).take()
