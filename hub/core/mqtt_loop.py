"""The thread that serves a paho client's socket: reads while there is something to read, writes what has gathered.

Bytes are read by the hundred kilobytes. Plain messages are taken out of them and handed over together; every other
packet is lent to paho, whole (docs/decisions/0008). Acknowledgements go out together as well.
"""

import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import paho.mqtt.client as paho
import structlog

from hub.core.mqtt_packets import Publish, acknowledgements, packet_end, plain_publishes

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

log = structlog.get_logger()

READ_BYTES = 256 * 1024
READS_AT_ONCE = 8
"""Before what is to be sent gets its turn."""
LOOK_S = 1.0
"""How often keep-alive is looked at when nothing happens."""
RECONNECT_S = (0.2, 0.5, 1.0, 2.0, 5.0)

_NOTHING_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Incoming:
    """What has been read from one connection and not been taken yet."""

    def __init__(self, connection: "SocketLike") -> None:
        self._connection = connection
        self._buffer = b""
        self._at = 0
        self._lent_until = 0
        self._ended = False

    def read(self) -> bool:
        """Read once; False when nothing came. The end of the connection is something, for paho to find."""
        try:
            read = self._connection.recv(READ_BYTES)
        except _NOTHING_NOW:
            return False
        except OSError:
            read = b""
        self._ended = not read
        self._buffer = self._buffer[self._at :] + read
        self._at = 0
        return True

    def publishes(self) -> list[Publish]:
        """The plain messages at the front."""
        found, self._at = plain_publishes(self._buffer, self._at)
        return found

    def lend(self) -> bool:
        """Let paho read the packet at the front, if it is there in whole; or the end, or what is no packet."""
        try:
            end = packet_end(self._buffer, self._at)
        except ValueError:
            end = len(self._buffer)
        if end is None or end > len(self._buffer):
            return self._ended
        self._lent_until = end
        return True

    def recv(self, size: int) -> bytes:
        """To paho, what a socket would give."""
        if self._at < self._lent_until:
            taken = self._buffer[self._at : min(self._at + size, self._lent_until)]
            self._at += len(taken)
            if self._at == self._lent_until:
                self._lent_until = 0
            return taken
        if self._ended:
            return b""
        raise BlockingIOError


class Client(paho.Client):
    """paho, which reads from what has been read already."""

    incoming: Incoming | None = None

    def _sock_recv(self, bufsize: int) -> bytes:
        return super()._sock_recv(bufsize) if self.incoming is None else self.incoming.recv(bufsize)


class NetworkLoop:
    """Connects `client` by `connect`, again and again, and serves it in a thread of its own.

    `heard` is called there with the plain messages; the others come by the client's own `on_message`.
    """

    def __init__(
        self,
        client: Client,
        connect: Callable[[], object],
        heard: Callable[[list[Publish]], None],
    ) -> None:
        self._client = client
        self._connect = connect
        self._heard = heard
        self._unsent = bytearray()
        self._within_packet = False
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

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Acknowledge messages of the present connection; called in the thread."""
        self._unsent += acknowledgements(numbers)

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
                self._client.incoming = None
                self._connect()
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
        self._unsent.clear()
        self._within_packet = False
        while (connection := self._client.socket()) is not None:
            if self._client.incoming is None:
                self._client.incoming = Incoming(connection)
            writing = [connection] if self._unsent or self._client.want_write() else []
            readable, _, _ = select.select([connection, self._woken], writing, [], LOOK_S)
            if self._woken in readable:
                self._do_what_is_asked()
            if connection in readable:
                self._read_on(self._client.incoming)
            self._write()
            now = time.monotonic()
            if now >= look_at:
                look_at = now + LOOK_S
                self._client.loop_misc()

    def _read_on(self, incoming: Incoming) -> None:
        """Read until nothing comes; an encrypted connection may hold more than the system knows of."""
        for _ in range(READS_AT_ONCE):
            if self._client.socket() is None or not incoming.read():
                return
            while True:
                if publishes := incoming.publishes():
                    self._heard(publishes)
                if not incoming.lend():
                    break
                self._client.loop_read()
                if self._client.socket() is None:
                    return

    def _write(self) -> None:
        """Send what waits: acknowledgements and paho's packets, never one within the other."""
        if not self._within_packet:
            self._send_acknowledgements()
        if self._within_packet or not self._unsent:
            if self._client.want_write():
                self._client.loop_write()
            self._within_packet = self._client.want_write()

    def _send_acknowledgements(self) -> None:
        connection = self._client.socket()
        while self._unsent and connection is not None:
            try:
                del self._unsent[: connection.send(bytes(self._unsent))]
            except OSError:
                return  # not now; or the connection is lost, which paho finds when it reads

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
