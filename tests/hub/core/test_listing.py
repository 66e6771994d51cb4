"""Lists that are joined like tables, on both databases."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hub.core.db import Database
from hub.core.listing import listed

words = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8)
numbers = st.integers(-(2**62), 2**62)


def check(database: Database, rows: list[tuple[str, int]]) -> None:
    with database.engine.connect() as connection:
        wanted = listed(connection, {"word": str, "number": int}, rows)
        found = connection.execute(select(wanted.c.word, wanted.c.number)).all()
    assert sorted(tuple(row) for row in found) == sorted(rows)


def test_what_is_listed_is_there(database: Database) -> None:
    @given(st.lists(st.tuples(words, numbers), max_size=20))
    def holds(rows: list[tuple[str, int]]) -> None:
        check(database, rows)

    holds()


def test_thousands_are_one_parameter(database: Database) -> None:
    check(database, [(f"desk-{number}", number) for number in range(40_000)])
