"""Which gateway it is that calls us: found by its name, for the routes to check what it knows."""

from typing import TypeVar

from hub.core.unit_of_work import Workplace
from hub.sms.gateways import registry
from hub.sms.gateways.port import Name
from hub.sms.gateways.registry import OpenGateways

G = TypeVar("G")


class Callers:
    """Finds the gateway of a request."""

    def __init__(self, workplace: Workplace, gateways: OpenGateways) -> None:
        self._workplace = workplace
        self._gateways = gateways

    def find(self, name: Name, kind: type[G]) -> G | None:
        """The gateway of this name, if it is of this kind."""
        gateway = self.open_now(name, kind)
        return gateway if gateway is not None else self._looked_up(name, kind)

    def open_now(self, name: Name, kind: type[G]) -> G | None:
        """The same as long as it need not be looked up, which takes no time."""
        gateway = self._gateways.open_now(name)
        return gateway if isinstance(gateway, kind) else None

    def _looked_up(self, name: Name, kind: type[G]) -> G | None:
        with self._workplace.read() as work:
            way = registry.find(work, name)
        if way is None:
            return None
        gateway = self._gateways.gateway(way)
        return gateway if isinstance(gateway, kind) else None
