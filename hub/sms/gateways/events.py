"""News of the gateways. `SmsReceived` holds personal data: it is told within the transaction and never stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SmsReceived:
    """A whole message came in, for the first time. Whoever answers it puts the reply in the same transaction."""

    organisation: str
    facility: str
    """The gateway's; "" when it serves all facilities of the organisation."""
    gateway: str
    id: int
    """Of the row that keeps it."""
    sender: str
    recipient: str
    text: str
    received_ms: int
    incomplete: bool = False
    """A part was lost: what there is, to be kept and asked again."""


@dataclass(frozen=True, slots=True)
class SmsStateChanged:
    """An outgoing message got further; `state` is one of `service.State`."""

    organisation: str
    facility: str
    message: str
    purpose: str
    subject: str
    state: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SmsUnresolved:
    """For too long nobody knows whether this message went out: a person must be told, once."""

    organisation: str
    facility: str
    message: str
    purpose: str
    subject: str
    since_ms: int
