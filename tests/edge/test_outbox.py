"""The queue: numbers, order, what gives way, and what is refused."""

import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract.codec import decode
from contract.messages import MessagesDropped
from edge.outbox import Draft, Limits, NotStored, Outbox, Stored
from tests.edge.drafts import DEVICE, PHONE, contact, health, photograph, press


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal" / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    opened = Outbox(path, DEVICE)
    yield opened
    opened.close()


def numbers(outbox: Outbox) -> list[int]:
    return [entry.sequence for entry in outbox.entries(0, 10_000)]


def types(outbox: Outbox) -> list[str]:
    return [entry.type for entry in outbox.entries(0, 10_000)]


class Numbered(RuleBasedStateMachine):
    """Append, confirm, fail, restart, in any order: the numbers have no gap and nothing unconfirmed goes."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.db"
        self.outbox = Outbox(self.path, DEVICE)
        self.minted = 0
        self.kept: set[int] = set()

    def teardown(self) -> None:
        self.outbox.close()
        self.folder.cleanup()

    @rule(presses=st.integers(1, 5), reports=st.integers(0, 3))
    def append(self, presses: int, reports: int) -> None:
        stored = self.outbox.append([press()] * presses + [health()] * reports)
        new = range(self.minted + 1, self.minted + presses + reports + 1)
        assert [one.sequence for one in stored] == list(new)
        self.minted += len(new)
        self.kept |= set(new)

    @rule(before=st.integers(0, 3))
    def append_what_is_no_message(self, before: int) -> None:
        with pytest.raises(ValueError, match="panel"):
            self.outbox.append([*[press()] * before, press(panel="")])

    @rule()
    def append_while_another_reads_the_file(self) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM entry").fetchone()
            self.append(1, 0)
            other.execute("ROLLBACK")

    @precondition(lambda self: self.minted)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        up_to = data.draw(st.integers(0, self.minted))
        bounds = st.integers(1, self.minted)
        also = data.draw(st.lists(st.tuples(bounds, bounds).map(sorted).map(tuple), max_size=2))
        freed = self.outbox.confirm(self.outbox.epoch, up_to, also)
        gone = {n for n in self.kept if n <= up_to or any(a <= n <= b for a, b in also)}
        assert len(freed) == len(gone)
        self.kept -= gone

    @rule()
    def confirm_another_epoch(self) -> None:
        assert self.outbox.confirm(self.outbox.epoch + 1, 10**6) == []

    @rule()
    def restart(self) -> None:
        epoch = self.outbox.epoch
        self.outbox.close()
        self.outbox = Outbox(self.path, DEVICE)
        assert (self.outbox.opened, self.outbox.epoch) == ("kept", epoch)

    @invariant()
    def what_is_not_confirmed_is_there_oldest_first(self) -> None:
        if hasattr(self, "outbox"):
            entries = self.outbox.entries(0, 10_000)
            assert [entry.sequence for entry in entries] == sorted(self.kept)
            assert [entry.position for entry in entries] == sorted(e.position for e in entries)
            depth = self.outbox.depth()
            assert (depth.rows, depth.highest) == (len(self.kept), self.minted)
            assert depth.bytes == sum(len(entry.payload) for entry in entries)


TestNumbered = Numbered.TestCase
TestNumbered.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_the_payload_says_the_number_that_was_given(outbox: Outbox) -> None:
    stored = outbox.append([press(button=7), health()])
    for entry, given in zip(outbox.entries(0, 10), stored, strict=True):
        message = decode(entry.type, entry.payload).message
        assert (message.device, message.epoch, message.sequence) == (
            DEVICE,
            given.epoch,
            given.sequence,
        )
        assert Stored(entry.epoch, entry.sequence, entry.position) == given


def test_entries_begin_behind_a_position_and_end_at_a_limit(outbox: Outbox) -> None:
    stored = outbox.append([press()] * 10)
    assert [e.sequence for e in outbox.entries(stored[3].position, 3)] == [5, 6, 7]
    assert outbox.entries(stored[-1].position, 3) == []


def test_every_transaction_is_synced_and_the_log_is_written_ahead(
    outbox: Outbox, path: Path
) -> None:
    connection = outbox._file._db  # the setting is the connection's own, nobody else can see it
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nobody_else_may_read_what_patients_said(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    outbox = Outbox(path, DEVICE)
    outbox.append([press()])
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (path.parent, *path.parent.iterdir())}
    outbox.close()
    assert modes.pop("terminal") == 0o700
    assert "outbox.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_a_shared_folder_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    Outbox(tmp_path / "outbox.db", DEVICE).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_what_reaches_a_person_is_not_on_the_disk_in_plain(outbox: Outbox, path: Path) -> None:
    outbox.append([contact(), press(panel="visible-panel")])
    (left, _) = outbox.entries(0, 10)
    assert PHONE.encode() in left.payload, "the uplink sends it as it is"
    outbox.close()
    written = path.read_bytes()
    assert b"visible-panel" in written
    assert PHONE.encode() not in written
    assert b"after six" not in written


def dropped(outbox: Outbox) -> list[MessagesDropped]:
    found = [
        decode(entry.type, entry.payload).message
        for entry in outbox.entries(0, 10_000)
        if entry.type == "MessagesDropped"
    ]
    return [message for message in found if isinstance(message, MessagesDropped)]


def told(outbox: Outbox) -> list[int]:
    """Every number that some MessagesDropped says will never come."""
    return sorted(
        number
        for message in dropped(outbox)
        for span in message.ranges
        for number in range(span.first, span.last + 1)
    )


def test_telemetry_goes_first_and_its_numbers_are_told(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(rows=10))
    outbox.append([press(), health(), press(), health(), health(), press(), health(), health()])
    outbox.append([press()] * 2)
    assert outbox.depth().dropped == 0
    outbox.append([press()] * 2)
    assert types(outbox).count("ButtonPressed") == 7
    assert told(outbox) == [2, 4, 5, 7, 8]
    assert sorted(numbers(outbox) + told(outbox)) == list(range(1, 14)), "every number is somewhere"
    assert [message.counts for message in dropped(outbox)] == [{"HealthReported": 5}]
    assert outbox.depth().dropped == 5
    outbox.close()


def test_a_queue_full_of_answers_refuses_rather_than_drops_one(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(rows=5))
    outbox.append([press()] * 4 + [health()])
    with pytest.raises(NotStored, match="full of answers"):
        outbox.append([press()] * 2)
    assert numbers(outbox) == [1, 2, 3, 4, 5], "not even the telemetry has gone for nothing"
    assert (outbox.depth().dropped, outbox.depth().highest) == (0, 5)
    outbox.confirm(outbox.epoch, 2)
    assert [one.sequence for one in outbox.append([press()] * 2)] == [6, 7]
    outbox.close()


def test_photographs_give_way_to_answers(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(bytes=30_000))
    outbox.append([press()])
    for _ in range(3):
        outbox.append([photograph(bytes(9_000))])
    outbox.append([photograph(bytes(9_000))])
    outbox.append([press()])
    assert types(outbox).count("ButtonPressed") == 2
    assert types(outbox).count("PhotoTaken") < 4
    assert sorted(numbers(outbox) + told(outbox)) == list(range(1, outbox.depth().highest + 1))
    outbox.close()


def test_telemetry_that_finds_no_room_is_given_up_and_counted(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(rows=3))
    outbox.append([press()] * 3)
    assert outbox.append([health(), health()]) == []
    assert (outbox.depth().dropped, numbers(outbox)) == (2, [1, 2, 3])
    outbox.close()
    assert Outbox(path, DEVICE).depth().dropped == 2


def test_the_queue_is_bounded_by_bytes_too(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(rows=10_000, bytes=30_000))
    reports = [health("x" * 900) for _ in range(60)]
    for report in reports:
        outbox.append([report])
    assert 0 < outbox.depth().dropped < 60
    assert outbox.depth().bytes < 40_000
    assert sorted(numbers(outbox) + told(outbox)) == list(range(1, outbox.depth().highest + 1))
    with pytest.raises(NotStored, match="full of answers"):  # noqa: PT012 - some of them fit
        for _ in range(1000):
            outbox.append([press()])
    assert 30_000 < outbox.depth().bytes < 31_000
    outbox.close()


def test_nothing_is_appended_when_there_is_nothing(path: Path) -> None:
    outbox = Outbox(path, DEVICE, Limits(rows=1))
    outbox.append([press()])
    assert outbox.append([]) == []
    outbox.close()


def test_a_locked_file_refuses_and_works_again(outbox: Outbox, path: Path) -> None:
    outbox.append([press()])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotStored, match="locked"):
            outbox.append([press()] * 3)
        other.execute("ROLLBACK")
    assert [one.sequence for one in outbox.append([press()])] == [2]
    assert numbers(outbox) == [1, 2]


def test_a_closed_outbox_refuses_and_harms_nothing(path: Path) -> None:
    outbox = Outbox(path, DEVICE)
    outbox.append([press()])
    outbox.close()
    for use in (lambda: outbox.append([press()]), outbox.depth, lambda: outbox.entries(0, 1)):
        with pytest.raises(NotStored, match="closed"):
            use()
    outbox.close()
    again = Outbox(path, DEVICE)
    assert (again.opened, numbers(again)) == ("kept", [1])
    again.close()


def test_what_cannot_be_opened_now_is_opened_later(path: Path) -> None:
    Outbox(path, DEVICE).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        outbox = Outbox(path, DEVICE)
        assert outbox.epoch == 0
        with pytest.raises(NotStored, match="locked"):
            outbox.append([press()])
    assert [one.sequence for one in outbox.append([press()])] == [1]
    assert outbox.opened == "kept"
    outbox.close()


def test_several_threads_share_one_numbering(outbox: Outbox) -> None:
    def use(draft: Draft) -> None:
        for _ in range(20):
            outbox.append([draft])
            outbox.entries(0, 5)

    threads = [threading.Thread(target=use, args=(draft,)) for draft in (press(), health()) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(outbox) == list(range(1, 81))
