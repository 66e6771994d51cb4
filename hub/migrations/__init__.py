"""The database's shape, step by step, from the first table on."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from hub.core.db import Database


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision; one transaction, so that a failed step changes nothing."""
    with database.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
