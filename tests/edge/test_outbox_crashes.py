"""The queue in a process of its own that is killed, or whose disk is full."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.outbox import Outbox
from tests.edge.drafts import DEVICE, press

ROOT = Path(__file__).parents[2]

APPENDING = """
import sys
from pathlib import Path
from edge.outbox import Outbox
from tests.edge.drafts import DEVICE, press
outbox = Outbox(Path(sys.argv[1]), DEVICE)
while True:
    for stored in outbox.append([press()] * int(sys.argv[2])):
        print(stored.epoch, stored.sequence, flush=True)
"""

ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from edge.outbox import NotStored, Outbox
from tests.edge.drafts import DEVICE, press
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
outbox = Outbox(Path(sys.argv[1]), DEVICE)
outbox.append([press()] * 10)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, unlimited[1]))
stored = 10
try:
    while True:
        stored += len(outbox.append([press()] * 10))
except NotStored as error:
    print("refused:", error, flush=True)
numbers = [entry.sequence for entry in outbox.entries(0, 100_000)]
assert numbers == list(range(1, stored + 1)), (stored, numbers)
try:
    outbox.append([press()])
except NotStored:
    pass
else:
    stored += 1
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
(again,) = outbox.append([press()])
assert (outbox.opened, again.sequence) == ("new", stored + 1), (outbox.opened, again, stored)
print(stored + 1, flush=True)
"""

WHILE_CARRYING_OVER = """
import resource, signal, sys
from pathlib import Path
from edge.outbox import NotStored, Outbox
from tests.edge.drafts import DEVICE, press
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), unlimited[1]))
outbox = Outbox(Path(sys.argv[1]), DEVICE)
for _ in range(3):
    try:
        outbox.append([press()])
    except NotStored:
        continue
    sys.exit("stored on a full disk")
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
outbox.append([press()])
print(outbox.opened, outbox.depth().rows)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def told_before_the_kill(path: Path, at_once: int, after: int) -> Iterator[tuple[int, int]]:
    """What a process says it has stored, until it is killed some lines later."""
    child = subprocess.Popen(
        [sys.executable, "-c", APPENDING, str(path), str(at_once)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    for _ in range(after):
        epoch, sequence = child.stdout.readline().split()
        yield int(epoch), int(sequence)
    child.send_signal(signal.SIGKILL)
    for line in child.stdout:
        if line.endswith("\n"):
            epoch, sequence = line.split()
            yield int(epoch), int(sequence)
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize(("at_once", "after"), [(1, 1), (1, 57), (7, 200)])
def test_what_was_said_to_be_stored_is_there_after_a_kill(
    path: Path, at_once: int, after: int
) -> None:
    told: list[tuple[int, int]] = []
    for _ in range(2):
        told += told_before_the_kill(path, at_once, after)
    outbox = Outbox(path, DEVICE)
    assert outbox.opened == "kept"
    kept = [(entry.epoch, entry.sequence) for entry in outbox.entries(0, 100_000)]
    outbox.append([press()])
    outbox.close()
    assert set(told) <= set(kept)
    assert [sequence for _, sequence in kept] == list(range(1, len(kept) + 1)), "no gap, no fork"
    assert len({epoch for epoch, _ in kept}) == 1
    assert len(kept) - len(told) <= 2 * at_once, "what was not said is the last transaction of each"


def test_a_full_disk_refuses_stores_nothing_half_and_works_again(path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    refused, stored = child.stdout.splitlines()
    assert refused.startswith("refused: ")
    outbox = Outbox(path, DEVICE)
    assert (outbox.opened, outbox.depth().rows) == ("kept", int(stored))
    outbox.close()


@pytest.mark.parametrize("room", [0, 5_000, 50_000])
def test_a_disk_that_is_full_while_a_corrupt_file_is_replaced_costs_nothing(
    path: Path, room: int
) -> None:
    outbox = Outbox(path, DEVICE)
    outbox.append([press()] * 600)
    outbox.close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("UPDATE numbering SET next_sequence = 1")
    child = subprocess.run(
        [sys.executable, "-c", WHILE_CARRYING_OVER, str(path), str(room)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.splitlines()[-1] == "quarantined 601"
