"""A database for every test, fresh, on both kinds; and units of work on it with a clock that tests hold."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hub.core.db import Database
from hub.core.logs import configure_logs
from hub.core.unit_of_work import Listeners, Workplace
from hub.migrations import upgrade
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import Clinic
from tests.hub.postgresql import PostgresqlServer, running_postgresql

BOTH = ["sqlite", "postgresql"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a page asks is tested on both databases by its service; pages again on PostgreSQL are for `make soak`."""
    for item in items:
        on = getattr(item, "callspec", None)
        page_on_postgresql = (
            on is not None
            and on.params.get("database_url") == "postgresql"
            and "client" in getattr(item, "fixturenames", ())
        )
        if page_on_postgresql and item.get_closest_marker("both_databases") is None:
            item.add_marker(pytest.mark.pages_on_postgresql)


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    configure_logs()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One cluster for all tests of this process, with a database in it that has every table."""
    with running_postgresql() as server:
        server.run("CREATE DATABASE wellheard")
        database = Database(server.url("wellheard"))
        upgrade(database)
        database.close()
        server.keep_as_new("wellheard")
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty schema to copy."""
    path = tmp_path_factory.mktemp("template") / "hub.db"
    template = Database(f"sqlite:///{path}")
    upgrade(template)
    template.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "hub.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> str:
    postgresql_server.make_as_new("wellheard")
    return postgresql_server.url("wellheard")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the whole schema; the test runs once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with the whole schema; the test runs once for each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def listeners() -> Listeners:
    return Listeners()


@pytest.fixture
def workplace(database: Database, listeners: Listeners, clock: HeldClock) -> Workplace:
    return Workplace(database, listeners, clock, ReversingVault())


@pytest.fixture
def clinic(workplace: Workplace, listeners: Listeners, clock: HeldClock) -> Clinic:
    return Clinic(workplace, listeners, clock)


@pytest.fixture
def client(clinic: Clinic) -> Iterator[TestClient]:
    """A stranger's browser."""
    with TestClient(clinic.app(), base_url="http://hub.test") as opened:
        yield opened
