"""A real MQTT 5 client for these tests, and waiting with a deadline."""

import ssl
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.core.broker import BrokerAddress, Credentials

PATIENCE_S = 15.0


def eventually(condition: Callable[[], bool], seconds: float = PATIENCE_S) -> bool:
    """Whether the condition became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class Peer:
    """A client that keeps what happens to it."""

    def __init__(
        self,
        address: BrokerAddress,
        name: str,
        user: Credentials | None = None,
        will: tuple[str, bytes] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.retained: list[str] = []
        self.published: dict[int, ReasonCode] = {}
        self.connections = 0
        self.disconnections = 0
        self._answered = threading.Event()
        self._subscribed = threading.Event()
        self.reason: ReasonCode | None = None
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self._client.reconnect_delay_set(0.05, 0.2)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        if user is not None:
            self._client.username_pw_set(user.username, user.password)
        if will is not None:
            self._client.will_set(will[0], will[1], qos=1)
        if tls is not None:
            self._client.tls_set_context(tls)
        self._client.connect(address.host, address.port)
        self._client.loop_start()
        assert self._answered.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        assert self.accepted(), self.reason
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def accepted(self) -> bool:
        return self.reason is not None and not self.reason.is_failure

    def drop(self) -> None:
        """Vanish without a DISCONNECT, as a terminal does that loses its power."""
        connection = self._client.socket()
        assert connection is not None
        self._client.loop_stop()
        connection.close()

    def subscribe(self, *topics: str) -> None:
        self._subscribed.clear()
        self._client.subscribe([(topic, 1) for topic in topics])
        assert self._subscribed.wait(PATIENCE_S)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> ReasonCode:
        """QoS 1; the broker's verdict."""
        mid = self._client.publish(topic, payload, qos=1, retain=retain).mid
        assert eventually(lambda: mid in self.published), topic
        return self.published[mid]

    def _on_connect(
        self, client: mqtt.Client, _: object, __: object, reason: ReasonCode, ___: Properties | None
    ) -> None:
        self.reason = reason
        self.connections += not reason.is_failure
        self._answered.set()

    def _on_disconnect(self, *_: object) -> None:
        self.disconnections += 1

    def _on_publish(
        self, _: mqtt.Client, __: object, mid: int, reason: ReasonCode, ___: Properties | None
    ) -> None:
        self.published[mid] = reason

    def _on_message(self, _: mqtt.Client, __: object, message: mqtt.MQTTMessage) -> None:
        self.received.append((message.topic, message.payload))
        if message.retain:
            self.retained.append(message.topic)
