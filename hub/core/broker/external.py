"""A broker that somebody else runs, given by its URL. Nothing is started; its users are its operator's."""

import socket
from urllib.parse import unquote, urlsplit

from contract.topics import checked_identifier
from hub.core.broker.interface import BrokerAddress, BrokerSettingError, Credentials

DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
CONNECT_TIMEOUT_S = 2.0


class ExternalBroker:
    """`mqtt://user:password@host:port`, or `mqtts://` for TLS; percent-encoding is undone."""

    def __init__(self, url: str) -> None:
        self._address, self._credentials = parse_url(url)

    def start(self) -> BrokerAddress:
        """Return the address without a look at it: the hub may well start first, and its client retries."""
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
