"""Asking terminals for something: who may, what they are told, and what is made of what they report."""

from typing import Any

import pytest
from sqlalchemy import select

from contract.codec import read_document
from contract.jobs import CommandJob, OpenJobs, UpdateJob, read
from contract.messages import JobReported
from contract.topics import DeviceAddress, DeviceTopic
from hub.core.audit.tables import AuditEntry
from hub.core.errors import Conflict, Forbidden
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.fleet import service as fleet
from hub.fleet.bulk import BulkDenied, refusals_audited
from hub.fleet.events import DeviceEnrolled
from hub.fleet.jobs import service
from hub.fleet.jobs.events import JobEnded, JobProgressed, OpenJobsChanged
from hub.fleet.jobs.service import JobView
from hub.fleet.jobs.silence import UNDER_WAY_MS, UNHEARD_MS, end_silent
from hub.fleet.jobs.telling import JobsDownlink
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

MINUTE_MS = 60_000
OPERATOR_OF_NORTH = Scope(
    "clinic", grants=frozenset({Grant("north", Role.FLEET)}), actor="account/7"
)


class Fleet:
    """A clinic with a broker that keeps what is retained, and somebody who asks."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.retained: dict[str, OpenJobs] = {}
        self.news: list[tuple[str, str, str | None]] = []
        self.terminal = Terminal(clinic.clock)
        self.downlink = JobsDownlink(clinic.workplace)
        self.downlink.join(self._retain)
        listeners = clinic.listeners
        listeners.after(OpenJobsChanged, self.downlink.changed)
        listeners.after(DeviceEnrolled, self.downlink.enrolled)
        for kind in (JobProgressed, JobEnded):
            listeners.after(kind, self._hear)

    def ask(self, name: str = "one", scope: Scope = WHOLE, at: DeviceAddress = NORTH) -> None:
        with self.clinic.workplace.begin() as work:
            service.ask(work, scope, at.device, self.command(name))

    def command(self, name: str) -> CommandJob:
        until_ms = self.clinic.clock.now_ms() + MINUTE_MS
        return CommandJob(job=name, until_ms=until_ms, kind="restart")

    def report(self, outcome: str, name: str = "one", **fields: Any) -> None:
        fields = {"job": name, "outcome": outcome, "step": "restart", **fields}
        self.clinic.inbox.store([self.terminal.deliver(JobReported, **fields)])

    def job(self, name: str = "one") -> JobView:
        with self.clinic.workplace.read() as work:
            (found,) = service.jobs(work, WHOLE, names=[name])
        return found

    def asked(self, at: DeviceAddress = NORTH) -> list[str]:
        return [read(job).job for job in self.retained[f"{at}/job"].jobs]

    def end_silent(self) -> int:
        with self.clinic.workplace.begin() as work:
            return end_silent(work)

    def _retain(self, topic: DeviceTopic, payload: bytes) -> None:
        self.retained[str(topic)] = read_document(OpenJobs, payload)

    def _hear(self, event: JobProgressed | JobEnded) -> None:
        self.news.append((type(event).__name__, event.outcome, event.closed))


@pytest.fixture
def jobs(clinic: Clinic) -> Fleet:
    return Fleet(clinic)


def test_a_job_is_asked_for_until_its_end_is_reported(jobs: Fleet) -> None:
    jobs.ask()
    jobs.ask("two")
    first = jobs.retained[f"{NORTH}/job"].version
    assert jobs.asked() == ["one", "two"]
    jobs.report("running")
    assert jobs.asked() == ["one", "two"]
    jobs.report("done", release="2.0.0")
    assert jobs.asked() == ["two"]
    assert jobs.retained[f"{NORTH}/job"].version > first
    known = jobs.job()
    assert (known.outcome, known.closed, known.release) == ("done", "reported", "2.0.0")
    assert jobs.news == [("JobProgressed", "running", None), ("JobEnded", "done", "reported")]


def test_reports_may_be_late_twice_and_in_any_order(jobs: Fleet) -> None:
    jobs.ask()
    running = jobs.terminal.deliver(JobReported, job="one", outcome="running", step="fetch")
    waiting = jobs.terminal.deliver(JobReported, job="one", outcome="waiting", step="window")
    failed = jobs.terminal.deliver(JobReported, job="one", outcome="failed", step="install")
    jobs.clinic.inbox.store([waiting])
    jobs.clinic.inbox.store([running])
    assert jobs.job().step == "window"
    jobs.clinic.inbox.store([failed])
    jobs.clinic.inbox.store([failed, running, waiting])
    jobs.report("done")
    assert (jobs.job().outcome, jobs.job().step) == ("failed", "install")
    assert jobs.news == [("JobProgressed", "waiting", None), ("JobEnded", "failed", "reported")]


def test_two_reports_of_one_batch_are_taken_in_order(jobs: Fleet) -> None:
    jobs.ask()
    steps = [("running", "fetch"), ("done", "confirmed")]
    jobs.clinic.inbox.store(
        [jobs.terminal.deliver(JobReported, job="one", outcome=o, step=s) for o, s in steps]
    )
    assert (jobs.job().outcome, jobs.job().closed) == ("done", "reported")


def test_a_report_of_an_outbox_that_began_anew_counts_by_its_time(jobs: Fleet) -> None:
    jobs.ask()
    for _ in range(3):
        jobs.report("running", step="fetch")
    jobs.clinic.clock.move(hours=1)
    jobs.terminal = Terminal(jobs.clinic.clock, epoch=2)
    jobs.report("running", step="install")
    assert jobs.job().step == "install"


def test_a_stranger_s_and_an_unknown_job_s_reports_change_nothing(jobs: Fleet) -> None:
    jobs.ask()
    jobs.report("rejected", "unreadable", reason="jobs.0.kind: Field required")
    jobs.terminal = Terminal(jobs.clinic.clock, SOUTH)
    jobs.report("done")
    assert (jobs.job().outcome, jobs.news) == ("asked", [])
    with jobs.clinic.workplace.read() as work:
        (refused, _) = sorted(service.jobs(work, WHOLE), key=lambda job: job.kind != "unknown")
    assert (refused.device, refused.outcome, refused.closed) == ("desk-1", "rejected", "reported")
    assert refused.reason == "jobs.0.kind: Field required"


def test_what_is_taken_back_is_asked_for_no_more_but_may_have_been_done(jobs: Fleet) -> None:
    jobs.ask()
    with jobs.clinic.workplace.begin() as work:
        assert service.take_back(work, WHOLE, ["one", "never asked"]) == ["one"]
    with jobs.clinic.workplace.begin() as work:
        assert service.take_back(work, WHOLE, ["one"]) == []
    assert jobs.asked() == []
    jobs.report("done")
    assert (jobs.job().outcome, jobs.job().closed) == ("done", "taken_back")
    assert jobs.news == [
        ("JobEnded", "asked", "taken_back"),
        ("JobProgressed", "done", "taken_back"),
    ]


def test_asking_again_for_the_same_has_no_effect(jobs: Fleet) -> None:
    jobs.ask()
    told = jobs.retained[f"{NORTH}/job"]
    jobs.ask()
    assert jobs.retained[f"{NORTH}/job"] == told


def test_a_terminal_is_not_asked_for_more_than_its_document_holds(jobs: Fleet) -> None:
    for number in range(50):
        jobs.ask(f"j{number}")
    with pytest.raises(Conflict, match="too many"):
        jobs.ask("one-more")
    jobs.report("done", "j7")
    jobs.ask("one-more")
    assert len(jobs.asked()) == 50


def test_all_or_none_and_a_refusal_is_audited(jobs: Fleet) -> None:
    workplace = jobs.clinic.workplace
    both = {at.device: jobs.command(f"for-{at.device}") for at in (NORTH, SOUTH)}
    with (
        pytest.raises(BulkDenied),
        refusals_audited(workplace, OPERATOR_OF_NORTH, "job.ask") as work,
    ):
        service.ask_each(work, OPERATOR_OF_NORTH, both)
    assert jobs.retained == {}
    with workplace.read() as work:
        assert service.jobs(work, WHOLE) == []
        (entry,) = work.session.execute(
            select(AuditEntry).where(AuditEntry.action == "job.ask.denied")  # type: ignore[arg-type]
        ).scalars()
    assert (entry.actor, entry.detail) == ("account/7", '{"denied":1,"devices":"desk-2"}')
    jobs.ask(scope=OPERATOR_OF_NORTH)
    jobs.ask("theirs", at=SOUTH)
    with pytest.raises(BulkDenied), workplace.begin() as work:
        service.take_back(work, OPERATOR_OF_NORTH, ["one", "theirs"])
    assert jobs.asked() == ["one"]
    with workplace.read() as work:
        seen = service.jobs(work, OPERATOR_OF_NORTH)
    assert [job.id for job in seen] == ["one"]


def test_who_manages_no_device_asks_nothing(jobs: Fleet) -> None:
    viewer = Scope("clinic", grants=frozenset({Grant(None, Role.VIEWER)}))
    with pytest.raises(Forbidden):
        jobs.ask(scope=viewer)


def test_silence_ends_a_job(jobs: Fleet) -> None:
    jobs.ask()
    jobs.ask("heard")
    jobs.report("running", "heard")
    jobs.clinic.clock.move(ms=MINUTE_MS + UNHEARD_MS)
    assert jobs.end_silent() == 0
    jobs.clinic.clock.move(ms=1)
    assert jobs.end_silent() == 1
    assert (jobs.asked(), jobs.job().closed) == (["heard"], "silent")
    jobs.clinic.clock.move(ms=UNDER_WAY_MS)
    assert (jobs.end_silent(), jobs.end_silent(), jobs.asked()) == (1, 0, [])


def test_a_new_broker_is_told_everything(jobs: Fleet) -> None:
    jobs.ask()
    jobs.ask("theirs", at=SOUTH)
    jobs.report("done")
    told, jobs.retained = jobs.retained, {}
    jobs.downlink.tell_everybody()
    assert jobs.retained == told
    assert (jobs.asked(), jobs.asked(SOUTH)) == ([], ["theirs"])


def test_jobs_move_with_their_terminal(jobs: Fleet) -> None:
    jobs.ask()
    moved = DeviceAddress("clinic", "south", NORTH.device)
    with jobs.clinic.workplace.begin() as work:
        fleet.enrol(work, WHOLE, moved)
    assert jobs.asked(moved) == ["one"]
    assert jobs.job().facility == "south"


def test_an_update_is_told_as_it_was_asked_for(jobs: Fleet) -> None:
    windows = [{"zone": "Europe/Madrid", "starts": 1320, "ends": 300, "days": [0, 6]}]
    update = UpdateJob.model_validate(
        {
            "job": "u",
            "until_ms": jobs.clinic.clock.now_ms(),
            "kind": "update",
            "release": "2.0.0",
            "channel": "canary",
            "windows": windows,
            "bytes_per_s": 65536,
        }
    )
    with jobs.clinic.workplace.begin() as work:
        service.ask(work, WHOLE, "desk-1", update)
    assert [read(job) for job in jobs.retained[f"{NORTH}/job"].jobs] == [update]
