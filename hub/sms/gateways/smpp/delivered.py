"""What a message centre delivers, read: a patient's message, a part of one, or a receipt for one of ours.

SMPP gives an inbound message no name. It gets one from its content, the ten minutes it came in, and how many like it
came in them: a message that is brought again because our answer was lost has the same name.
"""

import hashlib
import re
from collections import Counter

import smpp34

from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound, Name, PartOf
from hub.sms.gateways.smpp.alphabet import gsm_text
from hub.sms.gateways.user_data import part_of

SPAN_MS = 600_000

# Optional parameters, SMPP 3.4, 5.3.2.
_SAR_REFERENCE, _SAR_TOTAL, _SAR_NUMBER = 0x020C, 0x020E, 0x020F
_RECEIPTED_MESSAGE_ID, _MESSAGE_PAYLOAD, _MESSAGE_STATE = 0x001E, 0x0424, 0x0427
_HEADER_BEFORE_TEXT = 0x40
_RECEIPT, _KIND = 0x04, 0x3C
_CODECS = {1: "ascii", 3: "latin-1", 6: "iso8859-5", 8: "utf-16-be"}
_ID = re.compile(rb"\bid:(\S+)", re.IGNORECASE)
_STATE = re.compile(rb"\bstat:(\w+)", re.IGNORECASE)
_REACHED = {
    b"DELIVRD": DeliveryState.DELIVERED,
    b"ACCEPTD": DeliveryState.SUBMITTED,
    b"ENROUTE": DeliveryState.SUBMITTED,
}
_REACHED_BY_NUMBER = {
    1: DeliveryState.SUBMITTED,
    2: DeliveryState.DELIVERED,
    6: DeliveryState.SUBMITTED,
}


class Namer:
    """Gives inbound messages their names; remembers how many were alike in the span just now."""

    def __init__(self) -> None:
        self._span = 0
        self._alike: Counter[str] = Counter()

    def name(self, packet: smpp34.DeliverSm, now_ms: int) -> str:
        """What this message is called if it is stored next."""
        self._turn(now_ms)
        digest = _digest(packet)
        return f"{digest}.{self._span}.{self._alike[digest]}"

    def stored(self, packet: smpp34.DeliverSm) -> None:
        """It is stored and will be acknowledged: another one like it is another message."""
        self._alike[_digest(packet)] += 1

    def _turn(self, now_ms: int) -> None:
        span = now_ms // SPAN_MS
        if span != self._span:
            self._span, self._alike = span, Counter()


def is_receipt(packet: smpp34.DeliverSm) -> bool:
    """Whether it tells of a message of ours."""
    return packet.esm_class & _KIND == _RECEIPT


def receipt(name: Name, packet: smpp34.DeliverSm) -> DeliveryReport:
    """How far a message of ours got."""
    content = _content(packet)
    named, told = _ID.search(content), _STATE.search(content)
    carrier_id = _tlv_text(packet, _RECEIPTED_MESSAGE_ID)
    if not carrier_id and named:
        carrier_id = named[1].decode("latin-1")
    number = _tlv_number(packet, _MESSAGE_STATE)
    if told:
        reached = _REACHED.get(told[1].upper(), DeliveryState.FAILED)
    else:
        reached = _REACHED_BY_NUMBER.get(number or 0, DeliveryState.FAILED)
    return DeliveryReport(
        name.organisation,
        name.id,
        reached,
        carrier_id=carrier_id,
        recipient=packet.source_addr,
        reason=f"smpp_{told[1].decode('latin-1').lower() if told else number}",
    )


def inbound(name: Name, packet: smpp34.DeliverSm, carrier_id: str) -> Inbound:
    """A patient's message, or a part of it."""
    content, part = _content(packet), _part_by_tlv(packet)
    if packet.esm_class & _HEADER_BEFORE_TEXT and content:
        length = 1 + content[0]
        part, content = part_of(content[:length]) or part, content[length:]
    text = (
        content.decode(_CODECS[packet.data_coding], "replace")
        if packet.data_coding in _CODECS
        else gsm_text(content)
    )
    return Inbound(
        name.organisation,
        name.id,
        carrier_id,
        packet.source_addr,
        packet.destination_addr,
        text,
        part,
    )


def _digest(packet: smpp34.DeliverSm) -> str:
    whole = (packet.source_addr, packet.destination_addr, packet.esm_class, packet.data_coding)
    told = repr((*whole, packet.short_message, [(tlv.tag, tlv.value) for tlv in packet.tlvs]))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _content(packet: smpp34.DeliverSm) -> bytes:
    payload = _tlv(packet, _MESSAGE_PAYLOAD)
    return packet.short_message if payload is None else payload.value


def _part_by_tlv(packet: smpp34.DeliverSm) -> PartOf | None:
    tags = (_SAR_REFERENCE, _SAR_NUMBER, _SAR_TOTAL)
    reference, number, total = (_tlv_number(packet, tag) for tag in tags)
    if reference is None or number is None or total is None:
        return None
    return PartOf(f"sar{reference}", number, total)


def _tlv(packet: smpp34.DeliverSm, tag: int) -> smpp34.Tlv | None:
    return next((tlv for tlv in packet.tlvs if tlv.tag == tag), None)


def _tlv_text(packet: smpp34.DeliverSm, tag: int) -> str | None:
    found = _tlv(packet, tag)
    return None if found is None else found.value.rstrip(b"\0").decode("latin-1")


def _tlv_number(packet: smpp34.DeliverSm, tag: int) -> int | None:
    found = _tlv(packet, tag)
    return None if found is None else found.as_int()
