"""What no sequence of texts can bring about: a message after an opt-out, a flood, a second score."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.core.db import Database
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.interpreter.interpreter import Interpreter
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.sms.texting import ANNA, Texting

WORDS = [
    *(
        "SI",
        "no",
        "9",
        "un 3",
        "8.5",
        "¿quién es?",
        "gracias",
        "la espera",
        "yes",
        "да",
        "hola",
        "DEMO",
    ),
    *(
        "me quiero morir",
        "se ha equivocado",
        "llámenme",
        "BAJA",
        "STOP",
        "стоп",
        "quiero cita",
        "100%",
    ),
    *("no me escriban más", "alta médica", "empezar otra vez", "vuelvo", "🙂", "[1/2] un 9"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=10)), max_size=6)
OPT_IN = ("alta", "start", "старт")


def says_opt_in(text: str) -> bool:
    return any(word in text.casefold() for word in OPT_IN)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, interpreter: Interpreter
) -> Any:
    """One clinic for all examples, each with a patient of its own."""
    path = tmp_path_factory.mktemp("silence") / "hub.db"
    path.write_bytes(sqlite_template.read_bytes())
    clock, listeners = HeldClock(), Listeners()
    workplace = Workplace(Database(f"sqlite:///{path}"), listeners, clock, ReversingVault())
    texting = Texting(workplace, listeners, clock, interpreter, path.parent / "lists")
    texting.campaign()
    texting.campaign("show", trigger="demonstration", keyword="demo")
    return texting


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), TEXTS, TEXTS, st.timedeltas(timedelta(0), timedelta(hours=5)))
def test_after_an_opt_out_nothing_is_sent_until_an_opt_in_word(
    made: Texting, number: int, before: list[str], after: list[str], apart: timedelta
) -> None:
    patient = f"+346{number:08}"
    made.enrol(patient)
    made.run("sms-invitations")
    for text in before:
        made.text(text, patient)
    made.text("BAJA", patient)
    told = len(made.inbox(patient))
    for text in after:
        if says_opt_in(text):
            break
        made.clock.move(ms=int(apart.total_seconds() * 1000))
        made.run()
        assert made.text(text, patient) == [], text
    assert len(made.inbox(patient)) == told


def test_a_machine_that_answers_everything_gets_six_messages_an_hour(texting: Texting) -> None:
    texting.campaign("show", trigger="demonstration", keyword="demo")
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    for number in range(40):
        texting.clock.move(ms=1000)
        texting.text(("demo", f"auto {number}", "si", "9")[number % 4])
    assert len(texting.inbox()) <= 6


def test_a_question_is_asked_again_twice_and_no_more(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    texting.talk("si")
    got = [texting.talk(text) for text in ("quizás", "depende", "no sé qué decir", "ya veremos")]
    assert [len(one) for one in got] == [1, 1, 0, 0]
    texting.clock.move(hours=2)
    assert texting.talk("un 9") != []
