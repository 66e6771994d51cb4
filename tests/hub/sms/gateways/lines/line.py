"""What the tests of all gateways need of each: the far end, where telephones are."""

from typing import Protocol

from hub.sms.gateways.registry import NewGateway


class Line(Protocol):
    """A gateway and the telephone network behind it."""

    def gateway(self) -> NewGateway:
        """What the hub is told of it."""
        ...

    def ready(self) -> None:
        """Until messages can be sent."""
        ...

    def heard(self, telephone: str) -> list[str]:
        """The messages that reached a telephone, whole, in order."""
        ...

    def write(self, telephone: str, text: str) -> None:
        """A telephone's owner sends a message."""
        ...

    def write_in_parts(self, telephone: str, parts: list[str]) -> None:
        """A long message, of which the network may deliver the last part first."""
        ...

    def confirm(self) -> None:
        """Report as delivered whatever reached a telephone, where the network does not do so by itself."""
        ...

    def cut(self) -> None:
        """The way to the network is gone."""
        ...

    def mend(self) -> None: ...

    def close(self) -> None: ...
