"""An INSERT that may say what becomes of a row whose key is there already: both databases can, each by its own word."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begins the statement; `on_conflict_do_update` and `on_conflict_do_nothing` are the same on either."""
    made = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return made(table)
