"""The only spelling of MQTT topics, in both directions.

A device speaks and listens below its own address, `wh/v1/{organisation}/{facility}/{device}`; the hub says
that it is there on `wh/v1/{organisation}/hub`. Who may use which topic is decided by the broker's ACL.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ROOT = "wh/v1"

IDENTIFIER_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
"""Organisations, facilities and devices: safe in a topic, a file name, a client id and an ACL line."""

TYPE_PATTERN = r"^[A-Z][A-Za-z0-9]{0,63}$"

_identifier = re.compile(IDENTIFIER_PATTERN)
_message_type = re.compile(TYPE_PATTERN)


class TopicError(ValueError):
    """A text that is not one of our topics, or a part that may not stand in one."""


class Channel(StrEnum):
    """What lies below a device's address. `up` carries a message type as one more level."""

    UP = "up"
    STATE = "state"
    CONFIRMED = "confirmed"
    DESIRED = "desired"
    REPORTED = "reported"
    JOB = "job"
    SMS = "sms"


def checked_identifier(text: str, field: str) -> str:
    """The same text, or a TopicError that names the field."""
    if not _identifier.match(text) or text.endswith("\n"):
        raise TopicError(
            f"{field}: {text[:80]!r} is not an identifier (1 to 63 of a-z, 0-9 and '-', not starting with '-')"
        )
    return text


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """Where a device belongs; every one of its topics starts with it."""

    organisation: str
    facility: str
    device: str

    def __post_init__(self) -> None:
        checked_identifier(self.organisation, "organisation")
        checked_identifier(self.facility, "facility")
        checked_identifier(self.device, "device")

    def __str__(self) -> str:
        return f"{ROOT}/{self.organisation}/{self.facility}/{self.device}"

    def __hash__(self) -> int:
        return hash(self.device)  # asked several times a message; devices are unique as it is


@dataclass(frozen=True, slots=True)
class DeviceTopic:
    """One topic of one device; `message_type` is given exactly when the channel is `up`."""

    address: DeviceAddress
    channel: Channel
    message_type: str | None = None

    def __post_init__(self) -> None:
        if (self.channel is Channel.UP) != (self.message_type is not None):
            raise TopicError(f"channel {self.channel.value}: a message type belongs to 'up' alone")
        if self.message_type is not None and (
            not _message_type.match(self.message_type) or self.message_type.endswith("\n")
        ):
            raise TopicError(f"message type: {self.message_type[:80]!r} is not a type's name")

    def __str__(self) -> str:
        tail = f"/{self.message_type}" if self.message_type else ""
        return f"{self.address}/{self.channel.value}{tail}"


@dataclass(frozen=True, slots=True)
class HubTopic:
    """Where the hub announces itself to an organisation's devices (retained)."""

    organisation: str

    def __post_init__(self) -> None:
        checked_identifier(self.organisation, "organisation")

    def __str__(self) -> str:
        return f"{ROOT}/{self.organisation}/hub"


def parse(topic: str) -> DeviceTopic | HubTopic:
    """The parts of a topic; raises TopicError for anything that `str` of ours would not produce."""
    match topic.split("/"):
        case ["wh", "v1", organisation, "hub"]:
            return HubTopic(organisation)
        case ["wh", "v1", organisation, facility, device, "up", message_type]:
            address = DeviceAddress(organisation, facility, device)
            return DeviceTopic(address, Channel.UP, message_type)
        case ["wh", "v1", organisation, facility, device, channel] if channel in set(Channel):
            return DeviceTopic(DeviceAddress(organisation, facility, device), Channel(channel))
    raise TopicError(f"{topic[:200]!r} is not a topic of {ROOT}")


HUB_SUBSCRIPTIONS: tuple[str, ...] = (
    f"{ROOT}/+/+/+/{Channel.UP.value}/+",
    f"{ROOT}/+/+/+/{Channel.STATE.value}",
    f"{ROOT}/+/+/+/{Channel.REPORTED.value}",
)
"""What the hub listens to, of all devices."""


def device_subscriptions(address: DeviceAddress) -> tuple[str, ...]:
    """What a device listens to: its own downward channels and its organisation's hub."""
    down = (Channel.CONFIRMED, Channel.DESIRED, Channel.JOB, Channel.SMS)
    return (*(str(DeviceTopic(address, c)) for c in down), str(HubTopic(address.organisation)))
