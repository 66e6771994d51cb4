"""What becomes of an outbox whose file has been damaged in every way that cards and power cuts know."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from edge.outbox import Outbox
from edge.quarantine import KEPT_CORRUPT_FILES
from tests.edge.drafts import DEVICE, contact, press

PAGE = 4096
ROWS = 600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def filled(path: Path) -> int:
    """A queue of ROWS answers, closed; its epoch."""
    outbox = Outbox(path, DEVICE)
    outbox.append([press()] * ROWS)
    epoch = outbox.epoch
    outbox.close()
    return epoch


def crashed(path: Path) -> int:
    """The same, as a killed process leaves it: the last rows are in the log alone."""
    epoch = filled(path)
    outbox = Outbox(path, DEVICE)
    outbox.append([press()] * 5)
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{suffix}", f"{path}{suffix}.copy")
    outbox.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}.copy").replace(f"{path}{suffix}")
    return epoch


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def pages_of_noise(path: Path) -> None:
    random = Random(7)
    for page in random.sample(range(2, path.stat().st_size // PAGE), 6):
        overwrite(path, page * PAGE, random.randbytes(PAGE))


def in_sql(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "header overwritten": lambda p: overwrite(p, 0, b"\xff" * 100),
    "header zeroed": lambda p: overwrite(p, 0, bytes(PAGE)),
    "cut in half": lambda p: os.truncate(p, p.stat().st_size // 2 // PAGE * PAGE),
    "cut within a page": lambda p: os.truncate(p, p.stat().st_size // 2 + 77),
    "cut to one page": lambda p: os.truncate(p, PAGE),
    "cut to some bytes": lambda p: os.truncate(p, 50),
    "pages of noise": pages_of_noise,
    "the schema's page": lambda p: overwrite(p, 100, os.urandom(300)),
    "all zeroes": lambda p: put(p, bytes(10 * PAGE)),
    "a text": lambda p: put(p, b"not a database\n" * 100),
    "a directory": lambda p: (p.unlink(), p.mkdir(), (p / "inside").touch()),
    "another program's database": lambda p: (
        p.unlink(),
        in_sql(p, "CREATE TABLE entry (a TEXT); CREATE TABLE numbering (b TEXT);"),
    ),
    "numbering emptied of sense": lambda p: in_sql(p, "UPDATE numbering SET epoch = 'x'"),
    "numbering behind": lambda p: in_sql(p, "UPDATE numbering SET next_sequence = 3"),
    "numbering negative": lambda p: in_sql(p, "UPDATE numbering SET epoch = -1"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_put_aside_and_the_queue_goes_on(path: Path, kind: str) -> None:
    epoch = filled(path)
    DAMAGE[kind](path)
    outbox = Outbox(path, DEVICE)
    assert outbox.opened == "quarantined"
    assert outbox.epoch not in (0, epoch)
    kept = outbox.entries(0, ROWS)
    assert all(entry.epoch == epoch for entry in kept), "under their old numbers"
    assert [e.sequence for e in kept] == sorted({e.sequence for e in kept}), "oldest first"
    (new,) = outbox.append([press()])
    assert (new.epoch, new.sequence) == (outbox.epoch, 1)
    assert outbox.entries(0, ROWS + 1)[-1].epoch == new.epoch, "behind what was carried over"
    outbox.close()
    assert (path.parent / "outbox.db.corrupt-1").exists()
    again = Outbox(path, DEVICE)
    assert (again.opened, again.depth().rows) == ("kept", len(kept) + 1), "only once"
    again.close()


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("pages of noise", ROWS * 3 // 4),
        ("numbering behind", ROWS),
        ("numbering emptied of sense", ROWS),
        ("cut in half", 0),
    ],
)
def test_what_is_readable_is_carried_over(path: Path, kind: str, least: int) -> None:
    filled(path)
    DAMAGE[kind](path)
    outbox = Outbox(path, DEVICE)
    assert least <= outbox.depth().rows <= ROWS
    outbox.close()


def test_an_empty_file_is_a_new_queue(path: Path) -> None:
    path.touch()
    outbox = Outbox(path, DEVICE)
    assert (outbox.opened, outbox.append([press()])[0].sequence) == ("new", 1)
    outbox.close()
    assert not list(path.parent.glob("*.corrupt-*"))


def test_a_log_of_noise_does_not_make_numbers_come_twice(path: Path) -> None:
    epoch = crashed(path)
    Path(f"{path}-wal").write_bytes(os.urandom(20_000))
    outbox = Outbox(path, DEVICE)
    assert outbox.opened == "quarantined"
    assert [e.sequence for e in outbox.entries(0, 1000)] == list(range(1, ROWS + 1))
    assert outbox.append([press()])[0].epoch != epoch
    outbox.close()


def test_a_killed_process_leaves_a_log_that_is_used(path: Path) -> None:
    epoch = crashed(path)
    outbox = Outbox(path, DEVICE)
    assert (outbox.opened, outbox.epoch, outbox.depth().rows) == ("kept", epoch, ROWS + 5)
    outbox.close()


def test_rows_that_the_hub_could_not_read_are_left_behind(path: Path) -> None:
    """They would never be confirmed, and be sent for ever."""
    filled(path)
    in_sql(
        path,
        """
        UPDATE entry SET payload = x'00ff' WHERE sequence = 10;
        UPDATE entry SET type = 'Unheard' WHERE sequence = 20;
        UPDATE entry SET sequence = 9999 WHERE sequence = 30;
        UPDATE entry SET payload = 'text' WHERE sequence = 40;
        UPDATE entry SET type = CAST(x'ff' AS TEXT) WHERE sequence = 50;
        UPDATE numbering SET next_sequence = 1;
        """,
    )
    outbox = Outbox(path, DEVICE)
    found = [entry.sequence for entry in outbox.entries(0, ROWS)]
    assert found == [n for n in range(1, ROWS + 1) if n not in (10, 20, 30, 40, 50)]
    outbox.close()


def test_a_file_damaged_in_use_is_replaced_in_use(path: Path) -> None:
    filled(path)
    outbox = Outbox(path, DEVICE)
    epoch = outbox.epoch
    in_sql(path, "DROP TABLE entry")
    (stored,) = outbox.append([press()])
    assert stored.epoch == outbox.epoch != epoch
    assert outbox.opened == "quarantined"
    assert outbox.depth().rows == 1
    outbox.close()


def test_sealed_messages_are_carried_over(path: Path) -> None:
    outbox = Outbox(path, DEVICE)
    outbox.append([contact()])
    outbox.close()
    in_sql(path, "UPDATE numbering SET next_sequence = 1")
    outbox = Outbox(path, DEVICE)
    assert (outbox.opened, outbox.entries(0, 9)[0].type) == ("quarantined", "ContactLeft")
    outbox.close()


def test_only_the_newest_corrupt_files_are_kept(path: Path) -> None:
    for round_ in range(1, 13):
        put(path, b"round %d " % round_ * 500)
        Outbox(path, DEVICE).close()
    kept = sorted(path.parent.glob("outbox.db.corrupt-*"), key=lambda p: int(p.name[18:]))
    assert [p.name for p in kept] == [f"outbox.db.corrupt-{n}" for n in (10, 11, 12)]
    assert len(kept) == KEPT_CORRUPT_FILES
    assert [p.read_bytes()[:8] for p in kept] == [b"round 10", b"round 11", b"round 12"]


def test_a_crash_while_carrying_over_is_made_good(path: Path) -> None:
    """The corrupt file has been moved, and a new one begun or not, when the power goes."""
    epoch = filled(path)
    for begun in (False, True):
        path.rename(f"{path}.damaged")
        if begun:
            in_sql(path, "CREATE TABLE entry (half TEXT)")
        outbox = Outbox(path, DEVICE)
        assert outbox.opened == "quarantined"
        assert {entry.epoch for entry in outbox.entries(0, ROWS)} == {epoch}
        assert outbox.depth().rows == ROWS
        outbox.close()
