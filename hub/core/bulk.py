"""Many rows in one statement, without effect for those that are there already.

Rows are tuples handed straight to the driver, because turning 500 rows into bound parameters one by one costs
SQLAlchemy more than the database needs to store them. Values must therefore be plain: int, str, bytes, None.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = tuple[Any, ...]


def insert_new(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert `rows` (values in the order of `columns`); a row that breaks a unique key is passed over."""
    if rows:
        statement = _statement(connection.dialect.name, table, columns)
        connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=64)
def _statement(dialect_name: str, table: Table, columns: tuple[str, ...]) -> str:
    if dialect_name == "sqlite":
        dialect: Dialect = sqlite.dialect(paramstyle="qmark")
        insert: Any = sqlite.insert(table)
    else:
        dialect = postgresql.dialect(paramstyle="format")
        insert = postgresql.insert(table)
    compiled = insert.on_conflict_do_nothing().compile(dialect=dialect, column_keys=list(columns))
    if list(compiled.positiontup or ()) != list(columns):  # the driver binds by position
        raise ValueError(
            f"{table.name}: list the columns in the order of the table: {compiled.positiontup}"
        )
    return str(compiled)
