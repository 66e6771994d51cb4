"""The way to the hub, over a real Mosquitto and a network that fails, to a hub that follows a script."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from contract.codec import decode, read_document
from contract.documents import (
    Confirmation,
    DesiredConfiguration,
    DeviceState,
    HubAnnounced,
    ReportedConfiguration,
)
from contract.messages import Message, Range
from contract.messages.envelope import Part
from contract.topics import HUB_SUBSCRIPTIONS, Channel, DeviceAddress, DeviceTopic, HubTopic, parse
from edge.broker import BrokerLogin
from edge.fleet.health.link import LinkHealth
from edge.fleet.health.settings import HealthSettings
from edge.outbox import Outbox
from edge.uplink import STATE_EVERY_S, Uplink
from edge.window import FIRST_PATIENCE_S, SIZE
from tests.edge.conftest import RunningBroker
from tests.edge.drafts import HeldTerminalClock, press
from tests.fakes.network import Network
from tests.fakes.waiting import eventually
from tests.hub.core.broker.peer import Peer

PASSWORD = "a-password-of-the-terminal"
SOON_S = 0.1
"""How long a hub is given for its first confirmation; on a clock that stands still it has all the time."""


class Reporter:
    """What the agent is to the uplink."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.stopped: list[bool] = []
        self.taken: list[int] = []

    def state(self, *, online: bool) -> DeviceState:
        if not online:
            return DeviceState(online=False, instance="run-1")
        depth = self._outbox.depth()
        return DeviceState(online=True, instance="run-1", epoch=depth.epoch, highest=depth.highest)

    def identity_stopped(self, stopped: bool) -> None:
        if self.stopped[-1:] != [stopped]:
            self.stopped.append(stopped)

    def desired(self, payload: bytes) -> None:
        self.taken.append(read_document(DesiredConfiguration, payload).version)

    def reported(self) -> ReportedConfiguration:
        return ReportedConfiguration(version=self.taken[-1] if self.taken else 0)

    def hub_answered(self) -> None:
        """Nothing is tried."""


class ScriptedHub:
    """Hears one terminal and says only what a test makes it say."""

    def __init__(self, peer: Peer, address: DeviceAddress) -> None:
        self._peer = peer
        self._address = address
        peer.subscribe(*HUB_SUBSCRIPTIONS)

    def messages(self) -> list[Message]:
        """In the order of their arrival, repetitions too."""
        found = []
        for name, payload in list(self._peer.received):
            topic = parse(name)
            if isinstance(topic, HubTopic) or topic.address != self._address:
                continue
            if topic.message_type is not None:
                found.append(decode(topic.message_type, payload).message)
        return found

    def numbers(self) -> list[int]:
        return [message.sequence for message in self.messages()]

    def states(self) -> list[DeviceState]:
        return [read_document(DeviceState, payload) for payload in self._on(Channel.STATE)]

    def reported(self) -> list[int]:
        found = self._on(Channel.REPORTED)
        return [read_document(ReportedConfiguration, payload).version for payload in found]

    def confirm(
        self, epoch: int, up_to: int, *also: tuple[int, int], stopped: bool = False
    ) -> None:
        ranges = [Range(first=first, last=last) for first, last in also]
        reason = "fork" if stopped else None
        self.say(Confirmation(epoch=epoch, up_to=up_to, also=ranges, stopped=reason))

    def announce(self, instance: str, *, online: bool = True) -> None:
        document = HubAnnounced(online=online, instance=instance)
        topic = str(HubTopic(self._address.organisation))
        self._peer.publish(topic, document.model_dump_json().encode(), retain=True)

    def want(self, version: int) -> None:
        self.say(DesiredConfiguration(version=version), retain=True)

    def say(self, document: Part, *, retain: bool = False) -> None:
        channels = {Confirmation: Channel.CONFIRMED, DesiredConfiguration: Channel.DESIRED}
        self.say_raw(channels[type(document)], document.model_dump_json().encode(), retain=retain)

    def say_raw(self, channel: Channel, payload: bytes, *, retain: bool = False) -> None:
        self._peer.publish(str(DeviceTopic(self._address, channel)), payload, retain=retain)

    def pass_the_time(self, version: int) -> None:
        """Return when the terminal has dealt with all that it had been told before this."""
        self.want(version)
        eventually(lambda: version in self.reported())

    def _on(self, channel: Channel) -> list[bytes]:
        topic = str(DeviceTopic(self._address, channel))
        return [payload for name, payload in list(self._peer.received) if name == topic]


