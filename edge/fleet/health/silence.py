"""Whether what is touched here still says anything: panels that are plugged in, and the glass.

It can be covered, turned to the wall or dead inside while the system lists it as connected. Only the presses that do
not come tell it: none through as much time as a working day, counted while the facility is open, or none for a week
where nobody knows when it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.fleet.health.panels import code_of
from edge.fleet.health.settings import HealthSettings

HOUR_MS = 3_600_000
SILENT = "No press for a whole working day: look whether it is covered, turned away or broken."


class Touched(Protocol):
    """What people touch, by name."""

    def connected(self) -> list[str]:
        """What should be heard from time to time."""
        ...

    def take_heard(self) -> set[str]:
        """From what something came since this was asked last."""
        ...


@dataclass(slots=True)
class _Silence:
    """How long nothing has come: while the facility was open, and in all."""

    open_ms: int = 0
    running_ms: int = 0


class SilenceCheck:
    """Looks at all that is touched; `is_open` says whether the facility is open now."""

    def __init__(
        self,
        touched: Sequence[Touched],
        clock: Clock,
        is_open: Callable[[], bool],
        settings: HealthSettings,
    ) -> None:
        self._touched = touched
        self._clock = clock
        self._is_open = is_open
        self._settings = settings
        self._looked_ms: int | None = None
        self._silences: dict[str, _Silence] = {}

    def __call__(self) -> list[Finding]:
        now_ms = self._clock.monotonic_ns() // 1_000_000
        elapsed_ms = 0 if self._looked_ms is None else now_ms - self._looked_ms
        self._looked_ms = now_ms
        is_open = self._is_open()
        findings = []
        for touched in self._touched:
            for name in touched.take_heard():
                self._silences.pop(name, None)
            for name in touched.connected():
                silence = self._silences.setdefault(name, _Silence())
                silence.running_ms += elapsed_ms
                silence.open_ms += elapsed_ms if is_open else 0
                findings.append(self._finding(name, silence))
        return findings

    def _finding(self, name: str, silence: _Silence) -> Finding:
        silent = (
            silence.open_ms >= self._settings.silent_open_hours * HOUR_MS
            or silence.running_ms >= self._settings.silent_hours * HOUR_MS
        )
        check, hours = f"silence:{code_of(name)}", silence.running_ms // HOUR_MS
        if silent:
            return Finding(check, "warning", hours, "h", SILENT, "silent")
        return Finding(check, "ok", hours, "h")
