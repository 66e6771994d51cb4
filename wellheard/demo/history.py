"""The demonstration's past: the story, taken in by the hub's own inbox as if terminals had sent it all along.

So ledger, counts and encryption are what they are in real life. The hub that hears it has its clock put back to each
day's evening: cases open when they would have. What has been written once stays; a later start adds
what has passed since.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from contract.topics import DeviceAddress
from hub.app import wire
from hub.core.arrivals import Delivery
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import served
from hub.feedback.figures.origin import BaseSource
from hub.feedback.served_schemas import NewServed
from hub.fleet import service as fleet
from hub.parts import Parts
from wellheard.demo.casework import work_off
from wellheard.demo.cast import HISTORY_EPOCH, PAST_ALONE, PLACES, SCREENS
from wellheard.demo.diary import Diary
from wellheard.demo.past import HOUR_S, HeldClock, Past
from wellheard.demo.story import CLOSES, OPENS, Near, Told, came_near, clients_on, told_on
from wellheard.demo.terminals import TERMINALS
from wellheard.demo.texting import text

BATCH = 500
LONGEST_VISIT_MS = 60_000
DAY_H = 24
NOBODY = Near(0, 0, 0, 0)
WRITER = "demonstration"
"""Who says how many were served."""

Progress = Callable[[float], None]
"""Told which share is done."""


def write_history(data: Path, now_ms: int, seed: int, progress: Progress) -> int:
    """Write what has passed since the last time, or DAYS, into the hub of this folder; returns how many messages."""
    remembered = data / "demo-history.json"
    since_ms = json.loads(remembered.read_text())["until_ms"] if remembered.exists() else 0
    clock = HeldClock(now_ms)
    hub = wire(HubSettings(data=data), clock)
    try:
        past = Past(since_ms, now_ms, ZoneInfo(hub.parts.settings.time_zone))
        written = _write(hub.parts, clock, past, seed, progress)
        if not since_ms:
            whole = Scope(hub.parts.settings.organisation)
            text(hub.parts.workplace, whole, past, seed)
            work_off(hub.parts.workplace, whole, past.now_ms, seed)
    finally:
        hub.database.close()
    remembered.write_text(json.dumps({"until_ms": now_ms}))
    return written


def _write(parts: Parts, clock: HeldClock, past: Past, seed: int, progress: Progress) -> int:
    scope = Scope(parts.settings.organisation)
    with parts.workplace.begin() as work:
        diaries = _diaries(work, scope, past.moment(past.first, 0))
    written = 0
    days = (past.today - past.first).days
    for ago in range(days, -1, -1):
        day = past.today - timedelta(days=ago)
        clock.at_ms = past.heard_ms(day)
        told = told_on(day, ago, seed)
        sent = list(_sent(diaries, past, day, told, seed))
        for start in range(0, len(sent), BATCH):
            parts.inbox.store(sent[start : start + BATCH])
        if ago:
            with parts.workplace.begin() as work:
                served.enter(work, scope, _clients(day, told, seed), WRITER)
        written += len(sent)
        progress(1 - ago / (days + 1))
    alone = [diaries[device] for device in PAST_ALONE]
    parts.inbox.store([diary.works(past.now_ms) for diary in alone])
    return written


def _diaries(work: UnitOfWork, scope: Scope, booted_ms: int) -> dict[str, Diary]:
    """Of every terminal of the cast, numbered on from what is here of it."""
    names = PAST_ALONE | {terminal.device: terminal.name for terminal in TERMINALS}
    written = {
        row.device: row.highest for row in fleet.ledgers(work, scope) if row.epoch == HISTORY_EPOCH
    }
    diaries = {}
    for device, touchpoint in SCREENS.items():
        address = DeviceAddress(scope.organisation, PLACES[touchpoint].facility, device)
        if device in PAST_ALONE:
            fleet.enrol(work, scope, address, names[device], touchpoint)
        diaries[device] = Diary(address, written.get(device, 0), booted_ms)
    return diaries


def _sent(
    diaries: dict[str, Diary], past: Past, day: date, told: list[Told], seed: int
) -> Iterator[Delivery]:
    """In each terminal's order, which is that of its numbers."""
    for answer in told:
        at_ms = past.moment(day, answer.second)
        if past.since_ms < at_ms <= past.now_ms - LONGEST_VISIT_MS:
            yield from diaries[PLACES[answer.touchpoint].device].answers(answer, at_ms)
    for device, hours, until_hour, near in _seen(came_near(day, told, seed)):
        until_ms = past.moment(day, until_hour * HOUR_S)
        if past.since_ms < until_ms <= past.now_ms:
            yield diaries[device].came_near(near, until_ms, hours, SCREENS[device])


def _seen(near: dict[tuple[str, int], Near]) -> Iterator[tuple[str, int, int, Near]]:
    """Whose camera saw whom, in so many hours until which hour of the day: by the hour, and at night nobody."""
    for device in SCREENS:
        yield device, OPENS, OPENS, NOBODY
    for (device, hour), seen in near.items():
        yield device, 1, hour + 1, seen
    for device in SCREENS:
        yield device, DAY_H - CLOSES, DAY_H, NOBODY


def _clients(day: date, told: list[Told], seed: int) -> list[NewServed]:
    return [
        NewServed(
            facility=facility,
            employee=employee or None,
            day=day,
            count=count,
            source=BaseSource.DEMO,
        )
        for (facility, employee), count in clients_on(day, told, seed).items()
    ]
