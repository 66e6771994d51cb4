"""Many rows at once, few rows at once, and rows that are there already."""

from collections.abc import Callable, Iterator, Sequence

import psycopg
import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    select,
)

from hub.core.bulk import COPY_FROM, Row, append, insert_new, take_ids
from hub.core.db import Database
from hub.feedback.tables import Response

things = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("order", Integer),
    Column("content", LargeBinary),
    UniqueConstraint("name"),
)
COLUMNS = ("id", "name", "order", "content")

Insert = Callable[[Connection, Table, tuple[str, ...], Sequence[Row]], None]


@pytest.fixture
def base(database: Database) -> Iterator[Database]:
    with database.writing() as connection:
        things.create(connection)
    yield database
    with database.writing() as connection:
        things.drop(connection)


def rows(database: Database) -> list[Row]:
    with database.reading() as connection:
        found = connection.execute(select(things).order_by(things.c.id))
        return [tuple(row) for row in found]


def thing(number: int, name: str | None = None) -> Row:
    return number, name or f"n{number}\t\\N\n", None, bytes([0, 92, number % 256])


@pytest.mark.parametrize("insert", [insert_new, append])
@pytest.mark.parametrize("count", [0, 1, COPY_FROM - 1, COPY_FROM, 500])
def test_rows_are_stored_as_they_are(base: Database, count: int, insert: Insert) -> None:
    new = [thing(number) for number in range(1, count + 1)]
    with base.writing() as connection:
        insert(connection, things, COLUMNS, new)
    assert rows(base) == new


@pytest.mark.parametrize("count", [2, 3 * COPY_FROM])
def test_what_is_there_already_stays_as_it_is(base: Database, count: int) -> None:
    """By the primary key, by another unique key, and twice in one call."""
    with base.writing() as connection:
        insert_new(connection, things, COLUMNS, [thing(1, "one"), thing(2, "two")])
        other = [thing(1, "changed"), thing(1000, "two"), thing(9, "nine"), thing(9, "again")]
        new = [thing(number) for number in range(10, 10 + count)]
        insert_new(connection, things, COLUMNS, [*other, *new])
        insert_new(connection, things, COLUMNS, new)
    assert rows(base) == [thing(1, "one"), thing(2, "two"), thing(9, "nine"), *new]


@pytest.mark.parametrize("insert", [insert_new, append])
def test_a_failed_row_leaves_none(base: Database, insert: Insert) -> None:
    new = [*(thing(number) for number in range(1, 100)), (2**70, "x", None, None)]
    with (
        pytest.raises(Exception, match=r"(?i)too large|out of range"),
        base.writing() as connection,
    ):
        insert(connection, things, COLUMNS, new)
    assert rows(base) == []


def test_few_rows_that_are_not_new_after_all_are_passed_over(base: Database) -> None:
    with base.writing() as connection:
        append(connection, things, COLUMNS, [thing(1, "one")])
        append(connection, things, COLUMNS, [thing(1, "changed"), thing(2)])
    assert rows(base) == [thing(1, "one"), thing(2)]


def test_many_rows_of_which_one_is_not_new_are_passed_over_or_fail_together(base: Database) -> None:
    first = [thing(1, "one")]
    new = [thing(number) for number in range(1, 2 * COPY_FROM)]
    with base.writing() as connection:
        append(connection, things, COLUMNS, first)
    if base.is_sqlite:
        with base.writing() as connection:
            append(connection, things, COLUMNS, new)
        assert rows(base) == [*first, *new[1:]]
    else:
        with pytest.raises(psycopg.errors.UniqueViolation), base.writing() as connection:
            append(connection, things, COLUMNS, new)
        assert rows(base) == first


def test_columns_out_of_order_are_a_mistake_of_ours(base: Database) -> None:
    with base.writing() as connection, pytest.raises(ValueError, match="order"):
        insert_new(connection, things, ("name", "id"), [("x", 1)])


def test_ids_ascend_and_are_nobody_else_s(database: Database) -> None:
    response: Table = Response.__table__  # type: ignore[attr-defined]
    with database.writing() as connection:
        first = list(take_ids(connection, response, 3))
        assert first == sorted(set(first))
        taken = {column.name: "x" for column in response.c if not column.nullable} | {
            c.name: 1 for c in response.c if c.type.python_type is int and not c.nullable
        }
        connection.execute(response.insert().values({**taken, "id": first[-1]}))
        second = list(take_ids(connection, response, 2))
        assert len(second) == 2
        assert second[0] > first[-1]
        assert list(take_ids(connection, response, 0)) == []
