"""A device's connection with as little work as MQTT 5 allows, so that what sends the load is not what is measured.

It publishes packets that were encoded before, keeps to the window, and hears the hub's confirmations.
"""

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Self

from bench.apparatus.answers import variable_length
from contract.topics import Channel, DeviceAddress, DeviceTopic, HubTopic
from hub.core.broker.interface import BrokerAddress

WINDOW = 500
"""Answers under way to the broker; less than its own window, so that it never has reason to refuse."""
SOCKET_S = 10.0

_CONNACK, _PUBLISH, _PUBACK, _SUBACK = 0x20, 0x30, 0x40, 0x90


class NotHeard(Exception):
    """Nobody said in time what was waited for; the text says how far it came."""


class Device:
    """Connected from its making until the end of its block."""

    def __init__(self, address: DeviceAddress, broker: BrokerAddress, password: str) -> None:
        self.address = address
        self._socket = socket.create_connection((broker.host, broker.port), timeout=SOCKET_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._unacknowledged = 0
        self._announced = 0
        self._confirmed = 0
        self._confirmed_at = 0.0
        name = address.device
        flags = struct.pack("!BHB", 0xC2, 0, 0)  # user, password, clean start; no keep-alive
        self._send(0x10, b"\x00\x04MQTT\x05" + flags + b"".join(map(_text, (name, name, password))))
        self._await(_CONNACK)
        self._hub = str(HubTopic(address.organisation))
        topics = (str(DeviceTopic(address, Channel.CONFIRMED)), self._hub)
        self._send(
            0x82, struct.pack("!HB", 1, 0) + b"".join(_text(topic) + b"\x00" for topic in topics)
        )
        self._await(_SUBACK)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def publish(self, packets: Sequence[bytes]) -> None:
        """Send them; returns when the broker has acknowledged all but a window of them."""
        self._socket.sendall(b"".join(packets))
        self._unacknowledged += len(packets)
        self.settle(WINDOW)

    def settle(self, unacknowledged: int = 0) -> None:
        """Return when no more than that many are unacknowledged."""
        while self._unacknowledged > unacknowledged:
            self._await(_PUBACK)

    def await_announced(self, within_s: float, times: int = 1) -> None:
        """Return when that many hubs, or stand-ins for one, have said that they hear; NotHeard."""
        deadline = time.monotonic() + within_s
        while self._announced < times:
            self._listen(deadline)

    def await_confirmed(self, sequence: int, within_s: float) -> float:
        """When (time.monotonic) the hub's word came that everything up to `sequence` is stored; NotHeard."""
        deadline = time.monotonic() + within_s
        while self._confirmed < sequence:
            self._listen(deadline)
        return self._confirmed_at

    def _listen(self, deadline: float) -> None:
        self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            self._await(_PUBLISH)
        except TimeoutError:
            raise NotHeard(f"{self.address.device}: confirmed up to {self._confirmed}") from None
        finally:
            self._socket.settimeout(SOCKET_S)

    def _send(self, kind: int, body: bytes) -> None:
        self._socket.sendall(bytes([kind]) + variable_length(len(body)) + body)

    def _await(self, wanted: int) -> None:
        """Deal with packets up to the next one of that kind."""
        while True:
            kind, body = self._packet()
            if kind == _PUBACK:
                self._unacknowledged -= 1
                if len(body) > 2 and body[2] >= 0x80:
                    raise ConnectionError(f"the broker refused an answer: {body[2]:#x}")
            elif kind == _PUBLISH:
                self._hear(body)
            elif kind == _CONNACK and body[1]:
                raise ConnectionError(f"the broker refused {self.address.device}: {body[1]:#x}")
            if kind == wanted:
                return

    def _hear(self, body: bytes) -> None:
        """At QoS 0: topic, properties (none that matter here), document."""
        start = 2 + struct.unpack_from("!H", body)[0]
        document = json.loads(body[start + 1 + body[start] :])
        if body[2:start].decode() == self._hub:
            self._announced += document["online"]
        elif document["up_to"] > self._confirmed:
            self._confirmed, self._confirmed_at = document["up_to"], time.monotonic()

    def _packet(self) -> tuple[int, bytes]:
        length, at = 0, 1
        while True:
            while len(self._received) <= at:
                self._fill()
            length |= (self._received[at] & 0x7F) << 7 * (at - 1)
            at += 1
            if self._received[at - 1] < 0x80:
                break
        while len(self._received) < at + length:
            self._fill()
        kind, body = self._received[0] & 0xF0, bytes(self._received[at : at + length])
        del self._received[: at + length]
        return kind, body

    def _fill(self) -> None:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError(f"the broker has closed the connection of {self.address.device}")
        self._received += received


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("!H", len(raw)) + raw
