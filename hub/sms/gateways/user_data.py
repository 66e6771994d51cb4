"""Pure: the user data header before an SMS's text, as far as it says which part of a long message this is.

3GPP TS 23.040, 9.2.3.24: a length, then elements of identifier, length and content; 0x00 numbers parts with a reference
of 8 bits, 0x08 with one of 16.
"""

from hub.sms.gateways.port import PartOf

_SHORT, _LONG = 0x00, 0x08


def part_of(header: bytes) -> PartOf | None:
    """Which part; None for a header that says nothing of it, or is cut."""
    at, end = 1, min(len(header), 1 + header[0]) if header else 0
    while at + 2 <= end:
        element, size = header[at], header[at + 1]
        content = header[at + 2 : at + 2 + size]
        if (element, len(content)) in {(_SHORT, 3), (_LONG, 4)}:
            *reference, total, number = content
            return PartOf(bytes(reference).hex(), number, total)
        at += 2 + size
    return None


def concatenation(reference: int, number: int, total: int) -> bytes:
    """The header of one part, with a reference of 8 bits."""
    return bytes([5, _SHORT, 3, reference % 256, total, number])
