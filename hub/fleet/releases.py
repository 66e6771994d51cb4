"""Tells a released terminal at once that it may speak, so that it need not wait for the answer to its next state."""

from collections.abc import Callable

from contract.topics import Channel, DeviceAddress, DeviceTopic
from hub.core.arrivals import Registrar
from hub.core.unit_of_work import Workplace
from hub.fleet.events import DeviceReleased

Send = Callable[[DeviceTopic, bytes], None]
"""To a terminal's topic."""


def telling(
    workplace: Workplace, registrar: Registrar, send: Send
) -> Callable[[DeviceReleased], None]:
    """What listens for releases, after they are durable."""

    def released(event: DeviceReleased) -> None:
        address = DeviceAddress(event.organisation, event.facility, event.device)
        with workplace.begin() as work:
            confirmations = registrar.confirmations(work, [address])
        for to, confirmation in confirmations:
            payload = confirmation.model_dump_json(exclude_none=True).encode()
            send(DeviceTopic(to, Channel.CONFIRMED), payload)

    return released
