"""Campaigns as they are defined, changed, begun, paused and stopped.

Decides which changes of state are allowed. What runs is looked at each time somebody is about to be asked.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from hub.core import conflicts
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms.campaigns.policy import Policy, Trigger
from hub.sms.campaigns.schemas import CampaignChange, NewCampaign
from hub.sms.campaigns.tables import SmsCampaign
from hub.sms.interpreter.folding import fold


class CampaignState(StrEnum):
    """A stopped campaign stays stopped."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


_BEFORE = {
    CampaignState.RUNNING: {CampaignState.DRAFT, CampaignState.PAUSED},
    CampaignState.PAUSED: {CampaignState.RUNNING},
    CampaignState.STOPPED: {CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED},
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it is stored."""

    organisation: str
    id: str
    facility: str
    name: str
    survey: str
    language: str
    trigger: Trigger
    keyword: str
    state: CampaignState
    policy: Policy
    created_ms: int

    @property
    def scope(self) -> Scope:
        """The one facility whose patients it asks."""
        return Scope(self.organisation, frozenset({self.facility}))


@needs(Permission.SEND_CAMPAIGNS)
def create(work: UnitOfWork, scope: Scope, given: NewCampaign, by: str) -> Campaign:
    """A campaign that does not run yet."""
    if given.facility not in identity.time_zones(work, scope):
        raise BadInput("facility", _("There is no such facility."))
    _check(given)
    row = SmsCampaign(
        organisation=scope.organisation,
        **given.model_dump(exclude={"policy", "survey", "keyword"}),
        survey=given.survey or given.id,
        keyword=fold(given.keyword),
        policy=given.policy.model_dump_json(),
        state=CampaignState.DRAFT,
        created_ms=work.now_ms,
        created_by=by,
    )
    taken = Conflict(_("There is a campaign with this id already."), field="id")
    conflicts.add(work, row, taken)
    return _campaign(row)


@needs(Permission.SEND_CAMPAIGNS)
def change(work: UnitOfWork, scope: Scope, campaign: str, given: CampaignChange) -> Campaign:
    """Decide anew. When those who wait already are asked was decided when they were enrolled."""
    found = get(work, scope, campaign, locked=True)
    if found.state is CampaignState.STOPPED:
        raise Conflict(_("This campaign has been stopped."), field="state")
    _check(given)
    row = work.session.get_one(SmsCampaign, (scope.organisation, campaign))
    row.name, row.language, row.trigger = given.name, given.language, given.trigger
    row.keyword, row.policy = fold(given.keyword), given.policy.model_dump_json()
    work.session.add(row)
    work.session.flush()
    work.audit.record(scope, "campaign.changed", f"campaign/{campaign}", facility=found.facility)
    return _campaign(row)


@needs(Permission.SEE_ANSWERS)
def get(work: UnitOfWork, scope: Scope, campaign: str, *, locked: bool = False) -> Campaign:
    """NotFound where there is none, or none of the scope. `locked`: nobody else changes it or asks for it meanwhile."""
    wanted = select(SmsCampaign).where(scope.rows(SmsCampaign), col(SmsCampaign.id) == campaign)
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = work.session.exec(wanted).first()
    if row is None:
        raise NotFound(_("There is no such campaign."))
    return _campaign(row)


@needs(Permission.SEE_ANSWERS)
def listed(work: UnitOfWork, scope: Scope, limit: int = 100, after: str = "") -> list[Campaign]:
    """By id, beginning behind `after`."""
    wanted = select(SmsCampaign).where(scope.rows(SmsCampaign), col(SmsCampaign.id) > after)
    rows = work.session.exec(wanted.order_by(col(SmsCampaign.id)).limit(limit))
    return [_campaign(row) for row in rows]


@needs(Permission.SEND_CAMPAIGNS)
def set_state(work: UnitOfWork, scope: Scope, campaign: str, state: CampaignState) -> Campaign:
    """Begin, pause, resume or stop; Conflict where that makes no sense."""
    found = get(work, scope, campaign, locked=True)
    if found.state not in _BEFORE.get(state, set()):
        told = _("A campaign that is {before} cannot become {after}.")
        raise Conflict(told.format(before=found.state, after=state), field="state")
    row = work.session.get_one(SmsCampaign, (scope.organisation, campaign))
    row.state = state
    work.session.add(row)
    work.session.flush()
    return _campaign(row)


def demonstrations(work: UnitOfWork, scope: Scope) -> list[Campaign]:
    """Those that anybody may start now."""
    wanted = select(SmsCampaign).where(
        scope.rows(SmsCampaign),
        col(SmsCampaign.trigger) == Trigger.DEMONSTRATION,
        col(SmsCampaign.state) == CampaignState.RUNNING,
    )
    return [_campaign(row) for row in work.session.exec(wanted.order_by(col(SmsCampaign.id)))]


def _check(given: CampaignChange) -> None:
    if (given.trigger is Trigger.DEMONSTRATION) != bool(given.keyword):
        raise BadInput("keyword", _("A demonstration has a keyword, and nothing else has."))


def _campaign(row: SmsCampaign) -> Campaign:
    told: dict[str, Any] = row.model_dump(exclude={"policy", "created_by"})
    policy = Policy.model_validate_json(row.policy)
    told |= {"trigger": Trigger(row.trigger), "state": CampaignState(row.state)}
    return Campaign(**told, policy=policy)
