"""Pure: texts as octets and back, and long ones in parts: GSM 7-bit (3GPP TS 23.038, one octet a septet) or UCS-2."""

from hub.sms.parts import Encoding, split

_ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_OCTETS = {letter: bytes([code]) for code, letter in enumerate(_BASIC)} | {
    letter: bytes([_ESCAPE, code]) for code, letter in _EXTENSION.items()
}


def segments(text: str) -> tuple[Encoding, list[bytes]]:
    """The encoding, and the octets of each part; one part when it fits into one."""
    encoding, pieces = split(text)
    return encoding, [_encoded(piece, encoding) for piece in pieces]


def gsm_text(octets: bytes) -> str:
    """The letters of unpacked septets; what the alphabet lacks is a question mark."""
    letters, escaped = [], False
    for code in octets:
        if escaped:
            letters.append(_EXTENSION.get(code, "?"))
            escaped = False
        elif code == _ESCAPE:
            escaped = True
        else:
            letters.append(_BASIC[code] if code < len(_BASIC) else "?")
    return "".join(letters)


def _encoded(text: str, encoding: Encoding) -> bytes:
    if encoding is Encoding.GSM_7:
        return b"".join(_OCTETS[letter] for letter in text)
    return text.encode("utf-16-be", "surrogatepass")
