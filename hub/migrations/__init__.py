"""The database's shape, step by step, from the first table on."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select

from hub.core.db import Database

TURN = 0x5745_4C4C  # "WELL": any number that nobody else takes for an advisory lock


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision; one transaction, so that a failed step changes nothing.

    Of two hubs that start at once on one database, one waits for the other and then finds nothing to do.
    """
    with database.writing() as connection:
        _await_turn(connection)
        command.upgrade(_configuration(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Back to an earlier revision (`base`: no tables at all)."""
    with database.writing() as connection:
        _await_turn(connection)
        command.downgrade(_configuration(connection), revision)


def _await_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))


def _configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
