"""Counters in rows: adding to what is there, many keys in one statement.

A table of counters has its key first and its measures after it. Rows are added in the order of their keys, so that
two writers who count the same never wait for each other in a circle. A measure is a number, which is added to, or a
set of bits, which is joined.
"""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql

from hub.core.bulk import Row

BITS = {"bits": True}
"""The `info` of a column that is a set of bits. Bits are never taken away, so that they may be more than is true."""


def add_counts(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add each row's measures (negative ones too) to those under its key; a key that is not there starts at nothing.

    No key may be given twice.
    """
    ascending = sorted(rows)
    if not ascending:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_row_by_row(table), ascending)
    else:
        arrays = tuple(list(values) for values in zip(*ascending, strict=True))
        connection.exec_driver_sql(_unnested(table), arrays)


def drop_zeros(connection: Connection, table: Table, keys: Iterable[Row]) -> None:
    """Delete the rows under these keys that count nothing any more."""
    ascending = sorted(keys)
    if not ascending:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    same = [f"{name} = {mark}" for name in table.primary_key.columns.keys()]  # noqa: SIM118
    nothing = [f"{column.name} = 0" for column in _measures(table) if not column.info.get("bits")]
    condition = " AND ".join([*same, *nothing])
    connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {condition}", ascending)  # noqa: S608


@lru_cache(maxsize=16)
def _row_by_row(table: Table) -> str:
    marks = ", ".join("?" for _ in table.c)
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks}) {_added(table)}"  # noqa: S608


@lru_cache(maxsize=16)
def _unnested(table: Table) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    arrays = ", ".join(f"%s::{column.type.compile(dialect=dialect)}[]" for column in table.c)
    names = _names(table)
    return f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays}) {_added(table)}"  # noqa: S608


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
    return "|" if column.info.get("bits") else "+"
