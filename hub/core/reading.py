"""What a delivery says, or why that cannot be told.

Reading needs nothing but the bytes, so that it can be done while the database is busy with the batch before.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contract.codec import DecodeError, decode, decode_envelope, read_document
from contract.documents import DeviceState, ReportedConfiguration
from contract.messages import Message
from contract.topics import Channel, DeviceTopic, HubTopic, TopicError, parse
from hub.core.arrivals import Arrival, Delivery

_DOCUMENTS: dict[Channel, type[DeviceState | ReportedConfiguration]] = {
    Channel.STATE: DeviceState,
    Channel.REPORTED: ReportedConfiguration,
}

Said = Arrival[Any] | DeviceState | ReportedConfiguration | None
"""None on a channel that is nobody's yet."""


@dataclass(slots=True)
class Nameless(Arrival[Message]):
    """A message of which only the identity can be read, with the reason why the rest cannot."""

    reason: DecodeError | None = None


@dataclass(slots=True)
class Read:
    """A delivery, and what it says: for an `error` no more than the identity, where that much can be saved."""

    delivery: Delivery
    said: Said = None
    error: DecodeError | None = None


def read(delivery: Delivery) -> Read:
    """Never fails."""
    try:
        return Read(delivery, said=_said(delivery))
    except DecodeError as error:
        return Read(delivery, nameless(delivery, error), error)


def nameless(delivery: Delivery, reason: DecodeError) -> Nameless | None:
    """What can be saved of a message that is not understood: its identity, if that much is readable and true."""
    try:
        topic = topic_of(delivery)
        if topic.channel is not Channel.UP or topic.message_type is None:
            return None
        message = decode_envelope(topic.message_type, delivery.payload)
        _check_identity(topic, message)
    except DecodeError:
        return None
    return Nameless(topic.address, message, delivery, delivery.received_ms, reason=reason)


def topic_of(delivery: Delivery) -> DeviceTopic:
    """Where it was said; DecodeError where that is no topic of a device."""
    return _topic(delivery.topic)


def _said(delivery: Delivery) -> Said:
    topic = _topic(delivery.topic)
    if topic.channel in _DOCUMENTS:
        model = _DOCUMENTS[topic.channel]
        return read_document(model, delivery.payload) if delivery.payload else None
    if topic.channel is not Channel.UP or topic.message_type is None:
        return None
    decoded = decode(topic.message_type, delivery.payload)
    _check_identity(topic, decoded.message)
    return Arrival(
        topic.address, decoded.message, delivery, delivery.received_ms, decoded.attachment
    )


def _check_identity(topic: DeviceTopic, message: Message) -> None:
    if message.device != topic.address.device:
        raise DecodeError(
            "foreign_identity", "device: the message names another device than its topic"
        )
    if message.type != topic.message_type:
        raise DecodeError("foreign_type", "type: the message names another type than its topic")


@lru_cache(maxsize=4096)
def _topic(text: str) -> DeviceTopic:
    try:
        topic = parse(text)
    except TopicError as error:
        raise DecodeError("bad_topic", str(error)) from error
    if isinstance(topic, HubTopic):
        raise DecodeError("bad_topic", "topic: the hub does not listen to itself")
    return topic
