"""The gateway to the demonstration's telephones: takes every message, at once and for certain."""

from collections.abc import Mapping
from typing import Any

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.gateways import registry
from hub.sms.gateways.port import Accepted, Doubt, Finding, Name, Outgoing, Sent
from hub.sms.gateways.registry import GatewaySettings, NewGateway, Opener
from hub.sms.gateways.simulated.network import SimulatedNetwork

KIND = "simulated"
PHONE = "phone-simulator"
"""What the gateway is called."""
PER_SECOND = 20.0


class SimulatedGateway:
    """See `port.Gateway`."""

    def __init__(self, name: Name, network: SimulatedNetwork) -> None:
        self._name = name
        self._network = network

    def send(self, message: Outgoing) -> Sent:
        """It arrives."""
        self._network.deliver(self._name, message)
        return Accepted()

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:  # noqa: ARG002
        """What was on its way when the hub ended is gone with the telephones' memory."""
        return Finding.CANNOT_TELL, None

    def close(self) -> None:
        """There is nothing to let go of."""


def opener(network: SimulatedNetwork) -> Opener:
    """Opens gateways to this network."""

    def opened(name: Name, _settings: Mapping[str, Any]) -> SimulatedGateway:
        return SimulatedGateway(name, network)

    return opened


def ensure(work: UnitOfWork, scope: Scope) -> None:
    """Have the organisation's messages go by it."""
    if registry.find(work, Name(scope.organisation, PHONE)) is None:
        way = NewGateway(PHONE, KIND, GatewaySettings(), per_second=PER_SECOND)
        registry.add(work, scope, way)
