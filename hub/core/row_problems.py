"""What is wrong with the rows of a table that somebody gave: told row by row, and nothing of the table is stored."""

from typing import NamedTuple

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

MOST_PROBLEMS = 100


class RowProblem(NamedTuple):
    """What is wrong in one line of the file; the line of the column names is 1."""

    line: int
    field: str
    detail: str


class BadRows(BadInput):
    """Some rows cannot be right; nothing of the table is stored. `problems` are the first of them."""

    def __init__(self, problems: list[RowProblem]) -> None:
        first = problems[0]
        place = _("Line {line}, {field}").format(line=first.line, field=first.field)
        super().__init__("body", f"{place}: {first.detail}")
        self.problems = problems[:MOST_PROBLEMS]
