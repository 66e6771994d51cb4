"""A table of clients served, as spreadsheets save it, read row by row.

The first line names the columns (facility, employee, touchpoint, day, count, source, in any order; the last and either
of the two in the middle may be missing). Comma or semicolon. Whether the names exist is not decided here.
"""

import csv
from collections.abc import Iterator

from pydantic import ValidationError

from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _
from hub.feedback.served_schemas import NewServed

NEEDED = ("facility", "day", "count")
COLUMNS = (*NEEDED, "employee", "touchpoint", "source")


def read_served(content: bytes) -> list[tuple[int, NewServed]]:
    """The rows with the numbers of their lines; BadRows where any of them cannot be read."""
    found: list[tuple[int, NewServed]] = []
    problems: list[RowProblem] = []
    for line, cells in _rows(_text(content)):
        try:
            found.append((line, NewServed.model_validate(cells)))
        except ValidationError as error:
            problems += [
                RowProblem(line, str(e["loc"][0]) if e["loc"] else "row", e["msg"])
                for e in error.errors()
            ]
    if problems:
        raise BadRows(problems)
    if not found:
        raise BadRows([RowProblem(2, "row", _("There are no rows below the column names."))])
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = _("This is not UTF-8 text. Save the table as CSV UTF-8.")
        raise BadRows([RowProblem(line, "row", detail)]) from error


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's filled cells by column. The number is that of the row's last line, if a cell spans several."""
    heading = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if ";" in heading else ",")
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _check_columns(columns)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(columns):
                    detail = _("There are more cells than column names.")
                    raise BadRows([RowProblem(reader.line_num, "row", detail)])
                told = zip(columns, (cell.strip() for cell in cells), strict=False)
                yield reader.line_num, {name: cell for name, cell in told if cell}
    except csv.Error as error:
        detail = _("This line is not CSV.")
        raise BadRows([RowProblem(reader.line_num, "row", detail)]) from error


def _check_columns(columns: list[str]) -> None:
    problems = [
        RowProblem(1, name, _("This column is missing.")) for name in NEEDED if name not in columns
    ]
    problems += [
        RowProblem(1, name[:64], _("There is no such column."))
        for name in columns
        if name not in COLUMNS
    ]
    if len(set(columns)) < len(columns):
        problems.append(RowProblem(1, "row", _("A column is named twice.")))
    if problems:
        raise BadRows(problems)
