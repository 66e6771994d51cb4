"""Pure: what passes between Wellheard and a gateway for SMS, whichever it is.

A gateway hands over one message and says what became of it, and translates what comes in; it decides nothing. When a
message goes out, by which gateway, and what is done when nobody knows whether it went, is decided by `dispatching`.
Telephone numbers are E.164 with the plus sign, in both directions.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Name:
    """Which gateway."""

    organisation: str
    id: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out. `id` is the row's own, and is what the gateway's reports carry."""

    id: str
    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway has it and will report; `carrier_id` is the gateway's own name for it, if it gave one."""

    carrier_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never take this message; `reason` is a short code without personal data."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken or not: the connection broke after it was handed over. It is not sent again."""

    reason: str


Sent = Accepted | Refused | Unknown


class GatewayDown(Exception):
    """The message has certainly not been taken, and may be tried again or elsewhere. The text is for the log."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Finding(StrEnum):
    """What a gateway can say of a message of which it is unknown whether it was handed over."""

    THERE = "there"
    ABSENT = "absent"
    """It certainly does not have it and never had: it may be sent again."""
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is known of a message that may have been handed over."""

    handed_over_ms: int
    later_reported: bool
    """The same gateway has reported on a message that was handed to it later: its reports do arrive."""


class Gateway(Protocol):
    """One way to the telephone network."""

    def send(self, message: Outgoing) -> Sent:
        """Hand one message over; raises GatewayDown when it has certainly not been taken."""
        ...

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        """Whether it has a message, and its carrier id if it knows one."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class DeliveryState(StrEnum):
    """How far a message got, by the gateway's report."""

    TAKEN = "taken"
    """The gateway has it."""
    SUBMITTED = "submitted"
    """The network has it."""
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """News of a message: by our `message` id, or by the carrier's where a gateway cannot carry ours."""

    organisation: str
    gateway: str
    state: DeliveryState
    message: str | None = None
    carrier_id: str | None = None
    recipient: str | None = None
    """Finds the message that is in doubt, where nothing else does."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartOf:
    """Which part of a long message this is; `reference` is the sender's number for the whole."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message, or a part of one, that came in. (organisation, gateway, carrier_id) is its identity."""

    organisation: str
    gateway: str
    carrier_id: str
    sender: str
    recipient: str
    text: str
    part: PartOf | None = None
