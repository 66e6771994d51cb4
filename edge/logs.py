"""The agent's log: JSON lines on standard error, for journald. No answers, no personal data."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from traceback import walk_tb

import structlog

from edge.fleet.commands.redaction import redacted
from edge.log_memory import LogMemory

log = structlog.get_logger()


class Level(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@contextmanager
def crashes_logged() -> Iterator[None]:
    """What ends the program, or a thread of it, is said in the log: which error, and where of our own code."""

    def thread_died(died: threading.ExceptHookArgs) -> None:
        if died.exc_value is not None:
            _say(died.exc_value)
        before(died)

    before, threading.excepthook = threading.excepthook, thread_died
    try:
        yield
    except Exception as error:
        _say(error)
        raise
    finally:
        threading.excepthook = before


def _say(error: BaseException) -> None:
    frames = [(frame.f_globals["__name__"], line) for frame, line in walk_tb(error.__traceback__)]
    own = [frame for frame in frames if frame[0].startswith("edge.")]
    module, line = (own or frames)[-1]
    log.error("crashed", error_type=type(error).__name__, where=f"{module}:{line}")


def configure_logs(level: Level = Level.INFO) -> LogMemory:
    """Set structlog up for this process; returns what remembers the latest lines, redacted."""
    memory = LogMemory(redacted)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            memory,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return memory
