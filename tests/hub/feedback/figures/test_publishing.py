"""When a figure may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.feedback.figures.attraction import attraction
from hub.feedback.figures.figure import Base, Figure, Unit
from hub.feedback.figures.nps import nps
from hub.feedback.figures.publishing import Standing, may_show_free_text, standing
from hub.feedback.figures.shares import share


def figure(n: int, half_width: float = 10.0, unit: Unit = Unit.POINTS) -> Figure:
    reach = half_width / 100 * unit.of_one
    return Figure(0.0, -reach, reach, n, n, "test/1", Base.ANSWERS, unit)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, Standing.TOO_FEW),
        (4, Standing.TOO_FEW),
        (5, Standing.INSIDE),
        (9, Standing.INSIDE),
        (10, Standing.PRELIMINARY),
        (29, Standing.PRELIMINARY),
        (30, Standing.PUBLISHABLE),
    ],
)
def test_thresholds(n: int, expected: Standing) -> None:
    assert standing(figure(n)) is expected


@pytest.mark.parametrize("unit", Unit)
def test_a_wide_interval_keeps_a_figure_inside_in_every_unit(unit: Unit) -> None:
    assert standing(figure(1000, 15.0, unit)) is Standing.PUBLISHABLE
    assert standing(figure(1000, 15.01, unit)) is Standing.PRELIMINARY


def test_an_alarm_withholds_however_many_answered() -> None:
    assert standing(attraction(50, 0, 0, served=49)) is Standing.WITHHELD
    assert standing(attraction(2, 0, 0, served=1)) is Standing.WITHHELD


def test_what_each_standing_shows() -> None:
    shown = {s: (s.shows_interval, s.shows_value) for s in Standing}
    assert shown == {
        Standing.WITHHELD: (False, False),
        Standing.TOO_FEW: (False, False),
        Standing.INSIDE: (True, False),
        Standing.PRELIMINARY: (True, True),
        Standing.PUBLISHABLE: (True, True),
    }


def test_of_real_figures() -> None:
    assert standing(nps(18, 8, 4)) is Standing.PRELIMINARY  # thirty answers, but ±25 points
    assert standing(nps(60, 25, 15)) is Standing.PUBLISHABLE  # ±14.3
    assert standing(attraction(14, 4, 2, served=200)) is Standing.PRELIMINARY  # narrow, but of 20
    assert standing(share(90, 100)) is Standing.PUBLISHABLE


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(2, 5))
def test_more_of_the_same_never_shows_less(a: int, b: int, c: int, times: int) -> None:
    order = list(Standing)
    more = standing(nps(a * times, b * times, c * times))
    assert order.index(standing(nps(a, b, c))) <= order.index(more)


def test_comments_of_a_handful_stay_hidden() -> None:
    assert [may_show_free_text(n) for n in (0, 4, 5)] == [False, False, True]
