"""The production template on the real Mosquitto, with the files that the hub keeps for it."""

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.topics import DeviceAddress
from hub.core.broker import BrokerAddress, Credentials, access
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.external import ExternalBroker
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.broker.supervisor import Supervisor
from tests.hub.core.broker.peer import Peer, eventually
from tests.hub.core.broker.terminals import Terminals

TEMPLATE = Path(__file__).parents[4] / "firmware_config" / "mosquitto"
HUB = Credentials("hub", "a-password")
NAMES = ("device-a", "device-b", "stolen")


class Production:
    """The template with this test's folders and ports put in the place of the installed ones."""

    def __init__(self, folder: Path) -> None:
        self.files, self.folder = folder / "files", folder / "etc"
        for made in (folder, self.files, self.folder):
            made.mkdir()
        self.terminals = Terminals(folder / "terminals")
        (self.folder / "users").write_text(
            access.password_lines({HUB.username: access.password_hash(HUB.password, bytes(12))})
        )
        shutil.copy(TEMPLATE / "hub.acl", self.folder)
        self.inside = BrokerAddress(LOOPBACK, free_port())
        self.outside = BrokerAddress(LOOPBACK, free_port(), tls=True)
        url = f"mqtt://{HUB.username}:{HUB.password}@{LOOPBACK}:{self.inside.port}"
        self.broker = ExternalBroker(url, self.files)
        self.broker.admit([DeviceAddress("org", "clinic", name) for name in NAMES])
        self.broker.trust(self.terminals.trust())
        self.supervisor = Supervisor(
            "mosquitto",
            self._command,
            BrokerFolder(self.folder),
            self.inside.port,
            reload_signal=signal.SIGHUP,
        )
        self.supervisor.start()

    def terminal(self, common_name: str, client_id: str) -> Peer:
        return self.terminals.connect(self.outside, common_name, client_id)

    def _command(self, port: int) -> tuple[str, ...]:
        text = (TEMPLATE / "wellheard.conf").read_text()
        text = text.replace("/etc/mosquitto/wellheard", str(self.folder))
        text = text.replace("/var/lib/wellheard-broker", str(self.files))
        text = text.replace("listener 1883", f"listener {port}")
        text = text.replace("listener 8883", f"listener {self.outside.port}")
        root = "user root\n" if os.geteuid() == 0 else ""
        (self.folder / "wellheard.conf").write_text(root + text)
        program = subprocess.check_output(
            ["sh", "-c", "PATH=$PATH:/usr/sbin command -v mosquitto"], text=True
        )
        return (program.strip(), "-c", str(self.folder / "wellheard.conf"))


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    started = Production(tmp_path_factory.mktemp("production") / "site")
    for name in NAMES:
        started.terminals.issue(name)
    yield started
    started.supervisor.stop()


def rules(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_hub_s_acl_is_the_embedded_broker_s() -> None:
    assert rules((TEMPLATE / "hub.acl").read_text()) == rules(access.hub_acl())


def test_a_certificate_is_a_device_whatever_its_client_id(production: Production) -> None:
    with (
        Peer(production.inside, "hub", HUB) as hub,
        production.terminal("device-a", "device-b") as device,
    ):
        hub.subscribe("wh/v1/#")
        for forged in ("org/clinic/device-b/state", "org/elsewhere/device-a/state"):
            assert device.publish(f"wh/v1/{forged}", b"forged").is_failure
        assert not device.publish("wh/v1/org/clinic/device-a/state", b"own").is_failure
        assert eventually(lambda: hub.received == [("wh/v1/org/clinic/device-a/state", b"own")])


def test_nobody_cuts_another_s_connection_by_its_client_id(production: Production) -> None:
    with production.terminal("device-b", "device-b") as victim:
        with production.terminal("device-a", "device-b") as impostor:
            impostor.publish("wh/v1/org/clinic/device-a/state", b"own")
        assert not victim.publish("wh/v1/org/clinic/device-b/state", b"own").is_failure
        assert victim.disconnections == 0


def test_a_certificate_named_hub_gets_none_of_the_hub_s_rights(production: Production) -> None:
    production.terminals.issue("hub")
    with production.terminal("hub", "x") as impostor:
        assert impostor.publish("wh/v1/org/hub", b"forged").is_failure
        assert impostor.publish("wh/v1/org/clinic/device-a/job", b"forged").is_failure


def test_a_revoked_certificate_is_out_at_once_and_stays_out(production: Production) -> None:
    certificate = production.terminals.issue("stolen")
    with production.terminal("stolen", "stolen") as thief:
        production.broker.trust(production.terminals.trust([certificate]))
        production.supervisor.reload()  # as wellheard-broker.path does
        production.broker.expel("stolen")
        assert eventually(lambda: thief.disconnections > 1)  # it tried again
        assert thief.connections == 1


def test_the_hub_s_listener_asks_for_its_password(production: Production) -> None:
    for user in (None, Credentials("hub", "guess"), Credentials("device-a", HUB.password)):
        peer = Peer(production.inside, "stranger", user)
        peer.close()
        assert not peer.accepted()


def test_nobody_but_the_broker_s_group_reads_its_files(production: Production) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in production.files.iterdir()}
    assert set(modes.values()) == {0o640}
    assert len(modes) == 6


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for kind in ("path", "service"):
        shutil.copy(TEMPLATE / f"wellheard-broker.{kind}", tmp_path)
    units = sorted(str(path) for path in tmp_path.iterdir())
    found = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert [line for line in found.stderr.splitlines() if "wellheard-broker" in line] == []
    assert found.returncode == 0, found.stderr
