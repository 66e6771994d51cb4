"""The answers that the dashboard's benchmark draws: as many as asked for, alike each time, and rightly counted."""

from collections import Counter
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.apparatus.years import DAYS, NOBODY, QUESTIONS, VALUES, counted, drawn

ROWS = st.lists(
    st.tuples(st.integers(480_000, 480_030), st.integers(0, 3), st.integers(-2, 2)), min_size=1
)


@given(rows=ROWS)
def test_different_rows_are_counted_and_come_ascending(rows: list[tuple[int, ...]]) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    found = counted(columns)
    assert {row[:-1]: row[-1] for row in found} == Counter(rows)
    assert found == sorted(found)


def test_the_same_answers_are_drawn_again_and_make_sense() -> None:
    today = date(2026, 3, 2)
    years = drawn(2000, today)
    again = drawn(2000, today)
    assert years.count == 2000
    assert all(
        (getattr(years, name) == getattr(again, name)).all()
        for name in ("facility", "day", "question", "touchpoint", "employee", "value", "flagged")
    )
    moments = years.day * 24 + years.hour
    assert (np.diff(moments) >= 0).all()
    assert 0 <= years.day.min() <= years.day.max() < DAYS
    for number in range(len(QUESTIONS)):
        values = years.value[years.question == number]
        assert 0 <= values.min() <= values.max() < len(VALUES[number])
    assert (years.employee[years.question == 2] == NOBODY).all()
