"""A message on its way from the broker into the database."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar

from contract.documents import Confirmation, DeviceState, ReportedConfiguration
from contract.messages import Message
from contract.topics import DeviceAddress
from hub.core.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Delivery:
    """What the broker handed over. `retained` is a copy that the broker had kept, not something said just now."""

    topic: str
    payload: bytes
    received_ms: int
    retained: bool = False


M_co = TypeVar("M_co", bound=Message, covariant=True)


@dataclass(slots=True)
class Arrival(Generic[M_co]):
    """A delivery that could be read. The registrar fills in when it happened and on whose word."""

    address: DeviceAddress
    message: M_co
    delivery: Delivery
    received_ms: int
    attachment: bytes = b""
    occurred_ms: int = 0
    time_source: str = ""

    def fingerprint(self) -> int:
        """64 bits of the payload's hash, signed as databases like it. A terminal sends again the very same bytes."""
        digest = blake2b(self.delivery.payload, digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


@dataclass(slots=True)
class Refusal:
    """An arrival that must not be counted, and why."""

    arrival: Arrival[Any]
    kind: str
    detail: str
    accounted: bool = False
    """Whether its number now counts as arrived, because the dead letter keeps it safe."""


@dataclass(slots=True)
class Registered:
    """What the registrar made of some arrivals."""

    fresh: list[Arrival[Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    duplicates: int = 0

    def add(self, other: "Registered") -> None:
        self.fresh += other.fresh
        self.refused += other.refused
        self.duplicates += other.duplicates


class Registrar(Protocol):
    """Knows the devices and which of their messages have arrived already."""

    def register(self, work: UnitOfWork, arrivals: list[Arrival[Any]]) -> Registered:
        """Sort new from known, account for the new ones, and give each its time."""
        ...

    def readmit(
        self, work: UnitOfWork, arrival: Arrival[Any], *, kind: str, accounted: bool
    ) -> Registered:
        """Take in a dead letter that a person replays.

        `kind`: why it was refused; `accounted`: its number counts as arrived already.
        """
        ...

    def note_state(
        self, work: UnitOfWork, address: DeviceAddress, state: DeviceState, delivery: Delivery
    ) -> None:
        """Take in what a device says of itself."""
        ...

    def note_reported(
        self, work: UnitOfWork, address: DeviceAddress, reported: ReportedConfiguration
    ) -> None:
        """Take in which configuration a device works by."""
        ...

    def confirmations(
        self, work: UnitOfWork, addresses: list[DeviceAddress]
    ) -> list[tuple[DeviceAddress, Confirmation]]:
        """What may be told to those devices once this unit of work is durable."""
        ...
