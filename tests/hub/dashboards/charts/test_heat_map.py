"""Hours of the week: every answer has its cell, shades follow the numbers, and few answers show no value."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hub.dashboards.charts.heat_map import HeatCell, HeatMap, map_of_counts, map_of_figures
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.measures import NPS, Tally
from hub.feedback.figures.publishing import FEWEST_WITH_A_VALUE
from hub.feedback.figures.shares import share
from hub.feedback.questions import UNHAPPY

WEEKS = st.lists(st.lists(st.integers(0, 400), min_size=24, max_size=24), min_size=7, max_size=7)
SCORES = st.dictionaries(st.integers(0, 10).map(str), st.integers(1, 30), max_size=5)
BY_HOUR = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 23)), SCORES.map(lambda v: Tally(Counter(v)))
)


def cells(found: HeatMap) -> list[HeatCell]:
    return [cell for row in found.rows for cell in row]


def nps(tally: Tally) -> Figure:
    return NPS.of(tally, 0)


def unhappy(tally: Tally) -> Figure:
    return share(tally.of(UNHAPPY), tally.count)


@given(WEEKS)
def test_every_answer_has_its_cell_and_more_is_never_paler(counts: list[list[int]]) -> None:
    found = map_of_counts(counts)
    assert found.answers == sum(map(sum, counts))
    assert {8, 19} <= set(found.hours)
    for row, expected in zip(found.rows, counts, strict=True):
        assert [cell.n for cell in row] == [expected[hour] for hour in found.hours]
    by_count = sorted(cells(found), key=lambda cell: cell.n)
    shades = [0 if cell.shade == "none" else int(cell.shade[-1]) for cell in by_count]
    assert shades == sorted(shades)
    assert all(0 <= shade <= 5 for shade in shades)


@given(BY_HOUR)
def test_an_hour_with_few_answers_says_no_value(found: dict[tuple[int, int], Tally]) -> None:
    for figure_of in (nps, unhappy):
        for cell in cells(map_of_figures(found, figure_of)):
            assert (cell.value is None) == (cell.n < FEWEST_WITH_A_VALUE)
            assert cell.value is not None or cell.text in {"", "·"}


def test_the_extremes_are_told() -> None:
    counts = [[0] * 24 for _ in range(7)]
    assert map_of_counts(counts).summary == ""
    counts[2][10] = 34
    assert map_of_counts(counts).summary == "Busiest: Wednesday 10:00–11:00 (34 answers)."
    glad, sad = Tally(Counter({"9": 20})), Tally(Counter({"9": 6, "2": 14}))
    hours = {(0, 9): glad, (4, 17): sad, (5, 17): Tally(Counter({"0": 9}))}
    worst = "Worst: Friday 17:00–18:00"
    assert map_of_figures(hours, nps).summary == f"{worst} (NPS −40, 20 answers)."
    assert map_of_figures(hours, unhappy).summary == f"{worst} (70 of 100 unhappy, 20 answers)."
