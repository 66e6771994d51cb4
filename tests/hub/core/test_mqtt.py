"""The hub's link on the real Mosquitto: acknowledged after commit and never before, whatever breaks in between."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from contract.codec import read_document
from contract.documents import Confirmation, HubAnnounced
from hub.core.arrivals import Delivery
from hub.core.broker import Broker, BrokerAddress, Credentials, open_broker
from hub.core.db import Database
from hub.core.inbox import Outcome
from hub.core.mqtt import BrokerLogin, HubLink
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback import service as feedback
from hub.fleet import service as fleet
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.fakes.waiting import eventually
from tests.hub.clinic import NORTH, WHOLE, Clinic
from tests.hub.core.broker.peer import Peer
from tests.hub.core.tap import PUBACK, PUBLISH, Tap
from tests.hub.terminal import Terminal

DEVICE = Credentials(NORTH.device, "password")


class Recorder:
    """Remembers what the link tells."""

    def __init__(self) -> None:
        self.connections = 0
        self.outcomes: list[Outcome] = []

    def connected(self, link: HubLink) -> None:
        self.connections += 1

    def stored(self, outcome: Outcome, seconds: float, waiting: int) -> None:
        self.outcomes.append(outcome)

    def total(self) -> int:
        return sum(outcome.stored for outcome in self.outcomes)

    def buried(self) -> int:
        return sum(outcome.buried for outcome in self.outcomes)


class Sender:
    """A terminal's client that publishes as fast as the broker takes it."""

    def __init__(self, address: BrokerAddress) -> None:
        self.acknowledged = 0
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.username_pw_set(DEVICE.username, DEVICE.password)
        self._client.max_inflight_messages_set(0)
        self._client.on_publish = self._on_publish
        self._client.connect(address.host, address.port)
        self._client.loop_start()

    def send(self, deliveries: list[Delivery], **how: Any) -> None:
        for delivery in deliveries:
            self._client.publish(delivery.topic, delivery.payload, **{"qos": 1, **how})

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_publish(self, *_: Any) -> None:
        self.acknowledged += 1


@pytest.fixture
def workplace(sqlite_url: str, listeners: Listeners, clock: HeldClock) -> Iterator[Workplace]:
    """What the link does is the same on both databases; a lock is easier to hold on SQLite."""
    database = Database(sqlite_url)
    yield Workplace(database, listeners, clock, ReversingVault())
    database.close()


@pytest.fixture
def terminal(clock: HeldClock) -> Terminal:
    return Terminal(clock)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    opened = open_broker("mosquitto", tmp_path / "broker", None)
    opened.admit([NORTH])
    opened.set_device(DEVICE.username, DEVICE.password)
    yield opened
    opened.stop()


@pytest.fixture
def address(broker: Broker) -> BrokerAddress:
    return broker.start()


@pytest.fixture
def tap(address: BrokerAddress) -> Iterator[Tap]:
    with Tap(address.host, address.port) as opened:
        yield opened


@pytest.fixture
def sender(address: BrokerAddress) -> Iterator[Sender]:
    opened = Sender(address)
    yield opened
    opened.close()


Start = Callable[..., tuple[HubLink, Recorder]]


@pytest.fixture
def start(clinic: Clinic, broker: Broker, tap: Tap, clock: HeldClock) -> Iterator[Start]:
    """Starts a link through the tap and waits until it hears."""
    links: list[HubLink] = []
    hub = broker.hub_credentials()
    assert hub is not None

    def start(**settings: Any) -> tuple[HubLink, Recorder]:
        recorder = Recorder()
        login = BrokerLogin("127.0.0.1", tap.port, hub.username, hub.password)
        told: dict[str, Any] = {"organisations": lambda: ["clinic"], "clock": clock, **settings}
        link = HubLink(login, clinic.inbox, observer=recorder, **told)
        links.append(link)
        link.start()
        eventually(lambda: recorder.connections == 1)
        return link, recorder

    yield start
    for link in links:
        link.stop()


