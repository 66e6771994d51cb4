"""News reach `within` listeners in the transaction and `after` listeners once it is durable, or nobody."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.identity.tables import Organisation


@dataclass(frozen=True)
class Opened:
    name: str


@dataclass(frozen=True)
class Closed:
    name: str


def add(work: UnitOfWork, name: str) -> None:
    work.session.add(Organisation(id=name, name=name, time_zone="UTC"))


def count(workplace: Workplace) -> int:
    with workplace.read() as work:
        return work.connection.execute(text("SELECT count(*) FROM organisation")).scalar_one()


def test_within_listeners_write_in_the_same_transaction(
    workplace: Workplace, listeners: Listeners
) -> None:
    listeners.within(Opened, lambda work, event: add(work, event.name))
    with workplace.begin() as work:
        add(work, "first")
        work.tell(Opened("second"))
        assert count(workplace) == 0
    assert count(workplace) == 2


def test_after_listeners_run_when_it_is_durable_in_the_order_of_events(
    workplace: Workplace, listeners: Listeners
) -> None:
    heard: list[tuple[object, int]] = []
    listeners.after(Opened, lambda event: heard.append((event, count(workplace))))
    listeners.after(Closed, lambda event: heard.append((event, count(workplace))))
    with workplace.begin() as work:
        work.tell(Closed("b"))
        add(work, "first")
        work.tell(Opened("a"))
        assert heard == []
    assert heard == [(Closed("b"), 1), (Opened("a"), 1)]


@pytest.mark.parametrize("failing", ["block", "within", "statement"])
def test_what_is_rolled_back_is_told_to_nobody(
    workplace: Workplace, listeners: Listeners, failing: str
) -> None:
    heard: list[object] = []
    listeners.after(Opened, heard.append)

    def fail(work: UnitOfWork, event: Opened) -> None:
        if failing == "within":
            raise ValueError(event.name)

    def begin_and_fail() -> None:
        with workplace.begin() as work:
            add(work, "first")
            work.session.flush()
            work.tell(Opened("first"))
            if failing == "block":
                raise ValueError("first")
            work.connection.execute(text("UPDATE organisation SET name = NULL"))

    listeners.within(Opened, fail)
    with pytest.raises((ValueError, IntegrityError)):
        begin_and_fail()
    assert (count(workplace), heard) == (0, [])


def test_a_listener_that_fails_afterwards_hurts_nobody(
    workplace: Workplace, listeners: Listeners
) -> None:
    heard: list[object] = []

    def fail(event: Opened) -> None:
        raise ValueError(event.name)

    listeners.after(Opened, fail)
    listeners.after(Opened, heard.append)
    with capture_logs() as logs, workplace.begin() as work:
        add(work, "first")
        work.tell(Opened("first"))
    assert (count(workplace), heard) == (1, [Opened("first")])
    assert [entry["event"] for entry in logs] == ["after_listener_failed"]


def test_objects_and_statements_share_the_transaction(workplace: Workplace) -> None:
    with workplace.begin() as work:
        add(work, "first")
        work.session.flush()
        named = work.connection.execute(text("SELECT name FROM organisation")).scalar_one()
    assert named == "first"


def test_looking_changes_nothing(workplace: Workplace) -> None:
    with workplace.read() as work:
        assert work.told() == []
    assert count(workplace) == 0
