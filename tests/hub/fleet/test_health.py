"""The latest outcome of each check of each terminal, whatever order they arrive in."""

import pytest

from hub.fleet import service as fleet
from tests.fakes.clock import HeldClock
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.terminal import Terminal


@pytest.fixture
def terminal(clock: HeldClock) -> Terminal:
    return Terminal(clock)


def test_health_keeps_the_latest_outcome_of_each_check(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    old = terminal.health(value=70.5, unit="%")
    clock.move(minutes=5)
    new = terminal.health(status="failure", value=99, detail="full")
    clinic.inbox.store([new, old, terminal.health(check="clock")])
    with clinic.workplace.read() as work:
        facts = {fact.check: fact for fact in fleet.health(work, WHOLE)}
    assert set(facts) == {"disk", "clock"}
    assert (facts["disk"].status, facts["disk"].value) == ("failure", 99)
