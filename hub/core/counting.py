"""Counters in rows: adding to what is there, many keys of several tables in one statement.

A table of counters has its key first and its measures after it. Rows are added in the order of their keys, so that
two writers who count the same never wait for each other in a circle. A measure is a number, which is added to, or a
set of bits, which is joined.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Column, Connection, Table

from hub.core.bulk import Row

BITS = {"bits": True}
"""The `info` of a column that is a set of bits. Bits are never taken away, so that they may be more than is true."""


Counts = Mapping[Table, Sequence[Row]]
"""What is to be added: each row is a key and its measures (negative ones too), and no key is there twice."""


def add_counts(connection: Connection, counts: Counts) -> None:
    """Add each row's measures to those under its key; a key that is not there starts at nothing.

    PostgreSQL is asked once for all the tables, because a question and its answer cost more than the adding.
    """
    ascending = {table: sorted(rows) for table, rows in counts.items() if rows}
    if not ascending:
        return
    if connection.dialect.name == "sqlite":
        for table, rows in ascending.items():
            connection.exec_driver_sql(_row_by_row(table), rows)
    else:
        texts = tuple(_as_json(table, rows) for table, rows in ascending.items())
        connection.exec_driver_sql(_together(tuple(ascending)), texts)


def drop_zeros(connection: Connection, counts: Counts) -> None:
    """Delete the rows that count nothing any more, of those that something has been added to."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for table, rows in counts.items():
        key = table.primary_key.columns.keys()
        same = [f"{name} = {mark}" for name in key]
        nothing = [f"{column.name} = 0" for column in _measures(table) if not _is_bits(column)]
        condition = " AND ".join([*same, *nothing])
        if keys := sorted(row[: len(key)] for row in rows):
            connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {condition}", keys)  # noqa: S608


@lru_cache(maxsize=16)
def _row_by_row(table: Table) -> str:
    marks = ", ".join("?" for _ in table.c)
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks}) {_added(table)}"  # noqa: S608


@lru_cache(maxsize=16)
def _together(tables: tuple[Table, ...]) -> str:
    *others, last = (_from_json(table) for table in tables)
    first = ", ".join(f"added_{i} AS ({statement})" for i, statement in enumerate(others))
    return f"WITH {first} {last}" if first else last


def _from_json(table: Table) -> str:
    names = _names(table)
    rows = f"json_populate_recordset(NULL::{table.name}, %s)"
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {rows} {_added(table)}"  # noqa: S608


def _as_json(table: Table, rows: Sequence[Row]) -> str:
    names = table.c.keys()
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows])


def _added(table: Table) -> str:
    key = ", ".join(table.primary_key.columns.keys())
    sums = ", ".join(
        f"{column.name} = {table.name}.{column.name} {_sign(column)} excluded.{column.name}"
        for column in _measures(table)
    )
    return f"ON CONFLICT ({key}) DO UPDATE SET {sums}"


def _names(table: Table) -> str:
    return ", ".join(table.c.keys())


def _measures(table: Table) -> list[Column[int]]:
    return [column for column in table.c if not column.primary_key]


def _sign(column: Column[int]) -> str:
    return "|" if _is_bits(column) else "+"


def _is_bits(column: Column[int]) -> bool:
    return bool(column.info.get("bits"))
