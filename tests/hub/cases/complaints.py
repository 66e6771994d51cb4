"""Complaints as tests open them, and who handles them."""

from typing import Any

from hub.cases.casework import moving, opening
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.opening import Complaint, Source
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import WAY, Status
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.tables import Account, AccountRole
from tests.fakes.clock import NOON_MS

PHONE = "+34600123456"
WORDS = "Esperé dos horas y el lavabo estaba sucio"


def somebody(number: int, role: Role, facility: str | None = "north") -> Scope:
    """A scope such as an account has."""
    facilities = None if facility is None else frozenset({facility})
    return Scope(
        "clinic", facilities, frozenset({Grant(facility, role)}), actor=f"account/{number}"
    )


AGENT = somebody(101, Role.AGENT)
DOCTOR = somebody(102, Role.AGENT)
QUALITY = somebody(103, Role.QUALITY_MANAGER, None)
CHIEF = somebody(104, Role.FACILITY_MANAGER)
VIEWER = somebody(105, Role.VIEWER)
ELSEWHERE = somebody(106, Role.FACILITY_MANAGER, "south")


def account(scope: Scope) -> int:
    return int(scope.actor.removeprefix("account/"))


def give_account(work: UnitOfWork, scope: Scope) -> None:
    """The account that a scope is of, with its role."""
    name = f"account-{account(scope)}"
    row = Account(
        id=account(scope), organisation="clinic", name=name, password_hash="", created_ms=0
    )
    work.session.add(row)
    work.session.flush()
    for grant in scope.grants or ():
        work.session.add(
            AccountRole(
                organisation="clinic",
                account=account(scope),
                facility=grant.facility,
                role=grant.role,
            )
        )
    work.session.flush()


def complaint(number: int = 1, facility: str = "north", **told: Any) -> Complaint:
    known: dict[str, Any] = {
        "facility": facility,
        "source": Source.BY_HAND,
        "origin": f"test/{facility}/{number}",
        "person": Person(phone=PHONE, words=WORDS),
        "occurred_ms": NOON_MS,
        "touchpoint": f"reception-{facility}",
        "employee": f"anna-{facility}",
        "value": "no",
        "language": "es",
    }
    return Complaint(**(known | told))


def opened(workplace: Workplace, number: int = 1, facility: str = "north", **told: Any) -> int:
    """A case, and its number."""
    with workplace.begin() as work:
        inside = Scope("clinic", frozenset({facility}))
        return opening.open_case(work, inside, complaint(number, facility, **told))


def move(
    workplace: Workplace, scope: Scope, case: int, to: Status, minutes: int | None = 5
) -> None:
    with workplace.begin() as work:
        moving.change_status(work, scope, Move(case, to, Labour(minutes)))


def lead(workplace: Workplace, scope: Scope, case: int, until: Status) -> None:
    """Along the way, up to a status."""
    for status in WAY[1 : WAY.index(until) + 1]:
        move(workplace, scope, case, status)
