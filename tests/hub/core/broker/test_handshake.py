"""One MQTT 5 CONNECT, against servers that answer well, badly or not at all."""

import socket
import threading
from collections.abc import Callable

import pytest

from hub.core.broker import Broker, Credentials
from hub.core.broker.handshake import connect_packet, connect_reason

CONNACKS = {
    b"\x20\x03\x00\x00\x00": 0,
    b"\x20\x03\x00\x86\x00": 0x86,
    b"\x20\x83\x00\x00\x87\x00": 0x87,
}


@pytest.fixture
def answered_with() -> Callable[[bytes], int | None]:
    """The reason that is read from a server which says just that and hangs up."""

    def ask(answer: bytes) -> int | None:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve() -> None:
                connection, _ = server.accept()
                with connection:
                    connection.recv(1024)
                    connection.sendall(answer)

            thread = threading.Thread(target=serve)
            thread.start()
            reason = connect_reason("127.0.0.1", server.getsockname()[1])
            thread.join()
        return reason

    return ask


@pytest.mark.parametrize(("answer", "reason"), CONNACKS.items())
def test_a_reason_is_read(
    answered_with: Callable[[bytes], int | None], answer: bytes, reason: int
) -> None:
    assert answered_with(answer) == reason


@pytest.mark.parametrize(
    "answer", [b"", b"\x20", b"\x20\x80", b"\x20\x03\x00", b"HTTP/1.1 400 Bad Request"]
)
def test_anything_else_is_no_answer(
    answered_with: Callable[[bytes], int | None], answer: bytes
) -> None:
    assert answered_with(answer) is None


def test_a_server_that_accepts_and_says_nothing_is_no_broker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert connect_reason("127.0.0.1", mute.getsockname()[1], timeout_s=0.1) is None


def test_a_long_password_makes_a_longer_length_field() -> None:
    packet = connect_packet(Credentials("u", "p" * 200))
    assert packet[0] == 0x10
    assert (packet[1] & 0x7F) + (packet[2] << 7) == len(packet) - 3


def test_the_real_mosquitto_tells_good_credentials_from_bad(mosquitto: Broker) -> None:
    address = mosquitto.start()
    assert connect_reason(address.host, address.port, mosquitto.hub_credentials()) == 0
    refused = connect_reason(address.host, address.port, Credentials("hub", "p" * 200))
    assert refused is not None
    assert refused >= 0x80
