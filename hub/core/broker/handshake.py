"""One MQTT 5 CONNECT and its answer: the cheapest proof that a broker works, not only that a port is open.

A broker whose routing thread has died (iotcore, seen) still accepts TCP connections, but answers none.
"""

import socket
import ssl
import struct

from hub.core.broker.interface import Credentials

CLIENT_ID = "wellheard-probe"
ACCEPTED = 0

_CONNACK = 0x20
_DISCONNECT = b"\xe0\x00"
_CLEAN_START, _PASSWORD, _USERNAME = 0x02, 0x40, 0x80
_KEEP_ALIVE_S = 5


def connect_packet(credentials: Credentials | None, client_id: str = CLIENT_ID) -> bytes:
    """CONNECT of MQTT 5.0 section 3.1: clean start, no properties, no will."""
    flags, texts = _CLEAN_START, [client_id]
    if credentials is not None:
        flags |= _USERNAME | _PASSWORD
        texts += [credentials.username, credentials.password]
    body = b"\x00\x04MQTT\x05" + struct.pack("!BHB", flags, _KEEP_ALIVE_S, 0)
    body += b"".join(struct.pack("!H", len(raw)) + raw for raw in map(str.encode, texts))
    return b"\x10" + _variable_length(len(body)) + body


def connect_reason(
    host: str,
    port: int,
    credentials: Credentials | None = None,
    timeout_s: float = 2.0,
    *,
    client_id: str = CLIENT_ID,
    tls: bool = False,
) -> int | None:
    """The CONNACK's reason code (0 is welcome, 128 and more refused), or None if nobody answered in time.

    Whoever is connected under the same client id is thrown out by the broker (MQTT 5.0, 3.1.4).
    """
    try:
        with (
            socket.create_connection((host, port), timeout_s) as plain,
            _secured(plain, host, tls=tls) as connection,
        ):
            connection.settimeout(timeout_s)
            connection.sendall(connect_packet(credentials, client_id))
            with connection.makefile("rb") as answer:
                kind, length = answer.read(1), answer.read(1)
                if kind != bytes([_CONNACK]) or not length:
                    return None
                # The length takes a second byte only when properties are long; skip its continuation.
                while length[0] & 0x80:
                    length = answer.read(1) or b"\x00"
                acknowledge = answer.read(2)
            if len(acknowledge) == 2 and acknowledge[1] == ACCEPTED:
                connection.sendall(_DISCONNECT)
            return acknowledge[1] if len(acknowledge) == 2 else None
    except OSError:
        return None


def _secured(plain: socket.socket, host: str, *, tls: bool) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if tls else plain


def _variable_length(number: int) -> bytes:
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
