"""A table of clients served, as spreadsheets save it, read row by row.

The first line names the columns (facility, employee, touchpoint, day, count, source, in any order; the last and either
of the two in the middle may be missing). Whether the names exist is not decided here.
"""

from pydantic import ValidationError

from hub.core.csv_tables import no_rows, read_rows
from hub.core.row_problems import BadRows, RowProblem
from hub.feedback.served_schemas import NewServed

NEEDED = ("facility", "day", "count")
COLUMNS = (*NEEDED, "employee", "touchpoint", "source")


def read_served(content: bytes) -> list[tuple[int, NewServed]]:
    """The rows with the numbers of their lines; BadRows where any of them cannot be read."""
    found: list[tuple[int, NewServed]] = []
    problems: list[RowProblem] = []
    for line, cells in read_rows(content, needed=NEEDED, columns=COLUMNS):
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
        raise no_rows()
    return found
