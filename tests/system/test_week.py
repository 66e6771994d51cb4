"""Broker and hub are gone for a week; the terminal goes on, and then has its say at a pace that the hub can bear."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import create_engine, text

from contract.codec import read_document
from contract.documents import Confirmation
from contract.messages import Message
from edge.window import SIZE
from hub.core.broker.listening import LOOPBACK
from tests.fakes.waiting import eventually
from tests.system.clinic import PANELS, Clinic
from tests.system.judge import hear_case
from tests.system.patients import Patient, Press, uptime_ms

DAYS = 7
DAY_MS = 24 * 3_600_000
PRESSES_A_DAY = 80
"""On each panel."""
TOLERANCE_MS = 60_000


class Eavesdropper:
    """Sees at the broker how many messages are under way that the hub has not confirmed."""

    def __init__(self) -> None:
        self._under_way: set[int] = set()
        self.most = 0

    def hear(self, message: paho.MQTTMessage) -> None:
        if "/up/" in message.topic:
            self._under_way.add(read_document(Message, message.payload).sequence)
            self.most = max(self.most, len(self._under_way))
        else:
            confirmed = read_document(Confirmation, message.payload)
            spans = [(1, confirmed.up_to), *((span.first, span.last) for span in confirmed.also)]
            stored = {n for n in self._under_way if any(a <= n <= b for a, b in spans)}
            self._under_way -= stored


@contextmanager
def _listening(port: int) -> Iterator[Eavesdropper]:
    eavesdropper, subscribed = Eavesdropper(), threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_message = lambda _c, _d, message: eavesdropper.hear(message)
    client.on_connect = lambda c, *_: c.subscribe([("wh/v1/+/+/+/up/+", 1), ("wh/v1/+/+/+/confirmed", 1)])  # fmt: skip
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect(LOOPBACK, port)
    client.loop_start()
    try:
        assert subscribed.wait(30)
        yield eavesdropper
    finally:
        client.disconnect()
        client.loop_stop()


def test_a_week_without_hub_and_broker(tmp_path: Path) -> None:
    # Not before: a hub that had met this boot would know its clock, and the hub's own clock cannot be moved.
    with Clinic(tmp_path, broker="external", switched_on=False) as clinic:
        clinic.hub.process.kill()
        clinic.broker.kill()
        clinic.terminal.start()
        clinic.terminal.await_up()
        patients = [Patient(clinic.terminal, panel) for panel in PANELS]
        presses = [press for day in range(DAYS) for press in _one_day(clinic, patients, day)]
        _set_day(clinic, DAYS)
        assert clinic.terminal.waiting() >= len(presses)
        # Frozen until the hub listens: the terminal was born with the real time, before its clock could be moved,
        # and only what the hub sees of it live is above such a contradiction.
        clinic.terminal.process.freeze()
        clinic.broker.start()
        clinic.broker.await_up()
        with _listening(clinic.hub.broker_port) as eavesdropper:
            clinic.hub.start()
            clinic.hub.await_ready()
            clinic.terminal.process.thaw()
            clinic.await_settled()
            eventually(lambda: eavesdropper.most)
        verdict = hear_case(presses, clinic.hub.database)
        times = _times(clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.thanked == verdict.stored > 2_000
    assert eavesdropper.most <= SIZE
    boot_ms = time.time_ns() / 1e6 - uptime_ms() - DAYS * DAY_MS
    assert all(abs(occurred - (boot_ms + uptime)) < TOLERANCE_MS for occurred, uptime in times)
    assert times[-1][0] - times[0][0] > (DAYS - 2) * DAY_MS


def _one_day(clinic: Clinic, patients: list[Patient], day: int) -> list[Press]:
    """What patients press on that day, on all panels at once; told in the terminal's own, moved, uptime."""
    _set_day(clinic, day)
    threads = [
        threading.Thread(target=patient.press_times, args=(PRESSES_A_DAY,)) for patient in patients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [
        replace(
            press, began_ms=press.began_ms + day * DAY_MS, ended_ms=press.ended_ms + day * DAY_MS
        )
        for patient in patients
        for press in patient.presses[-PRESSES_A_DAY:]
    ]


def _set_day(clinic: Clinic, day: int) -> None:
    """The week ends now: it began seven days ago, and the terminal has been up all the while."""
    moved: dict[str, Any] = {
        "wall_offset_ms": (day - DAYS) * DAY_MS,
        "uptime_offset_ms": day * DAY_MS,
        "synchronised": True,
    }
    clinic.terminal.ask("clock", **moved)


def _times(database: str) -> list[tuple[int, int]]:
    engine = create_engine(database)
    with engine.connect() as connection:
        query = "SELECT occurred_ms, uptime_ms FROM response ORDER BY uptime_ms"
        rows = [(row[0], row[1]) for row in connection.execute(text(query))]
    engine.dispose()
    return rows
