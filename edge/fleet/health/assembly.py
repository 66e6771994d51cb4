"""What a terminal's health is made of, joined: who collects, and which checks are asked."""

from collections.abc import Sequence
from pathlib import Path

from edge.clock import Clock
from edge.fleet.health.card import check_card
from edge.fleet.health.clock import check_clock
from edge.fleet.health.disk import check_disk
from edge.fleet.health.glass import GlassHealth
from edge.fleet.health.link import LinkHealth
from edge.fleet.health.memory import check_memory
from edge.fleet.health.monitor import Check
from edge.fleet.health.panels import PanelHealth
from edge.fleet.health.power import check_power
from edge.fleet.health.queue import QueueCheck
from edge.fleet.health.settings import HealthSettings
from edge.fleet.health.silence import SilenceCheck
from edge.fleet.health.temperature import check_temperature
from edge.outbox import Outbox
from edge.rota import Rota


class Health:
    """Those who collect what drivers, page and uplink say; and the checks over them and over the machine."""

    def __init__(
        self,
        settings: HealthSettings,
        clock: Clock,
        sys: Path = Path("/sys"),
        proc: Path = Path("/proc"),
    ) -> None:
        self.panels = PanelHealth()
        self.glass = GlassHealth(clock, settings.touch_held_s)
        self.link = LinkHealth(clock, settings.round_trip_ms, settings.connections_per_hour)
        self._settings = settings
        self._clock = clock
        self._sys = sys
        self._proc = proc

    def checks(
        self, folder: Path, outbox: Outbox, rota: Rota, further: Sequence[Check]
    ) -> list[Check]:
        """All of them; `further` are those of the parts that not every terminal has."""
        limits, clock, sys = self._settings, self._clock, self._sys
        return [
            lambda: check_temperature(sys, limits.temperature_c),
            lambda: check_power(sys),
            lambda: check_memory(self._proc, limits.memory_available_percent),
            lambda: check_disk(folder, limits.disk_free_percent),
            lambda: check_card(sys, folder, limits.card_used_percent, limits.card_overwritten),
            lambda: check_clock(clock, limits.clock_offset_ms),
            QueueCheck(outbox, clock, limits.queue_age_s),
            self.link,
            self.panels,
            SilenceCheck((self.panels, self.glass), clock, lambda: _is_open(rota, clock), limits),
            *further,
        ]


def _is_open(rota: Rota, clock: Clock) -> bool:
    """By the opening hours; where they are not known, while anybody is on duty."""
    moment = clock.stamp()
    known = rota.is_open(moment)
    return rota.is_staffed(moment) if known is None else known
