"""The checks one by one: what they find, when it is a warning, and a sentence for whoever mends it."""

import shutil
from pathlib import Path

import pytest

from edge.buttons.port import ALL_PANELS, PanelFact
from edge.fleet.health.clock import check_clock
from edge.fleet.health.disk import check_disk
from edge.fleet.health.finding import Finding
from edge.fleet.health.panels import PanelHealth
from edge.fleet.health.queue import DROPPED_LATELY_S, FAILURE_AGE_S, WARNING_AGE_S, QueueCheck
from edge.fleet.health.silence import SilenceCheck
from edge.fleet.health.temperature import check_temperature
from edge.outbox import Limits, Outbox
from tests.edge.drafts import DEVICE, HeldTerminalClock, health, press


def test_a_synchronised_clock_is_well_and_another_a_warning() -> None:
    clock = HeldTerminalClock()
    assert check_clock(clock) == Finding("clock", "ok")
    clock.synchronised = False
    found = check_clock(clock)
    assert (found.status, bool(found.detail)) == ("warning", True)


def test_the_disk_is_measured(tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    found = check_disk(tmp_path)
    assert found.unit == "%"
    assert found.value == pytest.approx(usage.free / usage.total * 100, abs=1)
    assert (found.status == "ok") == (found.detail == "")


def test_a_disk_that_has_gone_is_a_finding(tmp_path: Path) -> None:
    found = check_disk(tmp_path / "gone")
    assert (found.status, found.detail) == (
        "failure",
        "The disk cannot be looked at: No such file or directory.",
    )


@pytest.mark.parametrize(
    ("millidegrees", "status"),
    [
        ("41800\n", "ok"),
        ("74999", "ok"),
        ("75000", "warning"),
        ("82000", "failure"),
        ("-5000", "ok"),
    ],
)
def test_the_temperature_is_judged(tmp_path: Path, millidegrees: str, status: str) -> None:
    zone = tmp_path / "temp"
    zone.write_text(millidegrees)
    found = check_temperature(zone)
    assert found is not None
    assert (found.status, found.unit, bool(found.detail)) == (status, "°C", status != "ok")
    assert found.value == round(int(millidegrees) / 1000, 1)


def test_without_a_sensor_there_is_no_finding(tmp_path: Path) -> None:
    assert check_temperature(tmp_path / "temp") is None
    (tmp_path / "temp").write_text("hot")
    assert check_temperature(tmp_path / "temp") is None


class Queue:
    """A small outbox, its clock and its check."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.outbox = Outbox(path, DEVICE, limits)
        self.clock = HeldTerminalClock()
        self._check = QueueCheck(self.outbox, self.clock)

    def look(self) -> dict[str, Finding]:
        return {finding.check: finding for finding in self._check()}


def test_the_queue_is_counted_and_timed(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db")
    assert [f.value for f in queue.look().values()] == [0, 0]
    queue.outbox.append([press()] * 3)
    queue.look()
    queue.clock.move(s=90)
    found = queue.look()
    assert (found["queue_depth"].value, found["queue_age"].value) == (3, 90)
    assert {finding.status for finding in found.values()} == {"ok"}
    queue.outbox.confirm(queue.outbox.epoch, 1)
    assert queue.look()["queue_age"].value == 0, "something has reached the hub"


def test_a_queue_that_only_waits_is_a_warning_and_then_a_failure(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db")
    queue.outbox.append([press()])
    seen = []
    for wait_s in (0, WARNING_AGE_S, 1, FAILURE_AGE_S):
        queue.clock.move(s=wait_s)
        found = queue.look()["queue_age"]
        seen.append(found.status)
        assert bool(found.detail) == (found.status != "ok")
    assert seen == ["ok", "ok", "warning", "failure"]


def test_an_empty_queue_does_not_age(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db")
    queue.look()
    queue.clock.move(s=FAILURE_AGE_S * 2)
    assert queue.look()["queue_age"].status == "ok"


def test_telemetry_given_up_is_a_warning_for_an_hour(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db", Limits(rows=2))
    queue.outbox.append([press()] * 2)
    assert queue.look()["queue_depth"].status == "ok"
    queue.outbox.append([health()])
    first = queue.look()["queue_depth"]
    queue.outbox.append([health()])
    assert queue.look()["queue_depth"] == first, "one sentence, or each look would be news"
    assert first.status == "warning"
    queue.clock.move(s=DROPPED_LATELY_S)
    assert queue.look()["queue_depth"].status == "ok"


def test_what_was_given_up_before_the_start_is_no_news(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db", Limits(rows=1))
    queue.outbox.append([press()])
    queue.outbox.append([health()])
    queue.outbox.close()
    assert Queue(tmp_path / "outbox.db").look()["queue_depth"].status == "ok"


def test_a_damaged_queue_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox.db").write_bytes(b"damaged" * 1000)
    found = Queue(tmp_path / "outbox.db").look()["queue_depth"]
    assert found.status == "warning"
    assert "damaged" in found.detail


def test_a_queue_that_cannot_be_used_is_a_failure(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db")
    queue.outbox.close()
    assert queue.look()["queue_depth"].status == "failure"


def test_the_newest_fact_about_a_panel_counts() -> None:
    panels = PanelHealth()
    panels.note(PanelFact("desk", "unplugged", "No device is plugged in."))
    panels.note(PanelFact("exit", "connected"))
    assert panels() == [
        Finding("panel:desk", "failure", 0, "bounces", "No device is plugged in."),
        Finding("panel:exit", "ok", 0, "bounces", ""),
    ]
    panels.note(PanelFact("desk", "connected"))
    assert panels()[0].status == "ok"


def test_bounces_are_counted_by_panel() -> None:
    panels = PanelHealth()
    panels.note(PanelFact("desk", "connected"))
    panels.note(PanelFact("exit", "connected"))
    for panel in ("desk", "desk", "exit"):
        panels.count_bounce(panel)
    assert [finding.value for finding in panels()] == [2, 1]


def test_a_storm_is_told_once_and_then_that_it_is_over() -> None:
    panels = PanelHealth()
    panels.note_storm("desk")
    assert [(f.check, f.status) for f in panels()] == [("storm:desk", "warning")]
    assert [(f.check, f.status) for f in panels()] == [("storm:desk", "ok")]


def test_dropped_events_are_over_with_the_next_press() -> None:
    panels = PanelHealth()
    panels.note(PanelFact("desk", "dropped", "The kernel dropped events."))
    assert panels()[0].status == "warning"
    panels.heard("desk")
    assert panels()[0] == Finding("panel:desk", "ok", 0, "bounces", "")


class Watched:
    """A desk and an exit, looked at by the hour."""

    def __init__(self) -> None:
        self.clock = HeldTerminalClock()
        self.panels = PanelHealth()
        self.staffed = True
        self._check = SilenceCheck(self.panels, self.clock, lambda: self.staffed)
        for panel in ("desk", "exit"):
            self.panels.note(PanelFact(panel, "connected"))
        self._check()

    def after(self, hours: float) -> dict[str, str]:
        self.clock.move(s=hours * 3600)
        return {finding.check: finding.status for finding in self._check()}


def test_a_panel_without_a_press_through_a_working_day_is_silent() -> None:
    watched = Watched()
    assert watched.after(7.9) == {"silence:desk": "ok", "silence:exit": "ok"}
    watched.panels.heard("exit")
    assert watched.after(0.1) == {"silence:desk": "warning", "silence:exit": "ok"}
    watched.panels.heard("desk")
    assert watched.after(0.1)["silence:desk"] == "ok"


def test_nights_and_holidays_are_no_silence_but_a_week_is() -> None:
    watched = Watched()
    watched.staffed = False
    assert watched.after(7 * 24 - 1)["silence:desk"] == "ok"
    assert watched.after(1)["silence:desk"] == "warning"


def test_an_unplugged_panel_is_not_silent_too() -> None:
    watched = Watched()
    watched.panels.note(PanelFact("desk", "unplugged", "Gone."))
    assert watched.after(100) == {"silence:exit": "warning"}


@pytest.mark.parametrize("panel", [ALL_PANELS, "port usb-0:1.2", "serial Ж/1", "x" * 300, ""])
def test_any_hardware_can_be_named_in_a_message(panel: str) -> None:
    panels = PanelHealth()
    panels.note(PanelFact(panel, "unbound", "A device that could be a panel."))
    panels.note_storm(panel)
    for finding in panels():
        health_fields = {"check": finding.check, "status": finding.status}
        draft = health()
        draft.fields.update(health_fields)
        assert draft.kind(device=DEVICE, epoch=1, sequence=1, time=draft.time, **draft.fields)
