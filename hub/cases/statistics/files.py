"""A table of statistics as a file: a spreadsheet (XLSX), or a page to print (PDF)."""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import FontFace
from openpyxl import Workbook
from openpyxl.styles import Font

from hub.core.spreadsheet import Cell, harmless

LETTERS = Path(__file__).parents[2] / "core" / "static" / "vendor" / "inter" / "files"
_LATIN, _CYRILLIC = "inter-latin-wght-normal", "inter-cyrillic-wght-normal"
_LATIN_MORE = "inter-latin-ext-wght-normal"


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet; a text that looks like a formula stays a text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new book has one sheet
    sheet.title = title[:31]
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    sheet.column_dimensions["A"].width = 32
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def as_pdf(
    title: str, notes: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """A4 on its side, in letters that Spanish, Catalan and Russian are written with."""
    page = FPDF(orientation="landscape", format="A4")
    with TemporaryDirectory() as folder:
        for name in (_LATIN, _LATIN_MORE, _CYRILLIC):
            file = Path(folder) / f"{name}.ttf"
            file.write_bytes(_letters(name))
            page.add_font(name, fname=file)
        page.set_font(_LATIN, size=15)
        page.set_fallback_fonts([_LATIN_MORE, _CYRILLIC])
        page.add_page()
        page.cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
        page.set_font_size(9)
        for note in notes:
            page.cell(0, 5, note, new_x="LMARGIN", new_y="NEXT")
        page.ln(3)
        page.set_font_size(7.5)
        widths = (3, *(1 for _ in header[1:]))
        aligned = ("LEFT", *("RIGHT" for _ in header[1:]))
        with page.table(
            col_widths=widths,
            text_align=aligned,
            line_height=5,
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(emphasis="", fill_color=(238, 241, 244)),
        ) as drawn:
            drawn.row(list(header))
            for row in rows:
                drawn.row(["" if cell is None else str(cell) for cell in row])
        return bytes(page.output())


@cache
def _letters(name: str) -> bytes:
    """The font of our pages, unpacked."""
    font = TTFont(LETTERS / f"{name}.woff2")
    font.flavor = None
    stored = io.BytesIO()
    font.save(stored)
    return stored.getvalue()
