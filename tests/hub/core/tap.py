"""A tap in the line between an MQTT client and its broker: counts packets each way, and can cut the line."""

import socket
import threading
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

PUBLISH, PUBACK = 3, 4


class Line:
    """One connection through the tap: how many packets of each type passed, up (to the broker) and down."""

    def __init__(self, client: socket.socket, broker: socket.socket) -> None:
        self.up: Counter[int] = Counter()
        self.down: Counter[int] = Counter()
        self._ends = (client, broker)
        threading.Thread(target=self._pass, args=(client, broker, self.up), daemon=True).start()
        threading.Thread(target=self._pass, args=(broker, client, self.down), daemon=True).start()

    def cut(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: Counter[int]) -> None:
        pending = b""
        with suppress(OSError):
            while chunk := source.recv(65536):
                sink.sendall(chunk)
                pending = _count(pending + chunk, counted)
        self.cut()


class Tap:
    """Listens on a port of its own and connects every client to the broker."""

    def __init__(self, host: str, port: int) -> None:
        self._broker = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.lines: list[Line] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listening.close()
        for line in self.lines:
            line.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                self.lines.append(Line(client, socket.create_connection(self._broker)))
            except OSError:
                client.close()


def _count(stream: bytes, counted: Counter[int]) -> bytes:
    """Count the whole packets in `stream`; what is left of it."""
    at = 0
    while (header := _header(stream, at)) is not None and at + sum(header) <= len(stream):
        counted[stream[at] >> 4] += 1
        at += sum(header)
    return stream[at:]


def _header(stream: bytes, at: int) -> tuple[int, int] | None:
    """Length of the fixed header and of what follows; None when it is not all there."""
    length = 0
    for position in range(1, 5):
        if at + position >= len(stream):
            return None
        digit = stream[at + position]
        length |= (digit & 0x7F) << 7 * (position - 1)
        if digit < 0x80:
            return position + 1, length
    return None
