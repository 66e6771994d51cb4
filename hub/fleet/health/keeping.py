"""The duties of health: alerts follow from what is known, and terminals that fell silent without a word are gone.

A terminal says every minute that it is there, and the broker says when its connection breaks. What is left is a broker
that died with it: then nothing is said at all. While nobody at all is heard, it is this hub that does not hear.
"""

from collections.abc import Callable

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.fleet import registry
from hub.fleet.events import DeviceStateChanged
from hub.fleet.health import alerts
from hub.fleet.health.troubles import MINUTE_MS

LOOK_EVERY_S = 10.0
FORGET_EVERY_S = 3600.0
FORGOTTEN_TOGETHER = 1000
SILENT_MS = 3 * MINUTE_MS


class HealthKeeper:
    """Looks again and again; `organisations` are all there are on this hub."""

    def __init__(
        self, workplace: Workplace, organisations: Callable[[], list[str]], clock: Clock
    ) -> None:
        self._workplace = workplace
        self._organisations = organisations
        self._clock = clock
        self._listening_since_ms = clock.now_ms()

    def duties(self) -> list[Duty]:
        return [
            Duty("health_alerts", LOOK_EVERY_S, self.keep_alerts),
            Duty("silent_terminals", LOOK_EVERY_S, self.note_silent),
            Duty("ended_alerts", FORGET_EVERY_S, self.forget),
        ]

    def keep_alerts(self) -> bool:
        """Raise, end and count alerts. A transaction that writes begins only where something has changed."""
        for organisation in self._organisations():
            scope = Scope(organisation)
            with self._workplace.read() as work:
                found = alerts.needed(work, scope)
            if found:
                with self._workplace.begin() as work:
                    alerts.keep(work, scope)
        return False

    def forget(self) -> bool:
        """Let go of alerts that ended long ago; whether there may be more."""
        with self._workplace.begin() as work:
            return alerts.forget(work, FORGOTTEN_TOGETHER) == FORGOTTEN_TOGETHER

    def note_silent(self) -> bool:
        """Terminals that were online and have said nothing for three minutes are not."""
        before_ms = self._clock.now_ms() - SILENT_MS
        if self._listening_since_ms > before_ms:
            return False
        with self._workplace.read() as work:
            found = registry.silent(work, before_ms)
        if found:
            with self._workplace.begin() as work:
                for device in registry.silent(work, before_ms):
                    registry.note_gone(work, device)
                    place = (device.organisation, device.facility)
                    work.tell(DeviceStateChanged(*place, device.id))
        return False
