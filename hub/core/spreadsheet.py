"""Pure: tables as CSV (RFC 4180) that spreadsheets open without running anything.

A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are numbers, with a point.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, without which spreadsheets read Cyrillic wrong."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> str | int | float:
    """As it may stand in a cell: a text that looks like a formula gets an apostrophe, a number few digits."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
    return round(cell, 4) if isinstance(cell, float) else cell
