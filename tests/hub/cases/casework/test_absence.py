"""Who acts for whom on a day, whatever deputies were named."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.casework.absence import HERE, Absence, acting, checked
from hub.core.errors import BadInput

MONDAY = date(2026, 3, 2)
PEOPLE = st.integers(1, 5)
DAYS = st.none() | st.integers(-3, 3).map(lambda n: MONDAY + timedelta(days=n))
ABSENCES = st.dictionaries(
    PEOPLE, st.builds(Absence, first=DAYS, last=st.none(), deputy=st.none() | PEOPLE)
)


def test_first_and_last_day_are_both_away() -> None:
    away = Absence(MONDAY, MONDAY + timedelta(days=2))
    assert [away.covers(MONDAY + timedelta(days=n)) for n in (-1, 0, 2, 3)] == [
        False,
        True,
        True,
        False,
    ]
    assert Absence(MONDAY).covers(date(2030, 1, 1))
    assert not HERE.covers(MONDAY)


@given(ABSENCES, PEOPLE)
def test_whoever_acts_is_here_and_was_named(absences: dict[int, Absence], account: int) -> None:
    found = acting(account, absences, MONDAY)
    if found is None:
        assert account not in absences or absences[account].covers(MONDAY)
    else:
        assert not absences[found].covers(MONDAY)
        assert found == account or found in {a.deputy for a in absences.values()}


def test_a_circle_of_deputies_ends() -> None:
    assert acting(1, {1: Absence(MONDAY, deputy=2), 2: Absence(MONDAY, deputy=1)}, MONDAY) is None


@pytest.mark.parametrize(
    "wrong",
    [
        Absence(None, MONDAY),
        Absence(MONDAY, MONDAY - timedelta(days=1)),
        Absence(MONDAY, deputy=7),
    ],
)
def test_days_in_order_and_another_deputy(wrong: Absence) -> None:
    with pytest.raises(BadInput):
        checked(wrong, 7)
