"""Invitations that are due: each is looked at in a transaction of its own, and sent, held until later, or given up.

Decides by what is true at that moment: the campaign runs, the telephone has not stopped, the patient was asked nothing
for thirty days, it is not too late, today's cap is not reached, the hour is allowed where the patient lives, and with
the same telephone nothing else is being talked about.
"""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog

from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.sms.campaigns import definitions, participations
from hub.sms.campaigns.definitions import Campaign, CampaignState
from hub.sms.campaigns.participations import Participation, Standing
from hub.sms.campaigns.policy import PAUSE_BETWEEN_SURVEYS_MS
from hub.sms.campaigns.quiet_hours import allowed_from, start_of_day, start_of_next_day
from hub.sms.campaigns.sampling import Drawn
from hub.sms.conversations import opening
from hub.sms.conversations.opening import Line
from hub.sms.conversations.threads import Kind, open_ones
from hub.sms.people import opt_outs, respondents

log = structlog.get_logger()

TOGETHER = 50
LOOK_EVERY_S = 1.0
WAIT_FOR_OTHER_MS = 3_600_000
"""How long until it is looked again whether the other conversation of a telephone has ended."""
WAIT_FOR_CAMPAIGN_MS = 60_000
AFTER_FAILURE_MS = 600_000


class Reason(StrEnum):
    """Why somebody is not asked after all."""

    OPTED_OUT = "opted_out"
    ASKED_RECENTLY = "asked_recently"
    TOO_LATE = "too_late"
    STOPPED = "stopped"
    ERASED = "erased"
    """Nothing is kept of the patient any more."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not now, but then."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class NobodyBefore:
    """Nobody of this campaign until then."""

    until_ms: int


class Inviting:
    """Works off the invitations that are due."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def step(self) -> bool:
        """Look at the earliest; False when no more are due."""
        with self._workplace.read() as work:
            due = participations.due(work, TOGETHER)
        for row in due:
            try:
                with self._workplace.begin() as work:
                    look_at(work, row)
            except Exception:
                log.exception("invitation_failed", organisation=row.organisation)
                with self._workplace.begin() as work:  # so that it holds no other up
                    later = work.now_ms + AFTER_FAILURE_MS
                    participations.change(work, row.id, due_ms=later)
        return len(due) == TOGETHER


def look_at(work: UnitOfWork, seen: Participation) -> None:
    """Invite, hold or give up one who is due. Of two processes that look at once, the second finds it done."""
    campaign = definitions.get(work, seen.scope, seen.campaign, locked=True)
    respondents.locked(work, seen.organisation, seen.recipient, seen.patient)
    row = participations.get(work, seen.scope, seen.id, locked=True)
    if row.state is not Standing.WAITING or row.due_ms > work.now_ms:
        return
    match _hindrance(work, campaign, row):
        case None:
            _invite(work, campaign, row)
        case Later(at_ms):
            participations.change(work, row.id, due_ms=at_ms)
        case NobodyBefore(until_ms):
            participations.postpone_all(work, campaign, until_ms)
        case reason:
            participations.change(work, row.id, state=Standing.LEFT_OUT, reason=reason)
            _next_of_quota(work, campaign, row)


def _hindrance(
    work: UnitOfWork, campaign: Campaign, row: Participation
) -> Reason | Later | NobodyBefore | None:
    now = work.now_ms
    if given_up := _given_up(work, campaign, row):
        return given_up
    if campaign.state is not CampaignState.RUNNING:
        return NobodyBefore(now + WAIT_FOR_CAMPAIGN_MS)
    allowed = allowed_from(now, campaign.policy.window, ZoneInfo(row.time_zone))
    if allowed > now:
        return Later(allowed)
    if any(
        one.kind != Kind.APPOINTMENT for one in open_ones(work, row.organisation, row.recipient)
    ):
        return Later(now + WAIT_FOR_OTHER_MS)
    return _cap(work, campaign)


def _given_up(work: UnitOfWork, campaign: Campaign, row: Participation) -> Reason | None:
    if campaign.state is CampaignState.STOPPED:
        return Reason.STOPPED
    if work.now_ms > row.latest_ms:
        return Reason.TOO_LATE
    return _unwilling(work, row)


def _unwilling(work: UnitOfWork, row: Participation) -> Reason | None:
    if not respondents.get(work, row.respondent).recipient:
        return Reason.ERASED
    if opt_outs.has_stopped(work, row.organisation, row.recipient):
        return Reason.OPTED_OUT
    since = work.now_ms - PAUSE_BETWEEN_SURVEYS_MS
    if participations.asked_since(work, row.organisation, row.patient, since):
        return Reason.ASKED_RECENTLY
    return None


def _cap(work: UnitOfWork, campaign: Campaign) -> NobodyBefore | None:
    cap = campaign.policy.daily_cap
    if cap is None:
        return None
    (facility,) = identity.facilities(work, campaign.scope)
    zone = ZoneInfo(facility.time_zone)
    today = participations.invited_since(work, campaign, start_of_day(work.now_ms, zone))
    return NobodyBefore(start_of_next_day(work.now_ms, zone)) if today >= cap else None


def _invite(work: UnitOfWork, campaign: Campaign, row: Participation) -> None:
    respondent = respondents.get(work, row.respondent)
    line = Line(
        row.organisation,
        row.facility,
        respondents.telephone_of(work, row.respondent),
        row.recipient,
        respondent.language or campaign.language,
        campaign.policy.gateway,
    )
    opening.invite(work, campaign, row, line)
    participations.change(work, row.id, state=Standing.INVITED, invited_ms=work.now_ms)


def _next_of_quota(work: UnitOfWork, campaign: Campaign, row: Participation) -> None:
    """Whoever comes next in the draw takes the place of one who is not asked after all."""
    if row.stratum not in campaign.policy.quotas or campaign.state is CampaignState.STOPPED:
        return
    found = participations.next_behind_quota(work, campaign, row.stratum, Drawn.QUOTA_FULL)
    if found is not None:
        participations.change(work, found, state=Standing.WAITING, reason="")
