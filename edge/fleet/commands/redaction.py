"""What of a log line may leave the terminal: an allow-list of fields, each of which is a number or a short code. Pure.

Nothing that somebody said or wrote is on it; what merely looks like a telephone number is not let out either.
"""

import re
from collections.abc import Mapping
from typing import Any

Value = str | int | float | bool

CODES = frozenset(
    {
        *("check", "device", "error", "error_type", "field", "job", "kind", "level", "outcome"),
        *("panel", "phase", "source", "status", "step", "timestamp", "type", "version"),
        "where",
    }
)
NUMBERS = frozenset(
    {
        *("answers", "attempt", "bytes", "count", "messages", "port", "presses", "seconds"),
        *("stopped", "tries", "version", "waiting"),
    }
)
OTHER = "other"
"""An event whose name is no code of ours."""

_EVENT = re.compile(r"[a-z][a-z_]{0,60}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")
_TELEPHONE = re.compile(r"\d[\d().:+-]{5,}\d")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_LARGEST = 10_000_000


def redacted(line: Mapping[str, Any]) -> dict[str, Value]:
    """What may be seen of a line; a field that is on no list, or is not what its list says, is left out."""
    event = line.get("event")
    known = isinstance(event, str) and _EVENT.fullmatch(event)
    kept: dict[str, Value] = {"event": event if known and isinstance(event, str) else OTHER}
    kept.update((name, value) for name, value in line.items() if _is_let_out(name, value))
    return kept


def _is_let_out(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return name in CODES and _is_code(name, value)
    return name in NUMBERS and isinstance(value, int | float) and abs(value) < _LARGEST


def _is_code(name: str, value: str) -> bool:
    if name == "timestamp":
        return _TIMESTAMP.fullmatch(value) is not None
    return _CODE.fullmatch(value) is not None and not _TELEPHONE.search(value)
