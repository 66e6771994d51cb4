"""Tiles of figures: NPS, the index of loyalty, people's index of attraction, the response rate, hours of the week.

Decides which question each is about and what stands in while nobody has said how many clients were served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.dashboards.questions import MOODS, RECOMMENDATIONS, SCORES, by_answers, most_asked
from hub.dashboards.tiles.board import Board
from hub.feedback import figures_service, response_rates
from hub.feedback.figures.change import Change, Verdict, change
from hub.feedback.figures.figure import Base, Figure
from hub.feedback.figures.loyalty import LoyaltyRule
from hub.feedback.figures.measures import (
    ATTRACTION,
    ATTRACTION_OF_ANSWERS,
    LOYALTY,
    NPS,
    PARTICIPATION,
    Measure,
    Shown,
    Tally,
    loyalty_by,
)
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection

SHOWN_PEOPLE = 5
SCALES = (5, 10, 25, 50, 100)

_LOYALTY_OF_ANSWERS = loyalty_by(LoyaltyRule(base_of=Base.ANSWERS))


@dataclass(frozen=True, slots=True)
class Index:
    """One figure, the one before it, and what became of it.

    `of_answers`: nobody has said how many were served, so that only those who answered are its base.
    """

    question: Question
    shown: Shown
    change: Change
    of_answers: bool = False

    @property
    def verdict(self) -> Verdict:
        return self.change.verdict


def nps(board: Board) -> dict[str, Any]:
    """The answers from 0 to 10."""
    return {"index": _index(board, board.asked, SCORES, NPS), "scale": 100}


def loyalty(board: Board) -> dict[str, Any]:
    """The faces and buttons."""
    found = _index(board, board.asked, MOODS, LOYALTY, _LOYALTY_OF_ANSWERS)
    return {"index": found, "scale": scale_of([found.shown.figure]) if found else 100}


def better(board: Board) -> dict[str, Any]:
    """What became of each index since the period before."""
    asked = board.asked
    found = {
        "nps": _index(board, asked, SCORES, NPS),
        "loyalty": _index(board, asked, MOODS, LOYALTY, _LOYALTY_OF_ANSWERS),
        "attraction": _index(board, asked, RECOMMENDATIONS, ATTRACTION, ATTRACTION_OF_ANSWERS),
    }
    indexes = {name: index for name, index in found.items() if index is not None}
    return {"indexes": indexes, "together": _together({i.verdict for i in indexes.values()})}


def response(board: Board) -> dict[str, Any]:
    """Of those who came near, or else of those who were served, how many answered."""
    selected = (board.work, board.scope, board.selection)
    questions = by_answers(board.asked, MOODS | SCORES | RECOMMENDATIONS)
    question = response_rates.asked_there(*selected, questions)
    if question is None:
        return {"shown": None, "question": None}
    wanted = (*selected, question)
    shown = response_rates.of_all(*wanted)
    if shown is None:
        shown = figures_service.figure(*wanted, PARTICIPATION)
    return {"shown": shown if shown.figure.base else None, "question": question}


def people(board: Board) -> dict[str, Any]:
    """Those who are ahead; on the base of answers where no base is known of anybody."""
    question = most_asked(board.asked, RECOMMENDATIONS)
    if question is None:
        return {"people": [], "question": None, "of_answers": False, "scale": 100, "count": 0}
    everybody = figures_service.attraction_by_employee(
        board.work, board.scope, board.selection, question
    )
    of_answers = not any(one.attraction.figure.base for one in everybody)
    shown = [(one, one.of_answers if of_answers else one.attraction) for one in everybody]
    first = [pair for pair in shown if pair[1].standing.shows_interval][:SHOWN_PEOPLE]
    return {
        "people": first,
        "question": question,
        "of_answers": of_answers,
        "scale": scale_of([found.figure for _, found in first]),
        "count": len(everybody),
    }


def heat(board: Board) -> dict[str, Any]:
    """When answers come; the busiest hour in words."""
    rows = figures_service.heat(board.work, board.scope, board.selection)
    most, weekday, hour = max(
        (count, -day, -hour) for day, row in enumerate(rows) for hour, count in enumerate(row)
    )
    return {"rows": rows, "most": most, "busiest": (-weekday, -hour), "total": sum(map(sum, rows))}


def scale_of(figures: list[Figure]) -> int:
    """The smallest of a few round scales, the same on both sides of zero, that holds every interval."""
    widest = max((max(abs(f.low), abs(f.high)) for f in figures), default=100)
    return next((scale for scale in SCALES if scale >= widest), SCALES[-1])


def _index(
    board: Board,
    asked: Mapping[Question, Tally],
    values: frozenset[str],
    measure: Measure,
    instead: Measure | None = None,
) -> Index | None:
    question = most_asked(asked, values)
    if question is None:
        return None
    now = _figure(board, board.selection, question, measure)
    if instead is not None and now.figure.base == 0 and now.without_base:
        then = _figure(board, board.selection_before, question, instead)
        now = _figure(board, board.selection, question, instead)
        return Index(question, now, _change(then, now), of_answers=True)
    then = _figure(board, board.selection_before, question, measure)
    return Index(question, now, _change(then, now))


def _figure(board: Board, selection: Selection, question: Question, measure: Measure) -> Shown:
    return figures_service.figure(board.work, board.scope, selection, question, measure)


def _change(then: Shown, now: Shown) -> Change:
    if then.standing.shows_value and now.standing.shows_value:
        return change(then.figure, now.figure)
    return Change(None, -200.0, 200.0)


def _together(verdicts: set[Verdict]) -> str:
    """`mixed` where one index has become better and another worse."""
    if {Verdict.BETTER, Verdict.WORSE} <= verdicts:
        return "mixed"
    order = (Verdict.WORSE, Verdict.BETTER, Verdict.UNCLEAR, Verdict.UNKNOWN)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.UNKNOWN)
