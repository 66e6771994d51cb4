"""The agent's log: one JSON object a line on standard error, and none of what patients said."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOGGING = """
import structlog
from edge.logs import Level, configure_logs
configure_logs(Level({level!r}))
log = structlog.get_logger()
log.debug("one")
log.info("two", panel="desk")
log.warning("three")
try:
    secret = "hidden-word"
    raise OSError("disk")
except OSError:
    log.exception("four")
"""


def logged(program: str) -> list[dict[str, object]]:
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert child.stdout == ""
    assert "hidden-word" not in child.stderr.replace('secret = "hidden-word"', "")
    return [json.loads(line) for line in child.stderr.splitlines()]


def test_every_line_is_an_object_with_a_time_and_a_level() -> None:
    lines = logged(LOGGING.format(level="debug"))
    assert [line["event"] for line in lines] == ["one", "two", "three", "four"]
    assert [line["level"] for line in lines] == ["debug", "info", "warning", "error"]
    assert lines[1]["panel"] == "desk"
    assert all(str(line["timestamp"]).endswith("Z") for line in lines)
    assert "OSError: disk" in str(lines[3]["exception"])


def test_what_is_below_the_level_is_not_logged() -> None:
    assert [line["event"] for line in logged(LOGGING.format(level="warning"))] == ["three", "four"]


REFUSING = """
import sys
from pathlib import Path
from edge.agent import Agent
from edge.logs import Level, configure_logs
from edge.outbox import Limits, Outbox
from tests.edge.drafts import DEVICE, contact, press
configure_logs(Level.DEBUG)
outbox = Outbox(Path(sys.argv[1]), DEVICE, Limits(rows=1))
outbox.append([contact()])
try:
    outbox.append([contact("+7999123 hidden-word")])
except Exception:
    import structlog
    structlog.get_logger().exception("as_an_agent_would")
Path(sys.argv[1]).write_bytes(b"damaged" * 1000)
outbox.entries(0, 1)
try:
    outbox.append([contact(), press()])
except Exception:
    structlog.get_logger().exception("as_an_agent_would")
"""


def test_a_refused_or_damaged_answer_is_not_in_the_log(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", REFUSING, str(tmp_path / "outbox.db")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "as_an_agent_would" in child.stderr
    for secret in ("79991234567", "7999123", "after six"):
        assert secret not in child.stderr
