"""What a terminal notices by itself: people near it, a photograph, its own health, its birth, what it had to drop."""

from typing import Annotated, Literal

from pydantic import Field

from contract.messages.answers import Reference
from contract.messages.envelope import MAX_INT, Code, Label, Message, Natural, Part, Positive, Text


class PresenceCounted(Message):
    """How many people came near during a span of time; counts only, nobody in particular."""

    type: Literal["PresenceCounted"] = "PresenceCounted"
    seconds: Annotated[int, Field(ge=1, le=86_400)]
    approaches: Natural
    looked: Natural = 0
    dwell_ms: Natural = 0


class PhotoTaken(Message):
    """A photograph taken with an answer; the encrypted image follows the header in the same payload."""

    type: Literal["PhotoTaken"] = "PhotoTaken"
    answer: Reference
    media_type: Annotated[str, Field(pattern=r"^image/(jpeg|png|webp)$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    key: Code | None = None


class HealthReported(Message):
    """The outcome of one health check."""

    type: Literal["HealthReported"] = "HealthReported"
    check: Code
    status: Literal["ok", "warning", "failure"]
    value: float | Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)] | None = None
    unit: Annotated[Label, Field(max_length=16)] | None = None
    detail: Text = ""


class DeviceBorn(Message):
    """The agent started: with which software, on what, and how often the outbox had to be begun anew."""

    type: Literal["DeviceBorn"] = "DeviceBorn"
    instance: Code
    software: Annotated[Label, Field(max_length=64)]
    hardware: Label = ""
    outbox: Literal["kept", "new", "quarantined"] = "kept"


class Range(Part):
    """Sequence numbers `first` to `last`, both included."""

    first: Positive
    last: Positive


class MessagesDropped(Message):
    """A full outbox gave up telemetry: exactly these sequence numbers will never come."""

    type: Literal["MessagesDropped"] = "MessagesDropped"
    dropped_epoch: Natural
    ranges: Annotated[list[Range], Field(min_length=1, max_length=200)]
    counts: Annotated[dict[Code, Positive], Field(max_length=50)]
    """How many of each message type."""
