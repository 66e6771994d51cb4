"""A terminal with a modem as a gateway. Its name is the terminal's id.

A message that has been published may be on a terminal that just went away, so it stays in doubt until the terminal says
that it has taken it. Saying it again is harmless, for a terminal takes each id once: that is how it is asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.fernet import Fernet

from contract.sms import MOST_PARTS, SmsCommand, SmsPart, SmsToSend, sealing_key
from contract.topics import Channel, DeviceTopic
from hub.core.unit_of_work import Workplace
from hub.fleet import registry as fleet
from hub.fleet.registry import Reachable
from hub.sms import telephones
from hub.sms.gateways.port import (
    Doubt,
    Finding,
    GatewayDown,
    Name,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from hub.sms.gateways.registry import GatewaySettings, Opener
from hub.sms.gateways.user_data import concatenation
from hub.sms.parts import Encoding, split

KIND = "modem"

Publish = Callable[[DeviceTopic, bytes], None]
Find = Callable[[Name], Reachable | None]


class ModemSettings(GatewaySettings):
    """Nothing: the terminal is known by the gateway's name."""


class Downlink:
    """The hub's link to the broker, which is there only once the hub runs."""

    def __init__(self) -> None:
        self._publish: Publish | None = None

    def join(self, publish: Publish) -> None:
        """Send by this from now on."""
        self._publish = publish

    def __call__(self, topic: DeviceTopic, payload: bytes) -> None:
        if self._publish is None:
            raise GatewayDown("hub_not_connected")
        self._publish(topic, payload)


class ModemGateway:
    """One terminal's modem."""

    def __init__(self, name: Name, find: Find, publish: Publish) -> None:
        self._name = name
        self._find = find
        self._publish = publish

    def send(self, message: Outgoing) -> Sent:
        """Have the terminal take it; it says itself when it has."""
        if not telephones.is_number(message.recipient):
            return Refused("no_number")
        encoding, pieces = split(message.text)
        if len(pieces) > MOST_PARTS:
            return Refused("too_long")
        terminal = self._find(self._name)
        if terminal is None or not terminal.online:
            raise GatewayDown("terminal_offline")
        self._say(terminal, message, encoding, pieces)
        return Unknown("awaiting_terminal")

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        """Say it again; the answer is a report."""
        del doubt
        terminal = self._find(self._name)
        if terminal is not None and terminal.online:
            self._say(terminal, message, *split(message.text))
        return Finding.CANNOT_TELL, None

    def close(self) -> None:
        """Nothing is held."""

    def _say(
        self, terminal: Reachable, message: Outgoing, encoding: Encoding, pieces: list[str]
    ) -> None:
        several = len(pieces) > 1
        reference = int(message.id[-2:], 16) if several else 0
        parts = [
            SmsPart(
                text=piece,
                header=concatenation(reference, number, len(pieces)).hex().upper()
                if several
                else "",
            )
            for number, piece in enumerate(pieces, 1)
        ]
        content = SmsToSend(
            id=message.id,
            recipient=message.recipient,
            wide=encoding is Encoding.UCS_2,
            parts=parts,
        )
        sealed = Fernet(sealing_key(terminal.password_hash)).encrypt(
            content.model_dump_json().encode()
        )
        command = SmsCommand(id=message.id, sealed=sealed.decode())
        topic = DeviceTopic(terminal.address, Channel.SMS)
        self._publish(topic, command.model_dump_json().encode())


def opener(workplace: Workplace, publish: Publish) -> Opener:
    """Makes the gateways of terminals."""

    def find(name: Name) -> Reachable | None:
        with workplace.read() as work:
            return fleet.reachable(work, name.organisation, name.id)

    def opened(name: Name, _settings: Mapping[str, Any]) -> ModemGateway:
        return ModemGateway(name, find, publish)

    return opened
