"""Whether the camera sees: there, giving pictures, neither black nor frozen nor covered, and looked at by something."""

from typing import Literal

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Status

Condition = Literal[
    "starting",
    "seeing",
    "ended",
    "lost",
    "silent",
    "black",
    "frozen",
    "occluded",
    "damaged",
    "blind",
]

STOPPED_MS = 30_000
STOPPED = "The camera's pictures are no longer looked at. Restart the agent; its log says more."
_SAID: dict[Condition, tuple[Status, str]] = {
    "starting": ("ok", ""),
    "seeing": ("ok", ""),
    "ended": ("ok", "The video has been shown to its end."),
    "lost": ("failure", "There is no camera."),
    "silent": ("failure", "The camera gives no pictures: look at its cable."),
    "black": ("warning", "The camera sees only black: is it covered, or the room dark?"),
    "frozen": (
        "failure",
        "The camera shows the same picture all the time: unplug it and plug it in.",
    ),
    "occluded": ("warning", "The camera is covered: look what hangs or sticks before it."),
    "damaged": ("warning", "The camera's pictures arrive damaged: look at its cable."),
    "blind": ("failure", "No model can be used to look at pictures."),
}


class CameraHealth:
    """Collects what is found while looking; asked by the monitor."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition: Condition = "starting"
        self._detail = ""
        self._no_smiles: str | None = None
        self._looks = 0
        self._noted_ms = self._asked_ms = self._now_ms()

    def note(self, condition: Condition, detail: str = "") -> None:
        """How it stands now; whoever looks says so at least every few seconds. `detail` says it better."""
        self._condition, self._detail = condition, detail
        self._noted_ms = self._now_ms()
        self._looks += condition == "seeing"

    def note_smiles(self, reason: str) -> None:
        """Smiles are wanted here; why they cannot be counted, or nothing when they are."""
        self._no_smiles = reason

    def __call__(self) -> list[Finding]:
        if self._no_smiles is None:
            return [self._camera()]
        status: Status = "warning" if self._no_smiles else "ok"
        reason = "no_model" if self._no_smiles else ""
        return [self._camera(), Finding("smiles", status, detail=self._no_smiles, reason=reason)]

    def _camera(self) -> Finding:
        now_ms = self._now_ms()
        rate = self._looks * 1000 / max(1, now_ms - self._asked_ms)
        self._looks, self._asked_ms = 0, now_ms
        status, detail = _SAID[self._condition]
        reason: str = self._condition
        if now_ms - self._noted_ms > STOPPED_MS and self._condition != "ended":
            status, detail, reason = "failure", STOPPED, "stopped"
        elif self._detail:
            detail = self._detail
        why = "" if status == "ok" else reason
        return Finding("camera", status, round(rate, 1), "pictures/s", detail, why)

    def _now_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000
