"""A hub with its broker, whoever releases, and terminals whose agents the launcher starts: all of them real."""

import tomllib
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as paho
import paho.mqtt.subscribe as subscribe
import tomli_w
from sqlalchemy import text

from contract.jobs import OpenJobs, UpdateJob
from contract.messages.envelope import MAX_INT
from contract.topics import Channel, DeviceAddress, DeviceTopic
from edge.fleet.updates.assembly import install_first
from edge.fleet.updates.record import Record
from hub.app import wire
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.fleet.jobs import service
from hub.fleet.jobs.events import OpenJobsChanged
from hub.fleet.jobs.open_jobs import documents
from hub.fleet.jobs.service import JobView
from hub.fleet.jobs.telling import JobsDownlink
from hub.identity import tokens
from hub.parts import RELEASES
from tests.fakes.releases import Publisher
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, LOOPBACK, Api, Broker, Hub, Terminal
from tests.system.fleet.agents import agent_wheel
from tests.system.fleet.supervisor import Supervisor
from wellheard.release.publishing import publish_to_hub

PATIENCE_S = 240.0
FIRST = "1.0"
TRIAL = {
    "settle_s": 0.5, "limit_s": 10, "quiet_s": 1, "farewell_s": 1, "again_s": 1, "pause_s": 0.5, "reserve_mb": 1,
    "sticks": [],
}  # fmt: skip


class Station(Terminal):
    """A terminal that is updated."""

    supervisor: Supervisor | None = None

    def prepare(self, hub: Hub, api: Api, publisher: Publisher, **updates: Any) -> None:
        """Enrolled, and with a first release on its card."""
        device = {"device": self.device, "facility": FACILITY}
        self.furnish(hub.broker_port, api.post("devices", device))
        (self.folder / "root.json").write_bytes(publisher.root)
        self.set(hub_url=f"http://{LOOPBACK}:{hub.port}", updates={**TRIAL, **updates})
        install_first(self.folder, hub.data / RELEASES, publisher.root, "stable", FIRST)
        self.supervisor = Supervisor(self.folder)

    def press(self) -> None:
        """A patient answers."""
        self.ask("press", panel="reception", button=1)

    def set(self, **settings: Any) -> None:
        path = self.folder / "terminal.toml"
        path.write_text(tomli_w.dumps(tomllib.loads(path.read_text()) | settings))

    def set_updates(self, **updates: Any) -> None:
        found = tomllib.loads((self.folder / "terminal.toml").read_text())["updates"]
        self.set(updates=found | updates)

    def record(self) -> Record:
        return Record.model_validate_json((self.folder / "updates.json").read_bytes())

    def running(self) -> str:
        """The version that was started last."""
        current = self.folder / "current"
        return current.readlink().name.partition("-")[0] if current.is_symlink() else ""

    def switch_on(self) -> None:
        assert self.supervisor is not None
        self.supervisor.start()
        self.await_up()

    def is_up(self) -> bool:
        try:
            self.ask("lamp", panel="reception")
        except OSError:
            return False
        return True

    def await_up(self) -> None:
        eventually(self.is_up, PATIENCE_S)


