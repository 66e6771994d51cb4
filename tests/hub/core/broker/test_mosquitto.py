"""Who may do what on the real Mosquitto."""

import os
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from contract.topics import DeviceAddress, TopicError, device_subscriptions
from hub.core.broker import Broker, BrokerAddress, Credentials, open_broker
from hub.core.logs import ALLOWED
from tests.hub.core.broker.peer import Peer, eventually

A, B = Credentials("device-a", "pass-a"), Credentials("device-b", "pass-b")
BELOW_A, BELOW_B = "wh/v1/org/clinic/device-a", "wh/v1/org/clinic/device-b"


def add(broker: Broker, *devices: Credentials) -> None:
    broker.admit([DeviceAddress("org", "clinic", name) for name in ("device-a", "device-b")])
    for device in devices:
        broker.set_device(device.username, device.password)


def refused(address: BrokerAddress, user: Credentials | None) -> bool:
    peer = Peer(address, "stranger", user)
    peer.close()
    return not peer.accepted()


def test_anonymous_clients_and_wrong_passwords_are_refused(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A)
    assert refused(address, None)
    assert refused(address, Credentials("hub", "guess"))
    assert refused(address, Credentials(A.username, B.password))
    assert refused(address, B)
    assert not refused(address, A)


def test_a_device_writes_and_reads_what_the_contract_gives_it(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A)
    own = device_subscriptions(DeviceAddress("org", "clinic", "device-a"))
    with Peer(address, "hub", mosquitto.hub_credentials()) as hub, Peer(address, "a", A) as device:
        hub.subscribe("wh/v1/#")
        device.subscribe(*own)
        for below in ("up/ButtonPressed", "state", "reported"):
            assert not device.publish(f"{BELOW_A}/{below}", b"up").is_failure
        for topic in own:
            assert not hub.publish(topic, b"down").is_failure
        assert eventually(lambda: len(hub.received) == 3 + len(own))
        assert eventually(lambda: sorted(device.received) == sorted((t, b"down") for t in own))


@pytest.mark.parametrize(
    "topic",
    [
        f"{BELOW_B}/up/ButtonPressed",
        f"{BELOW_B}/state",
        f"{BELOW_B}/reported",
        f"{BELOW_A}/confirmed",
        f"{BELOW_A}/desired",
        f"{BELOW_A}/job",
        "wh/v1/org/elsewhere/device-a/up/ButtonPressed",
        "wh/v1/other/clinic/device-a/state",
        "wh/v1/org/hub",
        "wh/v1/org/clinic/hub/up/ButtonPressed",
        "elsewhere",
    ],
)
def test_a_device_cannot_write_anything_else(mosquitto: Broker, topic: str) -> None:
    address = mosquitto.start()
    add(mosquitto, A, B)
    with Peer(address, "hub", mosquitto.hub_credentials()) as hub, Peer(address, "a", A) as device:
        hub.subscribe("wh/v1/#")
        assert device.publish(topic, b"forged").is_failure
        assert not device.publish(f"{BELOW_A}/state", b"honest").is_failure
        assert eventually(lambda: hub.received == [(f"{BELOW_A}/state", b"honest")])


def test_a_device_cannot_leave_a_will_on_another_s_topic(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A, B)
    with Peer(address, "hub", mosquitto.hub_credentials()) as hub:
        hub.subscribe("wh/v1/#")
        forger = Peer(address, "a", A, will=(f"{BELOW_B}/state", b"forged"))
        if forger.accepted():
            forger.drop()
        honest = Peer(address, "b", B, will=(f"{BELOW_B}/state", b"honest"))
        honest.drop()
        assert eventually(lambda: hub.received == [(f"{BELOW_B}/state", b"honest")])


def test_a_device_cannot_read_another_s_topics_nor_the_hub_s(mosquitto: Broker) -> None:
    """Mosquitto grants any subscription and withholds the messages: new ones and retained ones."""
    address = mosquitto.start()
    add(mosquitto, A, B)
    with Peer(address, "hub", mosquitto.hub_credentials()) as hub, Peer(address, "a", A) as spy:
        hub.publish(f"{BELOW_B}/desired", b"retained secret", retain=True)
        spy.subscribe("wh/v1/#", "#", f"{BELOW_B}/confirmed", f"{BELOW_B}/desired")
        with Peer(address, "b", B) as other:
            other.publish(f"{BELOW_B}/up/ContactLeft", b"secret")
            other.publish(f"{BELOW_B}/state", b"secret")
        hub.publish(f"{BELOW_B}/confirmed", b"secret")
        hub.publish(f"{BELOW_A}/confirmed", b"yours")
        assert eventually(lambda: (f"{BELOW_A}/confirmed", b"yours") in spy.received)
        assert {topic for topic, _ in spy.received} == {f"{BELOW_A}/confirmed"}


