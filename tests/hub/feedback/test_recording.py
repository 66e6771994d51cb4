"""Answers as they were given: whole, bound to their shift for good, in their right time, personal data sealed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, select

from contract.messages import Asked
from hub.core.arrivals import Delivery
from hub.core.db import Database
from hub.core.dead_letters import dead_letters
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback.events import AnswerView, ResponsesFlagged, ResponsesRecorded
from hub.feedback.presence_tables import Presence
from hub.feedback.tables import AwaitedFlag, Contact, Response
from hub.identity import service as identity
from hub.identity.schemas import NewShift
from hub.identity.tables import Shift
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import PHONE, UPTIME_MS, VISIT, Terminal

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
def terminal(clinic: Clinic, clock: HeldClock) -> Terminal:
    return Terminal(clock)


def rows(workplace: Workplace, table: Any) -> list[dict[str, Any]]:
    core: Table = table.__table__
    with workplace.read() as work:
        found = work.connection.execute(select(core).order_by("device", "epoch", "sequence"))
        return [dict(row) for row in found.mappings()]


def changed(delivery: Delivery, change: Callable[[dict[str, Any]], None]) -> Delivery:
    """The same message with something that only a newer terminal says."""
    message = json.loads(delivery.payload)
    change(message)
    return Delivery(delivery.topic, json.dumps(message).encode(), delivery.received_ms)


def test_a_press_becomes_a_row_as_it_was_sent(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    asked = Asked(survey="visit", question="q1", survey_version=3)
    clinic.inbox.store([terminal.press(asked=asked, flags=["repeat", "storm", "repeat"])])
    (row,) = rows(workplace, Response)
    assert row.pop("id") > 0
    assert row == {
        "organisation": "clinic", "facility": "north", "touchpoint": "reception-north",
        "device": "desk-1", "epoch": 1, "sequence": 1, "kind": "button", "visit": None,
        "panel": "main", "button": 2, "survey": "visit", "survey_version": 3, "question": "q1",
        "value": "positive", "score": None, "employee": "anna-north", "shift": "early",
        "flags": "repeat storm", "wall_ms": clock.now_ms(), "boot_id": terminal.boot,
        "uptime_ms": terminal.uptime_ms, "occurred_ms": clock.now_ms(), "time_source": "device",
        "received_ms": clock.now_ms(), "extra": None, "campaign": None,
    }  # fmt: skip


def test_an_answer_on_the_screen_keeps_its_score_and_its_visit(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    clinic.inbox.store([terminal.answer(value=9), terminal.press(visit=VISIT, value=None)])
    screen, press = rows(workplace, Response)
    assert (screen["kind"], screen["value"], screen["score"]) == ("screen", "9", 9)
    assert (screen["visit"], press["visit"]) == (VISIT, VISIT)
    assert (press["value"], press["score"]) == (None, None)


def test_what_this_version_does_not_know_is_kept(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    def add(message: dict[str, Any]) -> None:
        message["mood"] = {"seen": "\u00e1"}
        message["asked"]["wording"] = "b"
        message["time"]["source"] = "gps"

    clinic.inbox.store([changed(terminal.press(), add), terminal.press()])
    clinic.inbox.store([changed(terminal.presence(), lambda m: m.update(mood=1))])
    newer, plain = rows(workplace, Response)
    assert json.loads(newer["extra"]) == {
        "mood": {"seen": "\u00e1"}, "asked": {"wording": "b"}, "time": {"source": "gps"}
    }  # fmt: skip
    assert plain["extra"] is None
    assert json.loads(rows(workplace, Presence)[0]["extra"]) == {"mood": 1}


def test_what_is_recorded_is_told_as_it_is_stored(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, listeners: Listeners
) -> None:
    told: list[AnswerView] = []
    listeners.after(ResponsesRecorded, lambda event: told.extend(event.responses))
    clinic.inbox.store([terminal.press(flags=["repeat"]), terminal.answer(), terminal.press()])
    stored = {row["id"]: row for row in rows(workplace, Response)}
    assert len(told) == 3
    for view in told:
        row = stored[view.id]
        same = {name: row[name] for name in AnswerView._fields if name != "flags"}
        assert view._asdict() == {**same, "flags": tuple(row["flags"].split())}


def add_shift(workplace: Workplace, start_ms: int, end_ms: int, name: str = "rota-1") -> None:
    with workplace.begin() as work:
        shift = NewShift(
            id=name,
            touchpoint="reception-north",
            employee="anna-north",
            starts_ms=start_ms,
            ends_ms=end_ms,
        )
        identity.create_shift(work, WHOLE, shift)


def duty(workplace: Workplace) -> list[tuple[str | None, str | None]]:
    return [(row["employee"], row["shift"]) for row in rows(workplace, Response)]


def test_the_terminal_s_word_on_the_shift_counts(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    add_shift(workplace, clock.now_ms() - HOUR_MS, clock.now_ms() + HOUR_MS)
    clinic.inbox.store([terminal.press(shift="told", employee="bea")])
    assert duty(workplace) == [("bea", "told")]


def test_where_the_terminal_did_not_know_the_rota_is_asked_once_and_for_good(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    add_shift(workplace, clock.now_ms() - HOUR_MS, clock.now_ms() + HOUR_MS)
    clinic.inbox.store([terminal.press(shift=None, employee=None)])
    assert duty(workplace) == [("anna-north", "rota-1")]
    shift: Table = Shift.__table__  # type: ignore[attr-defined]
    with workplace.begin() as work:
        work.connection.execute(delete(shift))
    add_shift(workplace, clock.now_ms() - HOUR_MS, clock.now_ms() + HOUR_MS, "rota-2")
    clinic.inbox.store([terminal.press(shift=None, employee=None)])
    assert duty(workplace) == [("anna-north", "rota-1"), ("anna-north", "rota-2")]


@pytest.mark.parametrize(("off_ms", "on_duty"), [(-1, False), (0, True), (HOUR_MS, False)])
def test_a_shift_counts_from_its_start_until_just_before_its_end(
    clinic: Clinic,
    terminal: Terminal,
    workplace: Workplace,
    clock: HeldClock,
    off_ms: int,
    on_duty: bool,
) -> None:
    start = clock.now_ms() - off_ms
    add_shift(workplace, start, start + HOUR_MS)
    clinic.inbox.store([terminal.press(shift=None, employee=None)])
    assert duty(workplace) == [("anna-north", "rota-1") if on_duty else (None, None)]


def test_another_facility_s_rota_says_nothing(
    clinic: Clinic, workplace: Workplace, clock: HeldClock
) -> None:
    add_shift(workplace, clock.now_ms() - HOUR_MS, clock.now_ms() + HOUR_MS)
    south = Terminal(clock, SOUTH)
    clinic.inbox.store([south.press(touchpoint="reception-north", shift=None, employee=None)])
    assert duty(workplace) == [(None, None)]


def test_a_press_of_an_unknown_moment_is_nobody_s(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    add_shift(workplace, clock.now_ms() - HOUR_MS, clock.now_ms() + HOUR_MS)
    terminal.synchronised = False
    clinic.inbox.store([terminal.press(shift=None, employee=None)])
    assert duty(workplace) == [(None, None)]


@pytest.mark.parametrize("order", ["after", "before", "same batch", "same batch, before"])
def test_a_flag_finds_its_presses_whichever_comes_first(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, listeners: Listeners, order: str
) -> None:
    told: list[tuple[int, tuple[str, ...]]] = []
    listeners.after(
        ResponsesRecorded, lambda e: told.extend((r.sequence, r.flags) for r in e.responses)
    )
    listeners.after(ResponsesFlagged, lambda e: told.extend((n, (e.flag,)) for _, n in e.responses))
    presses = [terminal.press(flags=["repeat"]), terminal.press(), terminal.press()]
    flag = terminal.flag(1, 3)
    batches = {
        "after": [presses, [flag]],
        "before": [[flag], presses],
        "same batch": [[*presses, flag]],
        "same batch, before": [[flag, *presses]],
    }
    for batch in batches[order]:
        clinic.inbox.store(batch)
    assert [row["flags"] for row in rows(workplace, Response)] == ["repeat play", "", "play"]
    assert rows(workplace, AwaitedFlag) == []
    assert dict(told)[3] == ("play",)


def test_a_flag_touches_no_other_device_or_epoch(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    others = [Terminal(clock, SOUTH), Terminal(clock, NORTH, epoch=2)]
    terminal.sequence = 9
    clinic.inbox.store([terminal.flag(1, 2), *(other.press() for other in others)])
    assert {row["flags"] for row in rows(workplace, Response)} == {""}
    clinic.inbox.store([terminal.press(sequence=1), *(other.press() for other in others)])
    flagged = [r for r in rows(workplace, Response) if r["flags"]]
    assert [(r["device"], r["epoch"], r["sequence"]) for r in flagged] == [("desk-1", 1, 1)]
    assert [row["sequence"] for row in rows(workplace, AwaitedFlag)] == [2]


def times(workplace: Workplace, table: Any = Response) -> list[tuple[int, str]]:
    return [(row["occurred_ms"], row["time_source"]) for row in rows(workplace, table)]


def test_an_unsynchronised_boot_is_put_right_step_by_step(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    """First by arrival, then by the device's own synchronised clock, at last by the hub that sees it live."""
    booted = clock.now_ms() - UPTIME_MS
    terminal.synchronised, terminal.wall_off_ms = False, -clock.now_ms()
    clock.move(hours=1)
    pressed, left, counted = (UPTIME_MS + number for number in (1, 2, 3))
    clinic.inbox.store([terminal.press(), terminal.contact(), terminal.presence()])
    for table in (Response, Contact, Presence):
        assert times(workplace, table) == [(clock.now_ms(), "uncertain")]

    drift = 70_000
    terminal.synchronised, terminal.wall_off_ms = True, 0
    terminal.uptime_ms = clock.now_ms() - (booted + drift) - 1
    clinic.inbox.store([terminal.press()])
    anchored = booted + drift
    assert times(workplace) == [(pressed + anchored, "anchor"), (clock.now_ms(), "device")]
    assert times(workplace, Contact) == [(left + anchored, "anchor")]
    assert times(workplace, Presence) == [(counted + anchored, "anchor")]

    terminal.uptime_ms = clock.now_ms() - booted - 1
    clinic.inbox.store([terminal.state()])
    agreeing = (clock.now_ms(), "device")  # its own word, because the hub's is near enough
    assert times(workplace) == [(pressed + booted, "hub"), agreeing]
    assert times(workplace, Contact) == [(left + booted, "hub")]
    walls = [row["wall_ms"] for row in rows(workplace, Response)]
    assert walls == [HOUR_MS, clock.now_ms()]


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
def test_a_boot_that_is_over_is_placed_by_what_it_said_last(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock, together: bool
) -> None:
    """Pressed in 1970, then synchronised, then without power: all of it arrives three days after."""
    booted = clock.now_ms()
    clock.move(days=3)
    terminal.synchronised, terminal.wall_off_ms, terminal.uptime_ms = False, -clock.now_ms(), 10
    sent = [terminal.press()]
    terminal.synchronised, terminal.wall_off_ms = True, -3 * DAY_MS + HOUR_MS
    terminal.uptime_ms = HOUR_MS - 1
    sent.append(terminal.press())
    terminal.synchronised = False
    sent.append(terminal.press())
    for batch in [sent] if together else [[press] for press in sent]:
        clinic.inbox.store(batch)
    assert times(workplace) == [
        (booted + 11, "anchor"),
        (booted + HOUR_MS, "device"),
        (booted + HOUR_MS + 1, "anchor"),
    ]


