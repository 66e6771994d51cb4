"""What the page of people near the terminals shows: how many came, looked and stayed, and how many answered.

Decides which question the response rate is about; formulae are `feedback`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.core.spreadsheet import Cell
from hub.dashboards.charts.asked import ChartFilters, aligned, is_whole
from hub.dashboards.charts.chart import TrendChart
from hub.dashboards.charts.kinds import KINDS, fitting
from hub.dashboards.charts.trends import chart_of_people
from hub.dashboards.overview import Names
from hub.dashboards.tiles.board import Board
from hub.dashboards.tiles.presence import looked
from hub.feedback import presence, response_rates, smiles, tallies
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.presence import Seen, together
from hub.feedback.figures.publishing import standing
from hub.feedback.presence import Unnoticed
from hub.feedback.questions import Question

TABLE = (
    "facility", "touchpoint", "name", "approaches", "looked", "looked_share", "looked_low", "looked_high", "dwell_s",
    "watched_hours", "answers", "response_rate", "response_low", "response_high", "standing",
)  # fmt: skip
SMILES = ("hour", "service", "people", "smiling_share", "low", "high", "standing")


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """One touchpoint: what its cameras saw, and how many of those near answered; `touchpoint` may be ""."""

    facility: str
    touchpoint: str
    seen: Seen
    looked: Shown
    response: Shown | None


@dataclass(frozen=True, slots=True)
class PresencePage:
    """Of the period; `watched` is the share of it that the cameras saw, None where none counted."""

    seen: Seen
    looked: Shown
    watched: float | None
    chart: TrendChart
    places: list[PlaceSeen]
    unnoticed: list[Unnoticed]
    question: Question | None
    smiles: dict[int, dict[str, Shown]]
    """By hour; empty where none were counted."""


def presence_page(board: Board, asked: ChartFilters) -> PresencePage:
    """Everything of one period."""
    work, scope, selection = board.work, board.scope, board.selection
    days = presence.by_day(work, scope, selection)
    question = _question(board, asked)
    rates = response_rates.by_touchpoint(work, scope, selection, question) if question else {}
    places = [
        PlaceSeen(*place, seen, looked(seen), rates.get(place))
        for place, seen in sorted(presence.by_touchpoint(days).items())
    ]
    seen = together(one.seen for one in days)
    return PresencePage(
        seen=seen,
        looked=looked(seen),
        watched=presence.watched(work, scope, selection),
        chart=people_chart(board, asked),
        places=places,
        unnoticed=presence.unnoticed(work, scope, selection),
        question=question,
        smiles={
            hour: {service: Shown(f, standing(f)) for service, f in by_service.items()}
            for hour, by_service in smiles.shares(work, scope, selection).hours.items()
        },
    )


def people_chart(board: Board, asked: ChartFilters) -> TrendChart:
    """How many came near in each step; a step of which no camera saw anything is a gap."""
    step = asked.stepped(board.days)
    period = aligned(board.days, step)
    days = presence.by_day(board.work, board.scope, asked.selection(period))
    steps = presence.by_step(days, period, step)
    whole = [is_whole(part, step, board.today) for part, _ in steps]
    counts = [(part, seen.approaches if seen.seconds else None) for part, seen in steps]
    return chart_of_people(counts, whole, step)


def places(found: PresencePage, names: Names) -> Iterator[tuple[Cell, ...]]:
    """A row a touchpoint, under TABLE."""
    for one in found.places:
        stayed = one.seen.stayed_ms
        near = (one.seen.approaches, one.seen.looked, *_ends(one.looked))
        watched = (stayed / 1000 if stayed is not None else None, one.seen.seconds / 3600)
        answered: tuple[Cell, ...] = (None,) * 5
        if one.response is not None:
            answered = (one.response.figure.n, *_ends(one.response), one.response.standing)
        name = names.touchpoints.get(one.touchpoint, one.touchpoint)
        yield (one.facility, one.touchpoint, name, *near, *watched, *answered)


def smiles_by_hour(found: PresencePage) -> Iterator[tuple[Cell, ...]]:
    """A row an hour before service and one after it, under SMILES."""
    for hour, by_service in found.smiles.items():
        for service, shown in by_service.items():
            yield (hour, service, shown.figure.n, *_ends(shown), shown.standing)


def _question(board: Board, asked: ChartFilters) -> Question | None:
    selected = (board.work, board.scope, board.selection)
    wanted = fitting(tallies.asked(*selected), KINDS["response-rate"], asked.question)
    return response_rates.asked_there(*selected, wanted)


def _ends(shown: Shown) -> tuple[Cell, ...]:
    figure, standing = shown.figure, shown.standing
    interval = (figure.low, figure.high) if standing.shows_interval else (None, None)
    return (figure.value if standing.shows_value else None, *interval)
