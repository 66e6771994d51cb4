"""The steps lead from nothing to exactly the tables that the code means, and back; two hubs may take them at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from hub.app import wire
from hub.core.db import Database
from hub.core.settings import HubSettings
from hub.migrations import downgrade, upgrade
from tests.hub.conftest import BOTH
from tests.hub.postgresql import PostgresqlServer


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid4().hex}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


def differences(database: Database) -> list[Any]:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_from_nothing_to_what_the_code_means(empty: Database) -> None:
    upgrade(empty)
    assert differences(empty) == []
    assert {"response", "ledger", "dead_letter"} <= tables(empty)


def test_a_difference_would_be_noticed(empty: Database) -> None:
    upgrade(empty)
    with empty.writing() as connection:
        connection.execute(text("ALTER TABLE response DROP COLUMN extra"))
    assert differences(empty) != []


def test_a_second_time_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    with empty.writing() as connection:
        connection.execute(
            text("INSERT INTO organisation (id, name, time_zone) VALUES ('o', 'O', 'UTC')")
        )
    upgrade(empty)
    with empty.reading() as connection:
        assert connection.execute(text("SELECT id FROM organisation")).scalar_one() == "o"


def test_back_to_nothing_and_forward_again(empty: Database) -> None:
    upgrade(empty)
    downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}
    upgrade(empty)
    assert differences(empty) == []


def test_hubs_that_start_at_once_share_the_steps_and_one_administrator(
    empty_url: str, tmp_path: Path
) -> None:
    hubs = 3
    together = Barrier(hubs)

    def start(number: int) -> bool:
        settings = HubSettings(database=empty_url, data=tmp_path / str(number))
        together.wait(30)
        hub = wire(settings)
        hub.database.close()
        return hub.first_administrator is not None

    with ThreadPoolExecutor(hubs) as starting:
        told_the_password = list(starting.map(start, range(hubs)))
    assert sorted(told_the_password) == [False, False, True]
    database = Database(empty_url)
    assert differences(database) == []
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar_one() == 1
    database.close()
