"""Time passes in a conversation: one reminder, the end, and answers that come after it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hub.sms.campaigns import definitions
from hub.sms.campaigns.policy import Policy
from hub.sms.conversations import costs
from hub.sms.gateways import receiving, registry
from hub.sms.gateways.port import (
    DeliveryReport,
    DeliveryState,
    GatewayDown,
    Outgoing,
    Sent,
    Unknown,
)
from hub.sms.gateways.registry import GatewaySettings, NewGateway
from hub.sms.parts import parts_of
from hub.sms.progress import Progress, progress
from hub.sms.texts import default_texts
from tests.hub.sms.texting import AFTER_VISIT, ANNA, WHOLE, Texting

ES = {template.value: text for template, text in default_texts("es").items()}


@pytest.fixture
def invited(texting: Texting) -> Texting:
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    return texting


def how_far(texting: Texting) -> Progress:
    with texting.workplace.read() as work:
        return progress(work, WHOLE, AFTER_VISIT)


def test_one_reminder_then_the_end_and_a_late_answer_is_kept_and_not_counted(
    invited: Texting,
) -> None:
    for hours, got in ((23, 1), (2, 2), (24, 2), (22, 2)):
        invited.clock.move(hours=hours)
        invited.run()
        assert len(invited.inbox()) == got
    assert invited.inbox()[1] == ES["invite_again"]
    invited.clock.move(hours=2)
    invited.run()
    assert how_far(invited).expired == 1
    assert invited.talk("un 9") == [ES["over"]]
    (talk,) = invited.conversations()
    assert [m.late for m in invited.messages(talk.id) if m.inbound] == [True]
    assert how_far(invited).scored == 0


def charge(texting: Texting, price: str) -> None:
    new = NewGateway(
        "main", "obedient", GatewaySettings(), per_second=1000, part_price=Decimal(price)
    )
    with texting.workplace.begin() as work:
        registry.change(work, WHOLE, new)


def test_a_part_costs_what_its_gateway_charged_then_unless_the_campaign_says_otherwise(
    texting: Texting,
) -> None:
    charge(texting, "0.04")
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    first = how_far(texting).parts
    assert how_far(texting).cost == first * Decimal("0.04")
    charge(texting, "0.05")
    texting.talk("si")
    second = how_far(texting).parts - first
    assert second > 0
    assert how_far(texting).cost == first * Decimal("0.04") + second * Decimal("0.05")
    with texting.workplace.read() as work:
        assert costs.part_price(work, WHOLE, "north", Policy()) == Decimal("0.05")
    own = Policy(delay_minutes=0, part_price=Decimal("0.1"))
    with texting.workplace.begin() as work:
        known = definitions.get(work, WHOLE, AFTER_VISIT)
        cost = costs.of_campaign(work, replace(known, policy=own)).cost
    assert cost == (first + second) * Decimal("0.1")


def test_an_answer_takes_back_a_reminder_that_waits_for_the_morning(texting: Texting) -> None:
    texting.campaign(policy={"reminder_hours": 10})
    texting.enrol(ANNA)
    texting.run()
    texting.clock.move(hours=10)  # midnight in Madrid
    texting.run()
    assert len(texting.inbox()) == 1
    assert texting.talk("si") == [ES["ask_score"]]
    texting.clock.move(hours=9)
    texting.run()
    assert texting.inbox() == [ES["invite"], ES["ask_score"]]


def test_what_has_not_gone_out_is_not_waited_for(texting: Texting) -> None:
    def down(_message: Outgoing) -> Sent:
        raise GatewayDown("away", retry_after_s=0)

    obedient = texting.gateway.answer
    texting.gateway.answer = down
    texting.campaign()
    texting.enrol(ANNA)
    while texting.duties["sms-invitations"].step():
        pass
    texting.clock.move(days=4)
    while texting.duties["sms-conversations"].step():
        pass
    texting.gateway.answer = obedient
    texting.run()
    assert texting.inbox() == [ES["invite"]]
    assert how_far(texting).expired == 0
    assert texting.talk("si") == [ES["ask_score"]]


def test_steps_of_the_funnel_are_counted_once(invited: Texting) -> None:
    invited.delivered()
    invited.delivered()
    invited.talk("si", "un 9")
    invited.delivered()
    told = how_far(invited)
    steps = (told.invited, told.sent, told.delivered, told.replied, told.accepted, told.scored)
    assert steps == (1,) * 6
    assert told.response_rate == 1.0
    assert told.parts == sum(parts_of(text).parts for text in invited.inbox())


def test_an_invitation_cut_off_while_sending_is_settled_by_its_report_and_not_sent_again(
    texting: Texting,
) -> None:
    texting.gateway.answer = lambda _message: Unknown("killed")
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    (sent,) = texting.gateway.given
    assert how_far(texting).sent == 0
    report = DeliveryReport("clinic", "main", DeliveryState.DELIVERED, sent.id)
    with texting.workplace.begin() as work:
        receiving.report(work, report)
    texting.clock.move(minutes=30)
    texting.run()
    assert len(texting.gateway.given) == 1
    told = how_far(texting)
    assert (told.sent, told.delivered) == (1, 1)
