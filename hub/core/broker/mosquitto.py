"""Mosquitto, started as a child on loopback with generated passwords and an ACL.

Terminals in other rooms come in by a second listener, if there is to be one: TLS, with a certificate whose common name
is the device's id, their user and their client id. Of a list of revoked certificates Mosquitto reads a newer one at a
reload, and a new authority it finds in the folder by itself; but it looks at nobody's certificate twice: whoever is
connected must be expelled.

Devices' passwords are kept as hashes in the folder; the hub's own is new at every start and in memory
only. A client id is not tied to the user (`use_username_as_clientid` would leave the hub one connection):
a device could cut another's connection by taking its client id, but neither read nor write its topics.
The listener with TLS does tie them, as the production one does (firmware_config/mosquitto/).

Under root, Mosquitto would change to the user `mosquitto`, who cannot read a private folder at a reload,
and changing user undoes the leash (see leash.py). It stays whoever the hub is, and gains nothing that its
parent lacks. The hub should be run as a user of its own.
"""

import os
import secrets
import signal
import threading
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from contract.topics import DeviceAddress
from hub.core.broker import access, access_files
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.handshake import ACCEPTED, connect_reason
from hub.core.broker.interface import BrokerAddress, Credentials, Trust
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.broker.supervisor import Supervisor

USERS_FILE, HUB_ACL = "users", "acl"
ACCEPT_PATIENCE_S = 5.0
ACCEPT_POLL_S = 0.01


def configuration(port: int, folder: Path, *, as_root: bool, tls: BrokerAddress | None) -> str:
    """Of Mosquitto 2.

    The queue: a thousand devices that each send a hundred messages to a hub that is busy (300 bytes each:
    30 MB). Beyond it Mosquitto acknowledges and drops, which costs a repetition, not an answer. The packet
    size lets a 10 MB message through, so that the hub can refuse it by name.
    """
    return f"""\
{"user root" if as_root else ""}
per_listener_settings true
persistence false
set_tcp_nodelay true
max_inflight_messages 1000
max_queued_messages 100000
max_queued_bytes 268435456
max_packet_size 16777216

sys_interval 0
connection_messages false
log_dest stderr
log_type error
log_type warning

listener {port} {LOOPBACK}
allow_anonymous false
password_file {folder / USERS_FILE}
acl_file {folder / HUB_ACL}
{_tls_listener(tls, folder) if tls else ""}"""


def _tls_listener(tls: BrokerAddress, folder: Path) -> str:
    return f"""
listener {tls.port} {tls.host}
allow_anonymous false
capath {folder}
crlfile {folder / access_files.REVOKED}
certfile {folder / access_files.CERTIFICATE}
keyfile {folder / access_files.KEY}
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.2
acl_file {folder / access_files.DEVICES}
"""


class MosquittoBroker:
    """A supervised mosquitto and its users."""

    def __init__(
        self, program: Path, folder: Path, port: int | None, tls: BrokerAddress | None = None
    ) -> None:
        self._program = program
        self._tls = tls
        self._folder = BrokerFolder(folder)
        self._port = port
        self._hub = Credentials(access.HUB_USER, secrets.token_urlsafe(32))
        self._users = threading.Lock()
        self._supervisor: Supervisor | None = None

    def start(self) -> BrokerAddress:
        self._port = self._port or free_port()
        self._supervisor = Supervisor(
            "mosquitto", self._command, self._folder, self._port, reload_signal=signal.SIGHUP
        )
        self._supervisor.start()
        return BrokerAddress(LOOPBACK, self._port)

    def address(self) -> BrokerAddress:
        return BrokerAddress(LOOPBACK, self._port or 0)

    def stop(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None

    def alive(self) -> bool:
        return self._supervisor is not None and self._supervisor.answering()

    def hub_credentials(self) -> Credentials | None:
        return self._hub

    def set_device(self, device_id: str, password: str) -> None:
        """Returns when a running broker accepts the password; others' connections are not disturbed."""
        user = access.checked_device_user(device_id)
        if not password:
            raise ValueError("password: it is empty")
        self._set_hash(user, _hashed(password))
        self._await_accepted(Credentials(user, password))

    def remove_device(self, device_id: str) -> None:
        self._set_hash(access.checked_device_user(device_id), None)

    def admit(self, devices: Collection[DeviceAddress]) -> None:
        """Whoever is connected keeps the connection, and may use what is allowed now."""
        rules = access.device_acl(devices)
        self._write_new({access_files.DEVICES: rules, HUB_ACL: access.hub_acl() + rules})

    def trust(self, trust: Trust) -> None:
        if self._tls is not None:
            self._write_new(access_files.of_trust(trust))

    def certificate(self) -> str | None:
        return access_files.read(self._folder.path, access_files.CERTIFICATE)

    def expel(self, device_id: str) -> None:
        """By taking its client id over on the listener that is ours alone, and leaving."""
        user = access.checked_device_user(device_id)
        if self._port and self.alive():
            connect_reason(LOOPBACK, self._port, self._hub, client_id=user)

    def _write_new(self, texts: Mapping[str, str]) -> None:
        """Those that say something new; a running broker reads them."""
        with self._users:
            if access_files.write_new(self._folder.path, texts, self._folder.write):
                self._reload()

    def _reload(self) -> None:
        """Returns when a running broker has read its files: it reads them between one round of its loop and the next,
        so whoever it answers for the second time after the signal is answered by what is in them.
        """
        if self._supervisor is None or not self._supervisor.answering() or not self._port:
            return
        self._supervisor.reload()
        for _ in range(2):
            connect_reason(LOOPBACK, self._port)

    def _command(self, port: int) -> tuple[str, ...]:
        self._set_hash(self._hub.username, _hashed(self._hub.password))
        if access_files.read(self._folder.path, HUB_ACL) is None:
            self.admit(())
        as_root = os.geteuid() == 0
        text = configuration(port, self._folder.path, as_root=as_root, tls=self._tls)
        return (str(self._program), "-c", str(self._folder.write("mosquitto.conf", text)))

    def _set_hash(self, user: str, hashed: str | None) -> None:
        """The file is the only record, so it is read each time and replaced at once."""
        with self._users:
            hashes = self._read_hashes()
            if hashed is None:
                hashes.pop(user, None)
            else:
                hashes[user] = hashed
            self._folder.write(USERS_FILE, access.password_lines(hashes))
            self._reload()

    def _read_hashes(self) -> dict[str, str]:
        try:
            return access.parse_password_lines((self._folder.path / USERS_FILE).read_text())
        except FileNotFoundError:
            return {}

    def _await_accepted(self, credentials: Credentials) -> None:
        """A signal is no answer: ask until the reload is seen. A broker that is down reads the file later."""
        deadline = time.monotonic() + ACCEPT_PATIENCE_S
        while self.alive() and self._port and time.monotonic() < deadline:
            if connect_reason(LOOPBACK, self._port, credentials) == ACCEPTED:
                return
            time.sleep(ACCEPT_POLL_S)


def _hashed(password: str) -> str:
    return access.password_hash(password, secrets.token_bytes(access.SALT_BYTES))