class Site:
    """A hub with a broker of its own, a publisher, and stations."""

    def __init__(self, folder: Path, stations: int = 1) -> None:
        self.folder = folder
        self.hub = Hub(folder, "external", "")
        self.broker = Broker(self.hub, folder)
        self.publisher = Publisher(folder / "publisher")
        self.stations = [Station(folder / f"desk-{n}", f"desk-{n}") for n in range(1, stations + 1)]
        self._asked = 0

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for station in self.stations:
            if station.supervisor is not None:
                station.supervisor.stop()
        self.hub.process.kill()
        self.broker.end()

    @property
    def station(self) -> Station:
        return self.stations[0]

    def release(self, version: str, fault: str = "", *, to_hub: bool = True, **words: Any) -> None:
        """Build, sign and publish a version of the agent."""
        wheel = agent_wheel(self.folder / "wheels", version, fault)
        self.publisher.release(version, [wheel], **words)
        if to_hub:
            self.publish()

    def publish(self) -> None:
        """Upload what was signed, as `wellheard release publish` does."""
        keys = {} if self._published else self.publisher.online
        publish_to_hub(self.publisher.repository, self.url, self.token, keys)
        self._published = True

    def ask(self, release: str, station: Station | None = None, **fields: Any) -> str:
        """The hub asks a terminal to install a release; returns the job's name."""
        self._asked += 1
        name = f"job-{self._asked}"
        job = UpdateJob(
            job=name, until_ms=MAX_INT, kind="update", release=release, channel="stable", **fields
        )
        device = (station or self.station).device
        with self._work.begin() as work:
            service.ask(work, self._scope, device, job)
        self._tell(device)
        return name

    def outcome(self, job: str) -> JobView:
        """What the hub knows of a job."""
        with self._work.read() as work:
            (found,) = service.jobs(work, self._scope, names=[job])
        return found

    def await_end(self, job: str, within_s: float = PATIENCE_S) -> JobView:
        """The end is known, and the hub has told the terminal so.

        We tell beside the hub, so what it has still to say would else come after what we say next, and replace it.
        """
        eventually(lambda: self.outcome(job).closed is not None, within_s)
        ended = self.outcome(job)
        eventually(lambda: self._is_told(ended.device), within_s)
        return ended

    def _is_told(self, device: str) -> bool:
        """Whether the broker retains what the terminal is to have."""
        with self._work.read() as work:
            ((address, document),) = documents(work, {device})
        topic = str(DeviceTopic(address, Channel.JOB))
        told = subscribe.simple(topic, hostname=LOOPBACK, port=self.hub.broker_port)
        return OpenJobs.model_validate_json(told.payload).version == document.version

    def _tell(self, device: str) -> None:
        """As the hub does, to the same broker; of others the hub may have something newer to say."""
        client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        client.connect(LOOPBACK, self.hub.broker_port)
        client.loop_start()
        sent: list[paho.MQTTMessageInfo] = []
        downlink = JobsDownlink(self._work)
        downlink.join(
            lambda topic, payload: sent.append(
                client.publish(str(topic), payload, qos=1, retain=True)
            )
        )
        address = DeviceAddress(self._scope.organisation, FACILITY, device)
        downlink.changed(OpenJobsChanged((address,)))
        for one in sent:
            one.wait_for_publish(PATIENCE_S)
        client.disconnect()
        client.loop_stop()

    def _open(self) -> None:
        self._published = False
        self.broker.first_start()
        self.hub.first_start()
        self.url = f"http://{LOOPBACK}:{self.hub.port}"
        self.api = self.hub.api()
        self.api.post("facilities", {"id": FACILITY, "name": "North"})
        settings = HubSettings(data=self.hub.data, database=self.hub.database)
        self._work, self._scope = wire(settings).parts.workplace, Scope(settings.organisation)
        with self._work.begin() as work:
            self.token = tokens.create(work, self._scope, self.hub.login["name"], "releases")
        self.release(FIRST)
        for station in self.stations:
            station.prepare(self.hub, self.api, self.publisher)

    def trouble(self, station: Station) -> str:
        """What the hub shows of a terminal's updates: empty when all is well."""
        found = self.api.get("health")
        facts = [one for one in found if one["device"] == station.device]
        return next((one["detail"] for one in facts if one["check"] == "updates"), "")

    def answers(self, station: Station) -> int:
        """How many the hub has of a terminal."""
        count = text("SELECT count(*) FROM response WHERE device = :device")
        with self._work.read() as work:
            return int(work.connection.execute(count, {"device": station.device}).scalar_one())

    def served(self, name: str) -> Path:
        """The one file of this name that the hub gives to terminals."""
        (found,) = (self.hub.data / RELEASES).rglob(f"*{name}")
        return found
