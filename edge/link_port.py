"""Who knows what the uplink says, who takes what it hears, and who wants to know how its connection does."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from contract.documents import DeviceState, ReportedConfiguration
from contract.topics import Channel

Listeners = Mapping[Channel, Callable[[bytes], None]]
"""Who takes what arrives on further channels; called on the uplink's thread."""
NOBODY: Listeners = MappingProxyType({})


class StateReporter(Protocol):
    """Knows what the terminal says of itself."""

    def state(self, *, online: bool) -> DeviceState:
        """The document for `state`; with `online` False the one for the will."""
        ...

    def identity_stopped(self, stopped: bool) -> None:
        """Whether the hub takes nothing from this identity, because another terminal uses it too."""
        ...


class ConfigurationPort(Protocol):
    """Knows by which configuration the terminal works."""

    def desired(self, payload: bytes) -> None:
        """One has arrived, perhaps one that cannot be read."""
        ...

    def reported(self) -> ReportedConfiguration:
        """What the terminal works by now; asked several times a second, and said when it has changed."""
        ...

    def hub_answered(self) -> None:
        """The hub itself, not only its broker, has answered over this connection."""
        ...


class LinkObserver(Protocol):
    """Wants to know how the connection does. Called from several threads."""

    def connected(self) -> None:
        """A connection has begun."""
        ...

    def lost(self) -> None:
        """It has ended."""
        ...

    def asked(self) -> None:
        """Something is sent whose arrival the broker acknowledges."""
        ...

    def answered(self) -> None:
        """It has."""
        ...


class Unobserved:
    """Nobody wants to know."""

    def connected(self) -> None: ...

    def lost(self) -> None: ...

    def asked(self) -> None: ...

    def answered(self) -> None: ...


UNOBSERVED = Unobserved()
