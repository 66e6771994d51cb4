"""Who is invited and when: once in a survey, once in thirty days, at allowed hours, so many a day and a stratum."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from hub.core.errors import NotFound
from hub.core.scope import Scope
from hub.sms import telephones
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.steering import steer
from hub.sms.engine.templates import Template
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column
from hub.sms.invitations.inviting import WAIT_FOR_OTHER_MS
from hub.sms.people.tables import SmsRespondent
from hub.sms.privacy import holders
from hub.sms.progress import Progress, progress
from hub.sms.texts import default_texts
from tests.hub.sms.texting import AFTER_VISIT, ANNA, BORIS, WHOLE, Texting

MANY = [f"+3460000{n:04}" for n in range(40)]


def how_far(texting: Texting, campaign: str = AFTER_VISIT) -> Progress:
    with texting.workplace.read() as work:
        return progress(work, WHOLE, campaign)


def steered(texting: Texting, state: CampaignState) -> None:
    with texting.workplace.begin() as work:
        steer(work, WHOLE, AFTER_VISIT, state)


def invited(texting: Texting) -> int:
    """Invitations that went out; reminders are others."""
    return texting.gateway.texts.count(default_texts("es")[Template.INVITE])


def test_nobody_is_invited_twice_to_a_survey(texting: Texting) -> None:
    texting.campaign()
    texting.campaign("again", survey=AFTER_VISIT)
    assert texting.enrol(ANNA).chosen == 1
    texting.run()
    assert texting.enrol(ANNA).known == 1
    texting.clock.move(days=100)
    assert texting.enrol(ANNA, campaign="again").known == 1
    texting.run()
    assert invited(texting) == 1


def test_one_survey_in_thirty_days_over_all_campaigns(texting: Texting) -> None:
    texting.campaign()
    texting.campaign("other")
    texting.enrol(ANNA)
    texting.run()
    texting.talk("no")
    texting.clock.move(days=29)
    texting.enrol(ANNA, campaign="other")
    texting.run()
    assert how_far(texting, "other").left_out == {"asked_recently": 1}
    texting.clock.move(days=2)
    assert texting.enrol(ANNA, campaign="other", happened="2025-07-10").chosen == 1
    texting.run()
    assert how_far(texting, "other").invited == 1


def test_a_family_shares_a_telephone_and_each_takes_part(texting: Texting) -> None:
    texting.campaign()
    rows = [{Column.TELEPHONE: ANNA, Column.PATIENT: patient} for patient in ("1", "2")]
    with texting.workplace.begin() as work:
        intake.take_in_rows(work, WHOLE, AFTER_VISIT, rows, by="tester")
    texting.run()
    assert invited(texting) == 1, "two at once would leave nobody knowing whom an answer is about"
    texting.talk("si", "9")
    texting.clock.move(ms=WAIT_FOR_OTHER_MS)
    texting.run()
    texting.talk("si", "2", "caro", "no")
    told = how_far(texting)
    assert (told.invited, told.scored, told.nps.value) == (2, 2, 0.0)


def test_invitations_are_held_until_the_hour_is_allowed_and_not_dropped(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(ANNA, BORIS)
    texting.enrol("+12125550123", campaign=AFTER_VISIT)
    texting.clock.move(hours=8)  # Monday 22:00 in Madrid, 16:00 in New York
    texting.run()
    assert [m.recipient for m in texting.gateway.given] == ["+12125550123"]
    texting.clock.move(hours=10.9)
    texting.run()
    assert invited(texting) == 1
    texting.clock.move(hours=0.2)
    texting.run()
    assert invited(texting) == 3


def test_so_many_a_day(texting: Texting) -> None:
    texting.campaign(policy={"daily_cap": 15})
    texting.enrol(*MANY)
    for already in (15, 30, 40):
        texting.run()
        texting.run()
        assert invited(texting) == already
        texting.clock.move(days=1)


def test_a_quota_is_filled_from_the_same_people_whenever_it_is_drawn(texting: Texting) -> None:
    for name in ("one", "two"):
        texting.campaign(name, survey=f"s-{name}", policy={"quotas": {"": 5}, "seed": "x"})
    enrolled = texting.enrol(*MANY, campaign="one")
    assert (enrolled.chosen, enrolled.quota_full) == (5, 35)
    assert texting.enrol(*MANY, campaign="one").known == 40
    texting.run()
    assert invited(texting) == 5


def test_whoever_is_not_asked_after_all_is_replaced(texting: Texting) -> None:
    texting.campaign("first")
    texting.enrol(*MANY, campaign="first")
    texting.run()
    for telephone in MANY[:30]:
        texting.text("BAJA", telephone)
    texting.clock.move(days=31)
    texting.run("sms-conversations")
    texting.campaign(policy={"quotas": {"": 8}})
    texting.enrol(*MANY)
    for _ in MANY:
        texting.run()
    told = how_far(texting)
    assert told.invited == 8
    assert told.left_out["opted_out"] > 0


def test_paused_it_holds_everything_and_stopped_it_asks_nobody(texting: Texting) -> None:
    texting.campaign(policy={"daily_cap": 10})
    texting.enrol(*MANY)
    texting.run()
    steered(texting, CampaignState.PAUSED)
    texting.clock.move(days=1)
    texting.run()
    assert invited(texting) == 10
    steered(texting, CampaignState.RUNNING)
    texting.clock.move(minutes=1)
    texting.run()
    assert invited(texting) == 20
    steered(texting, CampaignState.STOPPED)
    texting.clock.move(days=1)
    texting.run()
    assert invited(texting) == 20
    assert how_far(texting).left_out == {"stopped": 20}


def test_too_long_after_the_visit_nobody_is_asked(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(ANNA, happened="2025-04-01")
    texting.run()
    assert how_far(texting).left_out == {"too_late": 1}


def test_an_erased_patient_is_not_asked_and_a_damaged_row_holds_nobody_up(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(*MANY[:3])
    with texting.workplace.begin() as work:
        for holder in holders():
            holder.erase(work, WHOLE, MANY[0])
        mark = telephones.fingerprint(work.vault, "clinic", MANY[1])
        damaged = work.session.exec(select(SmsRespondent).where(SmsRespondent.recipient == mark))
        damaged.one().sealed = b"nonsense"
    texting.run()
    assert [m.recipient for m in texting.gateway.given] == [MANY[2]]
    assert how_far(texting).left_out == {"erased": 1}
    assert how_far(texting).waiting == 1


def test_racing_workers_make_one_participation_and_one_invitation(texting: Texting) -> None:
    workers = 4
    together = Barrier(workers)
    texting.campaign(survey="shared")
    texting.campaign("other", survey="shared")

    def work_with_the_others(number: int) -> int:
        campaign = (AFTER_VISIT, "other")[number % 2]
        together.wait(30)
        chosen = texting.enrol(ANNA, BORIS, campaign=campaign).chosen
        together.wait(30)
        while texting.duties["sms-invitations"].step():
            pass
        return chosen

    with ThreadPoolExecutor(workers) as pool:
        chosen = list(pool.map(work_with_the_others, range(workers)))
    texting.run()
    assert sum(chosen) == 2
    assert Counter(m.recipient for m in texting.gateway.given) == {ANNA: 1, BORIS: 1}


def test_another_facilitys_staff_see_no_campaign(texting: Texting) -> None:
    texting.campaign()

    with texting.workplace.read() as work, pytest.raises(NotFound):
        progress(work, Scope("clinic", frozenset({"south"})), AFTER_VISIT)
