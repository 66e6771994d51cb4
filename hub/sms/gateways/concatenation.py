"""Pure: long messages that arrive in parts, in any order: which parts belong together, and how the whole reads.

Parts are numbered by the network (a user data header) or by the sender, in the text (`[1/2]`). Of two parts with the
same number the second is a repetition if it has the same text, else it belongs to the next message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.sms.gateways.port import PartOf

WAIT_MS = 300_000
"""How long the other parts are waited for after the first to come."""

_NUMBERED = re.compile(r"^\s*\[(\d{1,2})/(\d{1,2})\]|\[(\d{1,2})/(\d{1,2})\]\s*$")
IN_TEXT = "text"
"""The reference of parts that only their text numbers."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part that has come."""

    id: int
    number: int
    text: str


def numbered(text: str) -> PartOf | None:
    """Which part a text says it is."""
    found = _NUMBERED.search(text)
    if not found:
        return None
    number, total = (int(group) for group in found.groups() if group)
    return PartOf(IN_TEXT, number, total)


def first_message(pieces: Sequence[Piece], total: int) -> tuple[list[Piece], list[Piece]]:
    """The parts of the earliest message among these (in order of arrival), by number; and repetitions of them."""
    chosen: dict[int, Piece] = {}
    repeated = []
    for piece in pieces:
        if piece.number not in chosen and 1 <= piece.number <= total:
            chosen[piece.number] = piece
        elif piece.number in chosen and piece.text == chosen[piece.number].text:
            repeated.append(piece)
    return [chosen[number] for number in sorted(chosen)], repeated


def whole(chosen: Sequence[Piece], reference: str, total: int) -> str:
    """The text as the interpreter reads it: parts that are numbered in the text, or not all there, stay numbered."""
    if reference == IN_TEXT:
        return "||".join(piece.text for piece in chosen)
    if len(chosen) == total:
        return "".join(piece.text for piece in chosen)
    return "||".join(f"[{piece.number}/{total}] {piece.text}" for piece in chosen)
