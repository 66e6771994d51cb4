"""The checks one by one: what they find, when it is a warning, and a sentence for whoever mends it."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.port import ALL_PANELS, PanelFact
from edge.fleet.health.card import check_card, judged, read_card
from edge.fleet.health.clock import check_clock
from edge.fleet.health.disk import check_disk
from edge.fleet.health.finding import Finding, Limits
from edge.fleet.health.glass import GlassHealth
from edge.fleet.health.link import LinkHealth
from edge.fleet.health.memory import check_memory
from edge.fleet.health.panels import PanelHealth
from edge.fleet.health.power import check_power
from edge.fleet.health.queue import DROPPED_LATELY_S, QueueCheck
from edge.fleet.health.settings import HealthSettings
from edge.fleet.health.silence import SilenceCheck
from edge.fleet.health.temperature import ZONE, check_temperature
from edge.outbox import Limits as OutboxLimits
from edge.outbox import Outbox
from tests.edge.drafts import DEVICE, HeldTerminalClock, health, press

LIMITS = HealthSettings()


def test_the_clock_is_judged_by_whether_it_was_set_and_how_far_it_is_off() -> None:
    clock = HeldTerminalClock()
    seen = []
    for off_ms in (0, -499.9, 500, -59_999, 60_000):
        clock.off_ms = off_ms
        (found,) = check_clock(clock, LIMITS.clock_offset_ms)
        seen.append((found.status, found.reason))
        assert (found.value, found.unit) == (off_ms, "ms")
    assert seen == [("ok", "")] * 2 + [("warning", "off")] * 2 + [("failure", "off")]
    clock.synchronised = False
    (found,) = check_clock(clock, LIMITS.clock_offset_ms)
    assert (found.status, found.value, found.reason) == ("warning", None, "unset")
    assert found.detail


def test_the_disk_is_measured(tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    (found,) = check_disk(tmp_path, LIMITS.disk_free_percent)
    assert found.unit == "%"
    assert found.value == pytest.approx(usage.free / usage.total * 100, abs=1)
    assert (found.status == "ok") == (found.detail == "")
    (found,) = check_disk(tmp_path, Limits(warning=100, failure=0))
    assert (found.status, found.reason) == ("warning", "full")


def test_a_disk_that_has_gone_is_a_finding(tmp_path: Path) -> None:
    (found,) = check_disk(tmp_path / "gone", LIMITS.disk_free_percent)
    assert (found.status, found.detail) == (
        "failure",
        "The disk cannot be looked at: No such file or directory.",
    )


@given(limits=st.tuples(st.integers(-50, 50), st.integers(-50, 50)), value=st.integers(-60, 60))
def test_limits_bind_towards_the_worse(limits: tuple[int, int], value: int) -> None:
    warning, failure = limits
    found = Limits(warning=warning, failure=failure).status(value)
    worse = value >= failure if failure >= warning else value <= failure
    bad = value >= warning if failure >= warning else value <= warning
    assert found == ("failure" if worse else "warning" if bad else "ok")


def written(root: Path, files: dict[str, str]) -> Path:
    """A folder like `/sys` or `/proc`, with these files in it."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


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
    sys = written(tmp_path, {ZONE: millidegrees})
    (found,) = check_temperature(sys, LIMITS.temperature_c)
    assert (found.status, found.unit, bool(found.detail)) == (status, "°C", status != "ok")
    assert found.value == round(int(millidegrees) / 1000, 1)


def test_a_machine_that_says_nothing_has_no_findings(tmp_path: Path) -> None:
    sys = written(tmp_path, {ZONE: "hot", "class/hwmon/hwmon0/name": "cpu"})
    assert check_temperature(sys, LIMITS.temperature_c) == []
    assert check_power(sys) == []
    assert check_memory(sys, LIMITS.memory_available_percent) == []
    assert card_of(sys / "block/sda/sda1") == []


@pytest.mark.parametrize(
    ("flags", "status", "reason"),
    [
        ("0", "ok", ""),
        ("50005\n", "failure", "under_voltage"),
        ("0x1", "failure", "under_voltage"),
        ("e000e", "warning", "throttled"),
        ("50000", "warning", "under_voltage_before"),
        ("e0000", "ok", ""),
    ],
)
def test_the_firmware_says_whether_power_is_enough(
    tmp_path: Path, flags: str, status: str, reason: str
) -> None:
    file = "devices/platform/soc/soc:firmware/get_throttled"
    (found,) = check_power(written(tmp_path, {file: flags}))
    assert (found.status, found.reason, bool(found.detail)) == (status, reason, bool(reason))


