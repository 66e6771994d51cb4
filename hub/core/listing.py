"""A list of any length as a table to be joined: one parameter, so that the statement is the same whatever is listed.

A row of parameters each would have to be compiled anew for every list, which takes longer than the query; and of a
list of tuples behind IN SQLite makes no use of an index.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    String,
    TableValuedAlias,
    cast,
    func,
    literal,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands in the FROM clause, and the members of its rows by their position."""

    rows: TableValuedAlias
    sqlite: bool

    def text(self, position: int) -> ColumnElement[str]:
        """Of a row's text."""
        return cast(self._member(position), String)

    def number(self, position: int) -> ColumnElement[int]:
        """Of a row's whole number."""
        return cast(self._member(position), BigInteger)

    def _member(self, position: int) -> ColumnElement[object]:
        if self.sqlite:
            return func.json_extract(self.rows.c.value, f"$[{position}]")
        return self.rows.c.value.op("->>")(position)


def listed(connection: Connection, rows: Sequence[tuple[str | int, ...]]) -> Listed:
    """These rows, for a statement on this connection."""
    text = literal(json.dumps(rows), String)
    if connection.dialect.name == "sqlite":
        return Listed(func.json_each(text).table_valued("value", name="listed"), sqlite=True)
    each = func.json_array_elements(cast(text, JSON))
    return Listed(each.table_valued("value", name="listed"), sqlite=False)
