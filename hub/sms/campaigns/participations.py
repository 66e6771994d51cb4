"""Who takes part in which survey: one row for each patient and survey, for ever, whatever comes of it.

Decides that a row that was never invited may be offered again; one that was invited never is. What has been reached
is noted at its first time only.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, update

from hub.core.bulk import insert_new
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.sampling import Candidate
from hub.sms.campaigns.tables import SmsParticipation

participation: Table = SmsParticipation.__table__  # type: ignore[attr-defined]

_NEW = tuple(
    column.name for column in participation.c if not (column.name == "id" or column.nullable)
)


_TOGETHER = 500


class Standing(StrEnum):
    """What has become of a participation."""

    WAITING = "waiting"
    LEFT_OUT = "left_out"
    """Never asked; the row's reason says why."""
    INVITED = "invited"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"


class Step(StrEnum):
    """How far one got; each is a column of its time."""

    SENT = "sent_ms"
    DELIVERED = "delivered_ms"
    REPLIED = "replied_ms"
    ACCEPTED = "accepted_ms"


NEVER_ASKED = {Standing.WAITING, Standing.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class Participation:
    """A participation as it is stored."""

    id: int
    organisation: str
    facility: str
    campaign: str
    survey: str
    patient: str
    recipient: str
    respondent: int
    employee: str
    touchpoint: str
    stratum: str
    number: int
    state: Standing
    reason: str
    happened_ms: int
    due_ms: int
    latest_ms: int
    time_zone: str
    created_ms: int
    invited_ms: int | None
    score: int | None

    @property
    def scope(self) -> Scope:
        """The one facility that it belongs to."""
        return Scope(self.organisation, frozenset({self.facility}))


def offer(work: UnitOfWork, rows: list[dict[str, Any]]) -> list[Participation]:
    """Rows of one campaign, those never asked or new; of two who offer the same patient at once one row remains."""
    values = [tuple(row[name] for name in _NEW) for row in rows]
    insert_new(work.connection, participation, _NEW, values)
    if not rows:
        return []
    first = rows[0]
    c = participation.c
    return _all(
        work,
        select(participation)
        .where(c.organisation == first["organisation"], c.survey == first["survey"])
        .where(c.patient.in_([row["patient"] for row in rows]), c.state.in_(NEVER_ASKED))
        .with_for_update(),
    )


def get(work: UnitOfWork, scope: Scope, which: int, *, locked: bool = False) -> Participation:
    """The row; `locked` until this transaction ends."""
    c = participation.c
    wanted = select(participation).where(scope.rows(c), c.id == which)
    return _all(work, wanted.with_for_update() if locked else wanted)[0]


def drawn_from(work: UnitOfWork, which: list[int]) -> list[Participation]:
    """These rows as they are now."""
    found: list[Participation] = []
    for start in range(0, len(which), _TOGETHER):
        some = which[start : start + _TOGETHER]
        found += _all(work, select(participation).where(participation.c.id.in_(some)))
    return found


def due(work: UnitOfWork, most: int) -> list[Participation]:
    """Those whose invitation is to be looked at now, the earliest first."""
    c = participation.c
    wanted = select(participation).where(c.state == Standing.WAITING, c.due_ms <= work.now_ms)
    return _all(work, wanted.order_by(c.due_ms, c.id).limit(most))


def change(work: UnitOfWork, which: int, **values: Any) -> None:
    """Rewrite columns of one row."""
    work.connection.execute(
        update(participation).where(participation.c.id == which).values(**values)
    )


def settle(work: UnitOfWork, states: Mapping[int, tuple[Standing, str]]) -> None:
    """Give many rows their state and reason."""
    rows = [
        {"b_id": which, "b_state": state, "b_reason": reason}
        for which, (state, reason) in states.items()
    ]
    if rows:
        this = update(participation).where(participation.c.id == bindparam("b_id"))
        values: dict[str, Any] = {"state": bindparam("b_state"), "reason": bindparam("b_reason")}
        work.connection.execute(this.values(values), rows)


def reach(work: UnitOfWork, which: int, step: Step, at_ms: int) -> None:
    """Note that it got so far, if it is the first time."""
    column = participation.c[step]
    work.connection.execute(
        update(participation)
        .where(participation.c.id == which, column.is_(None))
        .values({column: at_ms})
    )


def asked_since(work: UnitOfWork, organisation: str, patient: str, since_ms: int) -> bool:
    """Whether a patient was invited to anything since then."""
    c = participation.c
    wanted = select(c.id).where(
        c.organisation == organisation, c.patient == patient, c.invited_ms > since_ms
    )
    return work.connection.execute(wanted.limit(1)).first() is not None


def invited_since(work: UnitOfWork, campaign: Campaign, since_ms: int) -> int:
    """How many a campaign has invited since then."""
    c = participation.c
    wanted = select(func.count()).where(_of(campaign), c.invited_ms >= since_ms)
    return int(work.connection.execute(wanted).scalar_one())


def postpone_all(work: UnitOfWork, campaign: Campaign, until_ms: int) -> None:
    """Nobody of this campaign is looked at before then."""
    c = participation.c
    work.connection.execute(
        update(participation)
        .where(_of(campaign), c.state == Standing.WAITING, c.due_ms < until_ms)
        .values(due_ms=until_ms)
    )


def leave_out_waiting(work: UnitOfWork, campaign: Campaign, reason: str) -> int:
    """Nobody who waits is asked any more; how many."""
    c = participation.c
    left = update(participation).where(_of(campaign), c.state == Standing.WAITING)
    values = {"state": Standing.LEFT_OUT, "reason": reason}
    return work.connection.execute(left.values(values)).rowcount


def chosen_by_stratum(work: UnitOfWork, campaign: Campaign) -> Counter[str]:
    """How many of each stratum wait or were invited."""
    c = participation.c
    wanted = select(c.stratum, func.count()).where(_of(campaign), c.state != Standing.LEFT_OUT)
    rows = work.connection.execute(wanted.group_by(c.stratum))
    return Counter({row.stratum: row[1] for row in rows})


def next_behind_quota(
    work: UnitOfWork, campaign: Campaign, stratum: str, reason: str
) -> int | None:
    """Whoever the quota kept out has the lowest number now; the row's id."""
    c = participation.c
    wanted = select(c.id).where(
        _of(campaign), c.stratum == stratum, c.state == Standing.LEFT_OUT, c.reason == reason
    )
    found = work.connection.execute(wanted.order_by(c.number, c.patient).limit(1)).scalar()
    return None if found is None else int(found)


def candidate(row: Participation) -> Candidate:
    """As it is drawn."""
    return Candidate(row.patient, row.stratum, row.number)


def _of(campaign: Campaign) -> Any:
    c = participation.c
    return (c.organisation == campaign.organisation) & (c.campaign == campaign.id)


def _all(work: UnitOfWork, wanted: Select[Any]) -> list[Participation]:
    names = Participation.__slots__
    rows = work.connection.execute(wanted).mappings()
    return [
        Participation(**{n: row[n] for n in names if n != "state"}, state=Standing(row["state"]))
        for row in rows
    ]
