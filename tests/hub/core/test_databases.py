"""The databases that tests run on are real, fresh and isolated."""

import pytest
from sqlalchemy import inspect, text

from hub.core.db import Database


@pytest.mark.parametrize("_round", [1, 2])
def test_each_test_has_a_fresh_database_with_the_schema(database: Database, _round: int) -> None:
    with database.writing() as connection:
        assert {"organisation", "shift"} <= set(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT count(*) FROM organisation")).scalar_one() == 0
        connection.execute(
            text("INSERT INTO organisation (id, name, time_zone) VALUES ('o', 'O', 'UTC')")
        )
