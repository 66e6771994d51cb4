"""A real browser, and a clinic served to it on a real port."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.core.clock import SystemClock
from hub.core.db import Database
from hub.core.logs import configure_logs
from hub.core.unit_of_work import Listeners, Workplace
from tests.browser.chromium import launched
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import Clinic
from tests.hub.schema import put_schema

expect.set_options(timeout=30_000)  # whoever waits for what comes loses nothing on a busy machine


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser; an error in a script or a refused resource fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """A clinic in the present: pages show times relative to now."""
    configure_logs()
    put_schema(tmp_path / "hub.db")
    database, listeners, clock = (
        Database(f"sqlite:///{tmp_path / 'hub.db'}"), Listeners(), SystemClock(),
    )  # fmt: skip
    yield Clinic(Workplace(database, listeners, clock, ReversingVault()), listeners, clock)
    database.close()
