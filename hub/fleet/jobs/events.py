"""News of what terminals were asked to do."""

from dataclasses import dataclass

from contract.topics import DeviceAddress


@dataclass(frozen=True, slots=True)
class JobHeard:
    """What is known of a job: the terminal's last report and, once it is no longer asked for, why (`closed`)."""

    organisation: str
    facility: str
    device: str
    job: str
    kind: str
    outcome: str
    step: str
    reason: str
    release: str | None
    closed: str | None


@dataclass(frozen=True, slots=True)
class JobProgressed(JobHeard):
    """A terminal has said how it gets on; after `closed` by the hub, what came of it all the same."""


@dataclass(frozen=True, slots=True)
class JobEnded(JobHeard):
    """A job is asked for no more: `reported` by the terminal, `taken_back`, or `silent` for too long. Told once."""


@dataclass(frozen=True, slots=True)
class OpenJobsChanged:
    """These terminals are asked for something else from now on."""

    addresses: tuple[DeviceAddress, ...]
