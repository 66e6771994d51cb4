"""What a terminal notices by itself: people near it, a photograph, its own health, its birth, what it had to drop."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contract.messages.answers import Reference
from contract.messages.envelope import MAX_INT, Code, Label, Message, Natural, Part, Positive, Text


class PresenceCounted(Message):
    """How many people came near during the `seconds` before its time; counts only, nobody in particular.

    `seconds` are those in which the camera saw: a minute without a camera is not told, half a minute counts as half.
    """

    type: Literal["PresenceCounted"] = "PresenceCounted"
    seconds: Annotated[int, Field(ge=1, le=86_400)]
    approaches: Natural
    """People who came near and stayed; whoever comes back at once is not counted again."""
    looked: Natural = 0
    """Of those, who looked at the screen, counted at the first look."""
    dwell_ms: Natural = 0
    """How long they stayed near, all together."""
    looked_ms: Natural = 0
    """How much of that they looked at the screen."""
    touchpoint: Code | None = None


LEAST_PEOPLE = 10
"""No count of smiles is made of fewer people than these: it would speak of persons."""


class SmilesCounted(Message):
    """How many of the patients seen during the `seconds` before its time smiled; never of fewer than ten people.

    Those seconds lie within one hour of the terminal's clock, so that counts of an hour can be added.
    """

    type: Literal["SmilesCounted"] = "SmilesCounted"
    seconds: Annotated[int, Field(ge=1, le=3600)]
    service: Literal["before", "after"]
    """Whether those who pass this camera are yet to be served, or have been."""
    people: Annotated[int, Field(ge=LEAST_PEOPLE, le=1_000_000)]
    smiling: Natural
    confidence: Annotated[float, Field(ge=0, le=1)]
    """How sure the model was, from 0.5 (a toss) to 1, in the mean of these people."""
    touchpoint: Code | None = None

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.smiling > self.people:
            raise ValueError("smiling: more than people")
        return self


class PhotoTaken(Message):
    """A photograph taken with an answer; the sealed picture follows the header in the same payload.

    `sha256` is the picture's before it was sealed as `contract.photographs` says; `key` names the hub's key.
    """

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
    reason: Code | None = None
    """Why it is not ok, as a word of this check's that a hub can say in any language."""


class DeviceBorn(Message):
    """The agent started: with which software, on what, and how often the outbox had to be begun anew."""

    type: Literal["DeviceBorn"] = "DeviceBorn"
    instance: Code
    software: Annotated[Label, Field(max_length=64)]
    hardware: Label = ""
    outbox: Literal["kept", "new", "quarantined"] = "kept"


class SelfTested(Message):
    """A message that was made to be stored and confirmed: a new release proves with it that answers would be.

    It goes the way of answers and is none; it counts in no figure.
    """

    type: Literal["SelfTested"] = "SelfTested"
    release: Code
    """The version that is on trial."""


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
