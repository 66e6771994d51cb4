"""A hub that runs: what is started in which order, and stopped in the reverse one."""

import gc
import json
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from hub.app import Hub, wire
from hub.core.broker import BrokerAddress
from hub.core.clock import Clock
from hub.core.http_probes import ReadinessCheck
from hub.core.http_server import HubServer
from hub.core.inbox import Outcome
from hub.core.jobs.ticker import Ticker
from hub.core.mqtt import BrokerLogin, HubLink
from hub.core.settings import HubSettings
from hub.fleet import desired
from hub.fleet.documents import Documents, tell
from hub.fleet.events import DeviceReleased
from hub.fleet.jobs.telling import JobsDownlink
from hub.fleet.registrar import FleetRegistrar
from hub.fleet.releases import telling
from hub.identity.accounts import FirstAdministrator
from hub.parts import Parts
from hub.web import create_app

log = structlog.get_logger()


class PortTaken(Exception):
    """The pages cannot be served; the text names the address."""


@dataclass(frozen=True, slots=True)
class Started:
    """Where the hub can be reached, and who may sign in if this was its first start."""

    url: str
    broker: BrokerAddress
    first_administrator: FirstAdministrator | None

    def as_json(self) -> str:
        """One line for the program that started the hub."""
        first = self.first_administrator
        return json.dumps(
            {
                "dashboard": self.url,
                "api": f"{self.url}/api",
                "mqtt": {
                    "host": self.broker.host,
                    "port": self.broker.port,
                    "tls": self.broker.tls,
                },
                "user": first.name if first else None,
                "password": first.password if first else None,
            }
        )


class LinkObserver:
    """Counts batches, and sends the terminals their documents on a broker that retains nothing yet."""

    def __init__(self, parts: Parts, jobs: JobsDownlink) -> None:
        self._parts = parts
        self._jobs = jobs

    def connected(self, link: HubLink) -> None:
        """Called from a thread of the link; again if it fails."""
        with self._parts.workplace.read() as work:
            documents = desired.everything(work)
        tell(documents, partial(link.publish, retain=True))
        self._jobs.tell_everybody()

    def stored(self, outcome: Outcome, seconds: float, waiting: int) -> None:
        """Called from the link's storing thread."""
        metrics = self._parts.metrics
        metrics.messages_received.labels("stored").inc(outcome.stored)
        metrics.messages_received.labels("duplicate").inc(outcome.duplicates)
        metrics.messages_received.labels("dead_letter").inc(outcome.buried)
        metrics.batches.inc()
        metrics.batch_seconds.observe(seconds)
        metrics.queue_depth.set(waiting)


def run(
    settings: HubSettings,
    say: Callable[[Started], None],
    say_first_administrator: Callable[[FirstAdministrator], None],
    clock: Clock | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `say` is called once everything is ready; when the broker cannot be started, the
    password of an administrator that was just created is still told, because it is told once."""
    listening = _listen(settings)
    # Before Uvicorn listens for signals, and after it has ended and raises them again, they are only remembered:
    # what has been started is put away in order.
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    hub = wire(settings, clock)
    broker = hub.broker
    try:
        hub.admission.prepare()
        address = broker.start()
    except BaseException:
        if hub.first_administrator is not None:
            say_first_administrator(hub.first_administrator)
        raise
    try:
        link = _link(settings, hub, address)
        readiness = [
            *hub.parts.readiness,
            ReadinessCheck("broker", link.connected),
            ReadinessCheck("ingest", link.alive),
        ]
        app = create_app(hub.parts.with_readiness(readiness))
        server = HubServer(
            app, settings.host, settings.port, hub.parts.live.stop, ended=ended.is_set
        )
        released = telling(hub.parts.workplace, FleetRegistrar(), link.publish)
        hub.listeners.after(DeviceReleased, released)
        send = partial(link.publish, retain=True)
        documents = Documents(hub.parts.workplace, hub.changes, hub.told, send)
        ticker = Ticker(hub.duties)
        spare_the_collector()
        hub.downlink.join(link.publish)
        hub.jobs_downlink.join(send)
        link.start()
        documents.start()
        ticker.start()
        url = f"http://{settings.host}:{listening.getsockname()[1]}"
        say(Started(url, address, hub.first_administrator))
        try:
            server.run(sockets=[listening])
        finally:
            ticker.stop()
            documents.stop()
            link.stop()
    finally:
        broker.stop()
        hub.parts.gateways.close()
        hub.parts.series.close()
        hub.database.close()


def spare_the_collector() -> None:
    """What has been loaded stays for good: without this, each batch has the collector look at all of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _link(settings: HubSettings, hub: Hub, address: BrokerAddress) -> HubLink:
    parts = hub.parts
    user = hub.broker.hub_credentials()
    login = BrokerLogin(
        address.host,
        address.port,
        user.username if user else None,
        user.password if user else None,
        address.tls,
    )
    return HubLink(
        login,
        parts.inbox,
        parts.clock,
        organisations=parts.organisations,
        observer=LinkObserver(parts, hub.jobs_downlink),
        batch_messages=settings.batch_messages,
        batch_ms=settings.batch_ms,
    )


def _listen(settings: HubSettings) -> socket.socket:
    """The pages' port, taken before anything else is started, so that a taken one is named at once."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        raise PortTaken(
            f"port: {settings.host}:{settings.port} cannot be used ({error.strerror}). "
            "Another program, or another hub, has it; stop that one or choose another port."
        ) from error
