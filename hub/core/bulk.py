"""Many rows in one statement, without effect for those that are there already.

Rows are tuples handed straight to the driver, because turning 500 rows into bound parameters one by one costs
SQLAlchemy more than the database needs to store them. Values must therefore be plain: int, str, bytes, None.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

Row = tuple[Any, ...]


def insert_new(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert `rows` (values in the order of `columns`); a row that breaks a unique key is passed over."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect.name, table, columns), list(rows))


def take_ids(connection: Connection, table: Table, count: int) -> range | list[int]:
    """`count` ascending ids for rows about to be inserted, so that they need not be read back.

    On SQLite the writer is alone and continues from the highest; PostgreSQL's sequence is asked once.
    """
    if connection.dialect.name == "sqlite":
        highest = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(highest + 1, highest + count + 1)
    sequence = f"{table.name}_id_seq"
    return list(
        connection.execute(
            select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        ).scalars()
    )


@lru_cache(maxsize=64)
def _statement(dialect_name: str, table: Table, columns: tuple[str, ...]) -> str:
    on_sqlite = dialect_name == "sqlite"
    insert: Any = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    dialect: Any = (sqlite if on_sqlite else postgresql).dialect
    compiled = insert.on_conflict_do_nothing().compile(
        dialect=dialect(paramstyle="qmark" if on_sqlite else "format"), column_keys=list(columns)
    )
    if tuple(compiled.positiontup) != columns:  # the driver binds by position
        raise ValueError(
            f"{table.name}: name the columns in the table's order: {compiled.positiontup}"
        )
    return str(compiled)