def test_a_clock_that_was_wrong_and_sure_of_it_is_put_right_by_the_hub(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    terminal.wall_off_ms = -30 * DAY_MS
    clinic.inbox.store([terminal.press()])
    assert times(workplace) == [(clock.now_ms() - 30 * DAY_MS, "device")]
    clinic.inbox.store([terminal.state()])
    assert times(workplace) == [(clock.now_ms() - 1, "hub")]


def test_another_boot_is_left_alone(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    terminal.synchronised = False
    clinic.inbox.store([terminal.press()])
    arrived = clock.now_ms()
    terminal.reboot(8)
    clock.move(hours=5)
    clinic.inbox.store([terminal.state(), terminal.press()])
    assert times(workplace) == [(arrived, "uncertain"), (clock.now_ms() + 1, "hub")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_telephone_number_is_nowhere_in_the_database(
    database: Database, listeners: Listeners, clock: HeldClock
) -> None:
    workplace = Workplace(database, listeners, clock, ReversingVault())
    clinic = Clinic(workplace, listeners, clock)
    terminal = Terminal(clock)
    known = terminal.contact(comment="Ring at Hortensia's")
    clinic.inbox.store([known, changed(terminal.contact(), lambda m: m.update(name="Hortensia"))])
    assert [json.loads(row["sealed"][::-1]) for row in rows(workplace, Contact)] == [
        {"phone": PHONE, "comment": "Ring at Hortensia's"},
        {"phone": PHONE, "comment": "Please call", "name": "Hortensia"},
    ]
    path = Path(str(database.engine.url.database))
    kept = b"".join(path.with_name(path.name + end).read_bytes() for end in ("", "-wal"))
    assert b"Hortensia"[::-1] in kept
    for personal in (PHONE.encode(), PHONE[1:].encode(), b"Hortensia", b"Please call"):
        assert personal not in kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nor_is_one_that_could_not_be_taken_in(
    clinic: Clinic, terminal: Terminal, database: Database, workplace: Workplace
) -> None:
    unreadable = changed(terminal.contact(), lambda m: m.update(visit="no visit"))
    assert clinic.inbox.store([unreadable]).buried == 1
    with workplace.read() as work:
        (letter,) = dead_letters(work, WHOLE)
    assert letter.payload == unreadable.payload
    path = Path(str(database.engine.url.database))
    kept = b"".join(path.with_name(path.name + end).read_bytes() for end in ("", "-wal"))
    assert PHONE[::-1].encode() in kept
    assert PHONE.encode() not in kept


def test_a_contact_keeps_what_the_patient_agreed_to(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    clinic.inbox.store([terminal.contact(consent_text="I agree.", language="en")])
    (row,) = rows(workplace, Contact)
    assert (row["visit"], row["consent"], row["consent_text"], row["language"]) == (
        VISIT, "2026-1", "I agree.", "en"
    )  # fmt: skip
    assert json.loads(row["sealed"][::-1]) == {"phone": PHONE, "comment": "Please call"}


def test_presence_is_kept_as_counted(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, clock: HeldClock
) -> None:
    clinic.inbox.store([terminal.presence(approaches=5, looked=4, dwell_ms=2**40)])
    (row,) = rows(workplace, Presence)
    counts = (row["seconds"], row["approaches"], row["looked"], row["dwell_ms"])
    assert counts == (60, 5, 4, 2**40)
    assert (row["facility"], row["occurred_ms"]) == ("north", clock.now_ms())
