"""iotcore (rumqttd in a wheel), started as a child: the broker of a machine that has no Mosquitto.

Its limits, which is why it is the second choice and never leaves loopback:

- no ACL, so passwords would keep nobody out of another's topics: it is given none, and whoever has an
  account on the machine may speak. `set_device` and `remove_device` are accepted and change nothing;
- it speaks MQTT 5 only on a listener of its own, which only its configuration file can ask for;
- a client that asked for session expiry can kill its routing thread when it leaves, after which it
  accepts connections and answers none. Ours never ask, and the supervisor replaces one that is mute;
- a subscriber gets at most 100 messages that it has not acknowledged (measured on 0.4.0), so a hub's
  batches are no larger.
"""

import sys
from collections.abc import Collection
from pathlib import Path

from contract.topics import DeviceAddress, checked_identifier
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.interface import BrokerAddress, Credentials, Trust
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.broker.supervisor import Supervisor

MAX_PACKET_BYTES = 16 * 1024 * 1024
"""As Mosquitto's: a 10 MB message reaches the hub, which refuses it by name; memory stays bounded."""


def configuration(port: int) -> str:
    """rumqttd's TOML. A subscription's recent messages stay in memory: eight segments of 8 MiB at most."""
    return f"""\
id = 0

[router]
id = 0
max_connections = 2000
max_outgoing_packet_count = 1000
max_segment_size = 8388608
max_segment_count = 8

[v5.1]
name = "wellheard"
listen = "{LOOPBACK}:{port}"
next_connection_delay_ms = 0

[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = {MAX_PACKET_BYTES}
max_inflight_count = 1000
dynamic_filters = true
"""


class IotcoreBroker:
    """A supervised `python -m iotcore`."""

    def __init__(self, folder: Path, port: int | None) -> None:
        self._folder = BrokerFolder(folder)
        self._port = port
        self._supervisor: Supervisor | None = None

    def start(self) -> BrokerAddress:
        self._port = self._port or free_port()
        self._supervisor = Supervisor("iotcore", self._command, self._folder, self._port)
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
        return None

    def set_device(self, device_id: str, password: str) -> None:
        """Check the arguments only: every client is let in."""
        checked_identifier(device_id, "device")
        if not password:
            raise ValueError("password: it is empty")

    def remove_device(self, device_id: str) -> None:
        """Check the argument only, as `set_device`."""
        checked_identifier(device_id, "device")

    def admit(self, devices: Collection[DeviceAddress]) -> None:
        """Nothing: there is no ACL."""

    def trust(self, trust: Trust) -> None:
        """Nothing: there is no TLS."""

    def certificate(self) -> str | None:
        return None

    def expel(self, device_id: str) -> None:
        """Nothing: whoever is on this machine may come back at once anyway."""

    def _command(self, port: int) -> tuple[str, ...]:
        settings = self._folder.write("iotcore.toml", configuration(port))
        # -P: a folder named iotcore in the working directory is not the package. CRITICAL: rumqttd logs
        # every packet as an error; its panics reach the log all the same.
        program = (sys.executable, "-P", "-m", "iotcore", "--log-level", "CRITICAL")
        return (*program, "--config", str(settings))
