"""What beginning, pausing and stopping a campaign means for those who wait to be asked.

A paused one holds them, and what it has put is held when it is about to be sent; a stopped one asks nobody any more.
"""

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns import definitions, participations
from hub.sms.campaigns.definitions import Campaign, CampaignState

STOPPED = "stopped"


def steer(work: UnitOfWork, scope: Scope, campaign_id: str, state: CampaignState) -> Campaign:
    """Change the state; Conflict where that makes no sense."""
    campaign = definitions.set_state(work, scope, campaign_id, state)
    if state is CampaignState.STOPPED:
        participations.leave_out_waiting(work, campaign, STOPPED)
    work.audit.record(
        scope, f"campaign.{state}", f"campaign/{campaign.id}", facility=campaign.facility
    )
    return campaign
