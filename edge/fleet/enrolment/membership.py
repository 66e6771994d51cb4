"""What a terminal shows itself with, at the broker and at the hub: at its start, and from each renewal on."""

from collections.abc import Callable
from pathlib import Path

import structlog

from contract.enrolment import Credentials
from contract.topics import DeviceAddress
from edge.broker import BrokerLogin
from edge.clock import Clock
from edge.fleet.enrolment.renewing import Renewing
from edge.fleet.enrolment.terminal_file import write_place
from edge.fleet.hub_client import HubClient, HubLogin
from edge.fleet.identity import IDENTITY, Identity
from edge.uplink import Uplink

log = structlog.get_logger()


class Membership:
    """Of the terminal whose settings have these logins. `hub` is None where none is known, or nothing to show there."""

    def __init__(self, folder: Path, login: BrokerLogin, hub: HubLogin | None) -> None:
        self._folder = folder
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

    def renewing(
        self, uplink: Uplink, clock: Clock, address: DeviceAddress, begin_anew: Callable[[], None]
    ) -> Renewing | None:
        """What keeps the credentials young, and gets others in the place of damaged ones.

        None where there is only a password, which lasts. The hub says with them where the terminal belongs: if that is
        another place than the address of its settings, the settings are changed, and the agent begins anew; at once, if
        it was cut off before it had done so.
        """
        known = self._identity.credentials
        lives_on_password = known is None and self._login.password is not None
        if self._hub is None or lives_on_password or not self._identity.has_key:
            return None
        hub = self.hub or HubClient(self._hub)

        def settle(found: Credentials) -> None:
            if (found.organisation, found.facility) != (address.organisation, address.facility):
                write_place(self._folder, found)
                begin_anew()

        def renewed(found: Credentials) -> None:
            uplink.login = self.at_broker()
            hub.login = self._identity.at_hub(hub.login)
            settle(found)
            if known is None:  # what else needs them was made without
                begin_anew()

        try:
            if known is not None:
                settle(known)
        except (OSError, ValueError) as error:
            log.error("place_not_kept", reason=str(error))
        return Renewing(hub, self._identity, clock, lambda: uplink.is_heard, renewed)

    def _client(self) -> HubClient | None:
        if self._hub is None:
            return None
        login = self._identity.at_hub(self._hub)
        return HubClient(login) if login.device is not None else None
