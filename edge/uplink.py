"""From the outbox to the hub: MQTT 5, QoS 1, oldest first; kept until the hub itself confirms.

The broker's acknowledgement is not looked at: it says that the broker has the message, not that anybody stored it.
Each connection is a new client, so that nothing is sent again but what the outbox still holds.
"""

import queue
import threading
import time
from collections.abc import Callable
from random import Random

import paho.mqtt.client as paho
import structlog
from paho.mqtt.reasoncodes import ReasonCode

from contract.codec import DecodeError, read_document
from contract.documents import (
    Confirmation,
    HubAnnounced,
)
from contract.topics import Channel, DeviceAddress, DeviceTopic, HubTopic, device_subscriptions
from edge.backoff import delay_s
from edge.broker import BrokerLogin, make_client
from edge.link_port import (
    NOBODY,
    UNOBSERVED,
    ConfigurationPort,
    LinkObserver,
    Listeners,
    StateReporter,
)
from edge.outbox import NotStored, Outbox
from edge.statements import Statements
from edge.window import Window

log = structlog.get_logger()

KEEPALIVE_S = 15
"""A half-open connection is noticed after this without an answer to a ping, so within twice as long."""
STABLE_S = 10.0
"""A connection that lasted this long resets the back-off."""
STATE_EVERY_S = 60.0
STATE_AFTER_DRAIN_S = 5.0
"""Once what was told to be waiting has been confirmed, staff are not left worrying for a minute."""
FIRST_CONFIRMATION_S = 1.0
"""After connecting, the hub is given this long to say what it has, so that it need not be sent again."""
PUBLISH_AT_ONCE = 100
CONNECT_S = 10.0
UNHEARD_S = 180.0
"""A hub that is there and knows us has answered within this."""


