"""What the filters of a page offer: places and people in use, and those out of use that still matter here."""

from dataclasses import dataclass

from hub.core.permissions import Permission
from hub.dashboards.tiles.board import Board
from hub.feedback import tallies
from hub.feedback.figures.calendar import Step
from hub.feedback.tallies import Subject
from hub.identity import service as identity
from hub.identity.views import EmployeeView, TouchpointView


@dataclass(frozen=True, slots=True)
class Choices:
    """Names by id, in the order of the names."""

    facilities: dict[str, str]
    touchpoints: dict[str, str]
    employees: dict[str, str]


def choices(board: Board) -> Choices:
    """Somebody or something out of use is offered while selected, or with answers in the period."""
    work, scope = board.work, board.scope
    people = identity.employees(work, scope) if scope.may(Permission.SEE_STAFF) else []
    places = identity.touchpoints(work, scope)
    return Choices(
        facilities=board.names.facilities,
        touchpoints=_offered(board, places, board.filters.touchpoint, "touchpoint"),
        employees=_offered(board, people, board.filters.employee, "employee"),
    )


def _offered(
    board: Board,
    found: list[TouchpointView] | list[EmployeeView],
    selected: str | None,
    subject: Subject,
) -> dict[str, str]:
    offered = {one.id: one.name for one in found if one.inactive_ms is None or one.id == selected}
    former = {one.id: one.name for one in found if one.id not in offered}
    if former:
        offered |= {who: former[who] for who in _answered(board, subject) if who in former}
    return dict(sorted(offered.items(), key=lambda pair: pair[1]))


def _answered(board: Board, subject: Subject) -> set[str]:
    whole = board.filters.model_copy(update={"touchpoint": None, "employee": None})
    counted = tallies.counted(
        board.work, board.scope, whole.selection(board.days), None, Step.WHOLE, by=subject
    )
    return {who for _facility, who in counted}