def test_without_the_firmwares_word_the_alarm_of_the_voltage_counts(tmp_path: Path) -> None:
    sensor = "class/hwmon/hwmon1"
    sys = written(tmp_path, {f"{sensor}/name": "rpi_volt\n", f"{sensor}/in0_lcrit_alarm": "0\n"})
    assert [found.status for found in check_power(sys)] == ["ok"]
    written(tmp_path, {f"{sensor}/in0_lcrit_alarm": "1\n"})
    assert [found.reason for found in check_power(sys)] == ["under_voltage"]


@pytest.mark.parametrize(
    ("available_kb", "status"), [(400_000, "ok"), (120_000, "warning"), (49_000, "failure")]
)
def test_memory_is_judged_by_what_could_still_be_had(
    tmp_path: Path, available_kb: int, status: str
) -> None:
    lines = f"MemTotal:  1000000 kB\nMemFree: 10 kB\nMemAvailable:   {available_kb} kB\n"
    (found,) = check_memory(written(tmp_path, {"meminfo": lines}), LIMITS.memory_available_percent)
    assert (found.status, found.value) == (status, available_kb / 10_000)


def card_of(partition: Path, **files: str) -> list[Finding]:
    """What is found of a card whose partition has these files of ext4, in a folder like `/sys`."""
    sys = partition.parents[2]
    written(sys, {f"fs/ext4/{partition.name}/{name}": text for name, text in files.items()})
    card = read_card(sys, partition)
    return judged(card, LIMITS.card_used_percent, LIMITS.card_overwritten)


@pytest.mark.parametrize(
    ("life_time", "pre_eol", "status", "value"),
    [
        ("0x01 0x01\n", "0x01\n", "ok", 10),
        ("0x08 0x02\n", "0x01\n", "warning", 80),
        ("0x02 0x0b\n", "0x01\n", "failure", 110),
        ("0x01 0x01\n", "0x02\n", "warning", 10),
        ("0x01 0x01\n", "0x03\n", "failure", 10),
    ],
)
def test_an_emmc_says_itself_how_worn_it_is(
    tmp_path: Path, life_time: str, pre_eol: str, status: str, value: int
) -> None:
    device = {"life_time": life_time, "pre_eol_info": pre_eol}
    written(tmp_path, {f"block/mmcblk0/device/{name}": text for name, text in device.items()})
    written(tmp_path, {"block/mmcblk0/mmcblk0p2/partition": "2\n"})
    (found,) = card_of(tmp_path / "block/mmcblk0/mmcblk0p2")
    assert (found.status, found.value, found.unit) == (status, value, "%")


@pytest.mark.parametrize(("terabytes", "status"), [(1, "ok"), (8, "warning"), (24, "failure")])
def test_a_card_in_a_slot_is_judged_by_what_was_written_to_it(
    tmp_path: Path, terabytes: int, status: str
) -> None:
    sectors = 16 * 10**9 // 512
    written(tmp_path, {"block/mmcblk0/size": f"{sectors}\n"})
    written(tmp_path, {"block/mmcblk0/mmcblk0p2/partition": "2\n"})
    lifetime = str(terabytes * 10**12 // 1024)
    (found,) = card_of(tmp_path / "block/mmcblk0/mmcblk0p2", lifetime_write_kbytes=lifetime)
    assert (found.status, found.unit) == (status, "times")
    assert found.value == pytest.approx(terabytes * 1000 / 16, abs=0.1)


def test_errors_of_the_file_system_are_worse_than_wear(tmp_path: Path) -> None:
    (found,) = card_of(tmp_path / "block/sda/sda1", errors_count="3\n")
    assert (found.status, found.reason) == ("failure", "errors")


def test_the_card_is_the_one_that_holds_the_folder(tmp_path: Path) -> None:
    sys, disk = tmp_path / "sys", "devices/emmc/block/mmcblk0"
    written(sys, {f"{disk}/device/life_time": "0x0b 0x01", f"{disk}/mmcblk0p2/partition": "2"})
    number = tmp_path.stat().st_dev
    link = sys / f"dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../../{disk}/mmcblk0p2")
    (found,) = check_card(sys, tmp_path, LIMITS.card_used_percent, LIMITS.card_overwritten)
    assert (found.status, found.reason) == ("failure", "worn")
    assert (
        check_card(sys, tmp_path / "gone", LIMITS.card_used_percent, LIMITS.card_overwritten) == []
    )


