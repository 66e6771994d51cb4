"""What is known of this terminal's releases: one small file, which the launcher reads before there is an agent.

Decides that a step is on disk before it is begun: whoever is killed finds it there and begins it again, and each step
is so made that this does no harm. The launcher writes here, too, while no agent runs.
"""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from contract.jobs import UpdateJob
from contract.releases import Release
from edge.durable import write_durably
from edge.fleet.launcher import STATE
from edge.fleet.updates.sources import SignedFile

log = structlog.get_logger()

Step = Literal[
    "judging", "fetching", "waiting", "installing", "switching", "trying", "staying", "going"
]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Trial(_Kept):
    """The release that is being tried; the launcher counts the tries."""

    slot: str
    tries: int = 0


class Before(_Kept):
    """What was seen of the version before: the new one must be no worse."""

    broken: tuple[str, ...] = ()
    painted: bool = False


class Underway(_Kept):
    """The update that is under way, and how far it is."""

    job: UpdateJob
    stick: str | None = None
    """The folder of a USB stick that it comes from, instead of the hub."""
    step: Step = "judging"
    judged_by: str = ""
    """The slot of the version that judged it."""
    release: Release | None = None
    """From `fetching` on, with lock and wheels: what was believed when it was judged."""
    lock: SignedFile | None = None
    wheels: tuple[SignedFile, ...] = ()
    before: Before = Before()
    reason: str = ""

    @property
    def slot(self) -> str:
        """Where it is installed, once it has been judged."""
        return "" if self.lock is None else slot_name(self.job.release, self.lock)


def slot_name(version: str, lock: SignedFile) -> str:
    """The folder of a release: its version, and the digest of its lock."""
    return f"{version}-{lock.sha256[:12]}"


class Record(_Kept):
    """Everything; `good` is what runs when nothing is tried, `previous` what ran before it."""

    good: str | None = None
    previous: str | None = None
    trial: Trial | None = None
    bad: dict[str, str] = {}
    """Releases that failed here, and why: they are never tried again."""
    left: str | None = None
    """One of these that had been kept and then crashed, until another release is kept."""
    underway: Underway | None = None
    security_floor: str = "0"
    time_floor_ms: int = 0
    """The latest time at which signatures were good; the clock may be behind it, we are not."""
    sticks: tuple[str, ...] = ()
    """What sticks have asked for already."""


class RecordFile:
    """The file. Each change is on disk when it returns; OSError: it is not, and nothing has changed."""

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None] = write_durably) -> None:
        self._path = folder / STATE
        self._write = write
        self._lock = threading.Lock()
        self._now = self._read()

    @property
    def now(self) -> Record:
        """What is on disk."""
        return self._now

    def change(self, **changes: Any) -> Record:
        """Write it with these changes."""
        with self._lock:
            changed = self._now.model_copy(update=changes)
            self._write(self._path, changed.model_dump_json().encode())
            self._now = changed
        return changed

    def _read(self) -> Record:
        try:
            return _understood(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return Record()
        except (OSError, ValueError) as error:
            log.error("updates_forgotten", reason=type(error).__name__)
            return Record()


def _understood(found: Any) -> Record:
    """What another version wrote and this one cannot read is forgotten alone: floors and bad releases stay."""
    try:
        return Record.model_validate(found)
    except ValidationError as error:
        if not isinstance(found, dict):
            raise
        unknown = {one["loc"][0] for one in error.errors(include_input=False)}
        log.error("updates_forgotten", reason=", ".join(map(str, sorted(unknown))))
        return Record.model_validate({k: v for k, v in found.items() if k not in unknown})
