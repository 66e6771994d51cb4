"""What can happen at the screen and what the flow then wants stored; plain values, pure."""

from dataclasses import dataclass

from contract.surveys import Value


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Approached:
    """The camera sees somebody near; said again while they stay."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger on the glass, a key of the form, or the wish for more time: somebody is there."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A photograph, or the invitation itself where there is none. `visit` is used if a visit begins with it."""

    employee: str | None
    visit: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the question on the screen."""

    value: Value


@dataclass(frozen=True, slots=True)
class Claimed:
    """A button of a panel gave this answer; the press is stored by whoever heard it."""

    value: Value


@dataclass(frozen=True, slots=True)
class NumberOffered:
    """The telephone was typed; whether there can be such a number."""

    valid: bool


@dataclass(frozen=True, slots=True)
class CommentDone:
    """The comment is finished, or was left empty."""


@dataclass(frozen=True, slots=True)
class ContactSent:
    """The patient agrees to be called."""

    phone: str
    comment: str


@dataclass(frozen=True, slots=True)
class WentBack:
    """One page back, or out of the survey."""


@dataclass(frozen=True, slots=True)
class Left:
    """The patient does not want to go on."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was being stored for this visit is on disk."""

    visit: str


@dataclass(frozen=True, slots=True)
class NotStored:
    """What was being stored for this visit could not be."""

    visit: str


@dataclass(frozen=True, slots=True)
class Preferred:
    """How the patient reads best, and whether they decline a photograph; None leaves as it is."""

    language: str | None = None
    contrast: bool | None = None
    low_reach: bool | None = None
    unphotographed: bool | None = None


Event = (
    Ticked
    | Approached
    | Touched
    | Chosen
    | Answered
    | Claimed
    | NumberOffered
    | CommentDone
    | ContactSent
    | WentBack
    | Left
    | Stored
    | NotStored
    | Preferred
)


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """Effect: this answer, durable, then `Stored`."""

    visit: str
    question: str
    value: Value
    employee: str | None
    language: str


@dataclass(frozen=True, slots=True)
class StoreContact:
    """Effect: this wish to be called, durable and encrypted, then `Stored`."""

    visit: str
    phone: str
    comment: str
    language: str


Effect = StoreAnswer | StoreContact
