"""The telephones of patients, as Kannel's `fake` network sees them: a socket that speaks its protocol.

One line a message, `sender recipient kind content`. Debian's `fakesmsc` speaks the same, but answers nothing.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote_from_bytes, unquote_to_bytes

from hub.sms.gateways.user_data import concatenation, part_of


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that reached a telephone, put together from its parts."""

    telephone: str
    sender: str
    text: str


Answer = Callable[[Heard], str | None]
"""What a telephone's owner writes back, if anything."""


class Telephones:
    """All telephones there are. `answer` makes their owners reply; whatever reaches them is in `heard`."""

    def __init__(self, port: int, answer: Answer | None = None) -> None:
        self.heard: list[Heard] = []
        self._answer = answer
        self._parts: dict[tuple[str, str, int], dict[int, str]] = {}
        self.connect(port)

    def connect(self, port: int) -> None:
        """To a network that is up, or up again; what was heard before stays."""
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def await_cut_off(self) -> None:
        """Until the network has hung up, and all that it said before is heard."""
        self._thread.join(10)
        self._socket.close()

    def write(self, telephone: str, to: str, text: str) -> None:
        """A short message; letters beyond ASCII as they are."""
        self._say(f"{telephone} {to} text {text}")

    def write_part(
        self, telephone: str, to: str, text: str, *, part: tuple[int, int], reference: int = 7
    ) -> None:
        """One part of a long message: its number and how many there are."""
        number, total = part
        header = concatenation(reference, number, total)
        escaped = "".join(f"%{byte:02x}" for byte in header)
        self._say(f"{telephone} {to} udh {escaped} {quote_from_bytes(text.encode('latin-1'))}")

    def of(self, telephone: str) -> list[str]:
        """What reached one telephone, in order."""
        return [heard.text for heard in self.heard if heard.telephone == telephone]

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()

    def _say(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def _listen(self) -> None:
        lines = self._socket.makefile("rb")
        while line := _line(lines):
            heard = self._read(line.rstrip(b"\n"))
            if heard is None:
                continue
            self.heard.append(heard)
            reply = self._answer(heard) if self._answer else None
            if reply is not None:
                self.write(heard.telephone, heard.sender, reply)

    def _read(self, line: bytes) -> Heard | None:
        sender, telephone, kind, content = line.split(b" ", 3)
        header = b""
        if kind == b"udh":
            escaped, kind, content = content.split(b" ", 2)
            header = unquote_to_bytes(escaped)
        if kind != b"text":
            content = unquote_to_bytes(content.replace(b"+", b" "))
        # Of parts the network says only that they are data; a wide letter of ours begins with one of these.
        wide = kind == b"ucs-2" or (kind == b"data" and content[:1] in {b"\0", b"\4"})
        text = content.decode("utf-16-be") if wide else content.decode("utf-8", "replace")
        part = part_of(header)
        if part is None:
            return Heard(telephone.decode(), sender.decode(), text)
        key = (telephone.decode(), part.reference, part.total)
        parts = self._parts.setdefault(key, {})
        parts[part.number] = text
        if len(parts) < part.total:
            return None
        whole = "".join(parts[number] for number in sorted(self._parts.pop(key)))
        return Heard(telephone.decode(), sender.decode(), whole)


def _line(lines: BinaryIO) -> bytes:
    """Empty once the network has hung up, in whichever manner."""
    try:
        return lines.readline()
    except ConnectionResetError:
        return b""
