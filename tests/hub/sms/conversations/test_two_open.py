"""A survey and an appointment open on the same telephone: it is asked which, never guessed."""

import pytest

from hub.sms import staff
from hub.sms.events import AppointmentAnswered
from hub.sms.texts import default_texts
from tests.hub.sms.texting import ANNA, WHOLE, Texting

ES = {template.value: text for template, text in default_texts("es").items()}


@pytest.fixture
def answered(texting: Texting) -> list[AppointmentAnswered]:
    """News of the appointment; the survey and the appointment are open."""
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    until = texting.clock.now_ms() + 86_400_000
    with texting.workplace.begin() as work:
        staff.await_appointment(
            work, WHOLE, "north", ANNA, language="es", reference="v-7", until_ms=until
        )
    told: list[AppointmentAnswered] = []
    texting.listeners.within(AppointmentAnswered, lambda _work, event: told.append(event))
    return told


def states(texting: Texting) -> list[str]:
    return [talk.state for talk in texting.conversations()]


def test_a_yes_is_asked_about_and_then_belongs_to_the_survey(
    texting: Texting, answered: list[AppointmentAnswered]
) -> None:
    assert texting.talk("SI") == [ES["which"]]
    assert states(texting) == ["INVITED", "REMINDER"]
    assert texting.talk("encuesta") == [ES["ask_score"]]
    assert texting.talk("9") == [ES["thank_promoter"]]
    assert answered == []


def test_a_yes_is_asked_about_and_then_belongs_to_the_appointment(
    texting: Texting, answered: list[AppointmentAnswered]
) -> None:
    texting.talk("SI")
    assert texting.talk("Cita") == [ES["appointment_kept"]]
    assert [(one.reference, one.kept) for one in answered] == [("v-7", True)]
    assert texting.talk("SI") == [ES["ask_score"]], "only the survey is open now"


def test_what_only_one_of_them_can_be_is_not_asked_about(
    texting: Texting, answered: list[AppointmentAnswered]
) -> None:
    assert texting.talk("9") == [ES["ask_score"]], "a score before the question shows willingness"
    assert texting.talk("un 9") == [ES["thank_promoter"]]
    assert states(texting) == ["COMPLETED", "REMINDER"]
    assert texting.talk("SI") == [ES["appointment_kept"]]


def test_it_is_asked_twice_at_most_and_a_stop_means_both(
    texting: Texting, answered: list[AppointmentAnswered]
) -> None:
    asked = [len(texting.talk("SI")) for _ in range(4)]
    assert asked == [1, 1, 0, 0]
    assert texting.talk("BAJA") == [ES["stopped"]]
    assert set(states(texting)) == {"OPTED_OUT"}
    assert answered == []


def test_an_appointment_that_has_passed_is_over(
    texting: Texting, answered: list[AppointmentAnswered]
) -> None:
    texting.clock.move(days=1)
    texting.run("sms-conversations")
    assert texting.talk("SI") == [ES["ask_score"]]
