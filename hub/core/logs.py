"""Logs as JSON lines that cannot hold personal data: only known keys pass, events are plain names.

Decides what may be logged. An exception is logged by its type and the places it came through, never by its message,
because messages of databases and parsers quote what they were given.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    {
        "attempt", "backend", "batch", "bytes", "check", "count", "device", "duplicates", "duration_ms", "epoch",
        "error_type", "event", "event_type", "facility", "kind", "level", "logger", "message_type", "method",
        "organisation", "port", "qos", "reason_code", "request", "role", "route", "seconds", "sequence", "signal",
        "state", "status", "stored", "timestamp", "version", "where",
    }
)  # fmt: skip

_EVENT = re.compile(r"[a-z][a-z0-9_]{0,79}")
_FRAMES = 12


def configure_logs(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything, ours and the libraries', to `stream` (standard error) as JSON lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_messages,
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_FromLibraries()]
    root.setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace exception information by the exception's type and where it came through."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        event["error_type"] = type(found).__name__
        event["where"] = _places(found.__traceback__)
    return event


def only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop every key that is not known to be harmless, and say how many were dropped."""
    passed = {key: value for key, value in event.items() if key in ALLOWED}
    if not _EVENT.fullmatch(str(passed.get("event", ""))):
        passed["event"] = "unnamed_event"
    if len(passed) < len(event):
        passed["dropped_keys"] = len(event) - len(passed)
    return passed


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class _FromLibraries(logging.Handler):
    """A library's record: who said it and from where; its text may quote anything, and is left out."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "library_said",
            logger=record.name,
            where=[f"{record.pathname}:{record.lineno} {record.funcName}"],
            exc_info=record.exc_info,
        )
