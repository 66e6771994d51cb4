"""How a terminal signs in at the broker: MQTT 5, a clean start each time, and a will that says it is gone."""

from dataclasses import dataclass, field

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

MOST_UNACKNOWLEDGED = 1000
"""The uplink's own window is what limits; paho's must not be smaller."""


@dataclass(frozen=True, slots=True)
class BrokerLogin:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    certificate_file: str | None = None
    """With the key, what the terminal shows itself with by TLS."""
    key_file: str | None = None


def make_client(login: BrokerLogin, client_id: str, will: tuple[str, bytes]) -> paho.Client:
    """A client for one connection, not yet connected; it does not reconnect by itself.

    `will` is a topic and the retained payload that the broker publishes there when the connection breaks.
    """
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=paho.MQTTv5,
        reconnect_on_failure=False,
    )
    if login.user is not None:
        client.username_pw_set(login.user, login.password)
    if login.tls:
        client.tls_set(login.ca_file, login.certificate_file, login.key_file)
    client.max_inflight_messages_set(MOST_UNACKNOWLEDGED)
    client.will_set(*will, qos=1, retain=True)
    return client
