"""A list of any length as a table to be joined: one parameter, so that the statement is the same whatever is listed.

A row of parameters each would have to be compiled anew for every list, which takes longer than the query; and of a
list of tuples behind IN SQLite makes no use of an index.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    String,
    cast,
    func,
    literal,
    select,
)

TYPES: Mapping[type, type[String] | type[BigInteger]] = {str: String, int: BigInteger}


def listed(
    connection: Connection, columns: Mapping[str, type], rows: Sequence[tuple[str | int, ...]]
) -> CTE:
    """These rows as a table of such columns (`str` or `int`), for a statement on this connection."""
    text = literal(json.dumps(rows), String)
    if connection.dialect.name == "sqlite":
        each = func.json_each(text).table_valued("value", name="listed")
        members: list[ColumnElement[Any]] = [
            func.json_extract(each.c.value, f"$[{i}]") for i in range(len(columns))
        ]
    else:
        each = func.json_array_elements(cast(text, JSON)).table_valued("value", name="listed")
        members = [each.c.value.op("->>")(i) for i in range(len(columns))]
    of = [
        cast(member, TYPES[kind]).label(name)
        for member, (name, kind) in zip(members, columns.items(), strict=True)
    ]
    # Made once and looked up in other tables' indexes; else SQLite reads it anew for every row of theirs.
    return select(*of).cte("wanted").prefix_with("MATERIALIZED")
