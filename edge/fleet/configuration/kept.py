"""Which settings of the hub hold, which are being tried, and what became of the last ones: on disk before it counts."""

import contextlib
from pathlib import Path
from typing import Any, Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from edge.durable import write_durably

log = structlog.get_logger()


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Held(_Part):
    """Settings that have proved themselves; version 0 is the terminal's own file alone."""

    version: int = 0
    values: dict[str, Any] = {}


class Trial(_Part):
    """Settings that must prove themselves; `starts` of the agent were made with them."""

    version: int
    values: dict[str, Any]
    starts: int = 0


class Failed(_Part):
    """Settings that are not tried again."""

    version: int
    outcome: Literal["refused", "reverted"]
    reason: str


class Standing(_Part):
    """All of it."""

    held: Held = Held()
    trial: Trial | None = None
    failed: Failed | None = None


def read(path: Path) -> Standing:
    """What is in the file; one that cannot be read is put aside, and the terminal's own settings hold."""
    try:
        return Standing.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Standing()
    except (OSError, ValidationError) as error:
        log.error("settings_forgotten", reason=type(error).__name__)
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".unreadable"))
        return Standing()


def keep(path: Path, standing: Standing) -> None:
    """Durable at return; OSError when it is not."""
    write_durably(path, standing.model_dump_json().encode())
