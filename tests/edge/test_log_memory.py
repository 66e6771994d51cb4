"""The log of the run before is there after a crash, redacted and no larger than it may be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edge.fleet.commands.diagnostics import Runs, log_file
from edge.fleet.commands.redaction import redacted
from edge.fleet.commands.sending import LARGEST_BYTES
from edge.log_memory import BEFORE, PRESENT, LogMemory

ROOT = Path(__file__).parents[2]
DYING = """
import os, signal, sys, threading
from pathlib import Path
import structlog
from edge.logs import configure_logs, crashes_logged
from edge.settings import read_settings
folder, way = Path(sys.argv[1]), sys.argv[2]
memory = configure_logs()
log = structlog.get_logger()
log.info("early", panel="desk", comment="hidden words")
memory.keep_in(folder)
log.warning("late", attempt=3)
if way == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
with crashes_logged():
    broken = lambda: read_settings(folder / "none.toml")
    if way == "thread":
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
    else:
        broken()
"""


def run(folder: Path, way: str) -> list[dict[str, object]]:
    """What the next run finds of one that ended in this way."""
    subprocess.run(
        [sys.executable, "-c", DYING, folder, way], cwd=ROOT, capture_output=True, check=False
    )
    after = LogMemory(redacted)
    after.keep_in(folder)
    return after.lines_before()


def say(memory: LogMemory, **line: object) -> None:
    memory(None, "info", {"event": "said", **line})


@pytest.mark.parametrize("way", ["crashed", "killed", "thread"])
def test_the_end_of_a_run_is_read_in_the_next(tmp_path: Path, way: str) -> None:
    early, late, *crashed = run(tmp_path, way)
    assert (early["event"], early["panel"], late["event"]) == ("early", "desk", "late")
    assert "hidden" not in (tmp_path / BEFORE).read_text()
    if way == "killed":
        assert crashed == []
    else:
        (said,) = crashed
        assert said["event"] == "crashed"
        assert str(said["where"]).startswith("edge.")


def test_what_stands_in_the_file_is_redacted_again_and_no_more_than_may_be(tmp_path: Path) -> None:
    first = LogMemory(redacted, largest_bytes=4000)
    first.keep_in(tmp_path)
    for number in range(300):
        say(first, count=number)
        assert (tmp_path / PRESENT).stat().st_size <= 4000
    with (tmp_path / PRESENT).open("a") as file:
        file.write('{"event": "said", "comment": "hidden words", "count": 300}\n[1]\nhalf a li')
    second = LogMemory(redacted)
    assert second.lines_before() == []
    second.keep_in(tmp_path)
    found = second.lines_before()
    assert found[-1] == {"event": "said", "count": 300}
    assert [line["count"] for line in found] == list(range(301 - len(found), 301))
    assert len(found) > 30


def test_both_runs_go_into_the_file_and_neither_crowds_the_other_out(tmp_path: Path) -> None:
    line = {"event": "said", "panel": "x" * 60}
    file = log_file(Runs(present=lambda: [line] * 20_000, before=lambda: [line] * 20_000))
    content = file(None, None)  # type: ignore[arg-type]
    assert len(content) <= LARGEST_BYTES
    runs = [each["run"] for each in json.loads(content)]
    assert runs == sorted(runs), "the run before comes first"
    assert min(runs.count("before"), runs.count("present")) > 4000
    assert json.loads(log_file(Runs())(None, None)) == []  # type: ignore[arg-type]


def test_a_log_that_cannot_be_kept_harms_nobody(tmp_path: Path) -> None:
    memory = LogMemory(redacted)
    memory.keep_in(tmp_path)
    (tmp_path / PRESENT).unlink()
    (tmp_path / PRESENT).mkdir()
    say(memory, count=1)
    say(memory, count=2)
    assert [line["count"] for line in memory.lines()] == [1, 2]