class Hours:
    """The real monotonic clock, unless it stands still, and time that passes when a test says so."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self.stands_at_s: float | None = None

    def now_s(self) -> float:
        now_s = time.monotonic() if self.stands_at_s is None else self.stands_at_s
        return now_s + self.ahead_s


class Impatient(Random):
    """Notes what it is asked for, and never lets anybody wait."""

    def __init__(self) -> None:
        super().__init__()
        self.longest: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        self.longest.append(b)
        return a


class Site:
    """One terminal, its network, and the hub's end; every test has a clinic of its own."""

    def __init__(self, running: RunningBroker, folder: Path) -> None:
        self.broker = running.broker
        name = uuid4().hex[:12]
        self.address = DeviceAddress(f"org-{name}", "main", f"hall-{name}")
        self.broker.admit([self.address])
        self.broker.set_device(self.address.device, PASSWORD)
        self._peer = Peer(running.address, f"hub-{name}", running.hub)
        self.hub = ScriptedHub(self._peer, self.address)
        self.network = Network(running.address.port)
        self.path = folder / "outbox.db"
        self.outbox = Outbox(self.path, self.address.device)
        self.reporter = Reporter(self.outbox)
        self.hours = Hours()
        self.random = Impatient()
        self.login = BrokerLogin(
            "127.0.0.1", self.network.port, user=self.address.device, password=PASSWORD
        )
        self._uplinks: list[Uplink] = []

    def start(self, *, password: str = PASSWORD, **options: float | LinkHealth) -> Uplink:
        uplink = Uplink(
            self.address,
            replace(self.login, password=password),
            self.outbox,
            self.reporter,
            self.reporter,
            random=self.random,
            now_s=self.hours.now_s,
            first_confirmation_s=SOON_S,
            **options,  # type: ignore[arg-type]
        )
        self._uplinks.append(uplink)
        uplink.start()
        return uplink

    def append(self, count: int) -> None:
        self.outbox.append([press()] * count)
        for uplink in self._uplinks:
            uplink.wake()

    def pending(self) -> int:
        return self.outbox.depth().rows

    def close(self) -> None:
        for uplink in self._uplinks:
            uplink.stop()
        self.network.__exit__()
        self._peer.close()
        self.outbox.close()


@pytest.fixture
def site(mosquitto: RunningBroker, tmp_path: Path) -> Iterator[Site]:
    opened = Site(mosquitto, tmp_path)
    yield opened
    opened.close()


def test_a_message_is_kept_until_the_hub_confirms_it(site: Site) -> None:
    site.append(3)
    site.start()
    eventually(lambda: site.hub.numbers() == [1, 2, 3])
    assert site.pending() == 3, "that the broker has it is not enough"
    site.hub.confirm(site.outbox.epoch, 2)
    eventually(lambda: site.pending() == 1)
    site.append(1)
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4])
    site.hub.confirm(site.outbox.epoch, 2, (4, 4))
    eventually(lambda: site.pending() == 1)
    site.hub.confirm(site.outbox.epoch, 4)
    eventually(lambda: site.pending() == 0)


def test_what_the_hub_has_already_is_not_sent_again(site: Site) -> None:
    """A terminal whose connection was lost gives the hub a moment to say what it has."""
    site.hours.stands_at_s = 0.0
    site.append(5)
    site.start()
    eventually(site.hub.states)
    site.hub.confirm(site.outbox.epoch, 0)
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4, 5])
    site.network.cut()
    eventually(lambda: sum(state.online for state in site.hub.states()) == 2)
    site.hub.pass_the_time(1)
    site.hub.confirm(site.outbox.epoch, 4)
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4, 5, 5])
    assert site.pending() == 1


def test_a_confirmation_of_what_was_never_sent_is_meant_for_a_twin(site: Site) -> None:
    """A copy of the card has used the same numbers; only the hub, which sees both contents, can tell."""
    site.hours.stands_at_s = 0.0
    site.append(5)
    site.start()
    eventually(site.hub.states)
    site.hub.confirm(site.outbox.epoch, 4)
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4, 5])
    assert site.pending() == 5
    site.hub.confirm(site.outbox.epoch, 5)
    eventually(lambda: site.pending() == 0)


def test_a_hub_that_says_nothing_is_sent_everything_after_that_moment(site: Site) -> None:
    site.hours.stands_at_s = 0.0
    site.append(2)
    site.start()
    site.hub.pass_the_time(1)
    assert site.hub.numbers() == []
    site.hours.ahead_s += SOON_S
    eventually(lambda: site.hub.numbers() == [1, 2])


