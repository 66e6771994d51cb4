"""What a terminal shows itself with, at the broker and at the hub: at its start, and from each renewal on."""

from pathlib import Path

from contract.enrolment import Credentials
from edge.broker import BrokerLogin
from edge.clock import Clock
from edge.fleet.enrolment.renewing import Renewing
from edge.fleet.hub_client import HubClient
from edge.fleet.identity import IDENTITY, Identity
from edge.settings import EdgeSettings
from edge.uplink import Uplink


class Membership:
    """Of the terminal with these settings. `hub` is None where no hub is known, or nothing to show there."""

    def __init__(self, folder: Path, settings: EdgeSettings) -> None:
        self._settings = settings
        self._identity = Identity(folder / IDENTITY)
        self.hub = self._client()

    def at_broker(self) -> BrokerLogin:
        """For the next connection."""
        return self._identity.at_broker(self._settings.login)

    def password(self) -> str | None:
        """The one that the hub knows now."""
        known = self._identity.credentials
        return known.password if known else self._settings.broker.password

    def renewing(self, uplink: Uplink, clock: Clock) -> Renewing | None:
        """What keeps the credentials young; None where there is only a password, which lasts."""
        hub = self.hub
        if hub is None or self._identity.credentials is None:
            return None

        def renewed(_found: Credentials) -> None:
            uplink.login = self.at_broker()
            hub.login = self._identity.at_hub(hub.login)

        return Renewing(hub, self._identity, clock, lambda: uplink.is_connected, renewed)

    def _client(self) -> HubClient | None:
        if self._settings.hub is None:
            return None
        login = self._identity.at_hub(self._settings.hub)
        return HubClient(login) if login.device is not None else None
