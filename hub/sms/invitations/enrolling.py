"""Patients who could be asked: drawn once for each survey, in the transaction that takes their list in.

Decides that nobody is drawn twice, and that whoever was never asked may be offered again. When each is asked is
decided by the campaign's trigger; whether it may be then, is looked at by `inviting.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns import definitions, participations
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.participations import Participation, Standing
from hub.sms.campaigns.policy import due_ms, latest_ms
from hub.sms.campaigns.sampling import Drawn, draw, number_of
from hub.sms.invitations.entries import Entry
from hub.sms.people import respondents
from hub.sms.people.respondents import Person, Respondent

TOGETHER = 500
OFFERED = "offered"
"""The reason of a row that has not been drawn yet."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a list."""

    rows: int
    chosen: int
    not_sampled: int
    quota_full: int
    known: int


def enrol(work: UnitOfWork, scope: Scope, campaign_id: str, entries: list[Entry]) -> Enrolled:
    """Draw from these patients; nobody else enrols for the campaign meanwhile."""
    campaign = definitions.get(work, scope, campaign_id, locked=True)
    fresh: dict[str, Participation] = {}
    for chunk in _chunks(entries):
        offered = {row["patient"]: row for row in _rows(work, campaign, chunk)}
        for stored in participations.offer(work, list(offered.values())):
            if stored.state is Standing.LEFT_OUT:
                fresh[stored.patient] = stored
                if stored.reason != OFFERED:  # left out before, and offered for another visit now
                    participations.change(work, stored.id, **offered[stored.patient])
    drawn = _drawn(work, campaign, fresh)
    participations.settle(
        work,
        {
            stored.id: (Standing.WAITING, "")
            if drawn[patient] is Drawn.CHOSEN
            else (Standing.LEFT_OUT, drawn[patient])
            for patient, stored in fresh.items()
        },
    )
    counts = Counter(drawn.values())
    return Enrolled(
        rows=len(entries),
        chosen=counts[Drawn.CHOSEN],
        not_sampled=counts[Drawn.NOT_SAMPLED],
        quota_full=counts[Drawn.QUOTA_FULL],
        known=len(entries) - len(fresh),
    )


def _drawn(
    work: UnitOfWork, campaign: Campaign, fresh: dict[str, Participation]
) -> dict[str, Drawn]:
    policy = campaign.policy
    taken = participations.chosen_by_stratum(work, campaign)
    rows = participations.drawn_from(work, [row.id for row in fresh.values()])
    return draw(map(participations.candidate, rows), policy.fraction, policy.quotas, taken)


def _rows(work: UnitOfWork, campaign: Campaign, entries: list[Entry]) -> list[dict[str, Any]]:
    people = [
        Person(one.telephone, one.time_zone, one.patient, one.name, one.language) for one in entries
    ]
    kept = respondents.keep_all(work, campaign.scope, campaign.facility, people)
    return [_row(work, campaign, one, stored) for one, stored in zip(entries, kept, strict=True)]


def _row(work: UnitOfWork, campaign: Campaign, entry: Entry, stored: Respondent) -> dict[str, Any]:
    zone = ZoneInfo(entry.time_zone)
    due = due_ms(campaign.trigger, campaign.policy, entry.happened_ms, zone)
    return {
        "organisation": campaign.organisation,
        "facility": campaign.facility,
        "campaign": campaign.id,
        "survey": campaign.survey,
        "patient": stored.patient,
        "recipient": stored.recipient,
        "respondent": stored.id,
        "employee": entry.employee,
        "touchpoint": entry.touchpoint,
        "stratum": entry.stratum,
        "time_zone": entry.time_zone,
        "number": number_of(campaign.policy.seed, campaign.survey, stored.patient),
        "state": Standing.LEFT_OUT,
        "reason": OFFERED,
        "happened_ms": entry.happened_ms,
        "due_ms": due,
        "latest_ms": latest_ms(campaign.trigger, campaign.policy, entry.happened_ms, due),
        "created_ms": work.now_ms,
    }


def _chunks(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), TOGETHER):
        yield entries[start : start + TOGETHER]
