"""What patients write when they are asked when they may be called, and what becomes of the plan."""

from datetime import UTC, date, datetime

import pytest

from hub.cases.calling import attempts
from hub.cases.calling.attempts import ASKS_WHEN_AFTER, Outcome
from hub.cases.calling.planning import Part, Wish
from hub.cases.calling.wishes import read_wish
from hub.core.unit_of_work import Workplace
from hub.sms.gateways import receiving, registry
from hub.sms.gateways.port import Inbound
from hub.sms.gateways.registry import GatewaySettings, NewGateway
from tests.hub.cases.complaints import AGENT, PHONE, opened
from tests.hub.clinic import WHOLE, Clinic

WEDNESDAY = date(2025, 6, 18)
MORNING, MIDDAY, AFTERNOON, EVENING = Part.MORNING, Part.MIDDAY, Part.AFTERNOON, Part.EVENING


@pytest.mark.parametrize(
    ("said", "weekday", "part"),
    [
        ("El martes por la tarde", 1, AFTERNOON),
        ("mañana", 3, None),
        ("Mañana por la mañana", 3, MORNING),
        ("por la noche", None, EVENING),
        ("viernes a las 17", 4, AFTERNOON),
        ("Miércoles al mediodía", 2, MIDDAY),
        ("Dilluns al matí", 0, MORNING),
        ("demà al vespre", 3, EVENING),
        ("dijous a les 10:30", 3, MORNING),
        ("dissabte al migdia", 5, MIDDAY),
        ("во вторник вечером", 1, EVENING),
        ("Завтра утром", 3, MORNING),
        ("в среду в 16", 2, AFTERNOON),
        ("сегодня после обеда", 2, AFTERNOON),
        ("Friday morning please", 4, MORNING),
        ("tomorrow at 5 pm", 3, AFTERNOON),
        ("any evening", None, EVENING),
        ("19:00", None, EVENING),
        ("lunes o martes por la tarde", None, AFTERNOON),
    ],
)
def test_what_is_wished(said: str, weekday: int | None, part: Part | None) -> None:
    assert read_wish(said, WEDNESDAY) == Wish(part=part, weekday=weekday)


@pytest.mark.parametrize(
    "said", ["", "9", "No me llamen el lunes", "Gracias", "не звоните утром", "+34600123456"]
)
def test_what_is_no_wish(said: str) -> None:
    assert read_wish(said, WEDNESDAY) is None


def test_the_reply_to_when_comes_first_in_the_plan(clinic: Clinic, staffed: Workplace) -> None:
    case = opened(staffed)
    for _call in range(ASKS_WHEN_AFTER):
        clinic.clock.move(days=1)
        with staffed.begin() as work:
            attempts.log_call(work, AGENT, case, Outcome.NO_ANSWER)
    with staffed.begin() as work:
        registry.add(work, WHOLE, NewGateway("main", "kannel", GatewaySettings()))
    for number, text in enumerate(("Gracias", "El viernes por la tarde")):
        with staffed.begin() as work:
            receiving.receive(work, Inbound("clinic", "main", f"in-{number}", PHONE, "217", text))
    with staffed.read() as work:
        planned = [a for a in attempts.attempts(work, AGENT, case) if not a.outcome]
    (wished,) = [a for a in planned if a.wished]
    assert wished.part == "afternoon"
    assert datetime.fromtimestamp(wished.at_ms / 1000, UTC).weekday() == 4  # a Friday
