"""What a campaign's messages cost in parts: of those that a gateway took, whether they arrived or not."""

from typing import NamedTuple

from sqlmodel import col, func, select

from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.definitions import Campaign
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.gateways.progress import State

_PAID = (State.ACCEPTED, State.SUBMITTED, State.DELIVERED, State.FAILED)
_LOST = (State.FAILED, State.REFUSED)


class Costs(NamedTuple):
    """Parts that were sent, and messages that did not arrive."""

    parts: int
    undelivered: int


def of_campaign(work: UnitOfWork, campaign: Campaign) -> Costs:
    """All that it sent until now."""
    talks = select(SmsConversation.id).where(
        campaign.scope.rows(SmsConversation), col(SmsConversation.campaign) == campaign.id
    )
    wanted = (
        select(SmsMessage.state, func.count(), func.sum(SmsMessage.parts))
        .where(col(SmsMessage.conversation).in_(talks), col(SmsMessage.inbound).is_(False))
        .group_by(col(SmsMessage.state))
    )
    rows = work.session.exec(wanted).all()
    return Costs(
        sum(parts for state, _count, parts in rows if state in _PAID),
        sum(count for state, count, _parts in rows if state in _LOST),
    )
