"""The loop that hears presses, on virtual hardware with the real rules, outbox, lamps and rota."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from contract.codec import decode
from contract.documents import DesiredConfiguration, OpenHours, RotaShift
from contract.messages import (
    ButtonPressed,
    DeviceBorn,
    HealthReported,
    Message,
    PressesFlagged,
    Reference,
)
from edge.agent import REMEMBERED_PRESSES, Agent
from edge.buttons.assembly import Panels
from edge.buttons.mapping import parse_mapping
from edge.buttons.port import Contact
from edge.buttons.virtual import VirtualHardware
from edge.fleet.health.panels import PanelHealth
from edge.outbox import Limits, NotStored, Outbox
from edge.rota import Rota
from tests.edge.drafts import DEVICE, NOON_MS, HeldTerminalClock, contact, health, press
from tests.fakes.waiting import eventually

SECOND = 1_000_000_000
M = TypeVar("M", bound=Message)
MAPPING = parse_mapping(
    {
        "attention": 26,
        "panels": [
            {
                "name": "desk",
                "driver": "gpio",
                "touchpoint": "reception-1",
                "pins": {"1": 17, "2": 27, "3": 22, "4": 23},
                "answers": {"4": {"survey": "visit", "question": "how", "value": "very_bad"}},
                "lamps": {"thanks": {"pin": 5}, "refusal": {"pin": 6}},
            }
        ],
    }
)


class WitnessLamps:
    """The real lamps, and what another process could read from the disk when each was told."""

    def __init__(self, panels: Panels, path: Path) -> None:
        self._lamps = panels.lamps
        self._path = path
        self.rows_when_thanked: list[int] = []
        self.refused: list[str] = []
        self.calls_attention: list[bool] = []

    def thank(self, panel: str) -> None:
        with closing(sqlite3.connect(self._path)) as other:
            query = "SELECT count(*) FROM entry WHERE type = 'ButtonPressed'"
            self.rows_when_thanked.append(other.execute(query).fetchone()[0])
        self._lamps.thank(panel)

    def refuse(self, panel: str) -> None:
        self.refused.append(panel)
        self._lamps.refuse(panel)

    def attention(self, on: bool) -> None:
        self.calls_attention.append(on)
        self._lamps.attention(on)


class Desk:
    """An agent that runs in a thread, its hardware and its disk."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.path = folder / "outbox.db"
        self.outbox = Outbox(self.path, DEVICE, limits)
        self.hardware = VirtualHardware(MAPPING)
        self.panels = Panels(MAPPING, self.hardware)
        self.lamps = WitnessLamps(self.panels, self.path)
        self.clock = HeldTerminalClock()
        self.rota = Rota(folder / "desired.json")
        self.health = PanelHealth()
        self.rounds = 0
        self.agent = Agent(
            self.outbox,
            self.clock,
            mapping=MAPPING,
            lamps=self.lamps,
            rota=self.rota,
            panels=self.health,
            software="0.1.0",
            hardware="virtual",
        )
        self._at_ns = 0
        self._thread = threading.Thread(target=self.agent.run, args=(self._after_each,))
        self._plugged_in = False

    def start(self) -> None:
        self.plug_in()
        self._thread.start()

    def plug_in(self) -> None:
        self.panels.start(self.agent.hear)
        self._plugged_in = True

    def stop(self) -> None:
        if self._thread.is_alive():
            self.agent.stop()
            self._thread.join(timeout=30)
            assert not self._thread.is_alive()
        if self._plugged_in:
            self.panels.stop()
        self.outbox.close()

    def press(self, button: int = 4, *, after_s: float = 20, panel: str = "desk") -> None:
        """A finger as the drivers tell it, so long after the one before; not through the pins, for their time."""
        self._at_ns += int(after_s * SECOND)
        self.agent.hear(Contact(panel, button, True, self._at_ns))
        self.agent.hear(Contact(panel, button, False, self._at_ns + SECOND // 10))

    def messages(self) -> list[Message]:
        return [decode(e.type, e.payload).message for e in self.outbox.entries(0, 10_000)]

    def of(self, kind: type[M]) -> list[M]:
        return [message for message in self.messages() if isinstance(message, kind)]

    def _after_each(self, _stored: bool) -> None:
        self.rounds += 1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.stop()


def full(tmp_path: Path) -> Desk:
    """A terminal whose queue has no room for one more answer."""
    outbox = Outbox(tmp_path / "outbox.db", DEVICE)
    outbox.append([press()] * 10)
    outbox.close()
    return Desk(tmp_path, Limits(rows=10))


def test_a_birth_is_the_first_message(desk: Desk) -> None:
    desk.start()
    eventually(desk.messages)
    (born,) = desk.of(DeviceBorn)
    assert (born.sequence, born.software, born.hardware, born.outbox) == (
        1,
        "0.1.0",
        "virtual",
        "new",
    )
    assert born.instance == desk.agent.instance == desk.agent.state(online=False).instance


def test_a_finger_on_a_pin_is_stored_and_thanked(desk: Desk) -> None:
    desk.start()
    desk.hardware.press("desk", 4, hold_ms=1)
    eventually(lambda: desk.hardware.thanks_count("desk") == 1)
    (pressed,) = desk.of(ButtonPressed)
    assert (pressed.panel, pressed.button, pressed.touchpoint) == ("desk", 4, "reception-1")
    assert pressed.asked is not None
    assert (pressed.asked.survey, pressed.asked.question, pressed.value) == (
        "visit",
        "how",
        "very_bad",
    )


def test_thanks_come_after_the_disk(desk: Desk) -> None:
    for _ in range(5):
        desk.press()
    desk.start()
    eventually(lambda: len(desk.lamps.rows_when_thanked) == 5)
    assert desk.lamps.rows_when_thanked == [5] * 5, (
        "all of a batch is durable before its first lamp"
    )


def test_a_button_without_a_meaning_is_stored_too(desk: Desk) -> None:
    desk.start()
    desk.press(1)
    desk.press(1, panel="elsewhere")
    eventually(lambda: len(desk.of(ButtonPressed)) == 2)
    known, unknown = desk.of(ButtonPressed)
    assert (known.asked, known.value, known.touchpoint) == (None, None, "reception-1")
    assert (unknown.asked, unknown.touchpoint) == (None, None)


def test_what_is_not_stored_is_not_thanked(tmp_path: Path) -> None:
    desk = full(tmp_path)
    desk.start()
    desk.press()
    desk.press()
    eventually(lambda: desk.lamps.refused == ["desk", "desk"])
    eventually(lambda: desk.hardware.refusal_count("desk") > 0)
    assert desk.agent.state(online=True).refused == 2
    assert desk.lamps.rows_when_thanked == []
    assert desk.hardware.thanks_count("desk") == 0
    desk.outbox.confirm(desk.outbox.epoch, 10)
    desk.press()
    eventually(lambda: len(desk.lamps.rows_when_thanked) == 1)
    assert desk.agent.state(online=True).refused == 2
    desk.stop()


def test_a_locked_disk_refuses_and_the_loop_goes_on(desk: Desk) -> None:
    desk.start()
    eventually(desk.messages)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.press()
        eventually(lambda: desk.lamps.refused == ["desk"])
        other.execute("ROLLBACK")
    desk.press()
    eventually(lambda: desk.lamps.rows_when_thanked == [1])


def test_a_state_can_be_told_while_the_queue_cannot_be_asked(desk: Desk) -> None:
    desk.outbox.close()
    state = desk.agent.state(online=True)
    assert (state.online, state.epoch, state.highest) == (True, 0, 0)


def test_a_burst_is_flagged_and_the_earlier_presses_are_named(desk: Desk) -> None:
    desk.start()
    for button in (1, 2, 3, 4):
        desk.press(button, after_s=1)
    eventually(lambda: len(desk.of(ButtonPressed)) == 4)
    eventually(lambda: named(desk) | flagged(desk) == {1, 2, 3, 4})
    assert named(desk).isdisjoint(flagged(desk))


def named(desk: Desk) -> set[int]:
    """The buttons of the presses that a later message calls play."""
    flags = [flag for flag in desk.of(PressesFlagged) if flag.flag == "play"]
    # Read after the flags, which name only what was stored before them.
    buttons = {Reference(epoch=m.epoch, sequence=m.sequence): m for m in desk.of(ButtonPressed)}
    return {buttons[reference].button for flag in flags for reference in flag.presses}


def flagged(desk: Desk) -> set[int]:
    """The buttons of the presses that were play from the start."""
    return {pressed.button for pressed in desk.of(ButtonPressed) if "play" in pressed.flags}


def test_presses_that_were_refused_are_not_named(tmp_path: Path) -> None:
    desk = full(tmp_path)
    desk.start()
    desk.press(1, after_s=1)
    desk.press(2, after_s=1)
    eventually(lambda: len(desk.lamps.refused) == 2)
    desk.outbox.confirm(desk.outbox.epoch, 10)
    desk.press(3, after_s=1)
    desk.press(4, after_s=1)
    eventually(lambda: {3, 4} == named(desk) | flagged(desk))
    desk.stop()


def test_only_so_many_presses_are_remembered(desk: Desk) -> None:
    for _ in range(REMEMBERED_PRESSES + 100):
        desk.press(1)
    desk.start()
    eventually(lambda: len(desk.of(ButtonPressed)) == REMEMBERED_PRESSES + 100)
    desk.press(2, after_s=1)
    desk.press(3, after_s=1)
    eventually(lambda: named(desk) | flagged(desk) == {1, 2, 3})


def on_duty(desk: Desk, employee: str, version: int = 1) -> None:
    at_ms = NOON_MS + desk._at_ns // 1_000_000
    shift = RotaShift(
        shift=f"shift-{employee}",
        touchpoint="reception-1",
        employee=employee,
        starts_ms=at_ms,
        ends_ms=at_ms + 3_600_000,
    )
    desk.rota.take(DesiredConfiguration(version=version, rota=[shift]))


def test_a_press_belongs_to_whoever_is_on_duty_at_its_moment(desk: Desk) -> None:
    desk.start()
    on_duty(desk, "ana-ruiz")
    desk.press()
    eventually(lambda: len(desk.of(ButtonPressed)) == 1)
    on_duty(desk, "marc-puig", version=2)
    desk.press()
    eventually(lambda: len(desk.of(ButtonPressed)) == 2)
    first, second = desk.of(ButtonPressed)
    assert (first.employee, first.shift) == ("ana-ruiz", "shift-ana-ruiz")
    assert (second.employee, second.shift) == ("marc-puig", "shift-marc-puig")


def test_without_a_trusted_clock_nobody_is_guessed(desk: Desk) -> None:
    desk.start()
    on_duty(desk, "ana-ruiz")
    desk.clock.synchronised = False
    desk.press()
    eventually(lambda: len(desk.of(ButtonPressed)) == 1)
    (pressed,) = desk.of(ButtonPressed)
    assert (pressed.employee, pressed.shift, pressed.time.synchronised) == (None, None, False)
    assert pressed.touchpoint == "reception-1"


def open_for(desk: Desk, seconds: float) -> None:
    """From the last press on; the hub has told of a day."""
    at_ms = NOON_MS + desk._at_ns // 1_000_000
    hours = [OpenHours(opens_ms=at_ms, closes_ms=at_ms + int(seconds * 1000))]
    until_ms = at_ms + 86_400_000
    desk.rota.take(DesiredConfiguration(version=9, hours=hours, hours_until_ms=until_ms))


def test_presses_outside_of_opening_hours_are_kept_and_flagged(desk: Desk) -> None:
    desk.start()
    open_for(desk, seconds=30)
    desk.press(after_s=29)
    desk.press(after_s=30)
    eventually(lambda: len(desk.of(ButtonPressed)) == 2)
    assert [pressed.flags for pressed in desk.of(ButtonPressed)] == [[], ["out_of_hours"]]
    desk.clock.synchronised = False
    desk.press()
    eventually(lambda: len(desk.of(ButtonPressed)) == 3)
    assert desk.of(ButtonPressed)[-1].flags == []


def test_messages_of_other_parts_are_stored(desk: Desk) -> None:
    desk.agent.hear(health("The disk is nearly full."))
    desk.start()
    eventually(lambda: [m.detail for m in desk.of(HealthReported)] == ["The disk is nearly full."])


def test_a_message_that_is_not_valid_is_dropped_alone(desk: Desk) -> None:
    for detail in ("\x00" * 9000, "The disk is nearly full.", "\x00"):
        desk.agent.hear(health(detail))
    desk.start()
    eventually(lambda: [m.detail for m in desk.of(HealthReported)] == ["The disk is nearly full."])
    desk.press()
    eventually(lambda: len(desk.of(ButtonPressed)) == 1)


def test_whoever_waits_learns_that_it_is_durable(desk: Desk) -> None:
    desk.start()
    (stored,) = desk.agent.submit([contact()]).result(timeout=30)
    assert stored.sequence in [entry.sequence for entry in desk.outbox.entries(0, 10)]


def test_whoever_waits_learns_that_it_is_not(tmp_path: Path) -> None:
    desk = full(tmp_path)
    desk.start()
    refused = desk.agent.submit([contact()])
    with pytest.raises(NotStored):
        refused.result(timeout=30)
    desk.outbox.confirm(desk.outbox.epoch, 10)
    with pytest.raises(ValueError, match="phone"):
        desk.agent.submit([contact("not a number")]).result(timeout=30)
    assert desk.agent.state(online=True).refused == 1
    desk.stop()


def test_whoever_has_gone_away_is_nobodys_trouble(desk: Desk) -> None:
    gone = desk.agent.submit([contact()])
    assert gone.cancel()
    desk.start()
    desk.agent.submit([contact()]).result(timeout=30)
    assert [message.type for message in desk.messages()] == ["DeviceBorn", "ContactLeft"]


def test_what_was_heard_before_the_stop_is_stored(desk: Desk) -> None:
    for _ in range(250):
        desk.press(1)
    desk.agent.hear(health())
    desk.agent.stop()
    desk.agent.stop()
    desk.press(2)
    desk.agent.run(desk._after_each)
    assert len(desk.of(ButtonPressed)) == 250
    assert len(desk.of(HealthReported)) == 1
    assert 2 not in {pressed.button for pressed in desk.of(ButtonPressed)}


def test_it_stops_although_somebody_presses_on(desk: Desk) -> None:
    stopped = threading.Event()

    def hammer() -> None:
        while not stopped.wait(0.001):
            desk.press(1)

    finger = threading.Thread(target=hammer)
    finger.start()
    desk.agent.stop()
    desk.agent.run(desk._after_each)
    stopped.set()
    finger.join()


def test_staff_are_called_while_another_terminal_has_our_identity(desk: Desk) -> None:
    desk.plug_in()
    desk.agent.identity_stopped(False)
    for stopped in (True, True, False, False, True):
        desk.agent.identity_stopped(stopped)
    assert desk.lamps.calls_attention == [True, False, True]
    assert desk.hardware.pin_output(26).on


def test_a_worn_button_and_a_storm_are_noted(desk: Desk) -> None:
    desk.start()
    for _ in range(10):
        desk.press(1, after_s=2)
    desk.agent.hear(Contact("desk", 1, True, desk._at_ns + SECOND // 10 + 1))
    finding: Callable[[], dict[str, str]] = lambda: {f.check: f.status for f in desk.health()}  # noqa: E731
    seen: dict[str, str] = {}
    eventually(lambda: seen.update(finding()) or seen.get("storm:desk") is not None)
    eventually(lambda: next(f.value for f in desk.health() if f.check == "panel:desk") == 1)


def test_the_state_tells_how_much_waits(desk: Desk) -> None:
    desk.start()
    desk.press()
    eventually(lambda: desk.agent.state(online=True).pending == 2)
    state = desk.agent.state(online=True)
    assert (state.epoch, state.highest) == (desk.outbox.epoch, 2)
    assert state.time is not None
    assert not desk.agent.state(online=False).online
