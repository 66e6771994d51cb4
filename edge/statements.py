"""What the terminal says of itself over a connection: its state, by which configuration it works, and good-bye.

All of it is retained. How long the broker takes to acknowledge the state is the round trip.
"""

import contextlib

import paho.mqtt.client as paho

from contract.documents import ReportedConfiguration
from contract.messages import Part
from contract.topics import Channel, DeviceAddress, DeviceTopic
from edge.link_port import ConfigurationPort, LinkObserver, StateReporter


class Statements:
    """For the uplink's thread; `published` is called from paho's."""

    def __init__(
        self,
        address: DeviceAddress,
        reporter: StateReporter,
        configuration: ConfigurationPort,
        observer: LinkObserver,
    ) -> None:
        self._address = address
        self._reporter = reporter
        self._configuration = configuration
        self._observer = observer
        self._reported: ReportedConfiguration | None = None
        self._state: paho.MQTTMessageInfo | None = None
        self.told_pending = 0
        """Messages that were said to be waiting."""

    def will(self) -> tuple[str, bytes]:
        """What the broker says when the connection breaks; a new one begins with saying everything."""
        self._reported = None
        return str(DeviceTopic(self._address, Channel.STATE)), self._farewell()

    def say_state(self, client: paho.Client) -> None:
        """That it is there, and how full its outbox is."""
        state = self._reporter.state(online=True)
        self.told_pending = state.pending
        self._observer.asked()
        self._state = self._retain(client, Channel.STATE, _json(state))
        if self._state.is_published():  # the answer was faster than the line above
            self.published(self._state.mid)

    def published(self, number: int) -> None:
        """The broker has acknowledged something."""
        if self._state is not None and self._state.mid == number:
            self._observer.answered()

    def say_reported(self, client: paho.Client) -> None:
        """By which configuration it works, when that has changed."""
        reported = self._configuration.reported()
        if reported != self._reported:
            self._reported = reported
            self._retain(client, Channel.REPORTED, _json(reported))

    def say_good_bye(self, client: paho.Client) -> None:
        """The same as the will, at once."""
        with contextlib.suppress(RuntimeError):  # just lost: there is the will
            self._retain(client, Channel.STATE, self._farewell()).wait_for_publish(1.0)

    def _farewell(self) -> bytes:
        return _json(self._reporter.state(online=False))

    def _retain(
        self, client: paho.Client, channel: Channel, payload: bytes
    ) -> paho.MQTTMessageInfo:
        topic = DeviceTopic(self._address, channel)
        return client.publish(str(topic), payload, qos=1, retain=True)


def _json(document: Part) -> bytes:
    return document.model_dump_json(exclude_none=True).encode()
