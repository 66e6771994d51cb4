"""Dead letters as programs get them."""

from pydantic import BaseModel


class DeadLetterModel(BaseModel):
    """A payload that could not be stored, and why; the payload itself is given one letter at a time."""

    id: int
    facility: str | None
    device: str | None
    topic: str
    kind: str
    detail: str
    size: int
    truncated: bool
    received_ms: int
    times: int
    state: str


class WholeDeadLetterModel(DeadLetterModel):
    payload_base64: str


class ReplayedModel(BaseModel):
    """The letter is stored now."""

    id: int
    state: str
