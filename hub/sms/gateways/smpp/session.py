"""One SMPP connection: bound as transceiver, kept alive, requests answered only when what they bring is stored.

The packets are made and read by a library; the conversation is held here, because a client that acknowledges a message
before it is durable loses it when the process dies, and because it must be known whether a packet was written at all.
"""

import itertools
import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import smpp34
import structlog

from hub.sms.gateways.port import GatewayDown

log = structlog.get_logger()

ANSWER_WITHIN_S = 15.0
ALIVE_EVERY_S = 30.0
MOST_OCTETS = 128 * 1024
VERSION = 0x34

_HEADER = struct.Struct(">IIII")
_RESPONSE = 0x80000000
_GENERIC_NACK, _SUBMIT_SM, _DELIVER_SM = 0x80000000, 0x4, 0x5
_UNBIND, _BIND_TRANSCEIVER, _ENQUIRE_LINK = 0x6, 0x9, 0x15
OK, UNKNOWN_COMMAND, TEMPORARY_ERROR = 0x0, 0x3, 0x64


class Broken(Exception):
    """The connection ended, or nobody answers on it."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where the message centre is, and who we are there."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with; `status` 0 is success."""

    status: int
    body: bytes


Deliver = Callable[[smpp34.DeliverSm], None]
"""Stores a message or receipt; when it raises, the message centre is asked to bring it again."""


class Session:
    """A bound connection. `submit` may be called from any thread; `serve` reads until the end."""

    def __init__(self, login: Login, deliver: Deliver) -> None:
        self._deliver = deliver
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[Answer | None]] = {}
        self._writing = threading.Lock()
        try:
            self._socket = _connected(login)
            self._bind(login)
        except (OSError, Broken) as error:
            raise GatewayDown(type(error).__name__) from error

    def submit(self, make: Callable[[int], bytes]) -> Answer:
        """Send the packet that `make(sequence number)` gives; Broken when it was written and no answer came.

        GatewayDown when nothing of it was written.
        """
        number = next(self._numbers)
        answered: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._waiting[number] = answered
        packet = make(number)
        try:
            if self._closed():
                raise GatewayDown("not_bound")
            self._write(packet)
            answer = answered.get(timeout=ANSWER_WITHIN_S)
        except (OSError, queue.Empty) as error:
            raise Broken(type(error).__name__) from error
        finally:
            self._waiting.pop(number, None)
        if answer is None:
            raise Broken("connection_ended")
        return answer

    def serve(self) -> None:
        """Answer what the message centre says, until it or we end the connection."""
        asked = False
        try:
            self._socket.settimeout(ALIVE_EVERY_S)
            while True:
                try:
                    self._hear(self._read())
                    asked = False
                except TimeoutError:
                    if asked:
                        return
                    asked = True
                    self._write(_packet(_ENQUIRE_LINK, OK, next(self._numbers)))
        except (OSError, Broken):
            return
        finally:
            self.close()

    def close(self) -> None:
        """Unbind, as far as that is still possible."""
        with suppress(OSError):
            self._write(_packet(_UNBIND, OK, next(self._numbers)))
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for answered in list(self._waiting.values()):
            answered.put(None)

    def _bind(self, login: Login) -> None:
        texts = [login.system_id, login.password, login.system_type]
        body = b"".join(text.encode("ascii") + b"\0" for text in texts)
        body += bytes([VERSION, 0, 0]) + b"\0"
        self._write(_packet(_BIND_TRANSCEIVER, OK, next(self._numbers), body))
        command, status, _, _ = _parsed(self._read())
        if command != _BIND_TRANSCEIVER | _RESPONSE or status != OK:
            self._socket.close()
            raise GatewayDown(f"bind_refused_{status:#x}")

    def _hear(self, packet: bytes) -> None:
        command, status, number, body = _parsed(packet)
        if command & _RESPONSE:
            answered = self._waiting.get(number)
            if answered is not None:
                answered.put(Answer(status, body))
        elif command == _DELIVER_SM:
            self._write(_packet(_DELIVER_SM | _RESPONSE, self._taken(packet), number, b"\0"))
        elif command == _ENQUIRE_LINK:
            self._write(_packet(_ENQUIRE_LINK | _RESPONSE, OK, number))
        elif command == _UNBIND:
            self._write(_packet(_UNBIND | _RESPONSE, OK, number))
            raise Broken("unbound")
        else:
            self._write(_packet(_GENERIC_NACK, UNKNOWN_COMMAND, number))

    def _taken(self, packet: bytes) -> int:
        try:
            read = smpp34.decode(packet)
            if isinstance(read, smpp34.DeliverSm):
                self._deliver(read)
        except smpp34.SmppError:
            log.warning("sms_unreadable", size=len(packet))  # it would be no better a second time
        except Exception:
            log.exception("sms_not_stored")
            return TEMPORARY_ERROR
        return OK

    def _read(self) -> bytes:
        start = self._socket.recv(1)  # only between packets may nothing come for a while
        rest = self._exactly(_HEADER.size - len(start)) if start else b""
        if not rest:
            raise Broken("connection_ended")
        length = _HEADER.unpack(start + rest)[0]
        if not _HEADER.size <= length <= MOST_OCTETS:
            raise Broken("not_smpp")
        return start + rest + self._exactly(length - _HEADER.size)

    def _exactly(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            try:
                piece = self._socket.recv(size - len(read))
            except TimeoutError as error:
                raise Broken("cut_packet") from error
            if not piece:
                raise Broken("connection_ended")
            read += piece
        return read

    def _write(self, packet: bytes) -> None:
        with self._writing:
            self._socket.sendall(packet)

    def _closed(self) -> bool:
        return self._socket.fileno() == -1


def _connected(login: Login) -> socket.socket:
    plain = socket.create_connection((login.host, login.port), ANSWER_WITHIN_S)
    if not login.tls:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=login.host)


def _packet(command: int, status: int, number: int, body: bytes = b"") -> bytes:
    return _HEADER.pack(_HEADER.size + len(body), command, status, number) + body


def _parsed(packet: bytes) -> tuple[int, int, int, bytes]:
    _, command, status, number = _HEADER.unpack_from(packet)
    return command, status, number, packet[_HEADER.size :]
