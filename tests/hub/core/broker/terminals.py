"""An authority and terminals with certificates, for the brokers' tests."""

import ssl
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from cryptography.x509 import Certificate

from hub.core.broker import BrokerAddress, Trust
from hub.core.broker.listening import LOOPBACK
from hub.fleet.authority.certificates import (
    broker_certificate,
    device_certificate,
    key_pem,
    new_authority,
    new_key,
    pem,
    revocation_list,
)
from tests.hub.core.broker.peer import Peer


class Terminals:
    """Signs certificates into a folder, and connects with them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.now = datetime.now(UTC)
        self.issuer = new_authority(self.now)
        self.authority = folder / "authority.crt"
        self.authority.write_text(pem(self.issuer.certificate))
        self.renew_broker()

    def renew_broker(self) -> None:
        """Another certificate for the broker, with another key."""
        key = new_key()
        signed = broker_certificate(self.issuer, key.public_key(), [LOOPBACK], self.now)
        self._broker = pem(signed), key_pem(key)

    def trust(self, revoked: Collection[Certificate] = ()) -> Trust:
        listed = revocation_list(
            self.issuer, [(one.serial_number, self.now) for one in revoked], self.now
        )
        return Trust(self.authority.read_text(), pem(listed), *self._broker)

    def issue(self, common_name: str) -> Certificate:
        key = new_key()
        signed = device_certificate(self.issuer, key.public_key(), common_name, self.now)
        file = self.folder / f"{common_name}.pem"
        file.write_text(pem(signed) + key_pem(key).decode())
        return signed

    def known(self, common_name: str | None) -> ssl.SSLContext:
        """What a terminal of that name connects with."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if common_name is not None:
            context.load_cert_chain(self.folder / f"{common_name}.pem")
        return context

    def connect(self, address: BrokerAddress, common_name: str, client_id: str = "") -> Peer:
        return Peer(address, client_id or common_name, tls=self.known(common_name))
