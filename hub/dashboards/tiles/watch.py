"""Tiles that say whether somebody must act now: what burns, who needs a call, whether the terminals work.

Decides what counts as burning. An hour's answers burn where their unhappy share is beyond what chance could make of
the share of the last weeks; fewer than five answers are never judged.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hub.cases.calling.waiting import cases_of_visits
from hub.core.permissions import Permission
from hub.dashboards.overview import Overview
from hub.dashboards.tiles.board import Board
from hub.feedback import callbacks, pace, tallies
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.origin import Period
from hub.feedback.figures.publishing import FEWEST_INSIDE
from hub.feedback.figures.shares import wilson
from hub.feedback.questions import UNHAPPY, Question
from hub.fleet import service as fleet
from hub.fleet.health.words import said_of
from hub.fleet.service import DeviceView

HOUR_MS = 3600 * 1000
CALL_DAYS = 7
USUAL_DAYS = 28
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Unhappy:
    """More unhappy answers to a question within the last hour than usual; `usual` is a share."""

    question: Question
    count: int
    answers: int
    usual: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A terminal that needs somebody; `why` is a code; `said` is what a failing check means."""

    device: DeviceView
    why: str
    said: str = ""


def burning(board: Board) -> dict[str, Any]:
    """What cannot wait until tomorrow, by kind."""
    state = board.overview
    sees_answers = board.scope.may(Permission.SEE_ANSWERS)
    devices = state.devices
    return {
        "stopped": [device for device in devices if device.status == "stopped"],
        "refusing": [device for device in devices if device.refused],
        "dark": len(devices) > state.shut_out and not state.online,
        "dropped": state.totals.dropped,
        "letters": state.waiting_letters,
        "unhappy": unhappy_lately(board) if sees_answers else [],
    }


def unhappy_lately(board: Board) -> list[Unhappy]:
    """Questions whose answers of the last hour are unhappier than chance allows."""
    recent = pace.lately(board.work, board.scope, board.selection, board.work.now_ms - HOUR_MS)
    if not any(tally.count >= FEWEST_INSIDE for tally in recent.values()):
        return []
    weeks = Period(board.today - timedelta(days=USUAL_DAYS), board.today - timedelta(days=1))
    usually = tallies.asked(board.work, board.scope, board.filters.selection(weeks))
    found = []
    for question, tally in recent.items():
        usual = usually.get(question, Tally())
        if is_unusual(tally, usual):
            share = usual.of(UNHAPPY) / usual.count
            found.append(Unhappy(question, tally.of(UNHAPPY), tally.count, share))
    return found


def is_unusual(recent: Tally, usual: Tally) -> bool:
    """Whether the intervals of both unhappy shares are apart, and the recent one is the worse."""
    if recent.count < FEWEST_INSIDE or not usual.count:
        return False
    lowest, _ = wilson(recent.of(UNHAPPY), recent.count)
    _, highest = wilson(usual.of(UNHAPPY), usual.count)
    return lowest > highest


def calls(board: Board) -> dict[str, Any]:
    """Unhappy patients of the last days who wish to be called and were not reached yet; `cases` by their visit."""
    wished = callbacks.wished(
        board.work,
        board.scope,
        UNHAPPY,
        board.work.now_ms - CALL_DAYS * 24 * HOUR_MS,
        touchpoint=board.filters.touchpoint,
        employee=board.filters.employee,
    )
    cases = cases_of_visits(board.work, board.scope, {wish.visit for wish in wished})
    wishes = [w for w in wished if w.visit not in cases or cases[w.visit].waits]
    return {"wishes": wishes, "days": CALL_DAYS, "first": wishes[:SHOWN], "cases": cases}


def terminals(board: Board) -> dict[str, Any]:
    """In plain language: those that need somebody first."""
    state = board.overview
    failing = {
        fact.device: said_of(fact.check, fact.reason, fact.detail)
        for fact in fleet.health(board.work, board.visitor.scope)
        if fact.status == "failure"
    }
    troubles = [t for device in state.devices if (t := _trouble(device, failing)) is not None]
    return {"state": state, "troubles": troubles, "first": troubles[:SHOWN]}


def ledger(board: Board) -> dict[str, Any]:
    """Whether anything was lost, by the ledger."""
    return {"state": board.overview}


def lists(board: Board) -> dict[str, Overview]:
    """Every terminal and every epoch of the ledger."""
    return {"state": board.overview}


def _trouble(device: DeviceView, failing: dict[str, str]) -> Trouble | None:
    if device.status == "revoked":  # on purpose: it is expected to be away
        return None
    if device.status == "stopped":
        return Trouble(device, "stopped")
    if device.refused:
        return Trouble(device, "full")
    if not device.online:
        return Trouble(device, "offline")
    if device.device in failing:
        return Trouble(device, "failing", failing[device.device])
    return None
