"""What a campaign's messages cost: the parts of those that a gateway took, whether they arrived or not.

A part costs what the campaign says, or else what its gateway charged when the message was handed over.
"""

from decimal import Decimal
from typing import NamedTuple

from sqlmodel import col, func, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.policy import Policy
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.gateways import registry
from hub.sms.gateways.progress import State, outgoing

_PAID = (State.ACCEPTED, State.SUBMITTED, State.DELIVERED, State.FAILED)
_LOST = (State.FAILED, State.REFUSED)


class Costs(NamedTuple):
    """Parts that were sent, messages that did not arrive, and what the parts cost."""

    parts: int
    undelivered: int
    cost: Decimal


def of_campaign(work: UnitOfWork, campaign: Campaign) -> Costs:
    """All that it sent until now."""
    talks = select(SmsConversation.id).where(
        campaign.scope.rows(SmsConversation), col(SmsConversation.campaign) == campaign.id
    )
    wanted = (
        select(SmsMessage.state, outgoing.c.part_price, func.count(), func.sum(SmsMessage.parts))
        .join(outgoing, outgoing.c.id == col(SmsMessage.outgoing), isouter=True)
        .where(col(SmsMessage.conversation).in_(talks), col(SmsMessage.inbound).is_(False))
        .group_by(col(SmsMessage.state), outgoing.c.part_price)
    )
    rows = work.session.exec(wanted).all()
    paid = [(price or "0", parts) for state, price, _count, parts in rows if state in _PAID]
    said = campaign.policy.part_price
    return Costs(
        sum(parts for _price, parts in paid),
        sum(count for state, _price, count, _parts in rows if state in _LOST),
        sum((parts * (said or Decimal(price)) for price, parts in paid), Decimal(0)),
    )


def part_price(work: UnitOfWork, scope: Scope, facility: str, policy: Policy) -> Decimal:
    """What a part will cost: what the campaign says, or else the gateway that is asked first charges."""
    ways = [w for w in registry.ways(work, scope) if w.serves(scope.organisation, facility)]
    chosen = next((w for w in ways if w.name.id == policy.gateway), next(iter(ways), None))
    return policy.part_price or (chosen.part_price if chosen else Decimal(0))
