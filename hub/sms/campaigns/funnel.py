"""Counts of a campaign's participations, and the scores among them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table, func, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.participations import Standing
from hub.sms.campaigns.tables import SmsParticipation

participation: Table = SmsParticipation.__table__  # type: ignore[attr-defined]
c = participation.c


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many got how far; those further on are among those before."""

    enrolled: int
    waiting: int
    left_out: Mapping[str, int]
    invited: int
    sent: int
    delivered: int
    replied: int
    accepted: int
    scored: int
    declined: int
    expired: int
    opted_out: int
    wrong_person: int
    scores: Mapping[int, int]


class Score(NamedTuple):
    """One score."""

    facility: str
    campaign: str
    employee: str
    score: int
    scored_ms: int


def counted(work: UnitOfWork, campaign: Campaign) -> Funnel:
    """Of everybody that the campaign ever enrolled."""
    here = campaign.scope.rows(c) & (c.campaign == campaign.id)
    steps = ("invited_ms", "sent_ms", "delivered_ms", "replied_ms", "accepted_ms", "scored_ms")
    reached = work.connection.execute(
        select(
            func.count().label("enrolled"), *(func.count(c[step]).label(step) for step in steps)
        ).where(here)
    ).one()
    states: Counter[str] = Counter()
    left_out: dict[str, int] = {}
    for state, reason, count in work.connection.execute(
        select(c.state, c.reason, func.count()).where(here).group_by(c.state, c.reason)
    ):
        states[state] += count
        if state == Standing.LEFT_OUT:
            left_out[reason] = count
    scores = work.connection.execute(
        select(c.score, func.count()).where(here, c.score.is_not(None)).group_by(c.score)
    )
    return Funnel(
        enrolled=reached.enrolled,
        waiting=states[Standing.WAITING],
        left_out=left_out,
        invited=reached.invited_ms,
        sent=reached.sent_ms,
        delivered=reached.delivered_ms,
        replied=reached.replied_ms,
        accepted=reached.accepted_ms,
        scored=reached.scored_ms,
        declined=states[Standing.DECLINED],
        expired=states[Standing.EXPIRED],
        opted_out=states[Standing.OPTED_OUT],
        wrong_person=states[Standing.WRONG_PERSON],
        scores={row.score: row[1] for row in scores},
    )


def scores(
    work: UnitOfWork, scope: Scope, from_ms: int, until_ms: int, campaign: str | None = None
) -> list[Score]:
    """Scores given in that time."""
    wanted = select(c.facility, c.campaign, c.employee, c.score, c.scored_ms).where(
        scope.rows(c), c.score.is_not(None), c.scored_ms >= from_ms, c.scored_ms < until_ms
    )
    if campaign is not None:
        wanted = wanted.where(c.campaign == campaign)
    return [Score(*row) for row in work.connection.execute(wanted)]
