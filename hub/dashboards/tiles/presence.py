"""Tiles of what cameras see: who comes near today, whether the terminals are noticed, smiles before and after service.

Where no terminal has ever counted they say nothing at all, and the page has no place for them.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.core.permissions import Permission
from hub.dashboards.tiles.board import Board
from hub.feedback import presence, smiles
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.origin import Period
from hub.feedback.figures.presence import Seen, attention
from hub.feedback.figures.publishing import standing

LATELY_MINUTES = 15


def collected(board: Board) -> dict[str, bool]:
    """Which of these tiles have anything to say in the visitor's scope, now or ever."""
    work, scope = board.work, board.visitor.scope
    if not scope.may(Permission.SEE_ANSWERS):
        return {}
    counted = presence.counts_people(work, scope)
    return {"near": counted, "noticed": counted, "smiles": smiles.are_collected(work, scope)}


def near(board: Board) -> dict[str, Any]:
    """How many came near today and just now, hour by hour, and how much of today the cameras saw."""
    if not presence.counts_people(board.work, board.visitor.scope):
        return {"seen": None}
    today = Period(board.today, board.today)
    selection = board.filters.selection(today)
    places = presence.by_hour(board.work, board.scope, selection).values()
    since_ms = board.work.now_ms - LATELY_MINUTES * 60_000
    now = datetime.fromtimestamp(board.work.now_ms / 1000, UTC).astimezone(ZoneInfo(board.zone))
    return {
        "seen": presence.whole(board.work, board.scope, selection),
        "lately": presence.lately(board.work, board.scope, selection, since_ms),
        "minutes": LATELY_MINUTES,
        "watched": presence.watched(board.work, board.scope, selection),
        "hours": [sum(hours[at].approaches for hours in places) for at in range(presence.HOURS)],
        "hour": now.hour,
    }


def noticed(board: Board) -> dict[str, Any]:
    """How many of those who come near look at the screen, how long they stay, and which terminals few come near."""
    if not presence.counts_people(board.work, board.visitor.scope):
        return {"seen": None}
    selected = (board.work, board.scope, board.selection)
    seen = presence.whole(*selected)
    return {
        "seen": seen,
        "looked": looked(seen),
        "watched": presence.watched(*selected),
        "unnoticed": presence.unnoticed(*selected),
    }


def smiling(board: Board) -> dict[str, Any]:
    """The shares of the period; the hours are on the page behind it."""
    if not smiles.are_collected(board.work, board.visitor.scope):
        return {"smiles": None}
    found = smiles.shares(board.work, board.scope, board.selection)
    return {"smiles": {service: Shown(f, standing(f)) for service, f in found.whole.items()}}


def looked(seen: Seen) -> Shown:
    """The share of those near who looked, as far as it may be shown."""
    figure = attention(seen)
    return Shown(figure, standing(figure))
