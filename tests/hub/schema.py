"""An empty SQLite database with the whole schema: migrated once a process, for every test that needs one copied."""

import tempfile
from functools import cache
from pathlib import Path

from hub.core.db import Database
from hub.migrations import upgrade


def put_schema(path: Path) -> None:
    """Make the database file, as a hub's first start would, in a folder that is there or not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        database.close()
        return path.read_bytes()
