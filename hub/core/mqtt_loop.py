"""The thread that serves a paho client's socket: reads while there is something to read, writes what has gathered.

paho's own thread asks the system before each packet and is woken for each it is to send. Under load that costs as
much as the messages themselves, so this one reads on until nothing comes and sends a batch's acknowledgements at once.
"""

import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

log = structlog.get_logger()

READ_AT_ONCE = 1000
"""Packets before what is to be sent gets its turn."""
LOOK_S = 1.0
"""How often keep-alive is looked at when nothing happens."""
RECONNECT_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class NetworkLoop:
    """Connects `client`, again and again, and serves it in a thread of its own."""

    def __init__(
        self, client: paho.Client, host: str, port: int, keepalive_s: int, properties: Properties
    ) -> None:
        self._client = client
        self._connect = (host, port, keepalive_s)
        self._properties = properties
        self.heard = 0
        """Messages so far: whoever is called by paho for each counts them here, to tell when there is no more."""
        self._to_do: deque[Callable[[], None]] = deque()
        self._ending = threading.Event()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        client.on_socket_register_write = lambda *_: self._wake()

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def call(self, action: Callable[[], None]) -> None:
        """Have something done in the thread, soon and in order."""
        self._to_do.append(action)
        self._wake()

    def stop(self) -> None:
        """Do and send what is left, say good-bye to the broker, and end."""
        self._ending.set()
        self.call(self._say_good_bye)
        if self._thread.ident is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                self._client.connect(*self._connect, properties=self._properties)
                self._serve()
            except OSError as error:
                log.info("broker_unreachable", error_type=type(error).__name__)
            except Exception:
                log.exception("network_failed")
            failures = 0 if time.monotonic() - began > max(RECONNECT_S) else failures + 1
            self._ending.wait(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])

    def _serve(self) -> None:
        """Until the connection is lost or has been ended."""
        look_at = 0.0
        while (connection := self._client.socket()) is not None:
            writing = [connection] if self._client.want_write() else []
            readable, _, _ = select.select([connection, self._woken], writing, [], LOOK_S)
            if self._woken in readable:
                self._do_what_is_asked()
            if connection in readable:
                self._read_on(connection)
            if self._client.want_write():
                self._client.loop_write()
            now = time.monotonic()
            if now >= look_at:
                look_at = now + LOOK_S
                self._client.loop_misc()

    def _read_on(self, connection: "SocketLike") -> None:
        """Read until no message comes; an encrypted connection may hold more than the system knows of."""
        silent = 0
        for _ in range(READ_AT_ONCE):
            heard = self.heard
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            silent = 0 if self.heard != heard else silent + 1
            if silent > 1 and not (isinstance(connection, ssl.SSLSocket) and connection.pending()):
                return

    def _do_what_is_asked(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        while self._to_do:
            self._to_do.popleft()()

    def _say_good_bye(self) -> None:
        if self._client.is_connected():
            self._client.disconnect()

    def _wake(self) -> None:
        if threading.current_thread() is not self._thread:
            with suppress(BlockingIOError):  # woken often enough
                self._waker.send(b"\0")
