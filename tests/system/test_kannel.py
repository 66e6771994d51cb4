"""Whole conversations through a real Kannel: 200 patients in four languages, each with a mind of their own.

What every patient must have got is written down beforehand; one message too many or too few fails.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.core.db import Database
from hub.core.jobs.ticker import Ticker
from hub.core.unit_of_work import Listeners, Workplace
from hub.migrations import upgrade
from hub.sms.clearing import clearance
from hub.sms.dictionaries import lexicons
from hub.sms.gateways import receiving, registry
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.intake import Intake
from hub.sms.gateways.kannel import gateway
from hub.sms.gateways.kannel.routes import webhooks
from hub.sms.gateways.registry import NewGateway, OpenGateways
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.progress import progress
from hub.sms.texts import default_texts
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.fakes.waiting import eventually
from tests.hub.serving import ServedApp
from tests.hub.sms.texting import AFTER_VISIT, WHOLE, Texting
from tests.system.kannel import Kannel, kannel
from tests.system.surveyed import LANGUAGES, patient
from tests.system.telephones import Heard, Telephones

PATIENTS = 200
PATIENCE_S = 240.0


@pytest.fixture
def texting(tmp_path: Path) -> Iterator[Texting]:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    upgrade(database)
    listeners, clock = Listeners(), HeldClock()
    workplace = Workplace(database, listeners, clock, ReversingVault())
    interpreter = Interpreter(lexicons())
    yield Texting(workplace, listeners, clock, interpreter, tmp_path / "lists")
    database.close()


@pytest.fixture
def opened(texting: Texting) -> Iterator[OpenGateways]:
    gateways = OpenGateways(ReversingVault(), {gateway.KIND: gateway.opened})
    yield gateways
    gateways.close()


@pytest.fixture
def kannel_of_hub(texting: Texting, opened: OpenGateways, tmp_path: Path) -> Iterator[Kannel]:
    """A Kannel that the clinic sends by, and that brings the clinic what comes in."""
    app = FastAPI()
    app.include_router(webhooks(Callers(texting.workplace, opened), Intake(texting.workplace)))
    server = ServedApp(app)
    with kannel(tmp_path / "kannel", server.url) as made:
        with texting.workplace.begin() as work:
            registry.remove(work, WHOLE, "main")
            new = NewGateway("main", gateway.KIND, made.settings, per_second=10_000)
            registry.add(work, WHOLE, new)
        yield made
    server.stop()


def test_two_hundred_patients_in_four_languages(
    texting: Texting, opened: OpenGateways, kannel_of_hub: Kannel
) -> None:
    patients = [patient(number) for number in range(PATIENTS)]
    by_telephone = {one.telephone: one for one in patients}
    asked = {
        (language, text): template.value
        for language in LANGUAGES
        for template, text in default_texts(language).items()
    }

    def answer(heard: Heard) -> str | None:
        who = by_telephone[heard.telephone]
        return who.answers.get(asked[who.language, heard.text])

    telephones = Telephones(kannel_of_hub.network_port, answer)
    texting.campaign(policy={"daily_cap": PATIENTS})
    for language in LANGUAGES:
        texting.enrol(
            *[one.telephone for one in patients if one.language == language], language=language
        )
    dispatcher = Dispatcher(texting.workplace, texting.clock, opened, clearance)
    duties = [*texting.duties.values(), *dispatcher.duties(), *receiving.duties(texting.workplace)]
    ticker = Ticker(duties)
    ticker.start()
    expected = {one.telephone: one.expected() for one in patients}
    due = sum(map(len, expected.values()))
    eventually(lambda: len(telephones.heard) >= due, PATIENCE_S)
    eventually(lambda: _states(texting) == Counter(one.state for one in patients), PATIENCE_S)
    ticker.stop()
    telephones.close()
    assert {one.telephone: telephones.of(one.telephone) for one in patients} == expected
    with texting.workplace.read() as work:
        shown = progress(work, WHOLE, AFTER_VISIT)
    scores = [one.score for one in patients if one.score is not None]
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    assert (shown.invited, shown.scored) == (PATIENTS, len(scores))
    assert shown.nps.value == pytest.approx(100 * (promoters - detractors) / len(scores))


def _states(texting: Texting) -> Counter[str]:
    return Counter(str(one.state) for one in texting.conversations(limit=PATIENTS))