class Queue:
    """A small outbox, its clock and its check."""

    def __init__(self, path: Path, limits: OutboxLimits | None = None) -> None:
        self.outbox = Outbox(path, DEVICE, limits)
        self.clock = HeldTerminalClock()
        self._check = QueueCheck(self.outbox, self.clock, LIMITS.queue_age_s)

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
    for wait_s in (0, LIMITS.queue_age_s.warning - 1, 1, LIMITS.queue_age_s.failure):
        queue.clock.move(s=wait_s)
        found = queue.look()["queue_age"]
        seen.append(found.status)
        assert bool(found.detail) == (found.status != "ok")
    assert seen == ["ok", "ok", "warning", "failure"]


def test_an_empty_queue_does_not_age(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db")
    queue.look()
    queue.clock.move(s=LIMITS.queue_age_s.failure * 2)
    assert queue.look()["queue_age"].status == "ok"


def test_telemetry_given_up_is_a_warning_for_an_hour(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "outbox.db", OutboxLimits(rows=2))
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
    queue = Queue(tmp_path / "outbox.db", OutboxLimits(rows=1))
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
        Finding("panel:desk", "failure", 0, "bounces", "No device is plugged in.", "unplugged"),
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
        self.open = True
        self.glass = GlassHealth(self.clock, held_s=60)
        self._check = SilenceCheck((self.panels, self.glass), self.clock, lambda: self.open, LIMITS)
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
    watched.open = False
    assert watched.after(7 * 24 - 1)["silence:desk"] == "ok"
    assert watched.after(1)["silence:desk"] == "warning"


def test_an_unplugged_panel_is_not_silent_too() -> None:
    watched = Watched()
    watched.panels.note(PanelFact("desk", "unplugged", "Gone."))
    assert watched.after(100) == {"silence:exit": "warning"}


def test_the_glass_is_silent_like_a_panel_once_it_has_shown_something() -> None:
    watched = Watched()
    assert "silence:screen" not in watched.after(8)
    watched.glass.note_sign("painted", 0)
    assert watched.after(0)["silence:screen"] == "ok"
    assert watched.after(8)["silence:screen"] == "warning"
    watched.glass.note_touch()
    assert watched.after(1)["silence:screen"] == "ok"


def test_a_finger_that_never_goes_away_is_none() -> None:
    clock = HeldTerminalClock()
    glass = GlassHealth(clock, held_s=60)
    assert glass.glass() == []
    seen = []
    for down_ms in (0, 59_999, 60_000, 0):
        glass.note_sign("painted", down_ms)
        seen += [(finding.status, finding.reason) for finding in glass.glass()]
    assert seen == [("ok", ""), ("ok", ""), ("failure", "held"), ("ok", "")]


def test_why_a_page_shows_nothing_is_said() -> None:
    clock = HeldTerminalClock()
    glass = GlassHealth(clock, held_s=60)
    assert glass.page(0, 2) == Finding("screen", "ok", 2, "restarts")
    assert glass.page(30_000, 0).reason == "silent"
    for sign in ("blank", "frozen"):
        glass.note_sign(sign, 0)
        assert glass.page(30_000, 0).reason == sign
    clock.move(s=16)
    assert glass.page(40_000, 0).reason == "silent", "what it said long ago says nothing"


def link(clock: HeldTerminalClock) -> LinkHealth:
    return LinkHealth(clock, LIMITS.round_trip_ms, LIMITS.connections_per_hour)


def test_a_slow_broker_is_found_even_before_it_answers() -> None:
    clock = HeldTerminalClock()
    found = link(clock)
    assert [finding.check for finding in found()] == ["connection"]
    found.connected()
    found.asked()
    clock.move(s=0.2)
    found.answered()
    assert [(f.check, f.status, f.value) for f in found()] == [
        ("round_trip", "ok", 200),
        ("connection", "ok", 1),
    ]
    found.asked()
    seen = []
    for _ in range(3):
        clock.move(s=4)
        seen.append(found()[0].status)
    assert seen == ["warning", "warning", "failure"]
    found.answered()
    assert found()[0].value == 12_000
    found.lost()
    assert [finding.check for finding in found()] == ["connection"]


def test_a_connection_that_keeps_breaking_is_found_for_an_hour() -> None:
    clock = HeldTerminalClock()
    found = link(clock)
    seen = []
    for _ in range(13):
        found.connected()
        seen.append(found()[-1].status)
        found.lost()
        clock.move(s=60)
    assert seen == ["ok"] * 3 + ["warning"] * 8 + ["failure"] * 2
    clock.move(s=3600)
    assert (found()[-1].status, found()[-1].value) == ("ok", 0)


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
