"""The answers that are sent: real presses of a few devices, encoded before anything is measured."""

import struct
import time
from uuid import UUID

from contract.codec import encode
from contract.messages import Asked, ButtonPressed, Stamp
from contract.topics import Channel, DeviceAddress, DeviceTopic

ORGANISATION, FACILITY = "clinic", "bench"
DEVICES = tuple(DeviceAddress(ORGANISATION, FACILITY, f"terminal-{n}") for n in range(1, 6))
EPOCH = 1
_PUBLISH_QOS_1 = b"\x32"


def press(device: DeviceAddress, sequence: int) -> ButtonPressed:
    """As a terminal whose clock is right sends it, with the employee's shift."""
    stamp = Stamp(
        wall_ms=time.time_ns() // 1_000_000,
        boot_id=str(UUID(int=7)),
        uptime_ms=60_000 + sequence,
        synchronised=True,
    )
    return ButtonPressed(
        device=device.device,
        epoch=EPOCH,
        sequence=sequence,
        time=stamp,
        panel="reception-1",
        button=1 + sequence % 4,
        asked=Asked(survey="visit", question="how_was_it"),
        value=("very_good", "good", "bad", "very_bad")[sequence % 4],
        touchpoint="reception-1",
        shift="2026-01-01-early",
        employee="ana-ruiz",
    )


def publish_packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    """PUBLISH of MQTT 5.0 section 3.3 at QoS 1, without properties."""
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name + struct.pack("!HB", packet_id, 0) + payload
    return _PUBLISH_QOS_1 + variable_length(len(body)) + body


def variable_length(number: int) -> bytes:
    """MQTT 5.0 section 1.5.5."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def packets(device: DeviceAddress, count: int) -> list[bytes]:
    """The device's answers 1 to `count`, ready for the socket."""
    topic = str(DeviceTopic(device, Channel.UP, "ButtonPressed"))
    return [
        publish_packet(topic, encode(press(device, number)), 1 + number % 0xFFFF)
        for number in range(1, count + 1)
    ]