def test_a_device_that_was_moved_reads_and_writes_no_longer_where_it_was(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A)
    before, now = f"{BELOW_A}/desired", "wh/v1/org/elsewhere/device-a/desired"
    with Peer(address, "hub", mosquitto.hub_credentials()) as hub, Peer(address, "a", A) as device:
        hub.publish(before, b"the old place's rota", retain=True)
        mosquitto.admit([DeviceAddress("org", "elsewhere", "device-a")])
        assert eventually(lambda: device.publish(f"{BELOW_A}/state", b"old").is_failure)
        device.subscribe(before, now)
        hub.publish(now, b"the new place's rota")
        assert eventually(lambda: device.received == [(now, b"the new place's rota")])


def test_another_s_client_id_opens_none_of_its_topics(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A, B)
    with Peer(address, "device-b", A) as impostor:
        assert impostor.publish(f"{BELOW_B}/state", b"forged").is_failure
        assert not impostor.publish(f"{BELOW_A}/state", b"own").is_failure


def test_devices_come_and_go_at_run_time_without_disturbing_others(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A)
    with (
        Peer(address, "hub", mosquitto.hub_credentials()) as hub,
        Peer(address, "a", A) as staying,
    ):
        assert refused(address, B)
        add(mosquitto, B)
        with Peer(address, "b", B) as leaving:
            mosquitto.remove_device(B.username)
            assert eventually(lambda: leaving.disconnections > 0)
        assert refused(address, B)
        assert not staying.publish(f"{BELOW_A}/state", b"on").is_failure
        assert (hub.disconnections, staying.disconnections) == (0, 0)


def test_a_changed_password_replaces_the_old_one(mosquitto: Broker) -> None:
    address = mosquitto.start()
    add(mosquitto, A)
    add(mosquitto, Credentials(A.username, "fresh"))
    assert refused(address, A)
    assert not refused(address, Credentials(A.username, "fresh"))


def test_a_device_added_while_the_broker_is_down_is_known_when_it_is_back(
    mosquitto: Broker, folder: Path
) -> None:
    address = mosquitto.start()
    os.kill(int((folder / "broker.pid").read_text()), signal.SIGKILL)
    add(mosquitto, A)
    assert eventually(mosquitto.alive)
    assert eventually(lambda: not refused(address, A))


def test_devices_outlive_the_hub_and_the_hub_s_password_does_not(
    mosquitto: Broker, folder: Path
) -> None:
    add(mosquitto, A)
    mosquitto.start()
    old = mosquitto.hub_credentials()
    mosquitto.stop()
    successor = open_broker("mosquitto", folder, None)
    try:
        address = successor.start()
        assert not refused(address, A)
        assert not refused(address, successor.hub_credentials())
        assert refused(address, old)
    finally:
        successor.stop()


@pytest.mark.parametrize(
    "name", ["hub", "", "A", "-a", "a:b", "a/b", "+", "a\nhub", "a\n", "a" * 64, "a b"]
)
def test_a_name_that_is_no_device_id_never_reaches_a_file(
    mosquitto: Broker, folder: Path, name: str
) -> None:
    add(mosquitto, A)
    before = (folder / "users").read_bytes()
    with pytest.raises(TopicError, match="device"):
        mosquitto.set_device(name, "password")
    with pytest.raises(TopicError, match="device"):
        mosquitto.remove_device(name)
    assert (folder / "users").read_bytes() == before


def test_an_empty_password_is_refused(mosquitto: Broker) -> None:
    with pytest.raises(ValueError, match="password"):
        mosquitto.set_device("device-a", "")


def test_what_is_logged_passes_the_hub_s_filter_and_holds_no_secret(
    mosquitto: Broker, folder: Path
) -> None:
    with capture_logs() as said:
        mosquitto.start()
        add(mosquitto, A)
        os.kill(int((folder / "broker.pid").read_text()), signal.SIGKILL)
        assert eventually(lambda: [entry["event"] for entry in said].count("broker_started") == 2)
        mosquitto.stop()
    hub = mosquitto.hub_credentials()
    assert hub is not None
    assert {entry["event"] for entry in said} == {"broker_started", "broker_died"}
    assert {key for entry in said for key in entry} - {"log_level"} <= ALLOWED
    for secret in (hub.password, A.password):
        assert secret not in f"{said} {hub!r}"
