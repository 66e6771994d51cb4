"""Series as charts: what may not be shown is a gap everywhere, and what stands out is told in words."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.dashboards.charts.chart import TrendChart
from hub.dashboards.charts.kinds import KINDS
from hub.dashboards.charts.trends import chart_of_amounts, chart_of_figures
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.measures import Tally, measured
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.publishing import FEWEST_WITH_A_VALUE
from hub.feedback.figures.served import ServedBase
from hub.feedback.figures_service import Amount, Point

MONDAY = date(2025, 3, 3)
NPS, ATTRACTION = KINDS["nps"], KINDS["attraction"]
SCORES = st.tuples(*[st.integers(0, 20)] * 3)


def day(at: int) -> Period:
    return Period(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at))


def nps_chart(*days: tuple[int, int, int]) -> TrendChart:
    """Of so many promoters, passives and detractors on each day."""
    points = []
    for at, (promoters, passives, detractors) in enumerate(days):
        values = Counter({"9": promoters, "7": passives, "3": detractors})
        parts = [({day(at).first: Tally(values)}, ServedBase({}))]
        points.append(Point(day(at), measured(NPS.measure, "visit/nps", day(at), parts)))
    return chart_of_figures(NPS, "visit/nps", points, Step.DAY)


@given(st.lists(SCORES, min_size=1, max_size=25))
def test_a_point_with_few_answers_is_a_gap_everywhere(days: list[tuple[int, int, int]]) -> None:
    chart = nps_chart(*days)
    drawn = chart.drawn()
    for at, counts in enumerate(days):
        point, n = chart.points[at], sum(counts)
        is_gap = n < FEWEST_WITH_A_VALUE
        assert (drawn["values"][at] is None, point.told == "", bool(point.note)) == (is_gap,) * 3
        assert (drawn["intervals"][at] == [None, None]) == is_gap
        assert not is_gap or drawn["limits"][at] is None
        assert (chart.rows()[at][2] is None) == is_gap
    assert chart.gaps == sum(sum(counts) < FEWEST_WITH_A_VALUE for counts in days)


def test_a_bad_day_is_told() -> None:
    chart = nps_chart(*[(30, 10, 5), (28, 10, 6)] * 6, (5, 5, 35), (3, 0, 1), (30, 10, 5))
    said = " ".join(chart.summary())
    assert "1 point stands out: Sat 15 Mar 2025 (outside the limits)." in said
    assert "1 point is a gap" in said
    assert chart.drawn()["signals"][12] == "outside"
    assert chart.points[13].note == "only 4 answers"


def test_without_points_enough_there_are_no_limits_and_it_is_said() -> None:
    chart = nps_chart(*[(20, 5, 5)] * 4)
    assert chart.centre is None
    assert "Limits need at least 10 points that may be shown." in chart.summary()
    assert chart.drawn()["words"]["centre"] == ""


def test_what_has_no_base_says_so() -> None:
    tally = Tally(Counter({"yes": 20}))
    base = ServedBase({MONDAY: (400, BaseSource.TICKET_QUEUE)})
    points = [
        Point(one, measured(ATTRACTION.measure, "q", one, [({one.first: tally}, base)]))
        for one in (day(0), day(1))
    ]
    known, unknown = chart_of_figures(ATTRACTION, "q", points, Step.DAY).points
    assert (known.value, known.base, known.note) == (5.0, 400, "")
    assert (unknown.value, unknown.note) == (None, "nobody has said how many were served")


def test_an_unfinished_step_is_drawn_and_not_judged() -> None:
    amounts = [Amount(day(at), 40 + at % 3, 0) for at in range(12)] + [Amount(day(12), 2, 0)]
    chart = chart_of_amounts(amounts, [True] * 12 + [False], Step.DAY)
    assert chart.points[-1].value == 2
    assert (chart.drawn()["values"][-1], chart.drawn()["unfinished"][-1]) == (None, 2)
    assert chart.summary()[0] == "Between 40 and 42."
    assert chart.points[-1].judged is None
    assert all(point.judged for point in chart.points[:-1])
    judged = chart_of_amounts(amounts, [True] * 13, Step.DAY)
    assert judged.drawn()["signals"][-1] == "outside"


def test_a_weekday_without_any_answer_is_closed_and_judges_nobody() -> None:
    weeks = [Amount(day(at), 0 if at % 7 == 6 else 40 + at % 3, 0) for at in range(21)]
    chart = chart_of_amounts(weeks, [True] * 21, Step.DAY)
    assert [point.value is None for point in chart.points] == [at % 7 == 6 for at in range(21)]
    assert not any(point.signal for point in chart.points)
    assert chart.points[6].note == "no answer on this weekday in the whole period"
    outage = [*weeks[:16], Amount(day(16), 0, 0), *weeks[17:]]
    chart = chart_of_amounts(outage, [True] * 21, Step.DAY)
    assert (chart.points[16].value, chart.drawn()["signals"][16]) == (0, "outside")
