"""What the hub may rely on, whichever broker it has started."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.core.broker import Broker, BrokerAddress, BrokerUnavailableError, open_broker
from hub.core.broker.listening import free_port
from tests.hub.core.broker.peer import Peer, eventually


def hub_peer(
    broker: Broker, address: BrokerAddress, name: str = "hub-test", **more: tuple[str, bytes]
) -> Peer:
    return Peer(address, name, broker.hub_credentials(), **more)


def child(folder: Path) -> int:
    return int((folder / "broker.pid").read_text())


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def accepts(address: BrokerAddress) -> bool:
    try:
        socket.create_connection((address.host, address.port), 1).close()
    except OSError:
        return False
    return True


def test_it_listens_on_loopback_on_the_port_asked_for(kind: str, folder: Path) -> None:
    port = free_port()
    broker = open_broker(kind, folder, port)
    assert not broker.alive()
    try:
        assert broker.start() == BrokerAddress("127.0.0.1", port, tls=False)
        assert broker.alive()
    finally:
        broker.stop()
    assert not broker.alive()


def test_a_message_and_a_retained_one_arrive(broker: Broker) -> None:
    address = broker.start()
    with hub_peer(broker, address, "sender") as sender, hub_peer(broker, address, "early") as early:
        early.subscribe("wh/v1/org/+/+/up/+", "wh/v1/org/hub")
        sender.publish("wh/v1/org/clinic/t1/up/ButtonPressed", b"4")
        sender.publish("wh/v1/org/hub", b"here", retain=True)
        assert eventually(lambda: len(early.received) == 2)
        assert early.received[0] == ("wh/v1/org/clinic/t1/up/ButtonPressed", b"4")
        assert early.retained == []
        with hub_peer(broker, address, "late") as late:
            late.subscribe("wh/v1/org/hub")
            assert eventually(lambda: late.received == [("wh/v1/org/hub", b"here")])
            assert late.retained == ["wh/v1/org/hub"]


def test_a_will_is_published_when_a_client_vanishes_and_only_then(broker: Broker) -> None:
    address = broker.start()
    with hub_peer(broker, address, "watcher") as watcher:
        watcher.subscribe("wh/v1/org/clinic/+/state")
        polite = hub_peer(broker, address, "t1", will=("wh/v1/org/clinic/t1/state", b"lost"))
        polite.close()
        abrupt = hub_peer(broker, address, "t2", will=("wh/v1/org/clinic/t2/state", b"lost"))
        abrupt.drop()
        assert eventually(lambda: len(watcher.received) > 0)
        assert watcher.received == [("wh/v1/org/clinic/t2/state", b"lost")]


def test_ten_megabytes_pass_and_the_broker_survives_twenty(broker: Broker) -> None:
    address = broker.start()
    with hub_peer(broker, address, "reader") as reader:
        reader.subscribe("wh/v1/org/clinic/t1/up/+")
        with hub_peer(broker, address, "sender") as sender:
            sender.publish("wh/v1/org/clinic/t1/up/PhotoTaken", bytes(10_000_000))
        assert eventually(lambda: len(reader.received) == 1)
        assert len(reader.received[0][1]) == 10_000_000
        with hub_peer(broker, address, "glutton") as glutton:
            glutton._client.publish("wh/v1/org/clinic/t1/up/PhotoTaken", bytes(20_000_000), qos=1)
            assert eventually(lambda: glutton.disconnections > 0)
        with hub_peer(broker, address, "sender") as sender:
            sender.publish("wh/v1/org/clinic/t1/up/ButtonPressed", b"still here")
        assert eventually(lambda: reader.received[-1][1] == b"still here")


def test_killed_it_heals_on_the_same_port(broker: Broker, folder: Path) -> None:
    address = broker.start()
    with hub_peer(broker, address) as peer:
        first = child(folder)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: peer.connections == 2)
        assert child(folder) != first
        peer.subscribe("wh/v1/org/hub")
        peer.publish("wh/v1/org/hub", b"again")
        assert eventually(lambda: peer.received == [("wh/v1/org/hub", b"again")])
    assert eventually(broker.alive)


def test_killed_again_and_again_it_still_heals(broker: Broker, folder: Path) -> None:
    address = broker.start()
    killed = set()
    for _ in range(4):
        assert eventually(lambda: broker.alive() and child(folder) not in killed)
        killed.add(child(folder))
        os.kill(child(folder), signal.SIGKILL)
    with_new_child = lambda: broker.alive() and child(folder) not in killed  # noqa: E731
    assert eventually(with_new_child)
    assert accepts(address)


def test_stopped_it_leaves_no_process_and_frees_the_port(broker: Broker, folder: Path) -> None:
    address = broker.start()
    pid = child(folder)
    with hub_peer(broker, address):
        broker.stop()
        assert not runs(pid)
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind((address.host, address.port))
            other.listen()
    broker.stop()


def test_started_again_after_a_stop_it_keeps_its_port(broker: Broker) -> None:
    address = broker.start()
    broker.stop()
    assert broker.start() == address
    with hub_peer(broker, address) as peer:
        assert peer.accepted()


HUB = """
import sys
from pathlib import Path
import structlog
from hub.core.broker import open_broker
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
open_broker(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])).start()
print("started", flush=True)
sys.stdin.read()
"""


def test_it_ends_with_a_hub_that_is_killed(kind: str, folder: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", HUB, kind, folder, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as hub:
        assert hub.stdout is not None
        assert hub.stdout.readline() == b"started\n"
        pid = child(folder)
        assert runs(pid)
        hub.kill()
    assert eventually(lambda: not runs(pid))
    successor = open_broker(kind, folder, port)
    try:
        assert successor.start().port == port
    finally:
        successor.stop()


def test_a_child_that_outlived_its_hub_is_ended_by_the_next(kind: str, folder: Path) -> None:
    """As if the kernel had not kept the leash: the same command, started by nobody's supervisor."""
    broker = open_broker(kind, folder, free_port())
    address = broker.start()
    command = [
        os.fsdecode(a)
        for a in Path(f"/proc/{child(folder)}/cmdline").read_bytes().split(b"\0")[:-1]
    ]
    broker.stop()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as stale:
        assert eventually(lambda: accepts(address))
        (folder / "broker.pid").write_text(str(stale.pid))
        successor = open_broker(kind, folder, address.port)
        try:
            assert successor.start() == address
            assert stale.wait(5) == -signal.SIGKILL
            with hub_peer(successor, address) as peer:
                assert peer.accepted()
        finally:
            stale.kill()
            successor.stop()


