"""Pure: an address as a picture that telephones read, to be drawn by the page."""

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules of white around it, without which it is not found (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of `size` units; `path` are its dark parts, as SVG draws them."""

    size: int
    path: str


@lru_cache(maxsize=1)
def qr(address: str) -> Picture:
    """Readable with a quarter of it in glare; the page asks for the same one while it is shown."""
    rows = segno.make(address, error="q", micro=False).matrix
    dark = [
        f"M{column + QUIET} {line + QUIET}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, module in enumerate(row)
        if module
    ]
    return Picture(len(rows) + 2 * QUIET, "".join(dark))
