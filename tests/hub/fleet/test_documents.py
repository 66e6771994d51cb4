"""Terminals are told of a change at once, of that facility alone; and of everything when nobody told of it."""

from collections.abc import Iterator

import pytest

from contract.topics import DeviceTopic
from hub.core.unit_of_work import Listeners
from hub.feedback.photographs.policies import for_terminals
from hub.feedback.surveys import surveys_on_screens
from hub.fleet.desired import Told
from hub.fleet.documents import Changes, Documents
from hub.identity import changes as places
from hub.identity.events import PlacesChanged
from tests.fakes.waiting import eventually
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic

TOLD = Told(surveys_on_screens, for_terminals("f" * 64))


class Broker:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, topic: DeviceTopic, _payload: bytes) -> None:
        self.sent.append(str(topic))


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def changes(listeners: Listeners) -> Changes:
    noted = Changes()
    listeners.after(PlacesChanged, noted.note)
    return noted


@pytest.fixture
def documents(clinic: Clinic, changes: Changes, broker: Broker) -> Iterator[Documents]:
    running = Documents(clinic.workplace, changes, TOLD, broker.send)
    running.start()
    eventually(lambda: len(broker.sent) == 2)
    yield running
    running.stop()


def ask(clinic: Clinic, survey: str, version: int) -> None:
    with clinic.workplace.begin() as work:
        places.change_touchpoint(work, WHOLE, "reception-north", version, {"survey": survey})


def test_everybody_is_told_at_the_start_and_a_change_reaches_its_facility_at_once(
    clinic: Clinic, documents: Documents, broker: Broker
) -> None:
    assert set(broker.sent) == {f"{NORTH}/desired", f"{SOUTH}/desired"}
    ask(clinic, "nps", 1)
    eventually(lambda: broker.sent[2:] == [f"{NORTH}/desired"])


def test_a_change_that_changes_no_document_sends_nothing(
    clinic: Clinic, documents: Documents, broker: Broker
) -> None:
    with clinic.workplace.begin() as work:
        places.change_employee(work, WHOLE, "anna-north", 1, {"name": "Ana"})
    ask(clinic, "nps", 1)
    eventually(lambda: len(broker.sent) == 3)


def test_whoever_waits_is_told_all_places_once() -> None:
    noted = Changes()
    for facility in ("a", "b", "a"):
        noted.note(PlacesChanged("clinic", facility))
    assert noted.wait(0) == {("clinic", "a"), ("clinic", "b")}
    assert noted.wait(0) == frozenset()
