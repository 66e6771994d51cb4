"""News of conversations by SMS, told within the transaction that brings them about. None holds a telephone or words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Which conversation. `participation` is None where nobody was invited (a demonstration, a stranger)."""

    organisation: str
    facility: str
    conversation: int
    participation: int | None
    campaign: str
    employee: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class DetractorFound:
    """A score from 0 to 6, for the first time in this conversation."""

    of: Told
    score: int


@dataclass(frozen=True, slots=True)
class ScoreGiven:
    """A score from 0 to 10, for the first time in this conversation."""

    of: Told
    score: int


@dataclass(frozen=True, slots=True)
class AnswerTakenBack:
    """It was not the patient who answered: the score does not count any more."""

    of: Told


@dataclass(frozen=True, slots=True)
class PersonNeeded:
    """Somebody writes what a person must see at once; the conversation says nothing more by itself."""

    of: Told
    urgent: bool
    """Danger to life."""


@dataclass(frozen=True, slots=True)
class CallDecided:
    """Whether the patient may be called about an answer, or wishes to be called."""

    of: Told
    may_call: bool


@dataclass(frozen=True, slots=True)
class WordsReceived:
    """Words of the patient were kept, with the answer or after it; the message has them."""

    of: Told
    message: int


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """Something for the contact centre."""

    of: Told
    message: int


@dataclass(frozen=True, slots=True)
class AppointmentAnswered:
    """An appointment of which somebody reminded is kept or cancelled; `reference` is the reminder's."""

    of: Told
    reference: str
    kept: bool


@dataclass(frozen=True, slots=True)
class MessageUnresolved:
    """For too long nobody knows whether one of our messages went out; it is not sent again by itself."""

    of: Told


@dataclass(frozen=True, slots=True)
class ConversationMoved:
    """Something was said or decided; live pages look again."""

    organisation: str
    facility: str
    conversation: int
    campaign: str
