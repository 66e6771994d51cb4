"""What the pages of charts show, read in one unit of work: which figures, of which questions, over which steps.

Decides which questions a page is about. Formulae are `feedback`'s, words and drawing the other modules'.
"""

from dataclasses import dataclass, field

from hub.dashboards.charts.asked import ChartFilters, aligned, is_whole
from hub.dashboards.charts.chart import TrendChart
from hub.dashboards.charts.heat_map import HeatMap, map_of_counts, map_of_figures
from hub.dashboards.charts.kinds import KINDS, OF_ANSWERS, TRENDS, Kind, fitting
from hub.dashboards.charts.trends import chart_of_amounts, chart_of_figures
from hub.dashboards.questions import MOODS, RECOMMENDATIONS, SCORES, most_asked
from hub.dashboards.tiles.board import Board
from hub.dashboards.tiles.indexes import scale_of
from hub.dashboards.words import ANSWERS
from hub.feedback import figures_service, response_rates, tallies
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.measures import NPS, RESPONSE, Shown
from hub.feedback.figures.shares import share
from hub.feedback.figures_service import OfEmployee
from hub.feedback.hours import tallies_by_hour_of_week
from hub.feedback.left_out import LeftOut, left_out
from hub.feedback.questions import UNHAPPY, Question
from hub.feedback.tallies import Selection, Subject, Whose
from hub.fleet import service as fleet

MOST_CHARTS_OF_A_KIND = 4


def trend_charts(
    board: Board, asked: ChartFilters, kinds: tuple[str, ...] = TRENDS
) -> list[TrendChart]:
    """How many answers there were, and each kind of figure of each question that fits it."""
    work, scope = board.work, board.scope
    step = asked.stepped(board.days)
    selection = asked.selection(aligned(board.days, step))
    amounts = figures_service.amounts(work, scope, selection, None, step)
    whole = [is_whole(amount.period, step, board.today) for amount in amounts]
    answered = tallies.asked(work, scope, selection)
    return [
        chart_of_amounts(amounts, whole, step),
        *(
            _trend_chart(board, selection, question, kind=kind, step=step)
            for kind in map(KINDS.__getitem__, kinds)
            for question in fitting(answered, kind, asked.question)[:MOST_CHARTS_OF_A_KIND]
        ),
    ]


def _trend_chart(
    board: Board, selection: Selection, question: Question, *, kind: Kind, step: Step
) -> TrendChart:
    points = figures_service.trend(
        board.work, board.scope, selection, question, measure=kind.measure, step=step
    )
    if kind.code in OF_ANSWERS and not any(point.shown.figure.base for point in points):
        instead = KINDS[OF_ANSWERS[kind.code]]
        return _trend_chart(board, selection, question, kind=instead, step=step)
    return chart_of_figures(kind, str(question), points, step)


@dataclass(frozen=True, slots=True)
class Heat:
    """`question` is None where the answers to all of them are counted."""

    map: HeatMap
    show: str
    question: Question | None


def heat(board: Board, asked: ChartFilters) -> Heat:
    """Answers, the share of unhappy ones, or NPS; the latter two of the question with the most answers."""
    work, scope, selection = board.work, board.scope, board.selection
    show = asked.show or "answers"
    values = SCORES if show == "nps" else SCORES | MOODS | RECOMMENDATIONS
    answered = {
        question: tally
        for question, tally in tallies.asked(work, scope, selection).items()
        if asked.question in (None, str(question))
    }
    question = most_asked(answered, values)
    if show == "answers":
        wanted = question if asked.question else None
        return Heat(
            map_of_counts(figures_service.heat(work, scope, selection, wanted)), show, wanted
        )
    by_hour = tallies_by_hour_of_week(work, scope, selection, question) if question else {}
    if show == "nps":
        return Heat(map_of_figures(by_hour, lambda tally: NPS.of(tally, 0)), show, question)
    unhappy = map_of_figures(by_hour, lambda tally: share(tally.of(UNHAPPY), tally.count))
    return Heat(unhappy, show, question)


@dataclass(frozen=True, slots=True)
class People:
    """`question` is None where nobody was asked for a recommendation."""

    people: list[OfEmployee]
    question: Question | None
    scale: int


def people(board: Board, asked: ChartFilters) -> People:
    """Everybody's index of attraction, of the question for a recommendation with the most answers."""
    found = fitting(board.asked, KINDS["attraction"], asked.question)
    if not found:
        return People([], None, 100)
    everybody = figures_service.attraction_by_employee(
        board.work, board.scope, board.selection, found[0]
    )
    shown = [one.attraction.figure for one in everybody if one.attraction.standing.shows_interval]
    return People(everybody, found[0], scale_of(shown))


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A figure and all that it is made of; `shown` is None where nobody was asked, or nobody counted who came near.

    A figure of people who came near has no chart, and parts by touchpoint and by hour alone.
    """

    kind: Kind
    question: Question | None
    shown: Shown | None
    chart: TrendChart | None
    by: dict[Subject, dict[Whose, Shown]]
    left_out: LeftOut
    repeated: int
    by_hour: dict[int, Shown] = field(default_factory=dict)

    @property
    def of_answers(self) -> Kind | None:
        """The same on the base of those who answered, where there is one."""
        return KINDS.get(OF_ANSWERS.get(self.kind.code, ""))

    @property
    def given(self) -> list[tuple[str, int]]:
        """What was answered how often, from glad to unhappy."""
        found = self.shown.tally.values.items() if self.shown else ()
        order = [*(str(score) for score in range(10, -1, -1)), *ANSWERS]
        return sorted(found, key=lambda one: order.index(one[0]) if one[0] in order else len(order))

    @property
    def scale(self) -> int:
        """How far a drawing of it reaches on both sides of zero."""
        if self.shown is None or not self.kind.measure.needs_base:
            return 100
        return scale_of([self.shown.figure])


def made_of(board: Board, asked: ChartFilters, kind: Kind) -> MadeOf:
    """One figure of everything selected, and of each part of it."""
    work, scope, selection = board.work, board.scope, board.selection
    found = fitting(tallies.asked(work, scope, selection), kind, asked.question)
    question = found[0] if found else None
    if kind.measure is RESPONSE:
        question = response_rates.asked_there(work, scope, selection, found)
    repeated = sum(ledger.duplicates for ledger in fleet.ledgers(work, scope))
    aside = left_out(work, scope, selection, question)
    if question is None:
        return MadeOf(kind, None, None, None, {}, aside, repeated)
    if kind.measure is RESPONSE:
        shown = response_rates.of_all(work, scope, selection, question)
        told = (work, scope, selection, question)
        places: dict[Subject, dict[Whose, Shown]] = {
            "touchpoint": response_rates.by_touchpoint(*told)
        }
        hours = response_rates.by_hour(*told)
        return MadeOf(kind, question, shown, None, places, aside, repeated, hours)
    shown = figures_service.figure(work, scope, selection, question, kind.measure)
    only = asked.model_copy(update={"question": str(question)})
    chart = trend_charts(board, only, (kind.code,))[-1]
    return MadeOf(kind, question, shown, chart, _parts(board, question, kind), aside, repeated)


def _parts(board: Board, question: Question, kind: Kind) -> dict[Subject, dict[Whose, Shown]]:
    subjects: tuple[Subject, ...] = ("touchpoint", "employee")
    return {
        subject: figures_service.by_subject(
            board.work,
            board.scope,
            board.selection,
            question,
            measure=kind.measure,
            subject=subject,
        )
        for subject in subjects
    }
