"""paho's own ceiling: the hub's subscriptions with the hub's client settings, and nothing but an acknowledgement.

Run as a program it says one JSON line when it hears, and one at each of the counts that it was given.
"""

import argparse
import json
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from contract.topics import HUB_SUBSCRIPTIONS
from hub.core.mqtt import KEEPALIVE_S, RECEIVE_MAXIMUM


def main() -> None:
    """Acknowledge until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--marks", type=int, nargs="+", required=True)
    given = parser.parse_args()
    marks, count = set(given.marks), 0

    def acknowledge(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        nonlocal count
        client.ack(message.mid, message.qos)
        count += 1
        if count in marks:
            say(count)

    client = paho.Client(
        CallbackAPIVersion.VERSION2, client_id="ceiling", protocol=paho.MQTTv5, manual_ack=True
    )
    client.username_pw_set(given.user, given.password)
    client.on_connect = lambda c, *_: c.subscribe(
        [(topic, SubscribeOptions(qos=1)) for topic in HUB_SUBSCRIPTIONS]
    )
    client.on_subscribe = lambda *_: say(0)
    client.on_message = acknowledge
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    client.connect("127.0.0.1", given.port, KEEPALIVE_S, properties=properties)
    client.loop_forever()


def say(count: int) -> None:
    """How many are acknowledged by now (CLOCK_MONOTONIC, the same for all processes)."""
    print(json.dumps({"count": count, "at": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main()
