"""The tile of today's answers, held against the same time of day of the last weeks."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.dashboards.tiles.board import Board
from hub.feedback import pace, tallies
from hub.feedback.figures.measures import added
from hub.feedback.figures.origin import Period
from hub.feedback.pace import Hours
from hub.feedback.questions import UNHAPPY

WEEKS = 4


def today(board: Board) -> dict[str, Any]:
    """The count, how many there usually are by now, and the hours of both."""
    earlier_days = pace.same_weekday_before(board.today, WEEKS)
    selection = board.filters.selection(Period(board.today, board.today))
    hours, *earlier = pace.by_hour_of(
        board.work, board.scope, selection, [board.today, *earlier_days]
    )
    now = datetime.fromtimestamp(board.work.now_ms / 1000, UTC).astimezone(ZoneInfo(board.zone))
    known = [day for day in earlier if any(day)]
    by_now = sorted(until(day, now.hour, now.minute) for day in known)
    given = added(tallies.asked(board.work, board.scope, selection).values())
    return {
        "count": sum(hours),
        "unhappy": given.of(UNHAPPY),
        "flagged": given.flagged,
        "day": board.today,
        "usual": (by_now[0], by_now[-1]) if by_now else None,
        "hours": hours,
        "usual_hours": [sum(day[hour] for day in known) / len(known) for hour in range(24)]
        if known
        else [],
        "hour": now.hour,
    }


def until(hours: Hours, hour: int, minute: int) -> int:
    """How many there had been by that time, taking the answers of an hour to come evenly."""
    return round(sum(hours[:hour]) + hours[hour] * minute / 60)
