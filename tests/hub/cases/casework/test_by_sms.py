"""Cases that open and grow by SMS, through the listeners as they are wired and whole conversations."""

from pathlib import Path

import pytest

from hub.cases.calling import attempts
from hub.cases.casework import by_sms, cases, listing
from hub.cases.casework.cases import CaseView
from hub.cases.casework.listing import Sought
from hub.cases.deadlines import running
from hub.cases.wiring import listen
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.dictionaries import lexicons
from hub.sms.interpreter.interpreter import Interpreter
from tests.fakes.clock import HeldClock
from tests.hub.sms.texting import ANNA, BORIS, WHOLE, Texting


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter(lexicons())


@pytest.fixture
def texting(
    workplace: Workplace,
    listeners: Listeners,
    clock: HeldClock,
    interpreter: Interpreter,
    tmp_path: Path,
) -> Texting:
    """Anna was asked about her visit."""
    listen(listeners)
    texting = Texting(workplace, listeners, clock, interpreter, tmp_path / "lists")
    texting.campaign()
    texting.enrol(ANNA, employee="anna-north")
    texting.run()
    return texting


def opened(texting: Texting) -> list[CaseView]:
    with texting.workplace.read() as work:
        return listing.found(work, WHOLE, Sought()).cases


def told(texting: Texting, case: int) -> list[str]:
    with texting.workplace.begin() as work:
        return [chapter.kind for chapter in cases.whole_case(work, WHOLE, case).story]


def test_a_detractor_is_one_case_with_what_was_written(texting: Texting) -> None:
    texting.talk("SI", "un 3")
    (case,) = opened(texting)
    assert (case.source, case.score, case.employee, case.language) == ("sms", 3, "anna-north", "es")
    texting.talk("La espera fue eterna", "vale")
    assert [one.id for one in opened(texting)] == [case.id]
    assert told(texting, case.id) == ["opened", "wrote", "call_allowed"]
    with texting.workplace.begin() as work:
        person = cases.person_of(work, WHOLE, case.id)
        conversation = by_sms.conversation_of(work, WHOLE, case.id)
    assert person.phone == ANNA
    assert "La espera fue eterna" in person.words
    assert [m.text for m in conversation if m.inbound][-1] == "vale"


def test_whoever_refuses_a_call_is_not_called(texting: Texting) -> None:
    texting.talk("SI", "un 3", "La espera fue eterna")
    (case,) = opened(texting)
    with texting.workplace.read() as work:
        assert attempts.attempts(work, WHOLE, case.id)
    texting.talk("no")
    with texting.workplace.read() as work:
        assert attempts.attempts(work, WHOLE, case.id) == []
        (first_call, _) = running.deadlines(work, WHOLE, case.id)
    assert first_call.due_ms is None


def test_a_promoter_opens_nothing(texting: Texting) -> None:
    texting.talk("SI", "9")
    assert opened(texting) == []


def test_danger_is_urgent_at_once(texting: Texting) -> None:
    texting.talk("SI", "me quiero morir")
    (case,) = opened(texting)
    assert (case.source, case.urgent) == ("urgent", True)


def test_danger_makes_a_known_case_urgent(texting: Texting) -> None:
    texting.talk("SI", "un 3")
    texting.talk("me quiero morir")
    (case,) = opened(texting)
    assert (case.source, case.urgent) == ("sms", True)
    assert "urgent" in told(texting, case.id)


def test_whoever_wishes_a_call_is_a_case(texting: Texting) -> None:
    texting.talk("Llámenme por favor", sender=BORIS)
    (case,) = opened(texting)
    assert (case.source, case.score) == ("sms", None)


def test_the_next_score_of_who_complained_is_noted(texting: Texting) -> None:
    texting.talk("SI", "un 3", "nada", "no")
    texting.clock.move(days=200)
    texting.campaign("later")
    assert texting.enrol(ANNA, campaign="later").chosen == 1
    texting.run()
    texting.talk("SI", "10")
    assert [case.next_score for case in opened(texting)] == [10]
