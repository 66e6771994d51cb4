"""What stops a rollout and what people do to it; on SQLite, the other database is asked in `test_rollouts`."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from contract.jobs import UpdateJob, read
from contract.strict_json import parse_json
from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.timeseries.points import LEVELS, Point, Series
from hub.fleet.job_tables import DeviceJob
from hub.fleet.repository.repository import Release
from hub.fleet.rollouts import maintenance, steering
from hub.fleet.rollouts.schemas import DayWindow, GroupTerms, NewRollout
from hub.fleet.series import PRESSES
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.fleet.rollouts.fleet import CANARIES, NEW, OLD, REST, Fleet

OPERATOR_OF_NORTH = Scope(
    "clinic", grants=frozenset({Grant("north", Role.FLEET)}), actor="account/7"
)
ALONE = GroupTerms(percent=100, success_percent=100, soak_minutes=0, silence_minutes=60)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def steer(clinic: Clinic, act: Callable[..., Any], *rest: Any, **named: Any) -> Any:
    with clinic.workplace.begin() as work:
        return act(work, WHOLE, *rest, **named)


def test_installed_but_never_confirmed_is_a_failure(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(1, [GroupTerms(silence_minutes=60, least=1), REST])
    fleet.look()
    fleet.report(["t-01"], "done")
    fleet.look(minutes=59)
    assert fleet.now(name).state == "running"
    fleet.look(minutes=1)
    assert (fleet.now(name).state, fleet.parts(name)["t-01"].reason) == ("paused", "silent")
    assert fleet.told() == ["t-01"]


def test_who_resumes_passes_over_what_failed(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 4)
    name = fleet.rollout(2, [GroupTerms(success_percent=100, soak_minutes=0, least=1), REST])
    fleet.look()
    fleet.report(["t-01"], "rejected", OLD, reason="hardware")
    fleet.look(minutes=1)
    assert fleet.now(name).state == "paused"
    steer(clinic, steering.resume, name, "fleet")
    assert len(fleet.jobs_of("t-02")) == 2, "it was taken back, and is asked again"
    fleet.take(["t-02"])
    fleet.look(minutes=1)
    assert fleet.now(name).state == "running"
    assert fleet.told() == fleet.names
    fleet.report(["t-03"], "failed", OLD)
    fleet.report(["t-04"], "failed", OLD)
    fleet.look(minutes=1)
    assert (fleet.now(name).state, fleet.now(name).reason_group) == ("paused", 1)


def test_a_group_waits_for_whoever_approves_it(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    asks = GroupTerms(percent=100, needs_approval=True)
    name = fleet.rollout(1, [GroupTerms(soak_minutes=0), asks])
    fleet.look()
    fleet.take(["t-01"])
    fleet.look(hours=10)
    assert fleet.told() == ["t-01"]
    steer(clinic, steering.approve, name, 1, "anna")
    fleet.look(minutes=1)
    assert fleet.told() == fleet.names
    group = fleet.now(name).groups[1]
    assert (group.approved_by, group.begun_ms is not None) == ("anna", True)
    with pytest.raises(Conflict):
        steer(clinic, steering.approve, name, 1, "anna")


def test_pause_resume_and_abort(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(0, [ALONE])
    fleet.look()
    steer(clinic, steering.pause, name, "anna")
    assert [job.closed for job in fleet.jobs_of("t-01")] == ["taken_back"]
    fleet.look(hours=5)
    assert fleet.now(name).groups[0].standings["waiting"] == 2, "nobody fails by being left alone"
    steer(clinic, steering.resume, name, "anna")
    fleet.report(["t-01"], "running")
    fleet.look(minutes=1)
    steer(clinic, steering.abort, name, "anna")
    assert {j.closed for j in fleet.jobs_of("t-02")} == {"taken_back"}
    assert fleet.jobs_of("t-01")[0].closed is None, "what was begun is finished"
    for act in (steering.pause, steering.resume, steering.abort):
        with pytest.raises(Conflict):
            steer(clinic, act, name, "anna")
    fleet.take(["t-01"])
    fleet.look(minutes=1)
    assert fleet.parts(name)["t-01"].standing == "confirmed"
    assert fleet.rollout(0, [ALONE]) != name, "its terminals are free for another"


def test_a_group_goes_back_to_the_version_before(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(1)
    fleet.look()
    fleet.take(["t-01"])
    fleet.look(minutes=1)
    with pytest.raises(Conflict, match=r"1\.0"):
        steer(clinic, steering.return_group, name, 0, by="anna", find=lambda _version: None)
    old = Release("canary", OLD, {})
    found = {OLD: old}.get
    assert steer(clinic, steering.return_group, name, 0, by="anna", find=found) == 1
    assert fleet.now(name).state == "paused"
    with clinic.workplace.read() as work:
        row = work.session.get(DeviceJob, fleet.jobs_of("t-01")[0].id)
        assert row is not None
        job = read(parse_json(row.document.encode()))
    assert isinstance(job, UpdateJob)
    assert (job.release, job.channel) == (OLD, "canary")
    fleet.take(["t-01"], OLD)
    fleet.say_state(["t-01"], OLD, instance=3)
    fleet.look(minutes=1)
    assert fleet.parts(name)["t-01"].back_standing == "confirmed"
    with pytest.raises(Conflict, match="went back"):
        steer(clinic, steering.resume, name, "anna")
    with pytest.raises(Conflict):
        steer(clinic, steering.return_group, name, 1, by="anna", find=found)


def test_a_blank_screen_pauses(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 12)
    name = fleet.rollout(10)
    fleet.look()
    fleet.take(fleet.names[:10])
    fleet.look(minutes=1)
    blank = fleet.terminals["t-04"].health(check="screen", status="failure")
    clinic.inbox.store([blank])
    fleet.look(minutes=1)
    assert fleet.now(name).state == "running"
    fleet.look(minutes=1)
    assert (fleet.now(name).state, fleet.now(name).reason) == ("paused", "blank_screen")
    steer(clinic, steering.resume, name, "anna")
    fleet.look(minutes=61)
    assert fleet.now(name).state == "running", "a person has seen it"


def test_what_failed_before_is_no_fault_of_the_release(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 1)
    clinic.inbox.store([fleet.terminals["t-01"].health(check="screen", status="failure")])
    name = fleet.rollout(0, [ALONE])
    fleet.look(hours=1)
    fleet.take(["t-01"])
    fleet.look(minutes=10)
    assert fleet.now(name).state == "done"


def test_a_gap_in_the_ledger_pauses(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(1)
    fleet.look()
    fleet.take(["t-01"])
    fleet.look(minutes=1)
    fleet.say_state(["t-01"], NEW, instance=2, highest=7, pending=6)
    fleet.look(minutes=30)
    assert fleet.now(name).state == "running", "they wait on the terminal"
    fleet.say_state(["t-01"], NEW, instance=2, highest=7, pending=2)
    fleet.look(minutes=1)
    assert fleet.now(name).state == "running", "some may be on their way"
    fleet.look(minutes=10)
    assert (fleet.now(name).state, fleet.now(name).reason) == ("paused", "ledger_gap")


def test_fewer_answers_than_a_week_before_pause(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(1, [GroupTerms(soak_minutes=600), REST])
    fleet.look()
    fleet.take(["t-01"])
    fleet.look(minutes=1)
    hour = LEVELS[2]
    next_hour = -(-clinic.clock.now_ms() // hour.step_ms) * hour.step_ms
    series = Series(PRESSES, "clinic", "north", "t-01")
    week_before = next_hour - 7 * 24 * hour.step_ms
    clinic.series.write(hour, [Point(series, week_before, 30, 30.0, 1.0, 1.0)])
    clinic.series.write(hour, [Point(series, next_hour, 4, 4.0, 1.0, 1.0)])
    fleet.look(ms=next_hour + hour.step_ms - clinic.clock.now_ms())
    assert fleet.now(name).state == "running", "the hour may not be in the store yet"
    fleet.look(minutes=6)
    assert (fleet.now(name).state, fleet.now(name).reason) == ("paused", "fewer_answers")
    steer(clinic, steering.resume, name, "anna")
    fleet.look(minutes=1)
    assert fleet.now(name).state == "running"


def test_terminals_are_told_their_facilitys_hours(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    night = DayWindow(starts=22 * 60, ends=5 * 60, days=[0, 1, 2, 3, 4])
    with clinic.workplace.begin() as work:
        maintenance.set_windows(work, WHOLE, "north", [night], "anna")
        with pytest.raises(NotFound):
            maintenance.set_windows(work, WHOLE, "nowhere", [night], "anna")
    fleet.rollout(0, [ALONE])
    fleet.look()
    with clinic.workplace.read() as work:
        rows = work.session.exec(select(DeviceJob)).scalars().all()  # type: ignore[call-overload]
        jobs = {row.device: read(parse_json(row.document.encode())) for row in rows}
        assert maintenance.windows(work, WHOLE) == {"north": [night]}
    (window,) = jobs["t-01"].windows
    assert (window.zone, window.starts, window.days) == ("Europe/Madrid", 1320, [0, 1, 2, 3, 4])
    assert jobs["t-02"].windows == []


def test_a_moved_terminal_is_seen_where_it_is(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 2)
    name = fleet.rollout(0, [ALONE])
    clinic.enrol(type(fleet.terminals["t-01"].at)("clinic", "south", "t-01"))
    assert {part.facility for part in fleet.parts(name).values()} == {"south"}


@pytest.mark.parametrize("field", ["canaries", "first", "percents"])
def test_what_does_not_fit_together_is_refused(field: str) -> None:
    given: dict[str, Any] = {
        "release": NEW, "channel": "stable", "devices": ["a", "b"], "groups": [CANARIES, REST],
        "canaries": ["a"],
    }  # fmt: skip
    NewRollout.model_validate(given)
    wrong = {
        "canaries": {"canaries": ["c"]},
        "first": {"canaries": []},
        "percents": {"groups": [CANARIES, ALONE.model_copy(update={"percent": 50})]},
    }
    with pytest.raises(ValueError, match=r"canaries|percent"):
        NewRollout.model_validate(given | wrong[field])
