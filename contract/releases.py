"""What a release is: the words that are signed beside its lock file, and the names under which its files are signed.

Decides the shapes alone. A release is a lock file `<channel>/<version>.lock`, which names each package at one version
and by its SHA-256; `Release` is its signed custom data. Its wheels are targets of the same channel, so that nobody but
the channel's own key can say anything of them.
"""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from contract.messages.envelope import Code, Natural, Part

CHANNELS = ("canary", "stable")
"""The roles to which the targets role delegates; each may sign what is in its own folder."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ReleaseVersion = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9A-Za-z.+]{0,31}$")]
"""A version as Python packages have it (PEP 440)."""
WheelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+!-]{0,190}\.whl$")]


class Release(Part):
    """The signed custom data of a lock file. The terminal enforces it, whoever asks for the release."""

    version: ReleaseVersion
    built_ms: Natural
    """When it was signed (milliseconds since 1970, UTC): no terminal that has it can live earlier."""
    hardware: Annotated[list[Code], Field(min_length=1, max_length=20)]
    """Kinds of terminals that it runs on, such as `aarch64`: one of them must fit."""
    minimum_agent: ReleaseVersion
    """The oldest agent that may install it."""
    security_floor: ReleaseVersion
    """Once it has proved itself, nothing older than this may be installed any more."""
    wheels: Annotated[dict[WheelName, Sha256], Field(min_length=1, max_length=300)]


def read_release(custom: Any) -> Release:
    """The custom data of a signed lock file; raises pydantic's ValidationError, which names the field."""
    return Release.model_validate(custom)


def lock_target(channel: str, version: str) -> str:
    """The signed name of a release's lock file."""
    return f"{channel}/{version}.lock"


def wheel_target(channel: str, wheel: str) -> str:
    """The signed name of a wheel."""
    return f"{channel}/wheels/{wheel}"


def channel_paths(channel: str) -> list[str]:
    """What a channel's role may sign; a pattern does not cross a slash."""
    return [f"{channel}/*.lock", f"{channel}/wheels/*.whl"]


def served_name(target: str, sha256: str) -> str:
    """Where a signed file lies below `targets/`: its digest stands before its name."""
    folder, slash, name = target.rpartition("/")
    return f"{folder}{slash}{sha256}.{name}"