def test_a_second_hub_on_the_same_folder_is_refused_and_harms_nothing(
    broker: Broker, kind: str, folder: Path
) -> None:
    address = broker.start()
    second = open_broker(kind, folder, None)
    with hub_peer(broker, address) as peer:
        with pytest.raises(BrokerUnavailableError, match="another hub"):
            second.start()
        second.stop()
        assert runs(child(folder))
        assert peer.disconnections == 0
    with hub_peer(broker, address) as again:
        assert again.accepted()


def test_a_taken_port_and_its_owner_are_named(kind: str, folder: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        broker = open_broker(kind, folder, port)
        with pytest.raises(
            BrokerUnavailableError, match=rf"port {port} is used by .*\(process {os.getpid()}\)"
        ):
            broker.start()
        assert not broker.alive()
    try:
        broker.start()
    finally:
        broker.stop()


def test_its_files_are_private_and_the_hub_s_secrets_stay_out_of_its_environment(
    broker: Broker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WELLHEARD_DATABASE", "postgresql://hub:hunter2@db/hub")
    broker.start()
    assert folder.stat().st_mode & 0o777 == 0o700
    loose = [f.name for f in folder.iterdir() if f.stat().st_mode & 0o077]
    assert loose == []
    assert b"hunter2" not in Path(f"/proc/{child(folder)}/environ").read_bytes()
