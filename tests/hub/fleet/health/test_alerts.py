"""Alerts as they are kept: raised by what terminals report, taken on by a person, ended by themselves."""

import pytest

from contract.jobs import UpdateJob, Window
from contract.topics import DeviceAddress
from hub.core.errors import Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.fleet import service as fleet
from hub.fleet.health.alerts import AlertView, acknowledge, alerts
from hub.fleet.health.keeping import SILENT_MS, HealthKeeper
from hub.fleet.health.standings import standings
from hub.fleet.health.troubles import Level
from hub.fleet.jobs.service import ask
from tests.fakes.clock import HeldClock
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

IN_SOUTH = Scope("clinic", grants=frozenset({Grant("south", Role.FLEET)}))
VIEWER = Scope("clinic", grants=frozenset({Grant(None, Role.VIEWER)}))


class Watched:
    """Two terminals that are connected, and the duties that look after them."""

    def __init__(self, clinic: Clinic, clock: HeldClock) -> None:
        self.clinic = clinic
        self.clock = clock
        self.terminal = Terminal(clock)
        self.keeper = HealthKeeper(clinic.workplace, lambda: ["clinic"], clock)
        clinic.inbox.store([self.terminal.state()])
        clinic.come_online(SOUTH)

    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)
        self.terminal.uptime_ms += minutes * 60_000

    def report(self, status: str, check: str = "camera", reason: str | None = "lost") -> None:
        said = {"check": check, "status": status, "reason": None if status == "ok" else reason}
        self.clinic.inbox.store([self.terminal.health(**said)])
        self.keeper.keep_alerts()

    def open(self, scope: Scope = WHOLE) -> list[AlertView]:
        with self.clinic.workplace.read() as work:
            return alerts(work, scope)

    def over(self) -> list[AlertView]:
        with self.clinic.workplace.read() as work:
            return alerts(work, WHOLE, ended=True)


@pytest.fixture
def watched(clinic: Clinic, clock: HeldClock) -> Watched:
    return Watched(clinic, clock)


def test_an_alert_from_its_cause_to_its_end(watched: Watched) -> None:
    watched.report("failure")
    watched.report("failure")
    (alert,) = watched.open()
    assert (alert.device, alert.check, alert.level, alert.reason, alert.times) == (
        NORTH.device, "camera", "failure", "lost", 1,
    )  # fmt: skip
    with watched.clinic.workplace.begin() as work:
        acknowledge(work, WHOLE, alert.id, "fleet")
        acknowledge(work, WHOLE, alert.id, "somebody later")
    watched.wait(minutes=2)
    watched.report("ok")
    assert watched.open() == []
    watched.wait(minutes=10)
    watched.report("failure", reason="black")
    (again,) = watched.open()
    assert (again.id, again.times, again.reason) == (alert.id, 2, "black")
    assert again.acknowledged_by == "fleet", "the same trouble, and somebody is at it"
    watched.report("ok")
    watched.wait(minutes=61)
    watched.report("failure")
    (anew,) = watched.open()
    assert (anew.id > alert.id, anew.acknowledged_by) == (True, None)
    assert [over.id for over in watched.over()] == [alert.id]


def test_a_warning_that_becomes_a_failure_is_news_to_whoever_took_it_on(watched: Watched) -> None:
    watched.report("warning", "temperature", "hot")
    assert watched.open() == [], "it has not lasted"
    watched.wait(minutes=10)
    watched.report("warning", "temperature", "hot")
    (alert,) = watched.open()
    with watched.clinic.workplace.begin() as work:
        acknowledge(work, WHOLE, alert.id, "fleet")
    watched.report("failure", "temperature", "hot")
    (worse,) = watched.open()
    assert (worse.id, worse.level, worse.acknowledged_by) == (alert.id, "failure", None)


