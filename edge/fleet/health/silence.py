"""Whether a panel that is plugged in still says anything.

A panel can be covered, turned to the wall or dead inside while the system lists it as connected. Only the presses that
do not come tell it: none through as much time as a working day, counted while somebody is on duty here by the rota,
or none for a week where no rota is known.
"""

from collections.abc import Callable
from dataclasses import dataclass

from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.fleet.health.panels import PanelHealth, code_of

ON_DUTY_MS = 8 * 3_600_000
RUNNING_MS = 7 * 24 * 3_600_000
SILENT = "No press for a whole working day: look whether it is covered, turned away or broken."


@dataclass(slots=True)
class _Silence:
    """How long nothing has come: while somebody was on duty, and in all."""

    on_duty_ms: int = 0
    running_ms: int = 0


class SilenceCheck:
    """Looks at the connected panels; `staffed` says whether somebody is on duty here now."""

    def __init__(self, panels: PanelHealth, clock: Clock, staffed: Callable[[], bool]) -> None:
        self._panels = panels
        self._clock = clock
        self._staffed = staffed
        self._looked_ms: int | None = None
        self._silences: dict[str, _Silence] = {}

    def __call__(self) -> list[Finding]:
        now_ms = self._clock.monotonic_ns() // 1_000_000
        elapsed_ms = 0 if self._looked_ms is None else now_ms - self._looked_ms
        self._looked_ms = now_ms
        staffed = self._staffed()
        for panel in self._panels.take_heard():
            self._silences.pop(panel, None)
        findings = []
        for panel in self._panels.connected():
            silence = self._silences.setdefault(panel, _Silence())
            silence.running_ms += elapsed_ms
            silence.on_duty_ms += elapsed_ms if staffed else 0
            findings.append(_finding(panel, silence))
        return findings


def _finding(panel: str, silence: _Silence) -> Finding:
    silent = silence.on_duty_ms >= ON_DUTY_MS or silence.running_ms >= RUNNING_MS
    hours = silence.running_ms // 3_600_000
    check = f"silence:{code_of(panel)}"
    return Finding(check, "warning" if silent else "ok", hours, "h", SILENT if silent else "")
