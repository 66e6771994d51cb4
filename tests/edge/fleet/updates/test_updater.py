"""What is asked of the updater comes to an end that is said, even if it never began."""

import json
import socket
from pathlib import Path

from contract.jobs import UpdateJob
from contract.messages.envelope import MAX_INT
from edge.fleet.updates.assembly import make_sharing
from edge.fleet.updates.record import Record, RecordFile, Underway
from edge.fleet.updates.store import WheelStore
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


def test_what_cannot_be_read_of_a_record_is_forgotten_alone(tmp_path: Path) -> None:
    """A version that was gone back to meets the record of a newer one."""
    written = Record(good="1-a", bad={"2-b": "x"}, security_floor="1.1", time_floor_ms=7)
    newer = written.model_dump() | {"underway": {"step": "dreaming"}, "trial": 3, "novel": True}
    (tmp_path / "updates.json").write_text(json.dumps(newer))
    assert RecordFile(tmp_path).now.model_dump() == {**written.model_dump(), "novel": True}
    (tmp_path / "updates.json").write_bytes(b"\x00" * 20)
    assert RecordFile(tmp_path).now == Record()


def test_a_port_that_is_taken_is_no_reason_not_to_start(tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        assert make_sharing(WheelStore(tmp_path), port) is None
    lending = make_sharing(WheelStore(tmp_path), 0)
    assert lending is not None
    lending.stop()


def test_another_version_judges_anew_what_it_goes_on_with(tmp_path: Path) -> None:
    world = World(tmp_path, tmp_path / "no-repository", b"", "2.0", is_good=True)
    record, outbox = RecordFile(tmp_path), Outbox(tmp_path / "outbox.db", "desk-1")
    job = UpdateJob(job="j", until_ms=MAX_INT, kind="update", release="2.0", channel="stable")
    record.change(underway=Underway(job=job, step="installing", judged_by="1.5-newer"))
    updater = updater_of(world, "1.0-first", record, outbox, lambda: None)
    updater.start(storing(outbox))
    eventually(lambda: record.now.underway is None or record.now.underway.step == "judging")
    updater.stop()
    outbox.close()
