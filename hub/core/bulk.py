"""Many rows in one statement.

Rows are tuples handed straight to the driver, because turning 500 rows into bound parameters one by one costs
SQLAlchemy more than the database needs to store them. Values must therefore be plain: int, str, bytes, None.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

Row = tuple[Any, ...]

COPY_FROM = 20
"""Rows from which PostgreSQL's COPY pays."""


def insert_new(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert `rows` (values in the order of `columns`); a row that breaks a unique key is passed over."""
    if rows:
        sqlite_is_it = connection.dialect.name == "sqlite"
        insert = _sqlite_insert if sqlite_is_it else _postgresql_insert
        # One row is not given as a list: psycopg opens and closes a pipeline for a list.
        connection.exec_driver_sql(
            insert(table, columns), list(rows) if len(rows) > 1 else tuple(rows[0])
        )


def append(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert rows that the caller knows to be new, as fast as the database can.

    Should one break a unique key after all, it is passed over where they are few. Many go to PostgreSQL by COPY, which
    knows no conflicts: there everything fails, and can be tried again row by row.
    """
    if connection.dialect.name == "sqlite" or len(rows) < COPY_FROM:
        insert_new(connection, table, columns, rows)
        return
    names = ", ".join(f'"{column}"' for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def take_ids(connection: Connection, table: Table, count: int) -> range | list[int]:
    """`count` ascending ids for rows about to be inserted, so that they need not be read back.

    On SQLite the writer is alone and continues from the highest; PostgreSQL's sequence is asked once.
    """
    if connection.dialect.name == "sqlite":
        highest = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(highest + 1, highest + count + 1)
    drawn = "SELECT array_agg(nextval(%s)) FROM generate_series(1, %s)"  # one row: fetching is dear
    sequence = f"{table.name}_id_seq"
    return connection.exec_driver_sql(drawn, (sequence, count)).scalar_one() or []


@lru_cache(maxsize=64)
def _sqlite_insert(table: Table, columns: tuple[str, ...]) -> str:
    statement = sqlite.insert(table).on_conflict_do_nothing()
    dialect: Any = sqlite.dialect
    return _positional(
        table,
        columns,
        statement.compile(dialect=dialect(paramstyle="qmark"), column_keys=list(columns)),
    )


@lru_cache(maxsize=64)
def _postgresql_insert(table: Table, columns: tuple[str, ...]) -> str:
    statement = postgresql.insert(table).on_conflict_do_nothing()
    dialect: Any = postgresql.dialect
    return _positional(
        table,
        columns,
        statement.compile(dialect=dialect(paramstyle="format"), column_keys=list(columns)),
    )


def _positional(table: Table, columns: tuple[str, ...], compiled: Any) -> str:
    if tuple(compiled.positiontup) != columns:  # the driver binds by position
        raise ValueError(
            f"{table.name}: name the columns in the table's order: {compiled.positiontup}"
        )
    return str(compiled)
