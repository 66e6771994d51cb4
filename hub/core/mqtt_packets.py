"""Pure: the two packets that are nearly all of the hub's traffic, read and written many at a time.

A PUBLISH at QoS 1 without properties (MQTT 5.0, section 3.3) and its PUBACK (3.4). paho reads one byte by byte and
makes some dozen objects of each: half of what a stored answer costs. Whatever is not exactly such a packet, broken ones
too, is left to paho.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_PUBLISH_QOS_1 = 0x32
_OF_NO_MATTER = 0xFF ^ 0x09  # duplicate and retain, which a PUBLISH may have set or not
_PUBACK = struct.Struct("!HH")
_PUBACK_OF_TWO_BYTES = 0x4002
_LENGTH_BYTES = 4


class Publish(NamedTuple):
    """One message from the broker, to be acknowledged by its number."""

    topic: str
    payload: bytes
    number: int
    retained: bool


def packet_end(buffer: bytes, at: int) -> int | None:
    """Where the packet that begins at `at` ends; None while too little of it is there to tell.

    ValueError where no packet can begin so (MQTT 5.0, section 1.5.5: a length has at most four bytes).
    """
    length = 0
    for place in range(_LENGTH_BYTES):
        position = at + 1 + place
        if position >= len(buffer):
            return None
        byte = buffer[position]
        length |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return position + 1 + length
    raise ValueError("length: more than four bytes")


def plain_publishes(buffer: bytes, at: int) -> tuple[list[Publish], int]:
    """The plain PUBLISH packets from `at` on, and where the first packet begins that is none, or not there in whole."""
    found = []
    end = len(buffer)
    while end - at > _LENGTH_BYTES and buffer[at] & _OF_NO_MATTER == _PUBLISH_QOS_1:
        body = at + 2
        if (length := buffer[at + 1]) & 0x80:
            length = length & 0x7F | buffer[at + 2] << 7
            body = at + 3
            if length & 0x4000:
                break  # longer than any answer
        stop = body + length
        number = body + 2 + (buffer[body] << 8 | buffer[body + 1])
        if stop > end or number + 2 >= stop or buffer[number + 2] != 0:
            break  # not whole yet, or with properties
        topic = _topic(buffer[body + 2 : number])
        payload = buffer[number + 3 : stop]
        mid = buffer[number] << 8 | buffer[number + 1]
        found.append(Publish(topic, payload, mid, bool(buffer[at] & 1)))
        at = stop
    return found, at


def acknowledgements(numbers: Iterable[int]) -> bytes:
    """A PUBACK for each, saying that all is well."""
    return b"".join([_PUBACK.pack(_PUBACK_OF_TWO_BYTES, number) for number in numbers])


@lru_cache(maxsize=4096)
def _topic(name: bytes) -> str:
    return name.decode(
        errors="replace"
    )  # what is no text is no topic of ours, and is buried as such
