"""Each job is judged alone and done once, whatever is retained and however often the terminal starts anew."""

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contract.jobs import Job
from contract.messages import JobReported, Stamp
from edge.fleet.jobs.handling import Report
from edge.fleet.jobs.jobs import Jobs
from edge.fleet.jobs.memory import REMEMBERED_ENDS, Begun, JobMemory
from edge.outbox import Draft, NotStored, Stored
from tests.edge.drafts import NOON_MS, HeldTerminalClock
from tests.fakes.waiting import eventually

LATER_MS = NOON_MS + 3_600_000


def command(name: str, kind: str = "restart", until_ms: int = LATER_MS) -> dict[str, Any]:
    return {"job": name, "until_ms": until_ms, "kind": kind}


def document(*jobs: Any, version: int = 1) -> bytes:
    return json.dumps({"version": version, "jobs": list(jobs)}).encode()


class CountingClock(HeldTerminalClock):
    """Knows how often it was looked at."""

    asked = 0

    def stamp(self, at_ns: int | None = None) -> Stamp:
        self.asked += 1
        return super().stamp(at_ns)


class Doing:
    """Does jobs by noting them; `how` is what happens at the beginning."""

    def __init__(self, how: Callable[[Job, Report], None]) -> None:
        self._how = how
        self.begun: list[str] = []
        self.resumed: list[str] = []
        self.taken_back: list[str] = []

    def begin(self, job: Job, report: Report) -> None:
        self.begun.append(job.job)
        self._how(job, report)

    def resume(self, begun: Begun, report: Report) -> None:
        self.resumed.append(begun.job.job)
        report("done", "resumed")

    def take_back(self, job: str) -> None:
        self.taken_back.append(job)


def at_once(_job: Job, report: Report) -> None:
    report("done", "ready")


def under_way(_job: Job, report: Report) -> None:
    report("running", "working")


class Run:
    """One run of the agent on a folder."""

    def __init__(self, folder: Path, how: Callable[[Job, Report], None] = at_once) -> None:
        self.doing = Doing(how)
        self.said: list[tuple[str, str, str]] = []
        self.reasons: list[str] = []
        self.is_full = False
        memory = JobMemory(folder / "jobs.json")
        self.clock = CountingClock()
        self.jobs = Jobs(memory, self.clock, {"restart": self.doing}, say_again_s=0.05)
        self.jobs.start(self._submit)

    def hears(self, payload: bytes, *expected: tuple[str, str, str]) -> None:
        """The document arrives, and this is what is said from then on."""
        before = len(self.said)
        self.jobs.take(payload)
        eventually(lambda: len(self.said) - before >= len(expected))
        self.settle()
        assert self.said[before:] == list(expected)

    def settle(self) -> None:
        """Until everything that has arrived has been judged."""
        sentinel = command(f"settle-{uuid4()}", "reboot")
        self.jobs.take(document(sentinel))
        eventually(lambda: any(job == sentinel["job"] for job, _, _ in self.said))
        self.said = [one for one in self.said if one[0] != sentinel["job"]]

    def end(self) -> None:
        self.jobs.stop()

    def _submit(self, drafts: list[Draft]) -> "Future[list[Stored]]":
        done: Future[list[Stored]] = Future()
        if self.is_full:
            done.set_exception(NotStored("full"))
            return done
        for draft in drafts:
            message = JobReported(
                device="hall-1", epoch=1, sequence=1, time=draft.time, **draft.fields
            )
            self.said.append((message.job, message.outcome, message.step))
            self.reasons.append(message.reason)
        done.set_result([])
        return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_malformed_job_is_rejected_and_the_next_one_is_done(folder: Path) -> None:
    run = Run(folder)
    bad = {"job": "bad", "until_ms": "soon", "kind": "restart"}
    run.hears(
        document(bad, command("good")),
        ("bad", "rejected", "document"),
        ("good", "done", "ready"),
    )
    assert "until_ms" in run.reasons[0]
    assert "soon" not in run.reasons[0]
    run.hears(document(bad, command("good"), version=2))
    run.end()


