"""Pure: what a text costs as an SMS: its encoding, units and parts, and the letters that cost most.

Decides by 3GPP TS 23.038: GSM-7 with 160 septets in one part and 153 in each of several, letters of the extension
table counting two and never cut; any other letter makes the whole text UCS-2, 70 and 67 UTF-16 units, surrogate pairs
never cut.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
_MOST_COSTLY_LETTERS = 10


class Encoding(StrEnum):
    """How the letters are sent."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


SINGLE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
MULTIPLE = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}


@dataclass(frozen=True)
class Costly:
    """A letter that costs more than one unit a time, or that alone keeps the text from GSM-7."""

    letter: str
    times: int
    reason: str


@dataclass(frozen=True)
class Parts:
    """What a text costs."""

    encoding: Encoding
    units: int
    parts: int
    costly: tuple[Costly, ...]


def parts_of(text: str) -> Parts:
    """Encoding, units (septets or UTF-16 units) and parts; an empty text is one part, as it is sent."""
    foreign = Counter(letter for letter in text if letter not in BASIC | EXTENSION)
    encoding = Encoding.UCS_2 if foreign else Encoding.GSM_7
    sizes = [size(letter, encoding) for letter in text]
    costly = [Costly(letter, times, "not in GSM-7") for letter, times in foreign.most_common()]
    if not foreign:
        doubled = Counter(letter for letter in text if letter in EXTENSION)
        costly = [Costly(letter, times, "counts two") for letter, times in doubled.most_common()]
    return Parts(
        encoding, sum(sizes), _count(sizes, encoding), tuple(costly[:_MOST_COSTLY_LETTERS])
    )


def split(text: str) -> tuple[Encoding, list[str]]:
    """The encoding, and the text of each part."""
    costs = parts_of(text)
    if costs.parts == 1:
        return costs.encoding, [text]
    pieces, used = [""], 0
    for letter in text:
        units = size(letter, costs.encoding)
        if used + units > MULTIPLE[costs.encoding]:
            pieces, used = [*pieces, ""], 0
        pieces[-1] += letter
        used += units
    return costs.encoding, pieces


def size(letter: str, encoding: Encoding) -> int:
    """Units of one letter in an encoding that has it."""
    if encoding is Encoding.GSM_7:
        return 2 if letter in EXTENSION else 1
    return len(letter.encode("utf-16-le", "surrogatepass")) // 2


def _count(sizes: list[int], encoding: Encoding) -> int:
    if sum(sizes) <= SINGLE[encoding]:
        return 1
    parts, used = 1, 0
    for letter in sizes:
        if used + letter > MULTIPLE[encoding]:
            parts, used = parts + 1, 0
        used += letter
    return parts
