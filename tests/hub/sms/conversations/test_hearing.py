"""Conversations as patients hold them: through the gateways' door, with everything stored and counted."""

from typing import Any

import pytest
from sqlmodel import select

from hub.feedback.tables import Response
from hub.sms.campaigns import participations
from hub.sms.events import AnswerTakenBack, CallDecided, DetractorFound, PersonNeeded
from hub.sms.texts import default_texts
from tests.hub.sms.texting import ANNA, BORIS, Texting

ES = {template.value: text for template, text in default_texts("es").items()}
RU = {template.value: text for template, text in default_texts("ru").items()}


@pytest.fixture
def invited(texting: Texting) -> Texting:
    texting.campaign()
    texting.enrol(ANNA, employee="anna-north")
    texting.run()
    return texting


def scores(texting: Texting) -> list[tuple[str | None, int | None, str | None, str]]:
    with texting.workplace.read() as work:
        rows = work.session.exec(select(Response).order_by(Response.id))  # type: ignore[arg-type]
        return [(row.campaign, row.score, row.employee, row.flags) for row in rows]


def heard(texting: Texting, *kinds: type[Any]) -> list[Any]:
    told: list[Any] = []
    for kind in kinds:
        texting.listeners.within(kind, lambda _work, event: told.append(event))
    return told


def test_an_unhappy_patient_from_invitation_to_call(invited: Texting) -> None:
    told = heard(invited, DetractorFound, CallDecided)
    assert invited.inbox() == [ES["invite"]]
    assert invited.talk("SI") == [ES["ask_score"]]
    assert invited.talk("un 3") == [ES["ask_reason"]]
    assert invited.talk("La espera fue eterna") == [ES["ask_call"]]
    assert invited.talk("vale") == [ES["thank_call"]]
    assert scores(invited) == [("after-visit", 3, "anna-north", "")]
    found, decided = told
    assert (found.score, found.of.employee, found.of.campaign) == (3, "anna-north", "after-visit")
    assert decided.may_call
    (talk,) = invited.conversations()
    assert (talk.state, talk.score, talk.may_call) == ("COMPLETED", 3, True)
    assert talk.telephone == "+34 ••• ••• 01"
    assert [m.text for m in invited.messages(talk.id) if m.inbound][2] == "La espera fue eterna"


def test_a_score_is_recorded_once_and_a_second_is_late(invited: Texting) -> None:
    assert invited.talk("si", "9") == [ES["thank_promoter"]]
    assert invited.talk("2") == [ES["over"]]
    assert invited.talk("3") == []
    assert scores(invited) == [("after-visit", 9, "anna-north", "")]
    (talk,) = invited.conversations()
    assert [m.late for m in invited.messages(talk.id) if m.inbound] == [False, False, True, True]
    assert talk.score == 9


def test_no_is_the_one_participation(invited: Texting) -> None:
    assert invited.talk("NO") == [ES["thank_declined"]]
    assert invited.enrol(ANNA).chosen == 0
    invited.run()
    assert invited.talk("SI") == [ES["over"]]
    assert scores(invited) == []


def test_the_conversation_goes_on_in_the_patients_language(invited: Texting) -> None:
    assert invited.talk("да") == [RU["ask_score"]]
    assert invited.talk("9") == [RU["thank_promoter"]]


def test_somebody_else_answered_and_nothing_counts(invited: Texting) -> None:
    told = heard(invited, AnswerTakenBack)
    invited.talk("si", "2", "se ha equivocado de persona")
    assert scores(invited) == [("after-visit", 2, "anna-north", "wrong_person")]
    assert len(told) == 1
    with invited.workplace.read() as work:
        (row,) = participations.drawn_from(work, [1])
    assert (row.state, row.score) == ("wrong_person", None)


def test_danger_tells_a_person_and_says_nothing_more(invited: Texting) -> None:
    told = heard(invited, PersonNeeded)
    invited.talk("si")
    assert invited.talk("me quiero morir") == [ES["emergency"].format(emergency="112")]
    assert [event.urgent for event in told] == [True]
    assert invited.talk("9") == []
    (talk,) = invited.conversations()
    assert talk.paused
    assert scores(invited) == []


def test_a_stranger_is_helped_once_a_day(texting: Texting) -> None:
    assert len(texting.talk("SI")) == 1
    assert texting.talk("SI", "hola?", "9") == []
    texting.clock.move(days=1)
    assert len(texting.talk("hola?")) == 1


def test_an_opt_out_is_confirmed_once_and_ends_every_conversation(invited: Texting) -> None:
    assert invited.talk("BAJA") == [ES["stopped"]]
    assert invited.talk("BAJA", "SI", "9", "me quiero morir") == []
    invited.campaign("another")
    invited.clock.move(days=40)
    invited.enrol(ANNA, campaign="another")
    invited.run()
    assert len(invited.inbox()) == 2
    assert invited.talk("ALTA") == [ES["started"]]


def test_an_opt_out_of_a_stranger_holds_for_later_campaigns(texting: Texting) -> None:
    texting.talk("STOP")
    texting.campaign()
    texting.enrol(ANNA, BORIS)
    texting.run()
    assert (len(texting.inbox(ANNA)), len(texting.inbox(BORIS))) == (1, 1)


def test_a_demonstration_is_started_by_its_keyword_and_never_counted(texting: Texting) -> None:
    texting.campaign("show", trigger="demonstration", keyword="Demo")
    assert texting.talk("demo") == [ES["invite"]]
    assert texting.talk("SI") == [ES["ask_score"]]
    assert texting.talk("2") == [ES["ask_reason"]]
    assert scores(texting) == []
    assert texting.talk("nada") == [ES["ask_call"]]
    texting.talk("no")
    texting.clock.move(hours=1)
    assert texting.talk("DEMO") == [ES["invite"]]


def test_the_keyword_may_be_the_yes(texting: Texting) -> None:
    texting.campaign("show", trigger="demonstration", keyword="SI")
    assert texting.talk("si") == [ES["ask_score"]]


def test_a_lost_part_is_kept_and_asked_again(invited: Texting) -> None:
    invited.talk("si")
    assert (
        invited.talk("[1/2] le doy un 10 porque") == [ES["ask_score_again"]]
        or scores(invited) == []
    )
    assert scores(invited) == []