def test_a_new_hub_is_sent_everything_unconfirmed_and_the_same_one_is_not(site: Site) -> None:
    site.hub.announce("hub-1")
    site.append(3)
    site.start()
    eventually(lambda: site.hub.numbers() == [1, 2, 3])
    site.hub.announce("hub-1")
    site.append(1)
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4])
    site.hub.announce("hub-2")
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4, 1, 2, 3, 4])


def test_a_lost_connection_is_made_again_and_everything_is_sent_again(site: Site) -> None:
    site.append(2)
    site.start()
    eventually(lambda: site.hub.numbers() == [1, 2])
    site.network.cut()
    eventually(lambda: site.hub.numbers() == [1, 2, 1, 2])
    assert site.network.connections >= 2


def test_an_overdue_confirmation_is_asked_for_by_sending_again(site: Site) -> None:
    site.append(2)
    site.start()
    eventually(lambda: site.hub.numbers() == [1, 2])
    site.hours.ahead_s += FIRST_PATIENCE_S
    eventually(lambda: site.hub.numbers() == [1, 2, 1, 2])


def test_a_long_absence_is_drained_oldest_first_and_within_the_window(site: Site) -> None:
    total = 2 * SIZE + 50
    site.append(total)
    site.start()
    eventually(lambda: len(site.hub.numbers()) >= SIZE)
    site.hub.confirm(site.outbox.epoch, 0, (5, 5))
    eventually(lambda: len(site.hub.numbers()) > SIZE)
    assert site.hub.numbers() == list(range(1, SIZE + 2)), "one has gone, one more may come"
    while site.pending():
        site.hub.confirm(site.outbox.epoch, max(site.hub.numbers()))
        most = max(site.hub.numbers())
        eventually(lambda m=most: max(site.hub.numbers()) > m or site.pending() == 0)  # type: ignore[misc]
    assert site.hub.numbers() == list(range(1, total + 1))


def test_a_connection_that_has_gone_silent_is_noticed(site: Site) -> None:
    site.append(1)
    site.start(keepalive_s=1)
    eventually(lambda: site.hub.numbers() == [1])
    site.network.silence()
    site.append(1)
    eventually(lambda: site.hub.numbers()[1:] == [1, 2])


def test_of_a_terminal_that_has_gone_silent_the_broker_says_that_it_is_gone(site: Site) -> None:
    site.start(keepalive_s=1, connect_s=60)
    eventually(lambda: [state.online for state in site.hub.states()] == [True])
    site.network.silence()
    eventually(lambda: [state.online for state in site.hub.states()][:2] == [True, False])


def test_the_round_trip_is_timed_and_connections_are_counted(site: Site) -> None:
    clock, limits = HeldTerminalClock(), HealthSettings()
    link = LinkHealth(clock, limits.round_trip_ms, limits.connections_per_hour)
    site.start(observer=link)
    eventually(lambda: [f.check for f in link()] == ["round_trip", "connection"])
    eventually(lambda: all(f.status == "ok" for f in link()))
    eventually(site.hub.states)
    site.hub.pass_the_time(1)
    clock.move(s=60)
    assert link()[0].value == 0, "it was answered, and waits for nothing any more"
    site.network.cut()
    eventually(lambda: link()[-1].value == 2)


