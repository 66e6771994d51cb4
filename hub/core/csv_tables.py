"""Tables that people give as CSV, as spreadsheets save them: comma or semicolon, UTF-8, the columns named in line 1."""

import csv
from collections.abc import Iterator, Sequence

from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _


def read_rows(
    content: bytes, *, needed: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's filled cells by column; BadRows for what is no table, or has not the `needed` of the `columns`.

    The number is that of the row's last line, if a cell spans several.
    """
    text = _text(content)
    heading = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if ";" in heading else ",")
    try:
        named = [name.strip().lower() for name in next(reader, [])]
        _check_columns(named, needed, columns)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(named):
                    detail = _("There are more cells than column names.")
                    raise BadRows([RowProblem(reader.line_num, "row", detail)])
                told = zip(named, (cell.strip() for cell in cells), strict=False)
                yield reader.line_num, {name: cell for name, cell in told if cell}
    except csv.Error as error:
        detail = _("This line is not CSV.")
        raise BadRows([RowProblem(reader.line_num, "row", detail)]) from error


def no_rows() -> BadRows:
    """What is wrong with a table that is only a heading."""
    return BadRows([RowProblem(2, "row", _("There are no rows below the column names."))])


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = _("This is not UTF-8 text. Save the table as CSV UTF-8.")
        raise BadRows([RowProblem(line, "row", detail)]) from error


def _check_columns(named: list[str], needed: Sequence[str], columns: Sequence[str]) -> None:
    problems = [
        RowProblem(1, name, _("This column is missing.")) for name in needed if name not in named
    ]
    problems += [
        RowProblem(1, name[:64], _("There is no such column."))
        for name in named
        if name not in columns
    ]
    if len(set(named)) < len(named):
        problems.append(RowProblem(1, "row", _("A column is named twice.")))
    if problems:
        raise BadRows(problems)
