"""Terminals with certificates on the real Mosquitto that the hub starts."""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contract.topics import DeviceAddress
from hub.core.broker import Broker, BrokerAddress, BrokerSettingError, Trust, open_broker
from hub.core.broker.handshake import connect_packet
from hub.core.broker.listening import LOOPBACK, free_port
from tests.hub.core.broker.peer import Peer, eventually
from tests.hub.core.broker.terminals import Terminals

NAMES = ("device-a", "device-b")
BELOW_A, BELOW_B = "wh/v1/org/clinic/device-a", "wh/v1/org/clinic/device-b"
CONNACK = b"\x20"
WITHIN_S = 60


@dataclass(frozen=True)
class Site:
    """A broker with both listeners, and who comes in."""

    broker: Broker
    inside: BrokerAddress
    outside: BrokerAddress
    terminals: Terminals

    def hub(self) -> Peer:
        return Peer(self.inside, "hub", self.broker.hub_credentials())

    def first_byte(self, name: str | None, session: ssl.SSLSession | None = None) -> bytes:
        """Of what a CONNECT gets; TLS 1.3 tells a refused client only when it reads."""
        context = self.terminals.known(name)
        return first_byte(self.outside, context, session)[0]


def first_byte(
    address: BrokerAddress, context: ssl.SSLContext, session: ssl.SSLSession | None
) -> tuple[bytes, ssl.SSLSession | None]:
    try:
        with (
            socket.create_connection((address.host, address.port), 10) as plain,
            context.wrap_socket(plain, server_hostname=LOOPBACK, session=session) as secured,
        ):
            secured.sendall(connect_packet(None, "probe"))
            return secured.recv(1), secured.session
    except (ssl.SSLError, ConnectionError):
        return b"", None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tls")
    outside = BrokerAddress(LOOPBACK, free_port(), tls=True)
    broker = open_broker("mosquitto", folder / "broker", None, tls=outside)
    terminals = Terminals(folder / "terminals")
    for name in NAMES:
        terminals.issue(name)
    broker.admit([DeviceAddress("org", "clinic", name) for name in NAMES])
    broker.trust(terminals.trust())
    yield Site(broker, broker.start(), outside, terminals)
    broker.stop()


def test_a_terminal_writes_and_reads_at_its_own_address_alone(site: Site) -> None:
    with site.hub() as hub, site.terminals.connect(site.outside, "device-a", "device-b") as device:
        hub.subscribe("wh/v1/#")
        hub.publish(f"{BELOW_B}/desired", b"secret", retain=True)
        device.subscribe("#", "wh/v1/#", f"{BELOW_B}/desired", f"{BELOW_A}/desired")
        for forged in (
            f"{BELOW_B}/state",
            f"{BELOW_B}/up/ButtonPressed",
            "wh/v1/org/elsewhere/device-a/up/ButtonPressed",
            "wh/v1/other/clinic/device-a/state",
            "wh/v1/org/hub",
        ):
            assert device.publish(forged, b"forged").is_failure, forged
        assert not device.publish(f"{BELOW_A}/state", b"own").is_failure
        hub.publish(f"{BELOW_A}/desired", b"yours")
        assert eventually(lambda: (f"{BELOW_A}/desired", b"yours") in device.received)
        assert set(device.received) == {(f"{BELOW_A}/desired", b"yours")}
        assert eventually(lambda: (f"{BELOW_A}/state", b"own") in hub.received)
        assert b"forged" not in {payload for _, payload in hub.received}


def test_no_certificate_or_one_of_another_authority_opens_nothing(
    site: Site, tmp_path: Path
) -> None:
    assert site.first_byte("device-a") == CONNACK
    assert site.first_byte(None) == b""
    strangers = Terminals(tmp_path / "strangers")
    strangers.issue("device-a")
    context = site.terminals.known(None)
    context.load_cert_chain(strangers.folder / "device-a.pem")
    assert first_byte(site.outside, context, None)[0] == b""


def test_a_certificate_of_nobody_that_is_admitted_may_do_nothing(site: Site) -> None:
    site.terminals.issue("device-c")
    with site.terminals.connect(site.outside, "device-c") as unknown:
        assert unknown.publish("wh/v1/org/clinic/device-c/state", b"x").is_failure


def test_a_revoked_terminal_is_out_at_once_and_stays_out(site: Site) -> None:
    stolen = site.terminals.issue("device-a")
    context = site.terminals.known("device-a")
    _, session = first_byte(site.outside, context, None)
    assert first_byte(site.outside, context, session)[0] == CONNACK
    with (
        site.hub() as hub,
        site.terminals.connect(site.outside, "device-b") as other,
        site.terminals.connect(site.outside, "device-a") as thief,
    ):
        began = time.monotonic()
        site.broker.trust(site.terminals.trust([stolen]))
        site.broker.expel("device-a")
        assert eventually(lambda: thief.disconnections > 0, WITHIN_S)
        assert eventually(lambda: site.first_byte("device-a") == b"", WITHIN_S)
        assert time.monotonic() - began < WITHIN_S
        # A session of before is not resumed past the list.
        assert first_byte(site.outside, context, session)[0] == b""
        assert thief.connections == 1
        assert not other.publish(f"{BELOW_B}/state", b"on").is_failure
        assert (hub.disconnections, other.disconnections) == (0, 0)
    site.terminals.issue("device-a")
    with site.terminals.connect(site.outside, "device-a") as successor:
        assert not successor.publish(f"{BELOW_A}/state", b"in its place").is_failure


def test_the_broker_s_own_certificate_is_exchanged_without_a_pause(
    site: Site, tmp_path: Path
) -> None:
    with site.terminals.connect(site.outside, "device-b") as terminal:
        before = site.broker.certificate()
        site.terminals.renew_broker()
        site.broker.trust(site.terminals.trust())
        assert site.broker.certificate() != before
        assert eventually(lambda: shown(site) == ssl.PEM_cert_to_DER_cert(renewed(site)))
        assert terminal.disconnections == 0


def test_another_authority_is_believed_and_its_revocations_count_without_a_pause(
    site: Site, tmp_path: Path
) -> None:
    successor = Terminals(tmp_path / "successor")
    issued = successor.issue("device-a")
    context = site.terminals.known(None)
    context.load_cert_chain(successor.folder / "device-a.pem")

    def first() -> bytes:
        return first_byte(site.outside, context, None)[0]

    assert first() == b""
    with site.terminals.connect(site.outside, "device-b") as terminal:
        site.broker.trust(both(site.terminals.trust(), successor.trust()))
        assert eventually(lambda: first() == CONNACK)
        site.broker.trust(both(site.terminals.trust(), successor.trust([issued])))
        assert eventually(lambda: first() == b"")
        assert terminal.disconnections == 0


def both(one: Trust, another: Trust) -> Trust:
    authorities = another.authorities + one.authorities
    return replace(one, authorities=authorities, revoked=one.revoked + another.revoked)


def renewed(site: Site) -> str:
    found = site.broker.certificate()
    assert found is not None
    return found


def shown(site: Site) -> bytes | None:
    address = (site.outside.host, site.outside.port)
    with (
        socket.create_connection(address, 10) as plain,
        site.terminals.known("device-b").wrap_socket(plain, server_hostname=LOOPBACK) as secured,
    ):
        return secured.getpeercert(binary_form=True)


def test_only_mosquitto_has_a_listener_with_tls(tmp_path: Path) -> None:
    outside = BrokerAddress(LOOPBACK, free_port(), tls=True)
    with pytest.raises(BrokerSettingError, match="mosquitto"):
        open_broker("iotcore", tmp_path, None, tls=outside)