def doubling(caps: list[float]) -> bool:
    return caps[:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_refused_password_is_tried_less_and_less_often(site: Site) -> None:
    site.start(password="wrong")
    eventually(lambda: len(site.random.longest) >= 8)
    assert doubling(site.random.longest)
    assert site.hub.states() == []
    site.broker.set_device(site.address.device, "wrong")
    eventually(site.hub.states)


def test_a_server_that_takes_the_call_and_says_nothing_is_tried_less_and_less_often(
    site: Site,
) -> None:
    """As a captive portal does. However long each attempt takes, it is no connection."""
    site.network.go_deaf()
    site.start(connect_s=0.1)
    eventually(lambda: len(site.random.longest) >= 8)
    assert doubling(site.random.longest)


def test_a_broker_that_is_not_there_is_tried_less_and_less_often(site: Site) -> None:
    site.login = replace(site.login, port=1)
    site.start()
    eventually(lambda: len(site.random.longest) >= 8)
    assert doubling(site.random.longest)


def test_a_name_that_cannot_be_found_ends_nothing(site: Site) -> None:
    site.login = replace(site.login, host="broker.invalid")
    uplink = site.start()
    eventually(lambda: len(site.random.longest) >= 2, within_s=60)
    uplink.stop()
    assert site.pending() == 0


def test_one_of_two_with_the_same_identity_is_stopped_and_let_go_again(site: Site) -> None:
    site.append(1)
    site.start()
    eventually(lambda: site.hub.numbers() == [1])
    site.hub.confirm(site.outbox.epoch, 0, stopped=True)
    eventually(lambda: site.reporter.stopped == [True])
    site.append(2)
    site.hub.pass_the_time(1)
    assert site.hub.numbers() == [1], "nothing is sent"
    assert site.pending() == 3, "everything is kept"
    site.hub.confirm(site.outbox.epoch, 1)
    # The first is said again: what was sent before the hub let go may have been refused.
    eventually(lambda: site.hub.numbers() == [1, 1, 2, 3])
    assert site.reporter.stopped == [True, False]


def test_nothing_is_sent_to_a_hub_that_has_said_good_bye(site: Site) -> None:
    site.hub.announce("hub-1", online=False)
    site.append(1)
    site.start()
    site.hub.pass_the_time(1)
    site.hours.ahead_s += 10
    site.hub.pass_the_time(2)
    assert site.hub.numbers() == []
    site.hub.announce("hub-1")
    eventually(lambda: site.hub.numbers() == [1])


@pytest.mark.parametrize("channel", [Channel.CONFIRMED, Channel.DESIRED, Channel.JOB])
@pytest.mark.parametrize("payload", [b"", b"\xff\x00", b"[]", b'{"epoch":-1}', b"[" * 70_000])
def test_what_cannot_be_read_is_passed_over(site: Site, channel: Channel, payload: bytes) -> None:
    site.append(1)
    site.start()
    site.hub.say_raw(channel, payload)
    site.hub.pass_the_time(1)
    eventually(lambda: site.hub.numbers() == [1])
    assert site.network.connections == 1
    assert site.reporter.taken == [1]


def test_a_wanted_configuration_is_taken_and_reported(site: Site) -> None:
    site.hub.want(7)
    site.start()
    eventually(lambda: site.hub.reported()[-1:] == [7])
    site.hub.want(9)
    eventually(lambda: site.hub.reported()[-1:] == [9])
    assert site.reporter.taken == [7, 9]


def test_the_broker_says_that_a_terminal_without_power_is_gone(site: Site) -> None:
    site.start()
    eventually(lambda: [state.online for state in site.hub.states()] == [True])
    site.network.cut()
    eventually(lambda: [state.online for state in site.hub.states()][:3] == [True, False, True])
    assert site.hub.states()[1].instance == "run-1"


def test_a_terminal_that_stops_says_so_and_keeps_what_is_unconfirmed(site: Site) -> None:
    site.append(1)
    uplink = site.start()
    eventually(lambda: site.hub.numbers() == [1])
    uplink.stop()
    eventually(lambda: [state.online for state in site.hub.states()] == [True, False])
    assert site.pending() == 1


def test_the_state_is_told_every_minute(site: Site) -> None:
    site.start()
    eventually(lambda: len(site.hub.states()) == 1)
    site.append(3)
    site.hours.ahead_s += STATE_EVERY_S
    eventually(lambda: [state.highest for state in site.hub.states()] == [0, 3])


def test_a_queue_that_was_begun_anew_in_use_is_sent_from_its_beginning(site: Site) -> None:
    site.append(5)
    site.start()
    eventually(lambda: site.hub.numbers() == [1, 2, 3, 4, 5])
    site.hub.confirm(site.outbox.epoch, 5)
    eventually(lambda: site.pending() == 0)
    with closing(sqlite3.connect(site.path)) as db:
        db.executescript("DROP TABLE entry")
    site.append(2)
    eventually(lambda: site.hub.numbers()[5:] == [1, 2])
    assert site.hub.messages()[-1].epoch == site.outbox.epoch


def test_a_confirmation_that_cannot_be_kept_costs_no_connection(site: Site) -> None:
    site.append(1)
    site.start()
    eventually(lambda: site.hub.numbers() == [1])
    with closing(sqlite3.connect(site.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        site.hub.confirm(site.outbox.epoch, 1)
        site.hub.pass_the_time(1)
        other.execute("ROLLBACK")
    assert site.pending() == 1
    site.hub.confirm(site.outbox.epoch, 1)
    eventually(lambda: site.pending() == 0)
    assert site.network.connections == 1
