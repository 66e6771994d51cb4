"""The hub's end of the broker: hears every device, acknowledges after commit, confirms, announces itself.

Two threads: the network's reads the socket, understands what came and fills a queue; the storing thread takes a batch
off it, has it stored, and only then has it acknowledged. While the database is down nothing is acknowledged, so the
broker stops sending once its window is full, the terminals get no confirmation, and everything waits on their disks.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import uuid4

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from contract.documents import HubAnnounced
from contract.topics import HUB_SUBSCRIPTIONS, Channel, DeviceTopic, HubTopic
from hub.core.arrivals import Delivery
from hub.core.batching import Batches
from hub.core.clock import Clock
from hub.core.inbox import DatabaseUnavailable, Inbox, Outcome
from hub.core.mqtt_loop import Client, NetworkLoop
from hub.core.mqtt_packets import Publish
from hub.core.reading import Read, read

log = structlog.get_logger()

RECEIVE_MAXIMUM = 5000
"""Messages that the broker may have under way to us; must exceed a batch, or batches never fill."""
RETRY_S = (0.1, 0.2, 0.5, 1.0, 2.0)
GREET_AGAIN_S = 1.0
KEEPALIVE_S = 20


@dataclass(frozen=True, slots=True)
class BrokerLogin:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: bool = False


@dataclass(slots=True)
class _Taken:
    read: Read
    number: int
    qos: int
    connection: int


class Observer(Protocol):
    """What the link tells others."""

    def connected(self, link: "HubLink") -> None:
        """The broker is there, perhaps anew and without anything retained."""
        ...

    def stored(self, outcome: Outcome, seconds: float, waiting: int) -> None:
        """A batch is durable; `waiting` more deliveries are queued."""
        ...


class HubLink:
    """The connection to the broker and the two threads on it."""

    def __init__(
        self,
        login: BrokerLogin,
        inbox: Inbox,
        clock: Clock,
        *,
        organisations: Callable[[], list[str]],
        observer: Observer,
        batch_messages: int = 500,
        batch_ms: int = 20,
    ) -> None:
        self.instance = uuid4().hex
        self._inbox = inbox
        self._clock = clock
        self._organisations = organisations
        self._observer = observer
        self._login = login
        self._taken: Batches[_Taken] = Batches(batch_messages, batch_ms / 1000)
        self._connection = 0
        self._announced: set[str] = set()
        self._greeting = threading.Thread()
        self._stopping = threading.Event()
        self._storing = threading.Thread(target=self._store_batches, name="storing", daemon=True)
        self._client = self._make_client(login)
        connect = partial(
            self._client.connect, login.host, login.port, KEEPALIVE_S, properties=_properties()
        )
        self._network = NetworkLoop(self._client, connect, self._hear)

    def start(self) -> None:
        """Begin to connect, and to store what comes."""
        self._storing.start()
        self._network.start()

    def stop(self) -> None:
        """Say good-bye, store what has been taken off the broker, and end."""
        self._stopping.set()
        if self._greeting.ident is not None:
            self._greeting.join(timeout=10)
        for organisation in sorted(self._announced):
            self._announce(organisation, online=False)
        self._taken.end()
        self._storing.join(timeout=10)
        self._network.stop()

    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._client.is_connected()

    def alive(self) -> bool:
        """Whether the storing thread runs."""
        return self._storing.is_alive()

    def waiting(self) -> int:
        """How many deliveries have been taken off the broker and are in no batch yet."""
        return self._taken.waiting()

    def announce(self, organisation: str) -> None:
        """Tell an organisation's devices that the hub is here; done by itself at each connection."""
        self._announced.add(organisation)
        self._announce(organisation, online=True)

    def publish(self, topic: DeviceTopic, payload: bytes, *, retain: bool = False) -> None:
        """Send a document to a device."""
        self._client.publish(str(topic), payload, qos=1, retain=retain)

    def _make_client(self, login: BrokerLogin) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"hub-{self.instance[:12]}",
            protocol=paho.MQTTv5,
            manual_ack=True,
        )
        if login.user is not None:
            client.username_pw_set(login.user, login.password)
        if login.tls:
            client.tls_set()
        client.connect_timeout = 5.0
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _on_connect(
        self,
        client: paho.Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            log.warning("broker_refused", reason_code=reason.value)
            return
        self._connection += 1
        client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in HUB_SUBSCRIPTIONS])
        log.info("broker_connected", port=self._login.port)

    def _on_subscribe(self, *_: object) -> None:
        """From now on everything is heard, and not before: only now is the hub announced."""
        self._greeting = threading.Thread(
            target=self._greet, args=(self._connection,), name="greeting", daemon=True
        )
        self._greeting.start()

    def _on_disconnect(self, *_: object) -> None:
        self._connection += 1  # what was taken on the old one can no longer be acknowledged

    def _greet(self, connection: int) -> None:
        """Announce the hub once the database says to whom; paho's thread must not wait for that, nor die of it."""
        while self._connection == connection and not self._stopping.is_set():
            try:
                for organisation in self._organisations():
                    self.announce(organisation)
                self._observer.connected(self)
            except Exception:
                log.exception("hub_not_announced")
                self._stopping.wait(GREET_AGAIN_S)
            else:
                return

    def _hear(self, publishes: list[Publish]) -> None:
        now_ms, connection = self._clock.now_ms(), self._connection
        self._taken.put(
            [
                _Taken(read(Delivery(topic, payload, now_ms, retained)), number, 1, connection)
                for topic, payload, number, retained in publishes
            ]
        )

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        """Only what is not plain: at another QoS, or with properties."""
        delivery = Delivery(
            message.topic, bytes(message.payload), self._clock.now_ms(), message.retain
        )
        self._taken.put([_Taken(read(delivery), message.mid, message.qos, self._connection)])

    def _announce(self, organisation: str, *, online: bool) -> None:
        document = HubAnnounced(online=online, instance=self.instance)
        payload = document.model_dump_json().encode()
        self._client.publish(str(HubTopic(organisation)), payload, qos=1, retain=True)

    def _store_batches(self) -> None:
        while (batch := self._taken.take()) is not None:
            if batch and not self._store(batch):
                return

    def _store(self, batch: list[_Taken]) -> bool:
        """False: the end came before the database was back. The terminals keep what they were not confirmed."""
        started = time.monotonic()
        outcome = self._store_when_possible([taken.read for taken in batch])
        if outcome is None:
            return False
        self._network.call(partial(self._acknowledge, batch))
        for address, confirmation in outcome.confirmations:
            # QoS 0: a terminal that misses one asks again by sending again, and the next one says it all.
            topic = DeviceTopic(address, Channel.CONFIRMED)
            payload = confirmation.model_dump_json(exclude_none=True)
            self._client.publish(str(topic), payload.encode(), qos=0)
        seconds = time.monotonic() - started
        self._observer.stored(outcome, seconds, self.waiting())
        return True

    def _store_when_possible(self, batch: list[Read]) -> Outcome | None:
        attempt = 0
        while not (self._stopping.is_set() and attempt):
            try:
                return self._inbox.store_read(batch)
            except DatabaseUnavailable as error:
                log.error("database_unavailable", attempt=attempt, error_type=str(error))
            except Exception:
                log.exception("batch_not_stored", attempt=attempt)
            self._stopping.wait(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1
        return None

    def _acknowledge(self, batch: list[_Taken]) -> None:
        """Acknowledge what came on the present connection: on a new one the same number means another message."""
        self._network.acknowledge(
            [t.number for t in batch if t.qos and t.connection == self._connection]
        )


def _properties() -> Properties:
    """MQTT 5: how many unacknowledged messages we can take."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    return properties
