"""A clinic whose staff handle cases: an agent and a doctor who is also complained about, a quality manager, a chief."""

import pytest

from hub.cases.casework import workers
from hub.cases.casework.workers import Reach, Worker
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.colleagues import colleagues
from tests.hub.cases.complaints import AGENT, CHIEF, DOCTOR, QUALITY, account, give_account
from tests.hub.clinic import WHOLE, Clinic


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a test asks for both kinds: here hardly any statement differs."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
def staffed(clinic: Clinic) -> Workplace:
    """The clinic's workplace, with everybody who handles cases described."""
    people = [
        Worker(account(AGENT), "north", "Ana", frozenset({"es"}), frozenset({"waiting"}), None, 0, True),
        Worker(account(DOCTOR), "north", "Dora", frozenset(), frozenset(), "anna-north", 0, False),
        Worker(account(QUALITY), "", "Quim", frozenset({"ca"}), frozenset(), None, 1, False),
        Worker(account(CHIEF), "north", "Carla", frozenset(), frozenset(), None, 3, False),
    ]  # fmt: skip
    with clinic.workplace.begin() as work:
        for one in colleagues(work, WHOLE, Permission.HANDLE_CASES):
            idle = Worker(one.account, "", one.name, takes_cases=False)
            workers.describe(work, WHOLE, idle, Reach())
        for scope in (AGENT, DOCTOR, QUALITY, CHIEF):
            give_account(work, scope)
        for person in people:
            reach = Reach(f"{person.name.lower()}@clinic.test", "+34600000001")
            workers.describe(work, WHOLE, person, reach)
    return clinic.workplace
