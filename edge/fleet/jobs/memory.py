"""What this terminal has begun and ended of what it was asked to do: on disk, before it is begun and once it has ended.

Decides that a job is begun once, whatever is retained and however often the terminal starts anew, and how long an end
is remembered. Of a job that only a newer version knew how to do, it is remembered that it failed; an unreadable file is
put aside as if nothing had been asked.
"""

import contextlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contract.jobs import Job
from edge.durable import write_durably

log = structlog.get_logger()

REMEMBERED_ENDS = 200
"""Four documents full: a job that is retained is always among them."""

NOT_OURS = "this version does not know this kind of job"

Outcome = Literal["waiting", "running", "done", "failed", "rejected"]
ENDS: frozenset[Outcome] = frozenset({"done", "failed", "rejected"})


class Said(BaseModel):
    """The latest report of a job."""

    model_config = ConfigDict(frozen=True)

    job: str
    outcome: Outcome
    step: str
    reason: str = ""
    release: str | None = None


class Begun(BaseModel):
    """A job under way, and the boot in which it was begun."""

    model_config = ConfigDict(frozen=True)

    job: Annotated[Job, Field(discriminator="kind")]
    boot_id: str


class _Kept(BaseModel):
    begun: dict[str, Begun] = {}
    ended: dict[str, Said] = {}


class JobMemory:
    """The file. For one thread at a time; OSError when the disk does not take what must be remembered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = self._read()

    @property
    def begun(self) -> dict[str, Begun]:
        """What was begun and has not ended."""
        return dict(self._kept.begun)

    def end(self, key: str) -> Said | None:
        """How it ended, if it has."""
        return self._kept.ended.get(key)

    def begin(self, job: Job, boot_id: str) -> Begun:
        """From now on it is never begun again."""
        begun = Begun(job=job, boot_id=boot_id)
        self._keep(_Kept(begun={**self._kept.begun, job.job: begun}, ended=self._kept.ended))
        return begun

    def finish(self, key: str, said: Said) -> None:
        """It has ended; ends long ago are forgotten."""
        begun = {name: one for name, one in self._kept.begun.items() if name != key}
        ended = [*((k, v) for k, v in self._kept.ended.items() if k != key), (key, said)]
        self._keep(_Kept(begun=begun, ended=dict(ended[-REMEMBERED_ENDS:])))

    def _keep(self, kept: _Kept) -> None:
        write_durably(self._path, kept.model_dump_json().encode())
        self._kept = kept

    def _read(self) -> _Kept:
        try:
            return _understood(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError) as error:
            log.error("jobs_forgotten", reason=type(error).__name__)
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_suffix(".unreadable"))
            return _Kept()


def _understood(found: Any) -> _Kept:
    """A version that was gone back to finds what a newer one wrote: no job may be done again for that."""
    try:
        return _Kept.model_validate(found)
    except ValidationError as error:
        faults = [one["loc"] for one in error.errors(include_input=False)]
        unknown = {str(loc[1]) for loc in faults if len(loc) > 1 and loc[0] == "begun"}
        if not isinstance(found, dict) or len(unknown) == 0:
            raise
    begun = {name: one for name, one in found["begun"].items() if name not in unknown}
    kept = _Kept.model_validate(found | {"begun": begun})
    ends = {n: Said(job=n, outcome="failed", step="resume", reason=NOT_OURS) for n in unknown}
    return _Kept(begun=kept.begun, ended={**kept.ended, **ends})
