"""What is lost when the storing process is killed (SIGKILL) in the middle of a stream and started again.

The hub is fed by the terminals' own outboxes and uplinks, which keep an answer until the hub confirms it. Node-RED is
fed by publishers that trust the broker's acknowledgement, as MQTT at QoS 1 intends; the broker itself stays up.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.apparatus.answers import DEVICES, packets, press
from bench.apparatus.broker import RunningBroker
from bench.apparatus.consumers import HubProcess, NotTaken
from bench.apparatus.device import Device
from bench.apparatus.node_red import NodeRed, count_rows
from contract.documents import DeviceState, ReportedConfiguration
from contract.messages import ButtonPressed
from contract.topics import DeviceAddress
from edge.broker import BrokerLogin
from edge.outbox import Draft, Outbox
from edge.uplink import Uplink

HUB, NODE_RED = "wellheard hub", "node-red"
DIFFERENT = "(SELECT DISTINCT device, epoch, sequence FROM response)"

LOOK_S = 0.02
PATIENCE_S = 180.0
STEADY_S = 5.0
"""Without a new row for this long, and with nothing more being sent, nothing will come."""
A_SECOND = 3000
CHUNKS_A_SECOND = 20


class _Reporter:
    """Says no more of a terminal than that it is there."""

    def __init__(self) -> None:
        self._instance = uuid4().hex

    def state(self, *, online: bool) -> DeviceState:
        return DeviceState(online=online, instance=self._instance)

    def identity_stopped(self, stopped: bool) -> None:
        assert not stopped, "nobody shares these identities"

    def desired(self, payload: bytes) -> None:
        """No hub configures them."""

    def reported(self) -> ReportedConfiguration:
        return ReportedConfiguration(version=0)

    def hub_answered(self) -> None:
        """Nothing is tried."""


def kill_hub(broker: RunningBroker, folder: Path, each: int) -> dict[str, Any]:
    """Of `each` answers in every terminal's outbox, how many the hub has once the outboxes are empty."""
    outboxes = [_filled(folder, address, each) for address in DEVICES]
    answers = each * len(outboxes)
    database = folder / "hub" / "hub.db"
    with HubProcess(broker, folder / "hub") as hub, _uplinks(broker, outboxes):
        _await(lambda: _stored(database) >= answers // 3)
        hub.kill()
        at_kill = _stored(database)
        with HubProcess(broker, folder / "hub"):
            _await(lambda: not any(outbox.depth().rows for outbox in outboxes))
            rows, distinct = _stored(database), _stored(database, DIFFERENT)
    return {
        "killed": HUB,
        "answers": answers,
        "stored_at_kill": at_kill,
        "stored": rows,
        "twice": rows - distinct,
        "lost": answers - distinct,
    }


def kill_node_red(broker: RunningBroker, folder: Path, each: int) -> dict[str, Any]:
    """Of `each` answers that every device had acknowledged by the broker, how many rows there are in the end."""
    streams = [packets(device, each) for device in DEVICES]
    answers = each * len(streams)
    with broker.devices() as devices, NodeRed(broker, folder) as first:
        devices[0].await_announced(PATIENCE_S)
        _stream(devices, streams, 0, each // 2)
        first.kill()
        with closing(sqlite3.connect(first.database)) as connection:
            at_kill = count_rows(connection)
            with NodeRed(broker, folder):
                _stream(devices, streams, each // 2, each)
                devices[0].await_announced(PATIENCE_S, times=2)
                rows = _steady(connection)
    return {
        "killed": NODE_RED,
        "answers": answers,
        "stored_at_kill": at_kill,
        "stored": rows,
        "lost": answers - rows,
    }


def _filled(folder: Path, address: DeviceAddress, each: int) -> Outbox:
    outbox = Outbox(folder / f"{address.device}.db", address.device)
    given = {"type", "schema_version", "device", "epoch", "sequence", "time"}
    drafts = [
        Draft(
            ButtonPressed,
            answer.time,
            {name: getattr(answer, name) for name in ButtonPressed.model_fields.keys() - given},
        )
        for answer in (press(address, number) for number in range(1, each + 1))
    ]
    outbox.append(drafts)
    return outbox


@contextmanager
def _uplinks(broker: RunningBroker, outboxes: Sequence[Outbox]) -> Iterator[None]:
    uplinks = []
    for address, outbox in zip(DEVICES, outboxes, strict=True):
        password = broker.passwords[address.device]
        login = BrokerLogin(broker.address.host, broker.address.port, address.device, password)
        reporter = _Reporter()
        uplinks.append(Uplink(address, login, outbox, reporter, reporter))
    for uplink in uplinks:
        uplink.start()
    try:
        yield
    finally:
        for uplink in uplinks:
            uplink.stop()
        for outbox in outboxes:
            outbox.close()


def _stored(database: Path, rows: str = "response") -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])


def _stream(
    devices: Sequence[Device], streams: Sequence[list[bytes]], first: int, last: int
) -> None:
    """At a steady pace; returns when the broker has acknowledged all."""
    chunk = A_SECOND // len(devices) // CHUNKS_A_SECOND
    due = time.monotonic()
    for start in range(first, last, chunk):
        time.sleep(max(0.0, due - time.monotonic()))
        due += 1 / CHUNKS_A_SECOND
        for device, encoded in zip(devices, streams, strict=True):
            device.publish(encoded[start : min(start + chunk, last)])
    for device in devices:
        device.settle()


def _steady(connection: sqlite3.Connection) -> int:
    rows, since = -1, time.monotonic()
    while time.monotonic() - since < STEADY_S:
        now = count_rows(connection)
        if now != rows:
            rows, since = now, time.monotonic()
        time.sleep(LOOK_S)
    return rows


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise NotTaken("the terminals' answers are not stored")
        time.sleep(LOOK_S)
