"""What a terminal shows itself with, at the broker and at the hub: at its start, and from each renewal on."""

from pathlib import Path

from contract.enrolment import Credentials
from edge.broker import BrokerLogin
from edge.clock import Clock
from edge.fleet.enrolment.renewing import Renewing
from edge.fleet.hub_client import HubClient, HubLogin
from edge.fleet.identity import IDENTITY, Identity
from edge.uplink import Uplink


class Membership:
    """Of the terminal whose settings have these logins. `hub` is None where none is known, or nothing to show there."""

    def __init__(self, folder: Path, login: BrokerLogin, hub: HubLogin | None) -> None:
        self._login = login
        self._identity = Identity(folder / IDENTITY)
        self._hub = hub
        self.hub = self._client()

    def at_broker(self) -> BrokerLogin:
        """For the next connection."""
        return self._identity.at_broker(self._login)

    def password(self) -> str | None:
        """The one that the hub knows now."""
        known = self._identity.credentials
        return known.password if known else self._login.password

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
        if self._hub is None:
            return None
        login = self._identity.at_hub(self._hub)
        return HubClient(login) if login.device is not None else None
