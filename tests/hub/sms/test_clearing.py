"""Asked when a message is about to go out: opt-outs, the hour, and what became of the campaign meanwhile."""

import pytest

from hub.core.scope import Scope
from hub.sms import staff
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.steering import steer
from hub.sms.gateways import service as gateways
from hub.sms.gateways.port import GatewayDown, Outgoing, Sent
from hub.sms.gateways.service import Draft
from tests.hub.sms.texting import AFTER_VISIT, ANNA, WHOLE, Texting

NORTH = Scope("clinic", frozenset({"north"}))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How rows are read and locked is tried on both databases where patients are invited."""
    return sqlite_url


def down(_message: Outgoing) -> Sent:
    raise GatewayDown("away", retry_after_s=0)


def test_whoever_writes_a_message_it_does_not_reach_a_telephone_that_has_stopped(
    texting: Texting,
) -> None:
    with texting.workplace.begin() as work:
        gateways.put(work, WHOLE, "north", Draft(ANNA, "A case", "case", "case:1"))
        staff.note_wish(work, WHOLE, "south", ANNA, stopped=True)
    texting.run()
    assert texting.inbox() == []
    texting.clock.move(minutes=1)
    with texting.workplace.begin() as work:
        staff.note_wish(work, WHOLE, "north", ANNA, stopped=False)
        gateways.put(work, WHOLE, "north", Draft(ANNA, "Another", "case", "case:1"))
    texting.run()
    assert texting.inbox() == ["Another"]


def test_an_answer_goes_out_at_night_but_not_hours_later(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    texting.clock.move(hours=9)  # 23:00 in Madrid
    assert len(texting.talk("si")) == 1
    obedient, texting.gateway.answer = texting.gateway.answer, down
    texting.talk("un 9")
    texting.clock.move(hours=1)
    texting.gateway.answer = obedient
    texting.run()
    assert len(texting.inbox()) == 2, "midnight is no hour to write to somebody who may be asleep"
    texting.clock.move(hours=9.1)
    texting.run()
    assert len(texting.inbox()) == 3


def test_what_a_campaign_has_put_is_held_while_it_is_paused_and_never_goes_once_stopped(
    texting: Texting,
) -> None:
    obedient, texting.gateway.answer = texting.gateway.answer, down
    texting.campaign()
    texting.enrol(ANNA)
    while texting.duties["sms-invitations"].step():
        pass
    texting.gateway.answer = obedient
    for state, hours in ((CampaignState.PAUSED, 1), (CampaignState.STOPPED, 1)):
        with texting.workplace.begin() as work:
            steer(work, WHOLE, AFTER_VISIT, state)
        texting.run()
        texting.clock.move(hours=hours)
        texting.run()
        assert texting.inbox() == []
