"""Sends terminals the document of their open jobs: at a change, and all of them to a broker that may retain none."""

import threading
from collections.abc import Callable, Collection

from contract.topics import Channel, DeviceTopic
from hub.core.unit_of_work import Workplace
from hub.fleet.events import DeviceEnrolled
from hub.fleet.jobs.events import OpenJobsChanged
from hub.fleet.jobs.open_jobs import documents

Send = Callable[[DeviceTopic, bytes], None]
"""To a terminal's topic, to be retained there."""


class JobsDownlink:
    """Reads what is stored and sends it, one at a time: what is sent is never older than what was sent before."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._send: Send | None = None
        self._lock = threading.Lock()

    def join(self, send: Send) -> None:
        """From now on there is a broker; what changes before is sent when it is connected."""
        self._send = send

    def changed(self, event: OpenJobsChanged) -> None:
        """Listens for what has changed, after it is durable."""
        self._tell({address.device for address in event.addresses})

    def enrolled(self, event: DeviceEnrolled) -> None:
        """A device that has moved finds its jobs in its new place."""
        self._tell({event.device})

    def tell_everybody(self) -> None:
        """All that were ever asked for something: an old document may be retained."""
        self._tell(None)

    def _tell(self, devices: Collection[str] | None) -> None:
        if self._send is None:
            return
        with self._lock:
            with self._workplace.read() as work:
                told = documents(work, devices)
            for address, document in told:
                payload = document.model_dump_json(exclude_none=True).encode()
                self._send(DeviceTopic(address, Channel.JOB), payload)
