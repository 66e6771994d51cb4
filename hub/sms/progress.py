"""How far a campaign has got, and what its scores say: sent, delivered, replied, accepted, scored, and what it cost.

Decides that a step is counted once a participation, and that everybody who was left out is counted under the reason.
The formula of the NPS is `feedback.figures.nps`'s.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.nps import nps_of_counts
from hub.feedback.figures.origin import Period
from hub.identity import service as identity
from hub.sms.campaigns import definitions, funnel
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.funnel import Funnel
from hub.sms.conversations import costs


class By(StrEnum):
    """What scores are told apart by."""

    FACILITY = "facility"
    EMPLOYEE = "employee"
    CAMPAIGN = "campaign"
    WEEK = "week"
    """Of the facility's calendar, named by its Monday."""
    WHOLE = "whole"
    """All together, under no name."""


@dataclass(frozen=True, slots=True)
class Progress(Funnel):
    """The funnel of one campaign now, with what came of it. Shares are None where they have no base."""

    campaign: str
    state: CampaignState
    undelivered: int
    response_rate: float | None
    """Scored of delivered."""
    parts: int
    cost: Decimal
    nps: Figure


@needs(Permission.SEE_ANSWERS)
def progress(work: UnitOfWork, scope: Scope, campaign_id: str) -> Progress:
    """Everything that the live view shows."""
    campaign = definitions.get(work, scope, campaign_id)
    counts = funnel.counted(work, campaign)
    sent = costs.of_campaign(work, campaign)
    return Progress(
        **asdict(counts),
        campaign=campaign.id,
        state=campaign.state,
        undelivered=sent.undelivered,
        response_rate=counts.scored / counts.delivered if counts.delivered else None,
        parts=sent.parts,
        cost=sent.cost,
        nps=nps_of_counts(counts.scores),
    )


@needs(Permission.SEE_ANSWERS)
def nps_by(
    work: UnitOfWork, scope: Scope, by: By, period: Period, campaign: str | None = None
) -> dict[str, Figure]:
    """The score of each facility, employee, campaign or week, of answers of those days."""
    first, last = period.first, period.last
    groups: dict[str, Counter[int]] = {}
    zones = {f: ZoneInfo(zone) for f, zone in identity.time_zones(work, scope).items()}
    for row in funnel.scores(
        work, scope, _start(first - timedelta(days=1)), _start(last, 2), campaign
    ):
        day = (
            datetime.fromtimestamp(row.scored_ms / 1000, UTC).astimezone(zones[row.facility]).date()
        )
        if first <= day <= last:
            monday = day - timedelta(days=day.weekday())
            key = {
                By.FACILITY: row.facility,
                By.EMPLOYEE: row.employee,
                By.CAMPAIGN: row.campaign,
                By.WEEK: monday.isoformat(),
                By.WHOLE: "",
            }[by]
            groups.setdefault(key, Counter())[row.score] += 1
    return {key: nps_of_counts(scores) for key, scores in sorted(groups.items())}


def _start(day: date, later: int = 0) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=later)
    return int(midnight.timestamp() * 1000)
