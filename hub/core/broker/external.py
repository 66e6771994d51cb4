"""A broker that somebody else runs, given by its URL. Nothing is started; its users are its operator's.

If it is a Mosquitto that reads them from a folder, the hub keeps there what it knows terminals by. To have them read
again when they change is the operator's affair (firmware_config/mosquitto/).
"""

import os
import socket
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from contract.topics import DeviceAddress, checked_identifier
from hub.core.broker import access, access_files
from hub.core.broker.handshake import connect_reason
from hub.core.broker.interface import BrokerAddress, BrokerSettingError, Credentials, Trust

DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
CONNECT_TIMEOUT_S = 2.0
GROUP_READS = 0o640


class ExternalBroker:
    """`mqtt://user:password@host:port`, or `mqtts://` for TLS; percent-encoding is undone."""

    def __init__(self, url: str, files: Path | None = None) -> None:
        self._address, self._credentials = parse_url(url)
        self._files = files

    def start(self) -> BrokerAddress:
        """Return the address without a look at it: the hub may well start first, and its client retries."""
        return self._address

    def address(self) -> BrokerAddress:
        return self._address

    def stop(self) -> None:
        """Leave it running."""

    def alive(self) -> bool:
        """Whether its port accepts a connection just now."""
        try:
            with socket.create_connection(
                (self._address.host, self._address.port), CONNECT_TIMEOUT_S
            ):
                return True
        except OSError:
            return False

    def hub_credentials(self) -> Credentials | None:
        return self._credentials

    def set_device(self, device_id: str, password: str) -> None:
        """Check the arguments only: its operator decides who may connect."""
        checked_identifier(device_id, "device")
        if not password:
            raise ValueError("password: it is empty")

    def remove_device(self, device_id: str) -> None:
        """Check the argument only, as `set_device`."""
        checked_identifier(device_id, "device")

    def admit(self, devices: Collection[DeviceAddress]) -> None:
        """Write their rules, where somebody reads them."""
        self._write({access_files.DEVICES: access.device_acl(devices)})

    def trust(self, trust: Trust) -> None:
        """Write the certificates, where somebody reads them."""
        self._write(access_files.of_trust(trust))

    def certificate(self) -> str | None:
        return access_files.read(self._files, access_files.CERTIFICATE) if self._files else None

    def expel(self, device_id: str) -> None:
        """By taking its client id over with the hub's own user, and leaving."""
        host, port, tls = self._address.host, self._address.port, self._address.tls
        user = access.checked_device_user(device_id)
        connect_reason(host, port, self._credentials, client_id=user, tls=tls)

    def _write(self, texts: dict[str, str]) -> None:
        if self._files is not None:
            access_files.write_new(self._files, texts, self._replace)

    def _replace(self, name: str, text: str) -> Path:
        """Whole and durably, and for the folder's group to read: that is the broker's."""
        assert self._files is not None  # noqa: S101 - asked by the caller
        fresh, target = self._files / f".{name}.new", self._files / name
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, GROUP_READS)
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(descriptor, GROUP_READS)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        return fresh.replace(target)


def parse_url(url: str) -> tuple[BrokerAddress, Credentials | None]:
    """Address and user. BrokerSettingError never repeats the URL: it may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BrokerSettingError("broker: the URL's host or port is malformed") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise BrokerSettingError(f"broker: {parts.scheme}:// is neither mqtt:// nor mqtts://")
    if not parts.hostname:
        raise BrokerSettingError("broker: the URL names no host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BrokerSettingError(
            "broker: the URL ends with the port; write a '/', '?' or '#' in the password as %2F, %3F or %23"
        )
    address = BrokerAddress(
        parts.hostname, port or DEFAULT_PORTS[parts.scheme], parts.scheme == "mqtts"
    )
    if parts.username is None:
        return address, None
    return address, Credentials(unquote(parts.username), unquote(parts.password or ""))
