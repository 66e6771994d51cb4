"""A table of patients as spreadsheets save it, CSV or XLSX, as rows of text with the numbers of their lines.

Decides what is a table at all; what its columns mean is `columns.py`'s. Everything wrong is told with its line.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zipfile import BadZipFile, ZipFile, is_zipfile

from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _

MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_BYTES = 100_000_000
"""Of an XLSX table once it is unpacked."""
MOST_LETTERS = 500
"""Of one cell."""
_ENCODINGS = ("utf-8-sig", "cp1252")
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of the columns, and the filled rows by the number of their line (the names are line 1)."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_sheet(content: bytes) -> Sheet:
    """BadRows where it is no table, has no rows, or too many."""
    lines = _of_xlsx(content) if is_zipfile(io.BytesIO(content)) else _of_csv(content)
    heading = next(lines, (1, []))[1]
    columns = [name for name in heading if name]
    if not columns or len(columns) > MOST_COLUMNS or len(set(columns)) < len(columns):
        raise _bad(1, _("The first line must name the columns, each once."))
    rows: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        if any(cells):
            if any(cells[len(heading) :]):
                raise _bad(line, _("There are more cells than column names."))
            filled = zip(heading, cells, strict=False)
            rows.append(
                (line, {name: cell[:MOST_LETTERS] for name, cell in filled if name and cell})
            )
        if len(rows) > MOST_ROWS:
            raise _bad(line, _("A list has at most {most} rows.").format(most=MOST_ROWS))
    if not rows:
        raise _bad(2, _("There are no rows below the column names."))
    return Sheet(columns, rows)


def _of_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise _bad(reader.line_num, _("This line is not CSV.")) from error


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(1, _("This is not UTF-8 text. Save the table as CSV UTF-8."))


def _of_xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    # Late: it takes half a second to import, and most lists are CSV.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        if sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > MOST_BYTES:
            raise _bad(1, _("This table is too large."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
        for line, cells in enumerate(rows, 1):
            yield line, [_text(cell) for cell in cells]
    except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError) as error:
        raise _bad(1, _("This is not an XLSX table.")) from error


def _text(cell: object) -> str:
    """As it was meant: a telephone that a spreadsheet took for a number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _bad(line: int, detail: str) -> BadRows:
    return BadRows([RowProblem(line, "row", detail)])
