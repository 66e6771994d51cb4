"""How large things are, pure: millimetres of the real panel, and the keys that fit on it.

Decides the policy of sizes (answers 30 mm, keys 20 mm, small letters 6 mm high) and how a keyboard is split into pages
where the panel has no room for all of its keys. Where they are drawn is the style sheet's affair.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ANSWER_MM = 30.0
KEY_MM = 20.0
GAP_MM = 0.6
MARGIN_MM = 1.5
X_HEIGHT_MM = 6.0
SMALL_BELOW_MM = 110.0
"""Lower than this there is no room for answers below photographs below a bar: they stand side by side."""
FIELD_MM = 29.0
SMALL_FIELD_MM = 16.0
WIDEST_KEY_MM = 44.0
LEAST_COLUMNS = 9
INCH_MM = 25.4

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Glass:
    """The panel's resolution and real size."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float

    @property
    def is_small(self) -> bool:
        return self.height_mm < SMALL_BELOW_MM

    @property
    def is_tall(self) -> bool:
        return self.height_mm > self.width_mm

    @property
    def can_be_lowered(self) -> bool:
        """On a small panel the upper edge is within the same reach as the lower one."""
        return not self.is_small


def usual_glass(width_px: int, height_px: int) -> Glass:
    """A panel of this resolution whose size nobody told: 10.1 inches, or 7 when it has only 480 lines."""
    inches = 7.0 if min(width_px, height_px) <= 480 else 10.1
    per_px = inches * INCH_MM / math.hypot(width_px, height_px)
    return Glass(width_px, height_px, width_px * per_px, height_px * per_px)


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Pages of rows of keys. Keys in braces are commands; `spans` says how many columns a wide one takes."""

    columns: int
    rows: int
    pages: tuple[Rows, ...]
    spans: dict[str, int]
    key_mm: float


def keypad(glass: Glass, *, low_reach: bool) -> Keyboard:
    """Digits as on a telephone where five rows fit, otherwise in two rows of six."""
    if _rows(glass, low_reach=low_reach) >= 5:
        rows: Rows = (*(tuple(row) for row in ("123", "456", "789")), ("+", "0", "{bksp}"))
        columns = 3
    else:
        rows, columns = (tuple("123456"), (*"7890+", "{bksp}")), min(6, _columns(glass))
        if columns < 6:
            rows, columns = (tuple("1234"), tuple("5678"), (*"90+", "{bksp}")), 4
    spans = {"{back}": columns // 3, "{next}": columns - columns // 3}
    return Keyboard(
        columns, len(rows) + 1, ((*rows, ("{back}", "{next}")),), spans, _width(glass, columns)
    )


def letters(glass: Glass, keys: Sequence[str], more: str, *, low_reach: bool) -> Keyboard:
    """All letters on one page in the rows that people know; where they do not fit, in the alphabet's order by pages."""
    columns, rows = _columns(glass), _rows(glass, low_reach=low_reach)
    commands, spans = _commands(columns)
    room = max(1, rows - len(commands))
    known = [tuple(row) for row in keys]
    longest = max(map(len, known))
    if len(known) <= room and longest <= columns:
        columns = max(longest, LEAST_COLUMNS)
        commands, spans = _commands(columns)
        pages: list[Rows] = [tuple(known)]
    else:
        pages = _paged(_alphabetical("".join(keys)), columns, room)
    pages += _paged(f"1234567890{more}.,!?", columns, room)
    height = max(len(page) for page in pages)
    return Keyboard(
        columns,
        height + len(commands),
        tuple((*page, *commands) for page in pages),
        spans,
        _width(glass, columns),
    )


def _columns(glass: Glass) -> int:
    return int((glass.width_mm - 2 * MARGIN_MM) // (KEY_MM + GAP_MM))


def _width(glass: Glass, columns: int) -> float:
    """How wide a key is drawn."""
    return min(WIDEST_KEY_MM, (glass.width_mm - 2 * MARGIN_MM) / columns - GAP_MM)


def _rows(glass: Glass, *, low_reach: bool) -> int:
    field = SMALL_FIELD_MM if glass.is_small else FIELD_MM
    room = glass.height_mm / 2 if low_reach else glass.height_mm - field
    return max(2, int((room - 2 * MARGIN_MM) // (KEY_MM + GAP_MM)))


def _commands(columns: int) -> tuple[Rows, dict[str, int]]:
    if columns < 7:
        rows: Rows = (("{page}", "{space}", "{bksp}"), ("{back}", "{next}"))
        return rows, {"{space}": columns - 2, "{back}": columns // 2, "{next}": -(-columns // 2)}
    back = 2 if columns >= 9 else 1
    rest = columns - 2 - back
    spans = {"{back}": back, "{space}": rest // 2, "{next}": rest - rest // 2}
    return (("{back}", "{page}", "{space}", "{bksp}", "{next}"),), spans


def _paged(keys: str, columns: int, rows: int) -> list[Rows]:
    """The keys in their order, spread evenly over as few pages as hold them."""
    pages = -(-len(keys) // (columns * rows))
    a_page = -(-len(keys) // pages)
    split = [keys[start : start + a_page] for start in range(0, len(keys), a_page)]
    return [_spread(page, columns) for page in split]


def _spread(keys: str, columns: int) -> Rows:
    rows = -(-len(keys) // columns)
    a_row = -(-len(keys) // rows)
    return tuple(tuple(keys[start : start + a_row]) for start in range(0, len(keys), a_row))


def _alphabetical(keys: str) -> str:
    """The alphabet's order; letters that are variants of another stand behind it."""
    place = {"ё": "е~", "ñ": "n~", "ç": "c~", "·": "l~"}
    return "".join(sorted(keys, key=lambda key: place.get(key, key)))
