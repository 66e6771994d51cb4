"""The agent's log: JSON lines on standard error, for journald. No answers, no personal data."""

import logging
import sys
from enum import StrEnum

import structlog

from edge.fleet.commands.redaction import redacted
from edge.log_memory import LogMemory


class Level(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


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
