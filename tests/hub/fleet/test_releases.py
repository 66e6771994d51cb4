"""A terminal that is released hears so at once, with what is stored of it."""

from contract.codec import read_document
from contract.documents import Confirmation
from contract.topics import DeviceTopic
from hub.core.unit_of_work import Listeners
from hub.fleet import service as fleet
from hub.fleet.events import DeviceReleased
from hub.fleet.registrar import FleetRegistrar
from hub.fleet.releases import telling
from tests.hub.clinic import NORTH, WHOLE, Clinic
from tests.hub.terminal import Terminal


def test_a_released_terminal_is_told_what_is_stored(clinic: Clinic, listeners: Listeners) -> None:
    sent: list[tuple[str, Confirmation]] = []

    def send(topic: DeviceTopic, payload: bytes) -> None:
        sent.append((str(topic), read_document(Confirmation, payload)))

    listeners.after(DeviceReleased, telling(clinic.workplace, FleetRegistrar(), send))
    clinic.inbox.store(Terminal(clinic.clock).presses(2))
    clinic.inbox.store([Terminal(clinic.clock).press(value="negative")])
    with clinic.workplace.begin() as work:
        assert fleet.release(work, WHOLE, "desk-1")
    assert sent == [(f"{NORTH}/confirmed", Confirmation(epoch=1, up_to=2))]
