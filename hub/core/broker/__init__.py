"""The MQTT broker between the terminals and the hub: started by the hub, or one that runs already.

Decides which broker is used, keeps it running, and who may speak on it. Leaves the MQTT client, and what
the messages mean, to others.

- Mosquitto, where the machine has one: a child of the hub on loopback, with generated passwords and an ACL, and for
  terminals in other rooms a second listener with TLS and certificates.
- iotcore, otherwise: rumqttd inside a wheel, so that one machine needs nothing installed by hand.
- Any other broker, by its URL: nothing is started.

Neither child keeps anything on disk. A message that dies with the broker is still in its terminal's outbox,
because only the hub's own confirmation, sent after its commit, lets a terminal forget; terminals send again
whatever is unconfirmed when the hub announces itself. A broker's queue on disk would be a second, weaker
promise. For the same reason nobody asks for session expiry.
"""

from hub.core.broker.interface import (
    Broker,
    BrokerAddress,
    BrokerSettingError,
    BrokerUnavailableError,
    Credentials,
    Trust,
)
from hub.core.broker.opening import open_broker

__all__ = [
    "Broker",
    "BrokerAddress",
    "BrokerSettingError",
    "BrokerUnavailableError",
    "Credentials",
    "Trust",
    "open_broker",
]
