"""The two packets that are read and written without paho, compared with what paho makes of the same bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion

from hub.core.mqtt_packets import Publish, acknowledgements, packet_end, plain_publishes

topics = st.text(max_size=40).map(lambda text: text.encode())
payloads = st.one_of(st.binary(max_size=200), st.integers(16_200, 16_500).map(bytes))
numbers = st.integers(1, 0xFFFF)
properties = st.sampled_from([b"\0", b"\x02\x01\x01"])  # none; payload format indicator


def length_bytes(number: int) -> bytes:
    encoded = b""
    while number >= 0x80:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])


@st.composite
def publishes(draw: st.DrawFn) -> bytes:
    header = 0x30 | draw(st.integers(0, 15))
    topic = draw(topics)
    quality = header >> 1 & 3
    number = struct.pack("!H", draw(numbers)) if quality else b""
    parts = [struct.pack("!H", len(topic)), topic, number, draw(properties), draw(payloads)]
    body = b"".join(parts)
    return bytes([header]) + length_bytes(len(body)) + body


others = st.sampled_from([b"\xd0\x00", b"\x40\x02\x00\x01", b"\x20\x03\x00\x00\x00"])


@given(st.lists(st.one_of(publishes(), others), max_size=6), st.integers(0, 20))
def test_what_is_taken_is_what_paho_would_have_read(packets: list[bytes], cut: int) -> None:
    whole = b"".join(packets)
    buffer = whole[: len(whole) - cut] if cut else whole
    found, at = plain_publishes(b"before" + buffer, 6)
    taken = packets[: len(found)]
    assert at == 6 + sum(map(len, taken))
    for packet, publish in zip(taken, found, strict=True):
        read = decode_publish(packet[0], _body(packet), MQTTProtocolVersion.MQTTv5)
        topic = read.topic.decode(errors="replace")
        assert publish == Publish(topic, bytes(read.payload), read.mid, read.retain)


def _body(packet: bytes) -> bytes:
    place = 1
    while packet[place] & 0x80:
        place += 1
    return packet[place + 1 :]


@given(st.lists(publishes(), min_size=1, max_size=4))
def test_every_plain_one_at_the_front_is_taken(packets: list[bytes]) -> None:
    found, _ = plain_publishes(b"".join(packets), 0)
    plain = 0
    for packet in packets:
        read = decode_publish(packet[0], _body(packet), MQTTProtocolVersion.MQTTv5)
        longer_than_any_answer = len(_body(packet)) >= 1 << 14
        if read.qos != 1 or not read.properties.isEmpty() or longer_than_any_answer:
            break
        plain += 1
    assert len(found) == plain


@given(publishes(), st.binary(max_size=10))
def test_a_packet_ends_where_its_length_says(packet: bytes, more: bytes) -> None:
    assert packet_end(b"x" + packet + more, 1) == 1 + len(packet)
    assert packet_end(packet, len(packet)) is None


def test_what_cannot_be_a_length_is_told() -> None:
    assert packet_end(b"\x30\xff\xff\xff", 0) is None
    with pytest.raises(ValueError, match="four bytes"):
        packet_end(b"\x30\xff\xff\xff\xff\x01", 0)


@given(st.binary(max_size=300))
def test_bytes_that_are_nothing_hurt_nobody(noise: bytes) -> None:
    found, at = plain_publishes(noise, 0)
    assert 0 <= at <= len(noise)
    assert found == [] or at > 0


def test_acknowledgements_are_those_of_the_protocol() -> None:
    assert acknowledgements([1, 0xABCD]) == b"\x40\x02\x00\x01\x40\x02\xab\xcd"
    assert acknowledgements([]) == b""