@contextmanager
def locked(workplace: Workplace) -> Iterator[None]:
    """Another process holds the database's write lock."""
    other = sqlite3.connect(str(workplace.database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def stored(workplace: Workplace) -> int:
    with workplace.read() as work:
        return len(feedback.recent(work, WHOLE, 5000))


def test_nothing_is_acknowledged_before_it_is_durable(
    start: Start, tap: Tap, sender: Sender, terminal: Terminal, workplace: Workplace
) -> None:
    """Mosquitto lets a thousand be under way: the hub takes those and gets no more until it has stored some."""
    _, recorder = start(batch_messages=100)
    with locked(workplace):
        sender.send(terminal.presses(1500))
        eventually(lambda: sender.acknowledged == 1500)
        eventually(lambda: tap.lines[0].down[PUBLISH] >= 1000)
        assert tap.lines[0].up[PUBACK] == 0
        assert recorder.outcomes == []
    eventually(lambda: recorder.total() == 1500)
    eventually(lambda: tap.lines[0].up[PUBACK] >= 1500)
    assert stored(workplace) == 1500
    assert [outcome.duplicates for outcome in recorder.outcomes if outcome.duplicates] == []


def test_messages_that_are_not_plain_are_stored_and_acknowledged_too(
    start: Start, tap: Tap, sender: Sender, terminal: Terminal, workplace: Workplace
) -> None:
    """With properties, at QoS 0, and larger than what is read at once; between them plain ones."""
    _, recorder = start()
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = ("made", "by hand")
    kinds: list[dict[str, Any]] = [{}, {"properties": properties}, {"qos": 0}]
    for number, press in enumerate(terminal.presses(9)):
        sender.send([press], **kinds[number % len(kinds)])
    sender.send([Delivery(f"{NORTH}/up/Unheard", b"x" * 3_000_000, 0)])
    eventually(lambda: recorder.total() == 9 and recorder.buried() == 1)
    assert stored(workplace) == 9
    eventually(lambda: tap.lines[0].up[PUBACK] >= 7)


def test_batches_form_under_load_and_are_confirmed(
    start: Start, address: BrokerAddress, sender: Sender, terminal: Terminal, workplace: Workplace
) -> None:
    _, recorder = start()
    with Peer(address, "listening", DEVICE) as device:
        device.subscribe(f"{NORTH}/confirmed")
        with locked(workplace):
            sender.send(terminal.presses(1200))
            eventually(lambda: sender.acknowledged == 1200)
        eventually(lambda: recorder.total() == 1200)
        assert max(outcome.stored for outcome in recorder.outcomes) == 500

        def heard() -> list[int]:
            documents = (read_document(Confirmation, payload) for _, payload in device.received)
            return [document.up_to for document in documents]

        eventually(lambda: heard()[-1:] == [1200])
        assert heard() == sorted(heard())
        assert len(heard()) == len(recorder.outcomes)


def test_acknowledgements_do_not_cross_from_one_connection_to_the_next(
    start: Start, tap: Tap, sender: Sender, terminal: Terminal, workplace: Workplace
) -> None:
    _, recorder = start()
    with locked(workplace):
        sender.send(terminal.presses(50))
        eventually(lambda: tap.lines[0].down[PUBLISH] == 50)
        tap.lines[0].cut()
        eventually(lambda: recorder.connections == 2)
    eventually(lambda: recorder.total() == 50)
    sender.send(terminal.presses(3))
    eventually(lambda: recorder.total() == 53)
    old, new = tap.lines
    eventually(lambda: new.up[PUBACK] >= new.down[PUBLISH])
    assert (old.up[PUBACK], new.up[PUBACK]) == (0, new.down[PUBLISH])


def test_a_killed_broker_is_found_again_and_told_who_is_there(
    start: Start,
    broker: Broker,
    address: BrokerAddress,
    tmp_path: Path,
    terminal: Terminal,
    workplace: Workplace,
) -> None:
    link, recorder = start()
    os.kill(int((tmp_path / "broker" / "broker.pid").read_text()), signal.SIGKILL)
    eventually(lambda: recorder.connections == 2)
    with Peer(address, "after", DEVICE) as device:
        device.subscribe("wh/v1/clinic/hub")
        eventually(lambda: device.received)
        announced = read_document(HubAnnounced, device.received[0][1])
        assert (announced.online, announced.instance) == (True, link.instance)
        device.publish(terminal.press().topic, terminal.press().payload)
    eventually(lambda: recorder.total() == 1)


def test_the_hub_says_when_it_comes_and_when_it_goes(start: Start, address: BrokerAddress) -> None:
    with Peer(address, "listening", DEVICE) as device:
        device.subscribe("wh/v1/clinic/hub")
        link, _ = start()
        eventually(lambda: len(device.received) == 1)
        link.stop()
        eventually(lambda: len(device.received) == 2)
        told = [read_document(HubAnnounced, payload) for _, payload in device.received]
    assert [(hub.online, hub.instance) for hub in told] == [
        (True, link.instance), (False, link.instance)
    ]  # fmt: skip


def test_a_database_that_is_away_at_the_connection_only_delays_the_announcement(
    start: Start, address: BrokerAddress, sender: Sender, terminal: Terminal
) -> None:
    asked: list[int] = []

    def organisations() -> list[str]:
        asked.append(1)
        if len(asked) == 1:
            raise sqlite3.OperationalError("away")
        return ["clinic"]

    link, recorder = start(organisations=organisations)
    assert len(asked) == 2
    sender.send(terminal.presses(2))
    eventually(lambda: recorder.total() == 2)
    with Peer(address, "late", DEVICE) as device:
        device.subscribe("wh/v1/clinic/hub")
        eventually(lambda: device.received)
    assert link.connected()


@pytest.mark.parametrize("wave", [30, 100, 130])
def test_a_graceful_stop_stores_and_acknowledges_what_was_taken(
    start: Start,
    tap: Tap,
    sender: Sender,
    terminal: Terminal,
    workplace: Workplace,
    wave: int,
) -> None:
    """Less than a batch, exactly one, and more than one are waiting when the end is announced."""
    link, recorder = start(batch_messages=100, batch_ms=5000)
    sender.send(terminal.presses(wave))
    eventually(lambda: recorder.total() + link.waiting() == wave)
    link.stop()
    assert not link.alive()
    assert stored(workplace) == wave
    eventually(lambda: tap.lines[0].up[PUBACK] >= wave)


def test_a_stop_while_the_database_is_away_ends_and_acknowledges_nothing(
    start: Start, tap: Tap, sender: Sender, terminal: Terminal, workplace: Workplace
) -> None:
    link, recorder = start()
    with locked(workplace):
        sender.send(terminal.presses(20))
        eventually(lambda: tap.lines[0].down[PUBLISH] >= 20)
        link.stop()
        assert not link.alive()
    assert (stored(workplace), recorder.outcomes) == (0, [])


def test_what_the_broker_had_kept_is_not_taken_for_something_said_now(
    start: Start, address: BrokerAddress, terminal: Terminal, workplace: Workplace
) -> None:
    with Peer(address, "before", DEVICE) as device:
        terminal.sequence = 50
        kept = terminal.state(instance=4)
        device.publish(kept.topic, kept.payload, retain=True)
        _, recorder = start()
        eventually(lambda: recorder.outcomes)
        with workplace.read() as work:
            (view,) = fleet.devices(work, WHOLE)[:1]
            assert (view.online, view.last_seen_ms) == (True, None)
            assert fleet.ledgers(work, WHOLE) == []
        device.publish(kept.topic, kept.payload, retain=True)
        eventually(lambda: len(recorder.outcomes) == 2)
        with workplace.read() as work:
            (view,) = fleet.devices(work, WHOLE)[:1]
            assert view.last_seen_ms is not None
            assert [ledger.missing for ledger in fleet.ledgers(work, WHOLE)] == [((1, 50),)]
