"""Terminals as the broker meets them: enough of the protocol to be asked, to report, and to say what they run."""

import threading
import time
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import paho.mqtt.client as paho

from contract.codec import encode, read_document
from contract.documents import DeviceState
from contract.jobs import OpenJobs, UpdateJob, read
from contract.messages import JobReported, Stamp
from contract.topics import Channel, DeviceAddress, DeviceTopic
from hub.core.broker.listening import LOOPBACK
from tests.fakes.waiting import eventually

PATIENCE_S = 90.0


class Canary:
    """One of them, connected with the password that the hub gave it."""

    def __init__(self, enrolled: dict[str, Any], port: int) -> None:
        self.address = DeviceAddress(
            enrolled["organisation"], enrolled["facility"], enrolled["device"]
        )
        self.jobs: list[UpdateJob] = []
        self._sequence = 0
        self._ready = threading.Event()
        client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, self.address.device, protocol=paho.MQTTv5
        )
        client.username_pw_set(self.address.device, enrolled["password"])
        client.on_connect = self._connected
        client.on_message = self._hear
        client.on_subscribe = lambda *_: self._ready.set()
        client.connect(LOOPBACK, port)
        client.loop_start()
        self._client = client

    def __enter__(self) -> Self:
        assert self._ready.wait(PATIENCE_S)
        return self

    def __exit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say_state(self, software: str, run: int = 1) -> None:
        """Online, with this version; `run` is which start of the agent it is."""
        state = DeviceState(
            online=True,
            instance=str(UUID(int=run)),
            epoch=1,
            highest=self._sequence,
            software=software,
            time=self._stamp(),
        )
        payload = state.model_dump_json(exclude_none=True).encode()
        self._publish(DeviceTopic(self.address, Channel.STATE), payload, retain=True)

    def report(self, outcome: str, release: str, reason: str = "") -> None:
        """How it gets on with the job that it was asked last."""
        self._sequence += 1
        told = JobReported(
            device=self.address.device,
            epoch=1,
            sequence=self._sequence,
            time=self._stamp(),
            job=self.jobs[-1].job,
            outcome=outcome,  # type: ignore[arg-type]
            step=outcome,
            reason=reason,
            release=release,
        )
        topic = DeviceTopic(self.address, Channel.UP, "JobReported")
        self._publish(topic, encode(told), retain=False)

    def await_job(self) -> None:
        eventually(lambda: self.jobs, PATIENCE_S)

    def _connected(self, client: paho.Client, *_: object) -> None:
        client.subscribe(str(DeviceTopic(self.address, Channel.JOB)), qos=1)

    def _hear(self, _client: paho.Client, _given: object, message: paho.MQTTMessage) -> None:
        for given in read_document(OpenJobs, message.payload).jobs:
            job = read(given)
            if isinstance(job, UpdateJob) and job.job not in {one.job for one in self.jobs}:
                self.jobs.append(job)

    def _publish(self, topic: DeviceTopic, payload: bytes, *, retain: bool) -> None:
        sent = self._client.publish(str(topic), payload, qos=1, retain=retain)
        sent.wait_for_publish(PATIENCE_S)

    def _stamp(self) -> Stamp:
        return Stamp(
            wall_ms=time.time_ns() // 1_000_000,
            boot_id=str(UUID(int=7)),
            uptime_ms=60_000,
            synchronised=True,
        )
