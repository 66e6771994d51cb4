"""A terminal that takes the broker's acknowledgement for the hub's: the mistake that the fault tests must notice.

The real agent in all but this. Run as a program, with the options of `wellheard edge`.
"""

import json
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho

from edge.app import wire
from edge.outbox import Outbox
from edge.settings import read_settings
from edge.uplink import Uplink


class ForgetfulUplink(Uplink):
    """Forgets a message as soon as the broker has it."""

    def __init__(self, *parts: Any, outbox: Outbox, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._forgetting = outbox

    def _make_client(self, lost: threading.Event) -> paho.Client:
        client = super()._make_client(lost)
        publish, settling = client.publish, threading.Lock()
        sent: dict[int, Any] = {}
        acknowledged: set[int] = set()

        def settle(mid: int) -> None:
            if mid in sent and mid in acknowledged:
                acknowledged.remove(mid)
                message = sent.pop(mid)
                number = message["sequence"]
                self._forgetting.confirm(message["epoch"], 0, [(number, number)])

        # Not locked while paho publishes: paho calls back with a lock of its own that publishing needs too.
        def remember(topic: str, payload: bytes, **how: Any) -> paho.MQTTMessageInfo:
            published = publish(topic, payload, **how)
            if "/up/" in topic:
                with settling:
                    sent[published.mid] = json.loads(payload)
                    settle(published.mid)
            return published

        def forget(_client: object, _data: object, mid: int, *_: object) -> None:
            with settling:
                acknowledged.add(mid)
                settle(mid)

        client.publish = remember  # type: ignore[method-assign]
        client.on_publish = forget
        return client


def main(folder: Path) -> None:
    terminal = wire(folder, simulate=True)
    settings = read_settings(folder / "terminal.toml")
    outbox = terminal.outbox
    uplink = ForgetfulUplink(
        settings.address,
        settings.login,
        outbox,
        terminal.agent,
        terminal.configuration,
        outbox=outbox,
    )
    replace(terminal, uplink=uplink).run()


if __name__ == "__main__":
    main(Path(sys.argv[sys.argv.index("--folder") + 1]))
