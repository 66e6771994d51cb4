"""A table of terminals that are expected, as spreadsheets save it, read row by row.

The first line names the columns: device, facility and name, and where they are known touchpoint and serial, in any
order. Whether the places exist is not decided here.
"""

from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from contract.messages.envelope import Code, Identifier
from hub.core.broker.access import HUB_USER
from hub.core.csv_tables import no_rows, read_rows
from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _

NEEDED = ("device", "facility", "name")
COLUMNS = (*NEEDED, "touchpoint", "serial")
MOST_ROWS = 5000
MOST_BYTES = 1024 * 1024


class ExpectedRow(BaseModel):
    """One terminal. `serial` is the number of the only board that it may be."""

    model_config = ConfigDict(extra="forbid")

    device: Identifier
    facility: Identifier
    name: Annotated[str, Field(min_length=1, max_length=100)]
    touchpoint: Code | None = None
    serial: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-z]*$")] = ""

    @field_validator("serial", mode="before")
    @classmethod
    def _in_small_letters(cls, serial: str) -> str:
        return serial.lower()


class ExpectedTable(NamedTuple):
    """The rows that can be read, with the numbers of their lines, and what is wrong with the others."""

    rows: list[tuple[int, ExpectedRow]]
    problems: list[RowProblem]


def read_expected(content: bytes) -> ExpectedTable:
    """The table, row by row; BadRows where it is no table at all."""
    found: list[tuple[int, ExpectedRow]] = []
    problems: list[RowProblem] = []
    for line, cells in read_rows(content, needed=NEEDED, columns=COLUMNS):
        try:
            row = ExpectedRow.model_validate(cells)
        except ValidationError as error:
            problems += [RowProblem(line, *_problem(dict(each))) for each in error.errors()]
            continue
        if row.device == HUB_USER:
            own = _("Another name, please: this one is the hub's own.")
            problems.append(RowProblem(line, "device", own))
        found.append((line, row))
    if not found and not problems:
        raise no_rows()
    if len(found) > MOST_ROWS:
        raise BadRows([RowProblem(MOST_ROWS + 2, "row", _("There are too many rows."))])
    return ExpectedTable(found, problems)


def _problem(error: dict[str, object]) -> tuple[str, str]:
    place, kind = error["loc"], error["type"]
    field = str(place[0]) if isinstance(place, tuple) and place else "row"
    if kind == "missing":
        return field, _("Please fill this in.")
    if kind == "string_too_long":
        return field, _("This is too long.")
    if field in {"device", "facility", "touchpoint"}:
        return field, _("Only small letters, digits and hyphens, please, and not more than 63.")
    if field == "serial":
        return field, _("Only letters and digits, please.")
    return field, _("This cannot be stored like this.")