class Uplink:
    """Keeps a connection whenever there can be one, and drains the outbox over it."""

    def __init__(
        self,
        address: DeviceAddress,
        login: BrokerLogin,
        outbox: Outbox,
        reporter: StateReporter,
        configuration: ConfigurationPort,
        *,
        listeners: Listeners = NOBODY,
        observer: LinkObserver = UNOBSERVED,
        random: Random | None = None,
        now_s: Callable[[], float] = time.monotonic,
        keepalive_s: int = KEEPALIVE_S,
        connect_s: float = CONNECT_S,
        first_confirmation_s: float = FIRST_CONFIRMATION_S,
    ) -> None:
        self._address = address
        self.login = login
        """May be exchanged at any time; the next connection uses it."""
        self._outbox = outbox
        self._reporter = reporter
        self._configuration = configuration
        self._listeners = {str(DeviceTopic(address, c)): hear for c, hear in listeners.items()}
        self._observer = observer
        self._statements = Statements(address, reporter, configuration, observer)
        self._random = random or Random()  # noqa: S311 - jitter
        self._now_s = now_s
        self._keepalive_s = keepalive_s
        self._connect_s = connect_s
        self._first_confirmation_s = first_confirmation_s
        self._connected_s: float | None = None
        self._heard_s = 0.0
        self._news: queue.SimpleQueue[tuple[str, bytes] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._window = Window()
        self._epoch = 0
        self._sent_up_to = 0
        self._hub: HubAnnounced | None = None
        self._stopped_by_hub = False
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self) -> None:
        """Say good-bye and end; what is not confirmed stays in the outbox."""
        self._stopping.set()
        self.wake()
        self._thread.join(timeout=5)

    @property
    def is_heard(self) -> bool:
        """Whether the broker lets us in and the hub answers: it confirms every state document, so every minute."""
        since_s = self._connected_s
        return since_s is not None and self._now_s() - max(since_s, self._heard_s) < UNHEARD_S

    def wake(self) -> None:
        """Something was appended to the outbox."""
        self._news.put(None)

    @property
    def hub_gone(self) -> bool:
        """Whether the broker, to which we are connected, says that there is no hub."""
        hub = self._hub
        return self._connected_s is not None and hub is not None and not hub.online

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._connected_s = None
            try:
                self._serve_connection()
            except OSError as error:
                log.info("broker_unreachable", error=type(error).__name__)
            except Exception:
                log.exception("uplink_failed")
            failures = 1 if self._was_stable() else failures + 1
            self._stopping.wait(delay_s(failures, self._random))

    def _was_stable(self) -> bool:
        """An attempt that takes long to fail is not a connection."""
        return self._connected_s is not None and self._now_s() - self._connected_s > STABLE_S

    def _serve_connection(self) -> None:
        """One connection, from its beginning to its end."""
        lost = threading.Event()
        client = self._make_client(lost)
        self._window.rewind()
        self._hub = None
        client.connect(self.login.host, self.login.port, self._keepalive_s)
        client.loop_start()
        try:
            self._drain_until_lost(client, lost)
        finally:
            if client.is_connected():
                self._statements.say_good_bye(client)
            client.disconnect()
            client.loop_stop()

    def _drain_until_lost(self, client: paho.Client, lost: threading.Event) -> None:
        state_due = 0.0
        hold_until = float("inf")
        give_up = self._now_s() + self._connect_s
        while not (lost.is_set() or self._stopping.is_set()):
            now = self._now_s()
            if self._connected_s is None and now > give_up:
                raise TimeoutError("the broker does not answer")
            if self._connected_s is not None and now >= state_due:
                self._statements.say_state(client)
                hold_until = min(hold_until, now + self._first_confirmation_s)
                state_due = now + STATE_EVERY_S
            if self._connected_s is not None:
                self._statements.say_reported(client)
            if not self._stopped_by_hub and self._window.overdue(now):
                log.info("confirmation_overdue")
                self._window.rewind()
            more = False
            if now >= hold_until and self._may_send():
                more = self._send(client)
            confirmed = self._take_news(client, wait_s=0.0 if more else 0.25)
            if confirmed and hold_until != float("inf"):
                hold_until = 0.0
                if self._statements.told_pending and self._window.is_empty:
                    state_due = min(state_due, self._now_s() + STATE_AFTER_DRAIN_S)

    def _may_send(self) -> bool:
        return not self._stopped_by_hub and (self._hub is None or self._hub.online)

    def _send(self, client: paho.Client) -> bool:
        """Publish what the window has room for; whether there may be more."""
        room = min(self._window.room, PUBLISH_AT_ONCE)
        if room <= 0:
            return False
        if self._outbox.epoch != self._epoch:  # another file, with positions of its own
            self._epoch = self._outbox.epoch
            self._sent_up_to = 0
            self._window.rewind()
        try:
            entries = self._outbox.entries(self._window.cursor, room)
        except NotStored as error:
            log.warning("outbox_unreadable", error=str(error))
            return False
        for entry in entries:
            topic = DeviceTopic(self._address, Channel.UP, entry.type)
            client.publish(str(topic), entry.payload, qos=1)
        self._window.sent([entry.position for entry in entries], self._now_s())
        self._sent_up_to = max(self._sent_up_to, self._window.cursor)
        return len(entries) == room

    def _take_news(self, client: paho.Client, wait_s: float) -> bool:
        """Deal with everything that has arrived, waiting for the first; whether a confirmation was among it."""
        confirmed = False
        try:
            news = self._news.get(timeout=wait_s) if wait_s else self._news.get_nowait()
            while True:
                if news is not None:
                    confirmed |= self._hear(client, *news)
                news = self._news.get_nowait()
        except queue.Empty:
            return confirmed

    def _hear(self, client: paho.Client, topic: str, payload: bytes) -> bool:
        try:
            if topic == str(HubTopic(self._address.organisation)):
                self._hear_hub(read_document(HubAnnounced, payload))
            elif topic == str(DeviceTopic(self._address, Channel.CONFIRMED)):
                return self._hear_confirmation(client, read_document(Confirmation, payload))
            else:
                self._pass_on(topic, payload)
        except DecodeError as error:
            log.warning("unreadable_document", kind=error.kind)
        except NotStored as error:
            log.warning("confirmation_not_stored", reason=str(error))  # the hub says it again
        return False

    def _pass_on(self, topic: str, payload: bytes) -> None:
        """What is retained comes again with each connection: one document must not end them all."""
        desired = str(DeviceTopic(self._address, Channel.DESIRED))
        hear = self._configuration.desired if topic == desired else self._listeners.get(topic)
        if hear is None:
            return
        try:
            hear(payload)
        except Exception:
            log.exception("document_not_taken")

    def _hear_hub(self, hub: HubAnnounced) -> None:
        """A hub that has started anew may have lost what the broker held for it: begin again."""
        known = self._hub.instance if self._hub is not None and self._hub.online else None
        if hub.online and hub.instance != known:
            self._window.rewind()
        self._hub = hub

    def _hear_confirmation(self, client: paho.Client, confirmation: Confirmation) -> bool:
        released = self._stopped_by_hub and confirmation.stopped is None
        self._stopped_by_hub = confirmation.stopped is not None
        self._reporter.identity_stopped(self._stopped_by_hub)
        self._configuration.hub_answered()
        self._heard_s = self._now_s()
        if self._stopped_by_hub:
            return False
        if released:  # what was sent before has been refused: it is said again, after which run of the agent says it
            self._statements.say_state(client)
            self._sent_up_to = 0
            self._window.begin_anew()
        also = [(span.first, span.last) for span in confirmation.also]
        # What this run has never sent can only have been stored for a twin with the same numbers: it must be sent,
        # so that the hub sees two contents and stops both.
        sent = self._sent_up_to if self._outbox.epoch == self._epoch else 0
        freed = self._outbox.confirm(confirmation.epoch, confirmation.up_to, also, last=sent)
        self._window.confirmed(freed)
        return True

    def _make_client(self, lost: threading.Event) -> paho.Client:
        client = make_client(self.login, self._address.device, self._statements.will())
        client.connect_timeout = self._connect_s
        client.on_connect = lambda c, _d, _f, reason, _p: self._on_connect(c, reason, lost)
        client.on_publish = lambda _c, _d, number, _r, _p: self._statements.published(number)
        client.on_message = lambda _c, _d, m: self._news.put((m.topic, bytes(m.payload)))
        client.on_disconnect = lambda _c, _d, _f, reason, _p: self._on_disconnect(reason, lost)
        return client

    def _on_connect(self, client: paho.Client, reason: ReasonCode, lost: threading.Event) -> None:
        if reason.is_failure:
            log.warning("broker_refused", reason=str(reason))
            lost.set()
            return
        client.subscribe([(topic, 1) for topic in device_subscriptions(self._address)])
        self._connected_s = self._now_s()
        log.info("broker_connected")
        self._observer.connected()

    def _on_disconnect(self, reason: ReasonCode, lost: threading.Event) -> None:
        log.info("broker_lost", reason=str(reason))
        self._observer.lost()
        lost.set()
        self.wake()
