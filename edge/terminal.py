"""A wired terminal: what it is made of, and in which order its parts start and stop."""

import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import sdnotify

from edge.agent import Agent
from edge.buttons.assembly import Panels
from edge.fleet.anew import Anew
from edge.fleet.configuration.configuration import Configuration
from edge.fleet.health.monitor import HealthMonitor
from edge.fleet.jobs.jobs import Jobs
from edge.fleet.quiet import Quiet
from edge.fleet.updates.assembly import Updates
from edge.outbox import NotStored, Outbox
from edge.screen.assembly import Screen
from edge.settings import EdgeSettings
from edge.simulation import ControlServer
from edge.sms.modem import Modem
from edge.uplink import Uplink

if TYPE_CHECKING:
    from edge.vision.assembly import Vision


class AsksHub(Protocol):
    """Has a thread of its own in which it asks the hub for something, while the terminal runs."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """A wired terminal, ready to run."""

    agent: Agent
    panels: Panels
    uplink: Uplink
    monitor: HealthMonitor
    outbox: Outbox
    jobs: Jobs
    configuration: Configuration[EdgeSettings]
    quiet: Quiet
    anew: Anew
    controls: ControlServer | None = None
    screen: Screen | None = None
    vision: "Vision | None" = None
    modem: Modem | None = None
    updates: Updates | None = None
    asking_hub: Sequence[AsksHub] = ()

    def run(self) -> bool:
        """Serve until SIGTERM or SIGINT, or until it is to start anew (True); everything heard by then is stored."""
        signal.signal(signal.SIGTERM, lambda *_: self.agent.stop())
        signal.signal(signal.SIGINT, lambda *_: self.agent.stop())
        tell_systemd: Callable[[str], None] = sdnotify.SystemdNotifier().notify  # type: ignore[no-untyped-call]
        self.panels.start(self.agent.hear)
        if self.modem is not None:
            self.modem.start(self.agent.submit)
        if self.updates is not None:
            self.updates.start(self.agent.submit)
        self.jobs.start(self.agent.submit)
        self.uplink.start()
        for one in self.asking_hub:
            one.start()
        if self.controls is not None:
            self.controls.start()
        if self.screen is not None:
            self.screen.start(self.agent.submit)
        if self.vision is not None:
            self.vision.start(self.agent.hear, self.screen.greet if self.screen else _nobody)
        tell_systemd("READY=1")

        def after_each(stored: bool) -> None:
            # From this loop and no other: it is the one that hears presses.
            tell_systemd("WATCHDOG=1")
            if stored:
                self.uplink.wake()
            for draft in self.monitor.due():
                self.agent.hear(draft)
            is_trying = self.updates is not None and self.updates.updater.is_trying
            self.configuration.tick(self.quiet.seconds, self.anew, may_try=not is_trying)

        try:
            self.agent.run(after_each)
        finally:
            tell_systemd("STOPPING=1")
            self._stop()
        return self.anew.wanted

    def _stop(self) -> None:
        self.panels.stop()
        if self.vision is not None:
            with contextlib.suppress(NotStored):
                self.outbox.append(self.vision.stop())
        if self.screen is not None:
            self.screen.stop()
        self.uplink.stop()
        self.jobs.stop()
        if self.updates is not None:
            self.updates.stop()
        for one in self.asking_hub:
            one.stop()
        if self.modem is not None:
            self.modem.stop()
        self.outbox.close()


def _nobody() -> None:
    """Where no screen is, nobody greets."""
