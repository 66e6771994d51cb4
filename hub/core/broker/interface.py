"""What the hub asks of a broker, whichever it is."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from contract.topics import DeviceAddress


class BrokerSettingError(ValueError):
    """The `broker` setting cannot be followed; the text says what to set or install instead."""


class BrokerUnavailableError(RuntimeError):
    """The broker could not be started; the text says why, in the broker's own words if it left any."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where clients connect."""

    host: str
    port: int
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of the broker. The password stays out of `repr`, and so out of logs and tracebacks."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a listener for terminals stands on, each in PEM."""

    authorities: str
    """Whose certificates are believed."""
    revoked: str
    """Lists of those certificates that are not, one for each authority."""
    certificate: str
    """The broker's own."""
    key: bytes | None = field(repr=False)
    """Of that certificate; None where it is still the same."""


class Broker(Protocol):
    """A broker's life, and who may connect to it."""

    def start(self) -> BrokerAddress:
        """Return once clients can connect (a broker of our own), or at once (somebody else's).

        Raises BrokerUnavailableError.
        """
        ...

    def address(self) -> BrokerAddress:
        """Where clients on this machine connect; of a broker of our own it is certain once it has started."""
        ...

    def stop(self) -> None:
        """End what `start` started and free its port; nothing happens if nothing runs."""
        ...

    def alive(self) -> bool:
        """Whether clients can connect now, as far as was last seen."""
        ...

    def hub_credentials(self) -> Credentials | None:
        """The hub's own user; None where the broker asks for none."""
        ...

    def set_device(self, device_id: str, password: str) -> None:
        """Let a device connect with its id as user name, or change its password.

        Raises contract.topics.TopicError for what is not a device id, ValueError for an empty password.
        """
        ...

    def remove_device(self, device_id: str) -> None:
        """Take the device's password away and end its connection; nothing happens if it has none."""
        ...

    def admit(self, devices: Collection[DeviceAddress]) -> None:
        """These devices may use the topics of their addresses from now on, and no others any."""
        ...

    def trust(self, trust: Trust) -> None:
        """Terminals are known by these certificates from now on. Open connections stay."""
        ...

    def certificate(self) -> str | None:
        """The certificate that terminals are shown, in PEM; None before the first `trust`, or where there is none."""
        ...

    def expel(self, device_id: str) -> None:
        """End the device's connection, whoever it was opened by. It may come back, if it is let in."""
        ...
