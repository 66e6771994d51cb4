"""Unhappy patients who wish to be called: the newest, with a telephone number that says who but not where.

Only the masked number leaves this module. Working them off, and showing the number to whoever calls, is the affair
of cases.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import RowMapping, Table, select

from contract.messages.answers import OUT_OF_HOURS
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.rules import masked_phone
from hub.feedback.tables import Contact, Response
from hub.identity import service as identity

DAY_MS = 24 * 3600 * 1000
MOST = 200

contact: Table = Contact.__table__  # type: ignore[attr-defined]
response: Table = Response.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CallWish:
    """Somebody to be called, what they had answered to whom, and whether they left words as well."""

    visit: str
    facility: str
    touchpoint: str | None
    employee: str | None
    value: str
    phone: str
    commented: bool
    occurred_ms: int


@needs(Permission.SEE_ANSWERS)
def wished(
    work: UnitOfWork,
    scope: Scope,
    unhappy: Collection[str],
    since_ms: int,
    *,
    touchpoint: str | None = None,
    employee: str | None = None,
) -> list[CallWish]:
    """Wishes since then of those who gave one of the `unhappy` answers on the same visit; the newest first."""
    wanted = (
        select(contact)
        .where(scope.rows(contact.c), contact.c.occurred_ms >= since_ms)
        .order_by(contact.c.occurred_ms.desc())
        .limit(MOST)
    )
    left = work.connection.execute(wanted).mappings().all()
    if not left:
        return []
    given = _answers(work, scope, unhappy, since_ms, {row["visit"] for row in left})
    wishes = [_wish(work, row, given[row["visit"]]) for row in left if row["visit"] in given]
    return [
        wish
        for wish in wishes
        if touchpoint in (None, wish.touchpoint) and employee in (None, wish.employee)
    ]


def _answers(
    work: UnitOfWork, scope: Scope, unhappy: Collection[str], since_ms: int, visits: Iterable[str]
) -> dict[str, RowMapping]:
    wanted = select(response).where(
        scope.rows(response.c),
        response.c.facility.in_(sorted(identity.time_zones(work, scope))),
        response.c.occurred_ms
        >= since_ms - DAY_MS,  # the terminal's clock may have been put right in between
        response.c.visit.in_(sorted(visits)),
        response.c.value.in_(sorted(unhappy)),
        response.c.flags.in_(
            ("", OUT_OF_HOURS)
        ),  # whoever leaves late is to be called all the same
    )
    rows = work.connection.execute(wanted.order_by(response.c.id.desc())).mappings()
    return {row["visit"]: row for row in rows}  # the first answer of the visit stays


def _wish(work: UnitOfWork, left: RowMapping, answer: RowMapping) -> CallWish:
    personal = json.loads(work.vault.open(left["sealed"]))
    return CallWish(
        visit=left["visit"],
        facility=left["facility"],
        touchpoint=answer["touchpoint"],
        employee=answer["employee"],
        value=answer["value"],
        phone=masked_phone(personal["phone"]),
        commented=bool(personal.get("comment")),
        occurred_ms=left["occurred_ms"],
    )
