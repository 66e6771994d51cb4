"""Bytes off a connection, in whatever pieces they come: plain messages on one side, everything else to paho, whole."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.core.mqtt_loop import Incoming
from hub.core.mqtt_packets import packet_end

PLAIN = b"\x32\x0c\x00\x05topic\x01\x02\x00{}"
PINGRESP, CONNACK = b"\xd0\x00", b"\x20\x03\x00\x00\x00"
WITH_PROPERTIES = b"\x32\x0e\x00\x05topic\x01\x02\x02\x01\x01{}"
LARGE = b"\x32\x82\x56\x00\x05topic\x01\x02\x00" + b"x" * 11_000
packets = st.sampled_from([PLAIN, PINGRESP, CONNACK, WITH_PROPERTIES, LARGE])


class Connection:
    """Gives what is put into it, piece by piece, and then nothing or the end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def recv(self, _size: int) -> bytes:
        if not self._pieces:
            raise BlockingIOError
        return self._pieces.pop(0)


def cut(whole: bytes, places: list[int]) -> list[bytes]:
    at = sorted({place % (len(whole) + 1) for place in places} | {0, len(whole)})
    return [whole[a:b] for a, b in pairwise(at)]


def lent(incoming: Incoming) -> Iterator[bytes]:
    """As paho reads: a byte, the length's bytes, the rest."""
    while incoming.lend():
        packet = incoming.recv(1)
        while packet_end(packet, 0) is None:
            packet += incoming.recv(1)
        while (missing := (packet_end(packet, 0) or 0) - len(packet)) > 0:
            packet += incoming.recv(missing)
        yield packet


@given(st.lists(packets, max_size=8), st.lists(st.integers(0, 100_000), max_size=8))
def test_every_packet_arrives_once_and_whole(sent: list[bytes], places: list[int]) -> None:
    incoming = Incoming(Connection(cut(b"".join(sent), places)))  # type: ignore[arg-type]
    messages, others = [], []
    while incoming.read():
        messages += incoming.publishes()
        for packet in lent(incoming):
            others.append(packet)
            messages += incoming.publishes()
    assert others == [packet for packet in sent if packet not in (PLAIN, LARGE)]
    payloads = {PLAIN: b"{}", LARGE: b"x" * 11_000}
    assert [message.payload for message in messages] == [payloads[p] for p in sent if p in payloads]
    assert all((message.topic, message.number) == ("topic", 0x0102) for message in messages)


def test_the_end_is_paho_s_to_find() -> None:
    incoming = Incoming(Connection([PLAIN + PINGRESP[:1], b""]))  # type: ignore[arg-type]
    assert incoming.read()
    assert len(incoming.publishes()) == 1
    assert not incoming.lend()
    assert incoming.read()
    assert incoming.lend()
    assert incoming.recv(10) == b""


def test_what_is_no_packet_is_paho_s_to_refuse() -> None:
    nonsense = b"\x32\xff\xff\xff\xff\xff"
    incoming = Incoming(Connection([nonsense]))  # type: ignore[arg-type]
    assert incoming.read()
    assert incoming.publishes() == []
    assert incoming.lend()
    assert incoming.recv(100) == nonsense
