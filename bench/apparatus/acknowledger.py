"""paho's own ceiling: the hub's subscriptions with the hub's client settings, and nothing but an acknowledgement.

Run as a program it announces itself like a hub once it hears, and says a JSON line at each of the given counts.
"""

import argparse
import json
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from bench.apparatus.answers import ORGANISATION
from contract.documents import HubAnnounced
from contract.topics import HUB_SUBSCRIPTIONS, HubTopic
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
    announcement = HubAnnounced(online=True, instance="ceiling").model_dump_json()
    client.on_subscribe = lambda c, *_: c.publish(
        str(HubTopic(ORGANISATION)), announcement, qos=1, retain=True
    )
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
