"""What is asked of the updater comes to an end that is said, even if it never began."""

from pathlib import Path

from contract.jobs import UpdateJob
from contract.messages.envelope import MAX_INT
from edge.fleet.updates.record import RecordFile
from edge.outbox import Outbox
from tests.fakes.waiting import eventually
from tests.system.fleet.killed_steps import World, storing, updater_of


def test_a_job_that_is_taken_back_before_it_is_looked_at_ends(tmp_path: Path) -> None:
    world = World(tmp_path, tmp_path / "no-repository", b"", "2.0", is_good=True)
    record, outbox = RecordFile(tmp_path), Outbox(tmp_path / "outbox.db", "desk-1")
    updater = updater_of(world, "1.0-first", record, outbox, lambda: None)
    job = UpdateJob(job="j", until_ms=MAX_INT, kind="update", release="2.0", channel="stable")
    said: list[tuple[str, str]] = []

    def report(outcome: str, step: str, reason: str = "", release: str | None = None) -> None:
        said.append((outcome, step))

    updater.begin(job, report)
    updater.take_back("j")
    updater.start(storing(outbox))
    eventually(lambda: said)
    updater.stop()
    outbox.close()
    assert said == [("failed", "taken-back")]
    assert record.now.underway is None
