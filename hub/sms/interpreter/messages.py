"""Pure: puts together what the carrier delivered in pieces, and drops what it delivered twice.

Decides how `||` (between deliveries) and `[1/2]` (a part of a long message) are read in files of cases, and that a
message with a lost part is `incomplete`. The gateways reassemble real parts by their reference numbers.
"""

import re
from dataclasses import dataclass

_PART = re.compile(r"^\s*\[(\d{1,3})/(\d{1,3})\] ?|\s*\[(\d{1,3})/(\d{1,3})\]\s*$")


@dataclass(frozen=True)
class Received:
    """One or more readings of the same words (a part may end between two words or within one)."""

    readings: tuple[str, ...]
    incomplete: bool = False


def _without_quotation(written: str) -> str:
    """The lines that are not quoted from our message, if there are any."""
    lines = written.split("\n")
    own = [line for line in lines if not line.lstrip().startswith(">")]
    return "\n".join(own) if any(line.strip() for line in own) else written


def received(written: str) -> Received:
    """Deliveries as one text: parts in their order, repeated deliveries once, messages on lines of their own."""
    written = _without_quotation(written)
    deliveries = list(dict.fromkeys(piece.strip() for piece in written.split("||")))
    if len(deliveries) == 1 and not _PART.search(deliveries[0]):
        return Received((written,))
    parts: dict[int, str] = {}
    total, whole = 0, []
    for delivery in deliveries:
        if marked := _PART.search(delivery):
            number, of = (int(group) for group in marked.groups() if group)
            parts.setdefault(number, _PART.sub("", delivery))
            total = max(total, of)
        else:
            whole.append(delivery)
    glued, spaced = (mark.join(parts[n] for n in sorted(parts)) for mark in ("", " "))
    readings = dict.fromkeys("\n".join(filter(None, (text, *whole))) for text in (glued, spaced))
    return Received(tuple(readings), incomplete=set(parts) != set(range(1, total + 1)))
