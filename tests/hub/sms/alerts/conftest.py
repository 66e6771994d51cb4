"""On SQLite alone: how these rows are read and locked is tried on both databases where patients are invited."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url