def test_alerts_are_of_ones_own_facility_and_go_with_the_terminal(watched: Watched) -> None:
    watched.report("failure")
    (alert,) = watched.open()
    assert watched.open(IN_SOUTH) == []
    with watched.clinic.workplace.begin() as work:
        with pytest.raises(NotFound):
            acknowledge(work, IN_SOUTH, alert.id, "fleet")
        with pytest.raises(Forbidden):
            acknowledge(work, VIEWER, alert.id, "viewer")
        fleet.enrol(work, WHOLE, DeviceAddress("clinic", "south", NORTH.device))
    assert [a.id for a in watched.open(IN_SOUTH)] == [alert.id]


def test_who_falls_silent_without_a_word_is_gone_while_others_are_heard(watched: Watched) -> None:
    watched.clock.move(ms=SILENT_MS + 1)
    watched.keeper.note_silent()
    with watched.clinic.workplace.read() as work:
        assert all(view.online for view in fleet.devices(work, WHOLE)), "it is we who hear nobody"
    watched.clinic.come_online(SOUTH)
    watched.keeper.note_silent()
    watched.wait(minutes=3)
    watched.keeper.keep_alerts()
    with watched.clinic.workplace.read() as work:
        found = {view.device: view.online for view in fleet.devices(work, WHOLE)}
        levels = {standing.device.device: standing.level for standing in standings(work, WHOLE)}
    assert found == {NORTH.device: False, SOUTH.device: True}
    assert levels == {NORTH.device: Level.ACT, SOUTH.device: Level.WELL}
    assert [(alert.device, alert.check) for alert in watched.open()] == [(NORTH.device, "offline")]


def test_a_hub_that_has_just_begun_to_listen_says_of_nobody_that_they_are_gone(
    clinic: Clinic, clock: HeldClock
) -> None:
    for at in (NORTH, SOUTH):
        clinic.come_online(at)
    clock.move(ms=SILENT_MS * 2)
    clinic.come_online(SOUTH)
    HealthKeeper(clinic.workplace, lambda: ["clinic"], clock).note_silent()
    with clinic.workplace.read() as work:
        assert all(view.online for view in fleet.devices(work, WHOLE))


def test_a_clock_that_is_off_is_found_by_the_hub_and_well_again(watched: Watched) -> None:
    def found() -> list[tuple[str, str]]:
        with watched.clinic.workplace.read() as work:
            facts = fleet.health(work, WHOLE)
        return [(fact.check, fact.status) for fact in facts]

    terminal = watched.terminal
    seen = []
    for off_ms in (0, 9_000, -11_000, 130_000, 0):
        terminal.wall_off_ms = off_ms
        watched.wait(minutes=1)
        watched.clinic.inbox.store([terminal.state()])
        seen.append(found())
    known = [[("clock_offset", status)] for status in ("warning", "failure", "ok")]
    assert seen == [[], [], *known]


def test_a_fact_remembers_since_when_it_is_so(watched: Watched) -> None:
    watched.report("failure")
    watched.wait(minutes=5)
    watched.report("failure", reason="black")
    with watched.clinic.workplace.read() as work:
        (fact,) = fleet.health(work, WHOLE)
    assert fact.reason == "black"
    assert fact.since_ms is not None
    assert 5 * 60_000 <= fact.at_ms - fact.since_ms < 6 * 60_000


def test_a_terminal_that_is_well_waits_for_the_night_of_its_update(watched: Watched) -> None:
    night = Window(zone="Europe/Madrid", starts=23 * 60, ends=5 * 60, days=list(range(7)))
    late_ms = watched.clock.now_ms() + 24 * 3_600_000
    job = UpdateJob(
        kind="update", job="job-1", until_ms=late_ms, release="2.0", channel="stable",
        windows=[night],
    )  # fmt: skip
    with watched.clinic.workplace.begin() as work:
        ask(work, WHOLE, NORTH.device, job)
        found = {s.device.device: (s.level, s.waits_for_night) for s in standings(work, WHOLE)}
    assert found == {NORTH.device: (Level.WAITING, True), SOUTH.device: (Level.WELL, False)}