@pytest.mark.parametrize(
    ("given", "name", "reason"),
    [
        (7, "unreadable", "job"),
        ({"until_ms": 1, "kind": "restart"}, "unreadable", "job"),
        ({"job": "with a blank", "until_ms": 1, "kind": "restart"}, "unreadable", "job"),
        ({"job": "j", "until_ms": 1, "kind": "dance"}, "j", "kind"),
        ({"job": "j", "until_ms": -1, "kind": "restart"}, "j", "until_ms"),
        ({"job": "j", "until_ms": 1, "kind": "update"}, "j", "release"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(folder: Path, given: Any, name: str, reason: str) -> None:
    run = Run(folder)
    run.hears(document(given), (name, "rejected", "document"))
    assert run.reasons[0].split(":")[0] == reason
    run.end()


def test_a_document_that_is_none_is_rejected_once_and_the_next_is_read(folder: Path) -> None:
    run = Run(folder)
    run.hears(b"{]", ("unreadable", "rejected", "document"))
    run.hears(b"{]")
    run.hears(
        document(*[command(f"j{n}") for n in range(51)]), ("unreadable", "rejected", "document")
    )
    run.hears(document(command("one")), ("one", "done", "ready"))
    run.end()


def test_what_this_terminal_cannot_do_and_what_comes_too_late(folder: Path) -> None:
    run = Run(folder)
    run.hears(document(command("photo", "screenshot")), ("photo", "rejected", "kind"))
    run.hears(document(command("old", until_ms=NOON_MS - 1)), ("old", "rejected", "late"))
    run.clock.synchronised = False
    run.hears(document(command("perhaps", until_ms=NOON_MS - 1)), ("perhaps", "done", "ready"))
    assert run.doing.begun == ["perhaps"]
    run.end()


def test_a_retained_job_is_done_once(folder: Path) -> None:
    for expected in (1, 0, 0):
        run = Run(folder)
        run.jobs.take(document(command("one")))
        run.jobs.take(document(command("one")))
        run.settle()
        assert len(run.doing.begun) == expected
        assert run.said == [("one", "done", "ready")], (
            "said again by a new run: the last may not have"
        )
        run.end()


def test_what_a_reboot_has_cut_off_is_gone_on_with_and_not_begun_anew(folder: Path) -> None:
    first = Run(folder, under_way)
    first.hears(document(command("one")), ("one", "running", "working"))
    first.end()
    second = Run(folder)
    eventually(lambda: second.said == [("one", "done", "resumed")])
    second.hears(document(command("one")))
    assert (second.doing.begun, second.doing.resumed) == ([], ["one"])
    second.end()
    third = Run(folder)
    third.hears(document(command("one")), ("one", "done", "resumed"))
    assert third.doing.resumed == []
    third.end()


def test_a_handler_that_fails_fails_its_own_job_alone(folder: Path) -> None:
    def fail(job: Job, report: Report) -> None:
        if job.job == "bad":
            raise RuntimeError("+34600123456")
        report("done", "ready")

    run = Run(folder, fail)
    run.hears(
        document(command("bad"), command("good")),
        ("bad", "failed", "error"),
        ("good", "done", "ready"),
    )
    assert run.reasons[0] == "RuntimeError"
    run.end()


def test_what_is_asked_for_no_more_is_taken_back(folder: Path) -> None:
    run = Run(folder, under_way)
    run.hears(
        document(command("one"), command("two")),
        *[(n, "running", "working") for n in ("one", "two")],
    )
    eventually(lambda: set(run.doing.taken_back) == {"one", "two"})  # `settle` asks for neither
    run.end()


def test_an_end_that_found_no_room_is_said_later(folder: Path) -> None:
    run = Run(folder)
    run.is_full = True
    run.jobs.take(document(command("one")))
    eventually(lambda: run.doing.begun)
    run.is_full = False
    eventually(lambda: run.said == [("one", "done", "ready")])
    run.end()


def test_what_cannot_be_remembered_is_begun_later(folder: Path) -> None:
    def look(job: Job, report: Report) -> None:
        assert job.job in (folder / "jobs.json").read_text()
        report("done", "ready")

    run = Run(folder, look)
    (folder / "jobs.json.new").mkdir()
    run.jobs.take(document(command("one")))
    run.jobs.take(document(command("two"), command("one")))
    eventually(lambda: run.clock.asked > 4)
    (folder / "jobs.json.new").rmdir()
    eventually(lambda: run.said == [("two", "done", "ready"), ("one", "done", "ready")])
    run.end()


def test_an_empty_payload_takes_nothing_back(folder: Path) -> None:
    run = Run(folder, under_way)
    run.jobs.take(document(command("one")))
    run.jobs.take(b"")
    eventually(lambda: run.said)
    assert run.doing.taken_back == []
    run.end()


def test_ends_are_remembered_for_longer_than_a_document_can_name_them(folder: Path) -> None:
    memory = JobMemory(folder / "jobs.json")
    run = Run(folder)
    for first in range(0, REMEMBERED_ENDS, 50):
        names = [f"j{number}" for number in range(first, first + 50)]
        run.jobs.take(document(*[command(name) for name in names]))
    eventually(lambda: len(run.said) == REMEMBERED_ENDS)
    run.end()
    memory = JobMemory(folder / "jobs.json")
    assert memory.end("j0") is not None
    assert memory.begun == {}


def test_an_unreadable_memory_is_put_aside(folder: Path) -> None:
    (folder / "jobs.json").write_bytes(b"\x00" * 40)
    run = Run(folder)
    run.hears(document(command("one")), ("one", "done", "ready"))
    assert (folder / "jobs.unreadable").exists()
    run.end()


def test_words_that_no_message_can_hold_do_not_stop_a_report(folder: Path) -> None:
    def fail(_job: Job, report: Report) -> None:
        report("failed", "ready", "\x1b[31m \ud800\x00 no room\n" + "x" * 9000, "1.0+local build")

    run = Run(folder, fail)
    run.hears(document(command("a")), ("a", "failed", "ready"))
    assert run.reasons[0].startswith("?[31m ?? no room\nxx")
    run.end()


def test_one_handler_that_fails_does_not_keep_the_next_document_from_being_read(
    folder: Path,
) -> None:
    run = Run(folder, under_way)

    def fail(_job: str) -> None:
        raise RuntimeError

    run.doing.take_back = fail  # type: ignore[method-assign]
    run.hears(document(command("a")), ("a", "running", "working"))
    run.hears(document(command("b")), ("b", "running", "working"))
    run.end()


def test_a_job_that_only_a_newer_version_knew_has_failed_and_nothing_else_is_forgotten(
    folder: Path,
) -> None:
    run = Run(folder)
    run.hears(document(command("a")), ("a", "done", "ready"))
    run.end()
    path = folder / "jobs.json"
    kept = json.loads(path.read_bytes())
    kept["begun"]["n"] = {"job": command("n", "calibrate"), "boot_id": "b"}
    path.write_text(json.dumps(kept))
    memory = JobMemory(path)
    assert memory.begun == {}
    said = memory.end("n")
    assert said is not None
    assert (said.outcome, said.step) == ("failed", "resume")
    again = Run(folder)
    again.hears(
        document(command("a"), command("b")), ("a", "done", "ready"), ("b", "done", "ready")
    )
    assert again.doing.begun == ["b"]
    again.end()
